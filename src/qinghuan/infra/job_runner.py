"""Runs the queue's jobs in a thread with an event loop of its own, and finds abandoned ones."""

import asyncio
import threading
import time
from collections.abc import Mapping
from typing import Any

import procrastinate
import structlog
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as QueuedJob
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from pydantic import JsonValue
from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from qinghuan.core.identity import new_id
from qinghuan.infra import metrics, schema
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.jobs import Job, count_due, pause_before, registered
from qinghuan.infra.logging import redact
from qinghuan.infra.postgres.external import plain_url

POLL_S = 5.0
"""How long a job can wait when its wake-up call was lost."""

STALLED_AFTER_S = 30.0
"""A worker silent for so long is dead; its jobs are taken over."""

KEEP_DONE_HOURS = 7 * 24
_RESCUE_EVERY_S = 15.0
_CLEAR_EVERY_S = 3600.0
_RECONNECT_PAUSE_S = 1.0

_log = structlog.get_logger(__name__)


class JobRunner:
    """A worker: takes jobs from the queue and runs them, several at a time."""

    def __init__(
        self,
        database: Database,
        *,
        concurrency: int = 4,
        jobs: Mapping[str, Job] | None = None,
    ) -> None:
        """Remember what to run; nothing starts before `start()`.

        Args:
            database: Where the queue is and the jobs work.
            concurrency: Jobs run at the same time, each on a thread and a connection.
            jobs: What each name does; everything registered by default.
        """
        self._database = database
        self._concurrency = concurrency
        self._jobs = dict(jobs) if jobs is not None else dict(registered())
        self._thread = threading.Thread(target=self._live, name="job-runner", daemon=True)
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None
        self.last_beat_at_s = time.monotonic()
        """Monotonic time of the runner's last sign of life, for the health check. [s]"""

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start taking jobs."""
        self._thread.start()

    def stop(self, *, within_s: float = 30.0) -> None:
        """Take no more jobs, let running ones end, and wait for that."""
        self._stopping.set()
        if self._loop is not None and self._work is not None:
            self._loop.call_soon_threadsafe(self._work.cancel)
        if self._thread.ident is not None:
            self._thread.join(within_s)

    def drain(self) -> None:
        """Run everything that is due now, in this thread, and return."""
        while True:
            before = self._due()
            asyncio.run(self._session(wait=False))
            if not 0 < self._due() < before:
                return

    def _due(self) -> int:
        """Count the jobs that could run now; one behind another's lock becomes so in turn."""
        with self._database.transaction(SYSTEM) as session:
            return count_due(session)

    def _live(self) -> None:
        """Run in the thread; a lost database is waited for."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._supervised())
            except Exception:  # noqa: BLE001 - the edge: whatever it was, the queue must go on
                _log.exception("jobs.runner-lost")
            self._stopping.wait(_RECONNECT_PAUSE_S)

    async def _supervised(self) -> None:
        """One connection's worth of work, which `stop` can end from another thread."""
        self._loop = asyncio.get_running_loop()
        self._work = asyncio.create_task(self._session(wait=True))
        if self._stopping.is_set():
            self._work.cancel()
        try:
            await self._work
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
        finally:
            self._loop = None
            self._work = None

    async def _session(self, *, wait: bool) -> None:
        """Open the queue, work, and look after jobs that dead workers left."""
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=plain_url(self._database.url),
                min_size=1,
                max_size=self._concurrency + 3,
                timeout=10,
            )
        )
        for known in self._jobs.values():
            self._teach(app, known)
        async with app.open_async():
            rescue = asyncio.create_task(self._rescue_for_ever(app)) if wait else None
            try:
                await app.run_worker_async(
                    concurrency=self._concurrency,
                    wait=wait,
                    fetch_job_polling_interval=POLL_S,
                    stalled_worker_timeout=STALLED_AFTER_S,
                    install_signal_handlers=False,
                    listen_notify=wait,
                )
            finally:
                if rescue is not None:
                    rescue.cancel()
                    await asyncio.gather(rescue, return_exceptions=True)

    def _teach(self, app: procrastinate.App, known: Job) -> None:
        """Tell the queue's library about one job."""

        async def perform(context: procrastinate.JobContext, /, **arguments: Any) -> None:  # noqa: ANN401 - the library hands over what the row holds
            payload = arguments.get("payload", {})
            await asyncio.to_thread(self._perform, known, context.job, payload)

        app.task(name=known.name, retry=_Backoff(known), pass_context=True)(perform)

    def _perform(self, known: Job, queued: QueuedJob, payload: Mapping[str, JsonValue]) -> None:
        """Run a job, count how it went, and keep the reason when it goes wrong."""
        started_s = time.monotonic()
        job_id = _number(queued)
        try:
            is_first = self._in_one_transaction(known, job_id, payload)
        except Exception as error:
            outcome = "failed" if known.gives_up(queued.attempts + 1, error) else "retried"
            _note_failure(self._database, job_id, queued.attempts + 1, error)
            raise
        else:
            outcome = "done" if is_first else "repeated"
        finally:
            metrics.JOB_SECONDS.labels(known.name).observe(time.monotonic() - started_s)
            metrics.JOBS.labels(known.name, outcome).inc()

    def _in_one_transaction(
        self, known: Job, job_id: int, payload: Mapping[str, JsonValue]
    ) -> bool:
        """Run a job in one transaction that also says it is done; False if it was before."""
        with self._database.transaction(SYSTEM) as session:
            written = session.execute(
                insert(schema.job_done)
                .values(job_id=job_id, done_at=func.now())
                .on_conflict_do_nothing()
                .returning(schema.job_done.c.job_id)
            ).first()
            if written is not None:
                known.handler(session, payload)
        return written is not None

    async def _rescue_for_ever(self, app: procrastinate.App) -> None:
        """Beat, take over what dead workers left, and clear away what is long done."""
        clear_at_s = 0.0
        while True:
            self.last_beat_at_s = time.monotonic()
            await asyncio.sleep(_RESCUE_EVERY_S)
            try:
                await rescue_abandoned(app)
                if time.monotonic() > clear_at_s:
                    clear_at_s = time.monotonic() + _CLEAR_EVERY_S
                    await app.job_manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)
                    await asyncio.to_thread(clear_books, self._database)
            except Exception:  # noqa: BLE001 - the edge: the next round tries again
                _log.exception("jobs.rescue-failed")


class _Backoff(BaseRetryStrategy):
    """Waits longer each time; gives up at once where trying again is hopeless."""

    def __init__(self, known: Job) -> None:
        self._known = known

    @override
    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        """Say when to try again, if at all."""
        attempt = job.attempts + 1
        if isinstance(exception, asyncio.CancelledError | JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if self._known.gives_up(attempt, exception):
            return None
        return RetryDecision(retry_in={"seconds": pause_before(attempt)})


async def rescue_abandoned(app: procrastinate.App, *, silent_s: float = STALLED_AFTER_S) -> int:
    """Put jobs of dead workers back into the queue.

    Args:
        app: An open queue.
        silent_s: How long a worker must have been silent. [s]

    Returns:
        How many were put back.
    """
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_s))
    for left in stalled:
        _log.warning("jobs.taken-over", job_id=left.id, name=left.task_name)
        await app.job_manager.retry_job(left)
    return len(stalled)


def _note_failure(database: Database, job_id: int, attempt: int, exception: BaseException) -> None:
    """Keep the reason beside the job; a failure to do so must not hide the first one."""
    try:
        with database.transaction(SYSTEM) as session:
            session.execute(
                schema.job_failure.insert().values(
                    id=new_id(),
                    job_id=job_id,
                    attempt=attempt,
                    failed_at=func.now(),
                    reason=redact(f"{type(exception).__name__}: {exception}")[:2000],
                )
            )
    except Exception:  # noqa: BLE001 - the edge: must not hide the first failure
        _log.exception("jobs.failure-not-noted", job_id=job_id)


def clear_books(database: Database) -> None:
    """Forget jobs done long ago and failures of jobs that are gone; keys stay."""
    with database.transaction(SYSTEM) as session:
        for book in (schema.job_done, schema.job_failure):
            is_gone = text("NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.id = job_id)")
            session.execute(book.delete().where(is_gone))


def _number(queued: QueuedJob) -> int:
    """A queued job's number."""
    if queued.id is None:
        raise LookupError("job without a number")
    return queued.id
