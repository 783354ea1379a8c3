"""Work for later: asked for in the caller's transaction, so it exists only if that commits.

A job is one function of one room, named `room.what-it-does`. It runs at least once and its
writes happen exactly once: that it is done is written in its own transaction.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from psycopg.types.json import Jsonb
from pydantic import JsonValue
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from qinghuan.core.errors import Invalid, NotFound, Refused
from qinghuan.infra import schema
from qinghuan.infra.database import Session
from qinghuan.infra.errors import InfraError

Handler = Callable[[Session, Mapping[str, JsonValue]], None]
"""A room's shell around one use case; the session is the job's own transaction."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_-]*")

_HOPELESS = (Invalid, NotFound, Refused)
"""Trying again will not change a rule, a missing thing or a right."""

_FIRST_PAUSE_S = 5
_LONGEST_PAUSE_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One kind of work the worker knows."""

    name: str
    handler: Handler
    attempts: int
    """How often it is tried before it counts as failed."""

    def gives_up(self, attempt: int, error: BaseException) -> bool:
        """Whether this attempt was the last one.

        Args:
            attempt: Which attempt it was, from 1.
            error: What it ended with.
        """
        return attempt >= self.attempts or isinstance(error, _HOPELESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job that used up its attempts and waits for a person."""

    job_id: int
    name: str
    attempts: int
    payload: Mapping[str, JsonValue]
    failed_at: datetime | None
    reason: str


class JobNameInvalid(InfraError, Invalid):
    """A job's name is not `room.what-it-does`."""

    code: ClassVar[str] = "infra.job-name-invalid"
    zh: ClassVar[str] = "任务名称“{name}”不合规则"

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(f"job name {name!r} is not like room.what-it-does")
        self.name = name


class NoSuchFailedJob(InfraError, NotFound):
    """No failed job has this number."""

    code: ClassVar[str] = "infra.no-such-failed-job"
    zh: ClassVar[str] = "没有编号为 {job_id} 的失败任务"

    def __init__(self, job_id: int) -> None:
        """Keep the number."""
        super().__init__(f"no failed job {job_id}")
        self.job_id = job_id


_registry: dict[str, Job] = {}


def job(name: str, *, attempts: int = 8) -> Callable[[Handler], Handler]:
    """Register a room's function as the work behind a name.

    Args:
        name: `room.what-it-does`.
        attempts: How often it is tried; the default spreads over about ten minutes.
    """
    _check_name(name)

    def register(handler: Handler) -> Handler:
        _registry[name] = Job(name=name, handler=handler, attempts=attempts)
        return handler

    return register


def registered() -> Mapping[str, Job]:
    """Every job whose module has been imported."""
    return dict(_registry)


def enqueue(
    session: Session,
    name: str,
    payload: Mapping[str, JsonValue],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    lock: str | None = None,
) -> int:
    """Ask for a job; it exists when the caller's transaction commits.

    Args:
        session: The caller's transaction.
        name: `room.what-it-does`; need not be imported here.
        payload: Ids and small values, never personal ones.
        key: Ask with the same key again, ever, and the first job is meant.
        run_at: Not before this time.
        lock: Jobs with the same lock run one at a time, in the order asked for.

    Returns:
        The job's number; the earlier one when the key was used before.

    Raises:
        JobNameInvalid: The name does not fit.
    """
    _check_name(name)
    if key is not None and (earlier := _job_of_key(session, name, key)) is not None:
        return earlier
    job_id = int(
        session.execute(
            text(
                "SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :name, 0, :lock, NULL, "
                "CAST(:args AS jsonb), :run_at)::procrastinate_job_to_defer_v1]))[1]"
            ),
            {
                "queue": name.partition(".")[0],
                "name": name,
                "lock": lock,
                "args": Jsonb({"payload": dict(payload)}),
                "run_at": run_at,
            },
        ).scalar_one()
    )
    if key is None:
        return job_id
    return _keep_key(session, name, key, job_id)


def count_by_status(session: Session) -> dict[str, int]:
    """Count the jobs in the queue: todo, doing, succeeded (kept a week), failed and so on."""
    rows = session.execute(text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"))
    return {status: int(count) for status, count in rows}


def count_due(session: Session) -> int:
    """Count the jobs that wait and whose time has come."""
    return int(
        session.execute(
            text(
                "SELECT count(*) FROM procrastinate_jobs "
                "WHERE status = 'todo' AND COALESCE(scheduled_at, now()) <= now()"
            )
        ).scalar_one()
    )


def oldest_due_at(session: Session) -> datetime | None:
    """Tell since when the longest-waiting job could have run; None when nothing waits."""
    found: datetime | None = session.execute(
        text(
            "SELECT min(GREATEST(COALESCE(j.scheduled_at, '-infinity'), e.at)) "
            "FROM procrastinate_jobs j "
            "JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e "
            "ON true WHERE j.status = 'todo' AND COALESCE(j.scheduled_at, now()) <= now()"
        )
    ).scalar_one()
    return found


def failed_jobs(session: Session, *, limit: int = 100) -> list[FailedJob]:
    """List jobs that gave up, latest first, with the reason of their last attempt."""
    rows = session.execute(
        text(
            "SELECT j.id, j.task_name, j.attempts, j.args -> 'payload', f.failed_at, "
            "COALESCE(f.reason, '') FROM procrastinate_jobs j "
            "LEFT JOIN LATERAL (SELECT failed_at, reason FROM infra_job_failure "
            "WHERE job_id = j.id ORDER BY failed_at DESC LIMIT 1) f ON true "
            "WHERE j.status = 'failed' ORDER BY f.failed_at DESC NULLS LAST, j.id DESC LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [
        FailedJob(
            job_id=row[0],
            name=row[1],
            attempts=row[2],
            payload=row[3] or {},
            failed_at=row[4],
            reason=row[5],
        )
        for row in rows
    ]


def retry_failed(session: Session, job_id: int) -> None:
    """Put a failed job back into the queue, with all its attempts before it.

    Raises:
        NoSuchFailedJob: No failed job has this number.
    """
    done = session.execute(
        text(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL "
            "WHERE id = :id AND status = 'failed' RETURNING id"
        ),
        {"id": job_id},
    )
    if done.first() is None:
        raise NoSuchFailedJob(job_id)


def pause_before(attempt: int) -> int:
    """How long to wait before trying again [s].

    Args:
        attempt: How often it was tried so far, from 1.
    """
    return min(_FIRST_PAUSE_S << (attempt - 1), _LONGEST_PAUSE_S)


def _check_name(name: str) -> None:
    """Refuse names that do not tell their room."""
    if not _NAME.fullmatch(name):
        raise JobNameInvalid(name)


def _job_of_key(session: Session, name: str, key: str) -> int | None:
    """The job asked for with this key before."""
    asked = schema.job_key.c
    found: int | None = session.execute(
        select(asked.job_id).where(asked.name == name, asked.key == key)
    ).scalar_one_or_none()
    return found


def _keep_key(session: Session, name: str, key: str, job_id: int) -> int:
    """Keep the key, or withdraw our job if another transaction kept it first."""
    kept = session.execute(
        insert(schema.job_key)
        .values(name=name, key=key, job_id=job_id, asked_at=func.now())
        .on_conflict_do_nothing()
        .returning(schema.job_key.c.job_id)
    ).first()
    if kept is not None:
        return job_id
    session.execute(
        text("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = :id"), {"id": job_id}
    )
    return _job_of_key(session, name, key) or job_id
