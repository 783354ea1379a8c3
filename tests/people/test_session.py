from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.model import SessionState
from qinghuan.people.session import OpenSession, SessionPolicy, Standing, is_dead, state_of

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def session(seen_after_s: int = 0, factor_at: datetime | None = None) -> OpenSession:
    return OpenSession(
        id=UUID(int=1),
        person_id=UUID(int=2),
        started_at=NOON,
        last_seen_at=NOON + timedelta(seconds=seen_after_s),
        factor_at=factor_at,
    )


def test_an_idle_session_is_dead_at_fifteen_minutes_to_the_second() -> None:
    assert not is_dead(session(), SessionPolicy(), NOON + timedelta(seconds=899.999))
    assert is_dead(session(), SessionPolicy(), NOON + timedelta(seconds=900))


def test_a_busy_session_is_dead_at_twelve_hours() -> None:
    busy = session(seen_after_s=43_199)

    assert not is_dead(busy, SessionPolicy(), NOON + timedelta(seconds=43_199))
    assert is_dead(busy, SessionPolicy(), NOON + timedelta(seconds=43_200))


@pytest.mark.parametrize(
    ("needs", "has", "must_change", "shown", "state"),
    [
        (True, False, True, False, SessionState.NEEDS_ENROLMENT),
        (True, True, True, False, SessionState.NEEDS_SECOND_FACTOR),
        (True, True, True, True, SessionState.NEEDS_NEW_PASSWORD),
        (True, True, False, True, SessionState.ACTIVE),
        (False, False, False, False, SessionState.ACTIVE),
        (False, True, False, False, SessionState.NEEDS_SECOND_FACTOR),
        (False, False, True, False, SessionState.NEEDS_NEW_PASSWORD),
    ],
)
def test_a_session_comes_step_by_step(
    *, needs: bool, has: bool, must_change: bool, shown: bool, state: SessionState
) -> None:
    standing = Standing(
        needs_second_factor=needs, has_second_factor=has, must_change_password=must_change
    )

    assert state_of(session(factor_at=NOON if shown else None), standing) is state


@given(has=st.booleans(), must_change=st.booleans())
def test_staff_is_never_active_without_a_second_factor(*, has: bool, must_change: bool) -> None:
    standing = Standing(
        needs_second_factor=True, has_second_factor=has, must_change_password=must_change
    )

    assert state_of(session(), standing) in {
        SessionState.NEEDS_ENROLMENT,
        SessionState.NEEDS_SECOND_FACTOR,
    }
