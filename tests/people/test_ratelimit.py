from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.errors import TooManyRequests
from qinghuan.people.ratelimit import Bucket, Limiter, Rate, taken

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
FIVE = Rate(burst=5, per_s=0.5)


def test_a_burst_passes_and_then_the_pace_holds() -> None:
    limiter = Limiter(FIVE)
    for _ in range(5):
        limiter.take("10.0.0.7", NOON)

    with pytest.raises(TooManyRequests) as caught:
        limiter.take("10.0.0.7", NOON)
    assert caught.value.wait_s == 2
    limiter.take("10.0.0.7", NOON + timedelta(seconds=2))


def test_callers_do_not_share_a_bucket() -> None:
    limiter = Limiter(Rate(burst=1, per_s=1))
    limiter.take("a", NOON)
    limiter.take("b", NOON)


def test_a_flood_of_new_callers_does_not_fill_the_memory() -> None:
    limiter = Limiter(FIVE, most_keys=10)
    for number in range(1_000):
        limiter.take(str(number), NOON)

    assert len(limiter._buckets) == 10  # noqa: SLF001 - the bound is the point


@given(gaps=st.lists(st.floats(0, 10), max_size=60))
def test_no_more_passes_than_burst_and_pace_allow(gaps: list[float]) -> None:
    bucket: Bucket | None = None
    at, passed = NOON, 0
    for gap in gaps:
        at += timedelta(seconds=gap)
        after = taken(bucket, FIVE, at)
        if isinstance(after, Bucket):
            bucket, passed = after, passed + 1

    assert passed <= FIVE.burst + FIVE.per_s * (at - NOON).total_seconds() + 1e-6


@given(back_s=st.floats(0, 1e6))
def test_a_clock_that_goes_back_gives_nothing(back_s: float) -> None:
    empty = Bucket(level=0, at=NOON)

    assert isinstance(taken(empty, FIVE, NOON - timedelta(seconds=back_s)), float)
