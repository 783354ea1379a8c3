from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.silence import BEATS_NEEDED, LEAST_SILENCE, cadence_of, silent_since

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_station_is_silent_after_three_missed_beats() -> None:
    assert silent_since(NOON, HOUR, NOON + 3 * HOUR) == NOON
    assert silent_since(NOON, HOUR, NOON + 3 * HOUR - timedelta(seconds=1)) is None


def test_short_gaps_of_a_fast_station_are_no_silence() -> None:
    beat = timedelta(seconds=30)

    assert silent_since(NOON, beat, NOON + 3 * beat) is None
    assert silent_since(NOON, beat, NOON + LEAST_SILENCE) == NOON


def test_how_many_beats_may_be_missed_is_a_setting() -> None:
    assert silent_since(NOON, HOUR, NOON + 3 * HOUR, factor=4) is None


def test_the_cadence_is_the_median_gap() -> None:
    times = [NOON + HOUR * n for n in (0, 1, 2, 3, 9, 10, 11)]

    assert cadence_of(times) == HOUR


def test_too_few_values_show_no_cadence() -> None:
    assert cadence_of([NOON + HOUR * n for n in range(BEATS_NEEDED - 1)]) is None
    assert cadence_of([NOON] * 20) is None


@given(st.integers(1, 7200), st.integers(BEATS_NEEDED, 40), st.randoms())
def test_a_steady_station_has_its_own_step_in_whatever_order_values_come(
    step_s: int, count: int, chance: object
) -> None:
    times = [NOON + timedelta(seconds=step_s * n) for n in range(count)]
    chance.shuffle(times)  # type: ignore[attr-defined]  # hypothesis' random

    assert cadence_of(times) == timedelta(seconds=step_s)
