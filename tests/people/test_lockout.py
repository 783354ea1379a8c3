from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.lockout import Failures, LockoutPolicy, after_failure, is_locked, wait_s

POLICY = LockoutPolicy()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def failed(times: int, every_s: int = 0) -> tuple[Failures, datetime]:
    failures, at = Failures(), NOON
    for _ in range(times):
        failures = after_failure(failures, POLICY, at)
        at += timedelta(seconds=every_s)
    return failures, at


def test_a_few_slips_cost_nothing() -> None:
    assert wait_s(failed(4)[0], POLICY, NOON) == 0


def test_the_delay_grows_and_is_bounded() -> None:
    waits = [wait_s(failed(times)[0], POLICY, NOON) for times in range(4, 13)]

    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_twenty_wrong_tries_lock_and_the_lock_ends() -> None:
    assert not is_locked(failed(19)[0], NOON)
    failures, _ = failed(20)

    assert is_locked(failures, NOON + timedelta(seconds=1_799))
    assert wait_s(failures, POLICY, NOON) == 1_800
    assert wait_s(failures, POLICY, NOON + timedelta(seconds=1_800)) == 0


def test_tries_during_the_lock_do_not_lengthen_it() -> None:
    failures, _ = failed(20)

    assert after_failure(failures, POLICY, NOON + timedelta(seconds=60)) == failures


def test_after_the_lock_counting_begins_anew() -> None:
    failures, _ = failed(20)

    assert after_failure(failures, POLICY, NOON + timedelta(hours=1)).count == 1


def test_a_slip_of_yesterday_is_forgotten() -> None:
    failures, _ = failed(19)

    assert after_failure(failures, POLICY, NOON + timedelta(days=1)).count == 1


@given(gaps=st.lists(st.integers(0, 7_200), max_size=60))
def test_whoever_waits_as_told_has_few_tries_an_hour(gaps: list[int]) -> None:
    failures, at, looked_at = Failures(), NOON, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        if wait_s(failures, POLICY, at) == 0:
            looked_at.append(at)
        failures = after_failure(failures, POLICY, at)

    for first in looked_at:
        assert sum(first <= each < first + timedelta(hours=1) for each in looked_at) <= 41
