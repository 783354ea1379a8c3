import pytest

from qinghuan.sensing.standards.factors import all_factors, factor_of, unit_of


def test_codes_are_unique_and_named() -> None:
    factors = all_factors()

    assert len(factors) == 197
    assert len({factor.code for factor in factors}) == len(factors)
    assert all(factor.name_zh and factor.name_en and factor.provenance for factor in factors)


def test_a_factor_is_found_by_its_code_of_2017_and_of_2005() -> None:
    cod = factor_of("w01018")

    assert cod is not None
    assert (cod.name_zh, cod.name_en, cod.unit, cod.mass_unit) == (
        "化学需氧量",
        "COD",
        "mg/L",
        "kg",
    )
    assert factor_of("011") == cod


@pytest.mark.parametrize(
    ("code", "st", "kind", "unit"),
    [
        ("a34004", "22", "Avg", "ug/m3"),
        ("a34004", "31", "Avg", "ng/m3"),
        ("a21026", "22", "Rtd", "ug/m3"),
        ("a21026", "31", "Rtd", "mg/m3"),
        ("a21005", "22", "Rtd", "mg/m3"),
        ("w01018", "32", "Cou", "kg"),
        ("w01001", "21", "Rtd", "1"),
        ("zz", "22", "Rtd", ""),
    ],
)
def test_units_follow_the_kind_of_station(code: str, st: str, kind: str, unit: str) -> None:
    assert unit_of(code, st=st, kind=kind) == unit
