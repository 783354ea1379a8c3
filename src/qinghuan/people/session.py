"""When a session lives, and how far its owner has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.people.model import SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """How long a session lives."""

    idle_s: int = 900
    """Dead at the very second. [s]"""
    absolute_s: int = 43_200
    """Dead this long after sign-in, however busy. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as stored."""

    id: UUID
    person_id: UUID
    started_at: datetime
    last_seen_at: datetime
    factor_at: datetime | None = None
    """When the second factor was shown in this session."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides a session's state besides the session itself."""

    needs_second_factor: bool
    """One of the roles held now asks for it."""
    has_second_factor: bool
    must_change_password: bool


def is_dead(session: OpenSession, policy: SessionPolicy, at: datetime) -> bool:
    """Whether a session has ended by time: idle or absolute, whichever comes first."""
    idle_until = session.last_seen_at + timedelta(seconds=policy.idle_s)
    ends_at = session.started_at + timedelta(seconds=policy.absolute_s)
    return at >= min(idle_until, ends_at)


def state_of(session: OpenSession, standing: Standing) -> SessionState:
    """How far its owner has come. Judged at every request, as roles come and go."""
    if session.factor_at is None:
        if standing.has_second_factor:
            return SessionState.NEEDS_SECOND_FACTOR
        if standing.needs_second_factor:
            return SessionState.NEEDS_ENROLMENT
    if standing.must_change_password:
        return SessionState.NEEDS_NEW_PASSWORD
    return SessionState.ACTIVE
