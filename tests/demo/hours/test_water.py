"""The invented waters: the same on every asking, with two stories that end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.demo.hours.water import (
    AMMONIA,
    AMMONIA_EPISODE,
    COD,
    COD_EPISODE,
    OUTFALL,
    PH,
    RIVER,
    water_values,
)

EPOCH = datetime(2026, 11, 25, 2, tzinfo=UTC)
hours_from_epoch = st.integers(-72, 400)


def cod_at(hours: float) -> Decimal:
    at = EPOCH + timedelta(hours=hours)
    return water_values("outfall", OUTFALL, COD_EPISODE, at, EPOCH)[COD]


def test_cod_is_over_fifty_for_six_hours_and_back_before_the_first_start() -> None:
    over = [k for k in range(-24, 24) if cod_at(k + 0.5) > 50]

    assert over == [-10, -9, -8, -7, -6, -5]


def test_ammonia_is_over_class_three_at_the_start_and_back_an_hour_later() -> None:
    def ammonia(hours: float) -> Decimal:
        at = EPOCH + timedelta(hours=hours)
        return water_values("river", RIVER, AMMONIA_EPISODE, at, EPOCH)[AMMONIA]

    assert [k for k in range(-24, 24) if ammonia(k + 0.5) > 1] == [-3, -2, -1, 0]


@given(hours=hours_from_epoch)
def test_a_value_asked_twice_is_the_same(hours: int) -> None:
    assert cod_at(hours) == cod_at(hours)


@given(hours=hours_from_epoch)
def test_values_stay_where_such_a_water_can_be(hours: int) -> None:
    at = EPOCH + timedelta(hours=hours)
    for tides in (OUTFALL, RIVER):
        values = water_values("any", tides, None, at, EPOCH)

        assert 6 < values[PH] < 9
        assert all(value > 0 for value in values.values())


def test_stations_do_not_move_together() -> None:
    first = [water_values("one", RIVER, None, EPOCH + timedelta(hours=k), EPOCH) for k in range(9)]
    second = [water_values("two", RIVER, None, EPOCH + timedelta(hours=k), EPOCH) for k in range(9)]

    assert first != second
