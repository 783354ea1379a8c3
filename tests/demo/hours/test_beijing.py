"""The slice of real hours: whole, mapped by unit, and over the limit every afternoon."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.core.clock import BEIJING
from qinghuan.demo.hours.beijing import DAYS, air_hour
from qinghuan.demo.hours.stations import STATIONS
from qinghuan.sensing.standards.factors import factor_of
from qinghuan.sensing.standards.hourly import limit_of

OZONE = "a05024"
SOURCES = sorted({station.source for station in STATIONS if station.source})
whole_hours = st.datetimes(datetime(2024, 1, 1), datetime(2033, 1, 1)).map(  # noqa: DTZ001  hypothesis wants naive bounds
    lambda at: at.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
)


@given(hour_at=whole_hours, source=st.sampled_from(SOURCES))
def test_an_hour_keeps_its_hour_of_day_in_beijing(hour_at: datetime, source: str) -> None:
    measured_from = air_hour(source, hour_at).measured_from

    assert measured_from.hour == hour_at.astimezone(BEIJING).hour
    assert measured_from.year == 2015


@given(hour_at=whole_hours)
def test_the_series_runs_on_hour_by_hour_and_returns_after_eight_days(hour_at: datetime) -> None:
    first = air_hour("Gucheng", hour_at)
    second = air_hour("Gucheng", hour_at + timedelta(hours=1))

    step = second.measured_from - first.measured_from
    assert step in {timedelta(hours=1), timedelta(hours=1) - timedelta(days=DAYS)}
    assert air_hour("Gucheng", hour_at + timedelta(days=DAYS)) == first


def test_the_ozone_alert_is_the_former_hourly_limit_of_class_two() -> None:
    former = limit_of(OZONE, st="22", unit="ug/m3", area_class=2, on=date(2026, 2, 28))

    assert former is not None
    assert [limit.upper for limit in STATIONS[0].limits] == [former.upper]


@given(hour_at=whole_hours)
def test_whenever_the_demo_starts_the_last_day_holds_an_hour_over_the_ozone_limit(
    hour_at: datetime,
) -> None:
    over = [
        values
        for station in STATIONS
        if station.source
        for k in range(24)
        for limit in station.limits
        if (values := air_hour(station.source, hour_at - timedelta(hours=k)).values)
        and values.get(limit.code, Decimal(0)) > limit.upper
    ]

    assert over


def test_values_are_the_published_ones_in_the_units_of_the_wire() -> None:
    # Gucheng, 2015-07-22 15:00, as published: O3 216 µg/m³; every column checked by hand.
    on = next(
        day
        for k in range(DAYS)
        if air_hour(
            "Gucheng", day := datetime(2026, 1, 1 + k, 15, tzinfo=BEIJING)
        ).measured_from.day
        == 22
    )
    values = air_hour("Gucheng", on).values

    assert values[OZONE] == 216
    assert Decimal("0.1") <= values["a21005"] <= 10
    assert 98 < values["a01006"] < 103
    assert values["a01008"] in {Decimal(k) * Decimal("22.5") for k in range(16)}


def test_what_was_not_measured_is_absent_and_never_zero() -> None:
    counts = Counter(
        code
        for source in SOURCES
        for k in range(24 * DAYS)
        for code in air_hour(source, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=k)).values
    )

    hours = len(SOURCES) * 24 * DAYS
    assert counts["a34004"] < hours
    assert all(counts[code] > 0.95 * hours for code in ("a34004", "a34002", "a05024", "a21004"))


def test_every_code_is_in_the_list_of_factors() -> None:
    for code in air_hour("Dongsi", datetime(2026, 1, 1, tzinfo=UTC)).values:
        assert factor_of(code) is not None


def test_an_unknown_station_is_an_error() -> None:
    with pytest.raises(KeyError):
        air_hour("Aotizhongxin", datetime(2026, 1, 1, tzinfo=UTC))
