"""Runs jobs and ticks: the loop that keeps clocks, rules and the log moving.

A tick is one small duty done again and again, each on a thread of its own, so that a slow
one holds up no other. What a tick raises is logged and counted, and it is tried again.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from qinghuan.core.clock import Clock, SystemClock
from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.infra.job_runner import JobRunner
from qinghuan.trace.model import Signer
from qinghuan.trace.service.sequencing import sequence

SEQUENCE_EVERY_S = 0.2
"""A record's checkpoint comes within a second; looking five times a second leaves room."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One duty and how often it is done."""

    name: str
    every_s: float
    act: Callable[[Session, datetime], bool]
    """Does one transaction's worth; True asks to be called again at once."""


class Worker:
    """All ticks and the job runner, started and stopped together."""

    def __init__(
        self,
        database: Database,
        ticks: Sequence[Tick],
        *,
        clock: Clock | None = None,
        job_concurrency: int = 2,
    ) -> None:
        """Remember what to run; nothing starts before `start()`.

        Args:
            database: Where the ticks work, in system scope.
            ticks: The duties.
            clock: Tells the time handed to them.
            job_concurrency: Jobs of the queue run at the same time.
        """
        self._database = database
        self._clock = clock or SystemClock()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(tick,), name=f"tick-{tick.name}", daemon=True)
            for tick in ticks
        ]
        self.jobs = JobRunner(database, concurrency=job_concurrency)
        self.last_done_s: dict[str, float] = {}
        """Monotonic time at which each tick last succeeded, for the health check. [s]"""

    def start(self) -> None:
        """Start every tick and the job runner."""
        for thread in self._threads:
            thread.start()
        self.jobs.start()

    def stop(self, *, within_s: float = 10.0) -> None:
        """Let the running ticks end and wait for them."""
        self._stopping.set()
        self.jobs.stop(within_s=within_s)
        for thread in self._threads:
            thread.join(within_s)

    def _live(self, tick: Tick) -> None:
        """Do one duty until told to stop."""
        while not self._stopping.is_set():
            has_more = False
            try:
                with self._database.transaction(SYSTEM) as session:
                    has_more = tick.act(session, self._clock.now())
                self.last_done_s[tick.name] = time.monotonic()
            except Exception:  # noqa: BLE001  the edge: whatever it was, the next round tries again
                _log.exception("worker.tick-failed", tick=tick.name)
            if not has_more:
                self._stopping.wait(tick.every_s)


def sequencing(signer: Signer) -> Tick:
    """The tick that gives records their place in the log and signs its growth."""

    def act(session: Session, at: datetime) -> bool:
        return sequence(session, signer, at) is not None

    return Tick(name="sequencer", every_s=SEQUENCE_EVERY_S, act=act)
