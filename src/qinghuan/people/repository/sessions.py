"""Sessions in and out of their table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select, true, update
from sqlalchemy.orm import Session

from qinghuan.people.repository.sealed import sealed
from qinghuan.people.session import OpenSession
from qinghuan.people.tables import keys

_session = keys.session.c


def open_session(session: Session, opened: OpenSession, token_hash: bytes) -> None:
    """Keep a new session."""
    with sealed(session):
        session.execute(
            insert(keys.session).values(
                id=opened.id,
                person_id=opened.person_id,
                token_hash=token_hash,
                started_at=opened.started_at,
                last_seen_at=opened.last_seen_at,
                factor_at=opened.factor_at,
                source=opened.source,
            )
        )


def session_by_token(session: Session, token_hash: bytes) -> OpenSession | None:
    """The session a token opens, unless it was ended."""
    return _one_session(session, _session.token_hash == token_hash)


def session_of(session: Session, session_id: UUID) -> OpenSession | None:
    """A session by its id, unless it was ended."""
    return _one_session(session, _session.id == session_id)


def touch_session(session: Session, session_id: UUID, at: datetime) -> None:
    """Note that a session was used."""
    with sealed(session):
        session.execute(
            update(keys.session).where(_session.id == session_id).values(last_seen_at=at)
        )


def rotate_session(
    session: Session, session_id: UUID, token_hash: bytes, factor_at: datetime | None
) -> None:
    """Give a session another token; the old one opens nothing from now on."""
    with sealed(session):
        session.execute(
            update(keys.session)
            .where(_session.id == session_id)
            .values(token_hash=token_hash, factor_at=factor_at)
        )


def end_sessions(
    session: Session, person_id: UUID, at: datetime, *, but: UUID | None = None
) -> int:
    """End a person's sessions, perhaps but one; says how many."""
    with sealed(session):
        ended = session.execute(
            update(keys.session)
            .where(
                _session.person_id == person_id,
                _session.ended_at.is_(None),
                true() if but is None else _session.id != but,
            )
            .values(ended_at=at)
            .returning(_session.id)
        ).all()
    return len(ended)


def end_session(session: Session, session_id: UUID, at: datetime) -> None:
    """End one session."""
    with sealed(session):
        session.execute(
            update(keys.session)
            .where(_session.id == session_id, _session.ended_at.is_(None))
            .values(ended_at=at)
        )


def sessions_of(session: Session, person_id: UUID) -> tuple[OpenSession, ...]:
    """A person's sessions that were not ended, newest first."""
    with sealed(session):
        rows = session.execute(
            select(keys.session)
            .where(_session.person_id == person_id, _session.ended_at.is_(None))
            .order_by(_session.started_at.desc())
        ).all()
    return tuple(_session_noun(row) for row in rows)


def _one_session(session: Session, where: ColumnElement[bool]) -> OpenSession | None:
    with sealed(session):
        row = session.execute(
            select(keys.session).where(where, _session.ended_at.is_(None))
        ).one_or_none()
    return None if row is None else _session_noun(row)


def _session_noun(row: Row[Any]) -> OpenSession:
    return OpenSession(
        id=row.id,
        person_id=row.person_id,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        factor_at=row.factor_at,
        source=row.source,
    )
