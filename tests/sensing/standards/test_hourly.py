from datetime import date
from decimal import Decimal

from qinghuan.sensing.standards.hourly import limit_of

OLD, NEW = date(2026, 2, 28), date(2026, 3, 1)


def test_ambient_air_has_hourly_limits_by_class_until_the_2026_edition() -> None:
    limit = limit_of("a05024", st="22", unit="ug/m3", area_class=2, on=OLD)

    assert limit is not None
    assert (limit.upper, limit.lower) == (Decimal(200), None)
    assert limit.standard == "GB 3095-2012 Tables 1 and 2, 1-hour means"
    assert limit.provenance == "one source"
    first = limit_of("a05024", st="22", unit="ug/m3", area_class=1, on=OLD)
    assert first is not None
    assert first.upper == 160


def test_the_2026_editions_hourly_limits_are_not_guessed() -> None:
    assert limit_of("a05024", st="22", unit="ug/m3", area_class=2, on=NEW) is None


def test_particulates_have_no_hourly_limit() -> None:
    assert limit_of("a34004", st="22", unit="ug/m3", area_class=2, on=OLD) is None


def test_a_water_keeps_its_class() -> None:
    limit = limit_of("w01018", st="21", unit="mg/L", area_class=3, on=NEW)

    assert limit is not None
    assert (limit.upper, limit.provenance) == (Decimal(20), "two sources")


def test_oxygen_has_a_lower_limit_and_ph_both() -> None:
    oxygen = limit_of("w01009", st="21", unit="mg/L", area_class=3, on=NEW)
    ph = limit_of("w01001", st="21", unit="1", area_class=3, on=NEW)

    assert oxygen is not None
    assert ph is not None
    assert (oxygen.upper, oxygen.lower) == (None, Decimal(5))
    assert (ph.upper, ph.lower) == (Decimal(9), Decimal(6))


def test_the_limit_comes_in_the_datastreams_unit() -> None:
    limit = limit_of("w20142", st="21", unit="ug/L", area_class=3, on=NEW)

    assert limit is not None
    assert limit.upper == Decimal("0.1")


def test_there_is_no_limit_without_a_standard_for_it() -> None:
    assert limit_of("a21026", st="31", unit="mg/m3", area_class=2, on=OLD) is None
    assert limit_of("w01010", st="21", unit="Cel", area_class=3, on=NEW) is None
    assert limit_of("w01018", st="21", unit="mg/L", area_class=0, on=NEW) is None
    assert limit_of("w01018", st="21", unit="NTU", area_class=3, on=NEW) is None
