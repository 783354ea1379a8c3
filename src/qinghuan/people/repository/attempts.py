"""Tries at signing in, and the wrong ones counted, in and out of their tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from qinghuan.people.lockout import Failures
from qinghuan.people.model import Page, PageAsked, SignInAttempt
from qinghuan.people.repository.paging import holds, page_of
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.tables import keys

_session = keys.session.c
_failure = keys.failure.c
_attempt = keys.attempt.c


def failures_held(session: Session, login_key: bytes) -> Failures:
    """The wrong tries of a login name, held so that tries at once are counted in turn."""
    with sealed(session):
        session.execute(
            upsert(keys.failure)
            .values(login_key=login_key, failed_count=0)
            .on_conflict_do_nothing()
        )
        row = session.execute(
            select(keys.failure).where(_failure.login_key == login_key).with_for_update()
        ).one()
    return Failures(count=row.failed_count, last_at=row.last_at, locked_until=row.locked_until)


def failures_of(session: Session, login_key: bytes) -> Failures:
    """The wrong tries of a login name, only to look at."""
    with sealed(session):
        row = session.execute(
            select(keys.failure).where(_failure.login_key == login_key)
        ).one_or_none()
    if row is None:
        return Failures()
    return Failures(count=row.failed_count, last_at=row.last_at, locked_until=row.locked_until)


def keep_failures(session: Session, login_key: bytes, failures: Failures) -> None:
    """Write the wrong tries of a login name."""
    with sealed(session):
        session.execute(
            update(keys.failure)
            .where(_failure.login_key == login_key)
            .values(
                failed_count=failures.count,
                last_at=failures.last_at,
                locked_until=failures.locked_until,
            )
        )


def add_attempt(session: Session, attempt: SignInAttempt) -> None:
    """Keep one try at signing in."""
    with sealed(session):
        session.execute(
            insert(keys.attempt).values(
                attempted_at=attempt.at,
                person_id=attempt.person_id,
                source=attempt.source,
                outcome=attempt.outcome,
            )
        )


def tries_from(session: Session, source: str, since: datetime, outcomes: tuple[str, ...]) -> int:
    """How many tries of some outcomes came from a source address."""
    with sealed(session):
        tries = session.scalar(
            select(func.count()).where(
                _attempt.source == source,
                _attempt.attempted_at > since,
                _attempt.outcome.in_(outcomes),
            )
        )
    return tries or 0


def attempt_page(
    session: Session, asked: PageAsked, person_id: UUID | None = None
) -> Page[SignInAttempt]:
    """Tries at signing in, newest first; of one person or of all."""
    found = select(keys.attempt).where(holds(asked.text, _attempt.source, _attempt.outcome))
    if person_id is not None:
        found = found.where(_attempt.person_id == person_id)
    order = (_attempt.attempted_at.desc(), _attempt.id.desc())
    with sealed(session):
        return page_of(session, found.order_by(*order), asked, _attempt_noun)


def forget_before(session: Session, *, ended: datetime, attempts: datetime) -> dict[str, int]:
    """Delete what is kept no longer; says how many rows of each kind.

    Args:
        session: The caller's transaction.
        ended: Sessions ended, or unused, before this; counters of wrong tries too.
        attempts: Tries at signing in before this.
    """
    doomed = {
        "sessions": delete(keys.session).where(
            func.coalesce(_session.ended_at, _session.last_seen_at) < ended
        ),
        "failures": delete(keys.failure).where(
            func.coalesce(_failure.locked_until, _failure.last_at) < ended
        ),
        "attempts": delete(keys.attempt).where(_attempt.attempted_at < attempts),
    }
    with sealed(session):
        return {
            name: len(session.execute(each.returning(each.table)).all())
            for name, each in doomed.items()
        }


def _attempt_noun(row: Row[Any]) -> SignInAttempt:
    return SignInAttempt(
        at=row.attempted_at, person_id=row.person_id, source=row.source, outcome=row.outcome
    )
