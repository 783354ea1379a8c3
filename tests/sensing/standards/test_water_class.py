from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.standards.water_class import WORSE_THAN_V, class_row, water_class

ON = date(2026, 6, 1)

# Second transcription of Table 1: upper limits, mg/L.
UPPER = {
    "w01019": ["2", "4", "6", "10", "15"],
    "w01018": ["15", "15", "20", "30", "40"],
    "w01017": ["3", "3", "4", "6", "10"],
    "w21003": ["0.15", "0.5", "1.0", "1.5", "2.0"],
    "w21011": ["0.02", "0.1", "0.2", "0.3", "0.4"],
    "w20138": ["0.01", "1", "1", "1", "1"],
    "w20139": ["0.05", "1", "1", "2", "2"],
    "w21017": ["1", "1", "1", "1.5", "1.5"],
    "w20140": [".01", ".01", ".01", ".02", ".02"],
    "w20141": [".05", ".05", ".05", ".1", ".1"],
    "w20142": [".00005", ".00005", ".0001", ".001", ".001"],
    "w20143": [".001", ".005", ".005", ".005", ".01"],
    "w20117": [".01", ".05", ".05", ".05", ".1"],
    "w20144": [".01", ".01", ".05", ".05", ".1"],
    "w21016": [".005", ".05", ".2", ".2", ".2"],
    "w23002": [".002", ".002", ".005", ".01", ".1"],
    "w22001": [".05", ".05", ".05", ".5", "1"],
    "w19002": [".2", ".2", ".2", ".3", ".3"],
    "w21019": [".05", ".1", ".2", ".5", "1"],
}


def mg(value: str) -> tuple[Decimal, str]:
    return Decimal(value), "mg/L"


@pytest.mark.parametrize("code", UPPER)
def test_every_cell_of_table_1_is_as_transcribed_twice(code: str) -> None:
    row = class_row(code, ON)

    assert row is not None
    assert row.upper == tuple(Decimal(text) for text in UPPER[code])


def test_lakes_have_their_own_limits_of_phosphorus_and_nitrogen() -> None:
    values = {"w21011": mg("0.1"), "w21001": mg("1.2")}

    assert water_class(values, ON).parts == {"w21011": 2}
    assert water_class(values, ON, is_lake=True).parts == {"w21011": 4, "w21001": 4}


def test_the_worst_factor_decides() -> None:
    judged = water_class({"w01018": mg("18"), "w21003": mg("1.6"), "w01009": mg("8")}, ON)

    assert (judged.value, judged.worst, judged.name_zh) == (5, ("w21003",), "V类")
    assert judged.parts == {"w01018": 3, "w21003": 5, "w01009": 1}


def test_worse_than_v_has_its_own_class() -> None:
    judged = water_class({"w01018": mg("41")}, ON)

    assert (judged.value, judged.name_zh) == (WORSE_THAN_V, "劣V类")


@pytest.mark.parametrize(
    ("oxygen", "expected"),
    [("7.5", 1), ("7.4", 2), ("6", 2), ("5", 3), ("3", 4), ("2", 5), ("1", 6)],
)
def test_oxygen_is_better_when_there_is_more(oxygen: str, expected: int) -> None:
    assert water_class({"w01009": mg(oxygen)}, ON).value == expected


@pytest.mark.parametrize(("ph", "expected"), [("6", 1), ("9", 1), ("5.9", 6), ("9.1", 6)])
def test_ph_keeps_its_range_or_is_worse_than_v(ph: str, expected: int) -> None:
    assert water_class({"w01001": (Decimal(ph), "1")}, ON).value == expected


def test_units_are_converted() -> None:
    assert water_class({"w20142": (Decimal("0.07"), "ug/L")}, ON).value == 3


def test_what_cannot_be_judged_does_not_count() -> None:
    judged = water_class({"w01010": (Decimal(20), "Cel"), "w01018": (Decimal(5), "NTU")}, ON)

    assert (judged.value, judged.worst, judged.name_zh) == (None, (), "数据不足")


@given(st.sampled_from(sorted(UPPER)), st.decimals(0, 100, places=5), st.decimals(0, 100, places=5))
def test_more_never_gives_a_better_class(code: str, first: Decimal, second: Decimal) -> None:
    row = class_row(code, ON)

    assert row is not None
    assert row.class_of(min(first, second)) <= row.class_of(max(first, second))
