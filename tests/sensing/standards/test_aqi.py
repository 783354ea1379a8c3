from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.standards.aqi import (
    CO,
    NO2,
    O3,
    PM10,
    PM25,
    REAL_TIME,
    SO2,
    air_index,
    concentration_at,
    individual_index,
    level_of,
)
from qinghuan.sensing.standards.rulebook import AQI, edition_on, read_edition

OLD, NEW = date(2026, 2, 28), date(2026, 3, 1)

# Second transcription of both editions, row by row: 2012 first, then what 2026 changes.
LEVELS = [0, 50, 100, 150, 200, 300, 400, 500]
ROWS_2012 = {
    (SO2, "day"): [0, 50, 150, 475, 800, 1600, 2100, 2620],
    (SO2, "hour"): [0, 150, 500, 650, 800],
    (NO2, "day"): [0, 40, 80, 180, 280, 565, 750, 940],
    (NO2, "hour"): [0, 100, 200, 700, 1200, 2340, 3090, 3840],
    (PM10, "day"): [0, 50, 150, 250, 350, 420, 500, 600],
    (CO, "day"): [0, 2, 4, 14, 24, 36, 48, 60],
    (CO, "hour"): [0, 5, 10, 35, 60, 90, 120, 150],
    (O3, "hour"): [0, 160, 200, 300, 400, 800, 1000, 1200],
    (O3, "8h"): [0, 100, 160, 215, 265, 800],
    (PM25, "day"): [0, 35, 75, 115, 150, 250, 350, 500],
}
ROWS_2026 = ROWS_2012 | {
    (PM10, "day"): [0, 50, 120, 250, 350, 420, 500, 600],
    (PM25, "day"): [0, 35, 60, 115, 150, 250, 350, 500],
}


@pytest.mark.parametrize(("on", "rows"), [(OLD, ROWS_2012), (NEW, ROWS_2026)])
def test_every_node_of_both_editions_gives_its_index(
    on: date, rows: dict[tuple[str, str], list[int]]
) -> None:
    for (code, period), row in rows.items():
        for concentration, level in zip(row, LEVELS, strict=False):
            assert individual_index(code, period, Decimal(concentration), on) == level
    assert sum(len(row["breakpoints"]) for row in edition_on(AQI, on).rows) == sum(
        len(row) for row in rows.values()
    )


@pytest.mark.parametrize(
    ("code", "period", "mean", "on", "index"),
    [
        (PM25, "day", "75", OLD, 100),
        (PM25, "day", "75", NEW, 114),
        (PM10, "day", "150", OLD, 100),
        (PM10, "day", "150", NEW, 112),
        (NO2, "hour", "350", OLD, 115),
        (NO2, "hour", "350", NEW, 115),
        (SO2, "hour", "801", NEW, 200),
        (O3, "8h", "801", NEW, 300),
        (PM25, "day", "9999", NEW, 500),
        (CO, "hour", "5.01", NEW, 51),
        (PM25, "day", "35.5", NEW, 52),
        (PM25, "day", "34.5", NEW, 49),
    ],
)
def test_worked_examples(code: str, period: str, mean: str, on: date, index: int) -> None:
    assert individual_index(code, period, Decimal(mean), on) == index


def test_the_edition_changes_with_the_first_of_march_2026() -> None:
    means = dict.fromkeys(REAL_TIME, Decimal(0)) | {PM25: Decimal(75)}

    assert (air_index(means, OLD).value, air_index(means, OLD).standard) == (100, "HJ 633-2012")
    assert (air_index(means, NEW).value, air_index(means, NEW).standard) == (114, "HJ 633-2026")


def test_up_to_fifty_nothing_is_primary() -> None:
    index = air_index(dict.fromkeys(REAL_TIME, Decimal(1)), NEW)

    assert index.value is not None
    assert index.value <= 50
    assert (index.primary, index.level, index.category_zh) == ((), 1, "优")


def test_equal_maxima_are_all_primary() -> None:
    means = dict.fromkeys(REAL_TIME, Decimal(0)) | {PM25: Decimal(115), NO2: Decimal(700)}

    assert air_index(means, NEW).primary == (NO2, PM25)


def test_missing_items_withhold_an_index_up_to_a_hundred() -> None:
    index = air_index({PM25: Decimal(40)}, NEW)

    assert (index.value, index.level, index.category_zh) == (None, None, "数据不足")
    assert len(index.missing) == 5


def test_missing_items_do_not_hide_a_bad_hour() -> None:
    assert air_index({PM25: Decimal(150)}, NEW).value == 200


def test_a_negative_mean_counts_as_missing() -> None:
    assert PM25 in air_index({PM25: Decimal(-1)}, NEW).missing


def test_no_value_at_all_is_no_index() -> None:
    assert air_index({}, NEW).value is None


@pytest.mark.parametrize(
    ("index", "level"),
    [
        (0, 1),
        (50, 1),
        (51, 2),
        (100, 2),
        (101, 3),
        (150, 3),
        (151, 4),
        (201, 5),
        (300, 5),
        (301, 6),
    ],
)
def test_levels_begin_above_their_ends(index: int, level: int) -> None:
    assert level_of(index) == level


def test_a_tabled_index_gives_its_concentration() -> None:
    assert concentration_at(PM25, "day", 150, NEW) == 115
    assert concentration_at(SO2, "hour", 300, NEW) is None
    assert concentration_at(PM25, "day", 120, NEW) is None
    assert concentration_at("w01018", "day", 150, NEW) is None


def test_an_item_without_a_row_has_no_index() -> None:
    assert individual_index(PM25, "hour", Decimal(1), NEW) is None


@given(
    st.sampled_from(sorted(ROWS_2026)),
    st.decimals(0, 5000, places=2),
    st.decimals(0, 5000, places=2),
    st.sampled_from([OLD, NEW]),
)
def test_more_never_gives_a_lower_index(
    row: tuple[str, str], first: Decimal, second: Decimal, on: date
) -> None:
    low, high = sorted([first, second])
    lower, higher = (individual_index(*row, mean, on) for mean in (low, high))

    assert lower is not None
    assert higher is not None
    assert lower <= higher


def test_editions_follow_each_other_without_a_gap() -> None:
    old, new = (read_edition(name) for name in AQI)

    assert (old.valid_until, new.valid_from) == (OLD, NEW)
