"""Whether the platform works: every check does the thing it vouches for."""

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from pydantic import JsonValue
from sqlalchemy import text

from qinghuan.infra import metrics
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.jobs import count_by_status, oldest_due_at
from qinghuan.infra.logging import redact
from qinghuan.infra.migrations.runner import current, newest

WITHIN_S = 5.0
"""A check that takes longer counts as failed: whoever asks has a time-out too."""

MAX_CLOCK_GAP_S = 2.0
"""Limits are judged by the hour and clocks by the minute; two seconds do no harm yet."""

MAX_QUEUE_AGE_S = 300.0

Facts = Mapping[str, JsonValue]
Check = Callable[[], Facts]
"""Does the thing and gives its facts, or raises."""

_log = structlog.get_logger(__name__)


class Unwell(Exception):
    """A check found something wrong; the facts say how bad."""

    def __init__(self, reason: str, facts: Facts | None = None) -> None:
        """Keep the reason and the facts."""
        super().__init__(reason)
        self.reason = reason
        self.facts = facts or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    name: str
    is_ok: bool
    took_ms: int
    facts: Facts
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings of one moment."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def is_ok(self) -> bool:
        """Whether every check passed."""
        return all(finding.is_ok for finding in self.findings)

    def as_json(self) -> dict[str, JsonValue]:
        """The body of `/health`."""
        return {
            "status": "ok" if self.is_ok else "failing",
            "at": self.at.isoformat(),
            "checks": {
                finding.name: {
                    "ok": finding.is_ok,
                    "took_ms": finding.took_ms,
                    **({"reason": finding.reason} if finding.reason else {}),
                    **finding.facts,
                }
                for finding in self.findings
            },
        }


class Health:
    """The list of checks; rooms add theirs at the start."""

    def __init__(self) -> None:
        """Begin with no check."""
        self._checks: dict[str, Check] = {}
        self._running: dict[str, Future[Facts]] = {}
        self._lock = threading.Lock()

    def add(self, name: str, check: Check) -> None:
        """Add a check under a name of its own.

        Args:
            name: A word, such as `sequencer`.
            check: Gives its facts, or raises; `Unwell` to say what is wrong.
        """
        if name in self._checks:
            raise ValueError(f"two checks named {name}")
        self._checks[name] = check

    def report(self, *, within_s: float = WITHIN_S) -> Report:
        """Run every check, all at the same time.

        Args:
            within_s: Longest time a check may take. [s]
        """
        deadline_s = time.monotonic() + within_s
        started = [(name, time.monotonic(), self._start(name)) for name in self._checks]
        findings = tuple(
            _finding(name, started_s, future, deadline_s) for name, started_s, future in started
        )
        for finding in findings:
            metrics.HEALTH_OK.labels(finding.name).set(finding.is_ok)
        return Report(at=datetime.now(UTC), findings=findings)

    def _start(self, name: str) -> Future[Facts]:
        """Start a check in a thread, unless its last run still hangs: then wait for that one."""
        with self._lock:
            running = self._running.get(name)
            if running is not None and not running.done():
                return running
            future: Future[Facts] = Future()
            self._running[name] = future
        check = self._checks[name]
        threading.Thread(
            target=_fulfil, args=(future, check), name=f"health-{name}", daemon=True
        ).start()
        return future


def check_database(database: Database) -> Check:
    """A transaction there and back, on the newest schema."""

    def check() -> Facts:
        started_s = time.monotonic()
        with database.transaction(SYSTEM) as session:
            session.execute(text("SELECT 1")).one()
        round_trip_ms = round(1000 * (time.monotonic() - started_s), 1)
        found, wanted = current(database.url), newest()
        facts: Facts = {"round_trip_ms": round_trip_ms, "revision": found}
        if found != wanted:
            raise Unwell(f"schema is at {found}, the program needs {wanted}", facts)
        return facts

    return check


def check_disk(folder: Path, *, min_free_mb: int) -> Check:
    """Room left where the data live."""

    def check() -> Facts:
        usage = shutil.disk_usage(folder)
        metrics.DISK_FREE_BYTES.set(usage.free)
        facts: Facts = {
            "free_mb": usage.free // 1_000_000,
            "used_pct": round(100 * usage.used / usage.total, 1),
        }
        if usage.free < min_free_mb * 1_000_000:
            raise Unwell(f"less than {min_free_mb} MB left", facts)
        return facts

    return check


def check_clock(database: Database) -> Check:
    """Our clock and the database's agree; both before 2026 are surely wrong."""

    def check() -> Facts:
        with database.transaction(SYSTEM) as session:
            theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        gap_s = (datetime.now(UTC) - theirs).total_seconds()
        facts: Facts = {"gap_s": round(gap_s, 3)}
        if theirs.year < 2026:
            raise Unwell(f"the clock says {theirs:%Y-%m-%d}", facts)
        if abs(gap_s) > MAX_CLOCK_GAP_S:
            raise Unwell("our clock and the database's differ", facts)
        return facts

    return check


def check_queue(database: Database, *, max_age_s: float = MAX_QUEUE_AGE_S) -> Check:
    """Jobs are taken in time; failed ones are counted but wait for a person."""

    def check() -> Facts:
        with database.transaction(SYSTEM) as session:
            counts = count_by_status(session)
            since = oldest_due_at(session)
        for status in ("todo", "doing", "failed"):
            metrics.JOBS_BY_STATUS.labels(status).set(counts.get(status, 0))
        age = timedelta(0) if since is None else datetime.now(UTC) - since
        facts: Facts = {
            "waiting": counts.get("todo", 0),
            "running": counts.get("doing", 0),
            "failed": counts.get("failed", 0),
            "oldest_waiting_s": round(age.total_seconds(), 1),
        }
        if age.total_seconds() > max_age_s:
            raise Unwell("jobs are not taken from the queue", facts)
        return facts

    return check


def check_lag(lag_s: Callable[[], float], *, max_lag_s: float) -> Check:
    """Something that follows behind, such as the log's sequencer, is not too far behind.

    Args:
        lag_s: Tells how far behind it is. [s]
        max_lag_s: From here on it is failing. [s]
    """

    def check() -> Facts:
        lag = lag_s()
        facts: Facts = {"lag_s": round(lag, 3)}
        if lag > max_lag_s:
            raise Unwell(f"more than {max_lag_s:g} s behind", facts)
        return facts

    return check


def _fulfil(future: Future[Facts], check: Check) -> None:
    """Run a check in its own thread."""
    try:
        future.set_result(check())
    except Exception as error:  # noqa: BLE001 - the edge: whatever a check raises is its finding
        future.set_exception(error)


def _finding(name: str, started_s: float, future: Future[Facts], deadline_s: float) -> Finding:
    """Wait for a check and say what it found."""
    facts: Facts = {}
    reason = ""
    try:
        facts = future.result(max(0.0, deadline_s - time.monotonic()))
    except TimeoutError:
        reason = "no answer in time"
    except Unwell as error:
        facts, reason = error.facts, error.reason
    except Exception as error:  # noqa: BLE001 - the edge: whatever a check raises is its finding
        _log.exception("health.check-failed", check=name)
        reason = redact(f"{type(error).__name__}: {error}")[:300]
    took_ms = round(1000 * (time.monotonic() - started_s))
    return Finding(name=name, is_ok=not reason, took_ms=took_ms, facts=facts, reason=reason)
