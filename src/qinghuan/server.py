"""The whole platform in one process: gateway, worker and web on one foundation.

The web runs in the main thread's event loop; the gateway has a loop of its own in a thread, so
that a busy page never holds up a station's answer; the worker's ticks have a thread each.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import uvicorn

from qinghuan.app import Application, Rooms
from qinghuan.casework import jobs as casework_jobs
from qinghuan.casework.service.reconciling import reconcile
from qinghuan.casework.service.watching import forget_reporters, tick_escalations
from qinghuan.flows.exceedance_opens_case import turn_episodes_into_cases
from qinghuan.flows.machine_answers_follow_up import answer_for_machines
from qinghuan.infra.database import Session
from qinghuan.people.service.retention import sweep
from qinghuan.sensing import gateway
from qinghuan.sensing.service.rejects import drop_rejects
from qinghuan.worker import Tick, Worker, sequencing

RULES_EVERY_S = 1.0
CLOCKS_EVERY_S = 5.0
RECONCILE_EVERY_S = 300.0
RETENTION_EVERY_S = 86_400.0
REJECTS_KEPT = timedelta(days=180)
"""Bytes of refused frames; their numbers stay for good."""

LOOSE_FILES_KEPT = timedelta(days=2)
"""A file that no row names: its upload was undone, or its row was forgotten."""

JOB_ROOMS = (casework_jobs,)
"""Modules whose jobs the worker runs; importing one makes its jobs known."""


def ticks_of(rooms: Rooms) -> tuple[Tick, ...]:
    """Everything the worker does again and again."""

    def rules(session: Session, at: datetime) -> bool:
        return turn_episodes_into_cases(session, at, rooms.settings.sensing, rooms.desk)

    def clocks(session: Session, at: datetime) -> bool:
        ticked = tick_escalations(session, at, rooms.desk)
        window = timedelta(hours=rooms.settings.casework.quiet_hours)
        answer_for_machines(session, at, rooms.desk, window=window)
        return ticked.is_more

    def check(session: Session, at: datetime) -> bool:
        reconcile(session, at, rooms.desk)
        return False

    def retain(session: Session, at: datetime) -> bool:
        sweep(session, rooms.gate, at)
        forget_reporters(session, at)
        drop_rejects(session, at - REJECTS_KEPT)
        rooms.foundation.blobs.sweep(session, before=at - LOOSE_FILES_KEPT)
        return False

    return (
        sequencing(rooms.signer),
        Tick(name="rules", every_s=RULES_EVERY_S, act=rules),
        Tick(name="clocks", every_s=CLOCKS_EVERY_S, act=clocks),
        Tick(name="reconciler", every_s=RECONCILE_EVERY_S, act=check),
        Tick(name="retention", every_s=RETENTION_EVERY_S, act=retain),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where the platform listens."""

    gateway_port: int


@contextmanager
def machinery(rooms: Rooms) -> Iterator[Doors]:
    """Run gateway and worker while the block runs."""
    worker = Worker(
        rooms.database,
        ticks_of(rooms),
        clock=rooms.clock,
        job_concurrency=rooms.foundation.settings.job_concurrency,
    )
    door = _Gateway(rooms)
    port = door.start()
    worker.start()
    try:
        yield Doors(gateway_port=port)
    finally:
        door.stop()
        worker.stop()


class _Gateway:
    """The gateway in a thread with an event loop of its own."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._opened = threading.Event()
        self._port = 0
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._live, name="gateway", daemon=True)

    def start(self) -> int:
        """Open the port and return it; raises what kept it shut."""
        self._thread.start()
        self._opened.wait()
        if self._failure is not None:
            raise self._failure
        return self._port

    def stop(self) -> None:
        """Store and answer what was taken, and close."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)

    def _live(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as error:  # noqa: BLE001  told to the thread that waits
            self._failure = error
        finally:
            self._opened.set()

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        rooms = self._rooms
        await gateway.serve(
            rooms.database,
            rooms.settings.sensing,
            rooms.clock,
            stop=self._stop,
            ready=self._ready,
        )

    def _ready(self, port: int) -> None:
        self._port = port
        self._opened.set()


def serve_web(app: Application, host: str, port: int) -> None:
    """Serve pages until interrupted."""
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False
    )
    uvicorn.Server(config).run()
