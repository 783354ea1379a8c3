from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.errors import UnitsDiffer
from qinghuan.sensing.standards.units import convert, shown

masses = st.sampled_from(["ng", "ug", "mg", "g"])


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "result"),
    [
        ("1", "mg/L", "ug/L", "1000"),
        ("0.05", "ug/L", "mg/L", "0.00005"),
        ("35", "ug/m3", "mg/m3", "0.035"),
        ("7", "Cel", "Cel", "7"),
    ],
)
def test_concentrations_convert_exactly(value: str, unit: str, wanted: str, result: str) -> None:
    assert convert(Decimal(value), unit, wanted) == Decimal(result)


@pytest.mark.parametrize(("unit", "wanted"), [("mg/L", "mg/m3"), ("Cel", "mg/L"), ("mg/L", "")])
def test_units_of_different_kinds_do_not_convert(unit: str, wanted: str) -> None:
    with pytest.raises(UnitsDiffer) as caught:
        convert(Decimal(1), unit, wanted)

    assert caught.value.message_zh() == f"单位 {unit} 不能换算为 {wanted}"


@given(st.decimals(-1000, 1000, places=6), masses, masses)
def test_there_and_back_is_the_same_value(value: Decimal, first: str, second: str) -> None:
    there = convert(value, f"{first}/L", f"{second}/L")

    assert convert(there, f"{second}/L", f"{first}/L") == value


def test_units_are_shown_as_people_write_them() -> None:
    assert [shown(unit) for unit in ("ug/m3", "1", "mg/L")] == ["µg/m³", "", "mg/L"]
