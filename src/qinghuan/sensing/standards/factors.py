"""Factors: what a code of the wire measures, and in which unit."""

import csv
from dataclasses import dataclass
from functools import cache

from qinghuan.sensing.standards.rulebook import TABLES

AMBIENT_SYSTEMS = frozenset({"22", "27", "39"})
"""ST of ambient air, VOC and construction dust, whose stations send micrograms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One row of the code list."""

    code: str
    name_zh: str
    name_en: str
    code_2005: str
    unit: str
    """Of concentrations, levels and states; ASCII, see `units.shown`."""
    ambient_unit: str
    mass_unit: str
    """Of `-Cou` totals."""
    provenance: str


def factor_of(code: str) -> Factor | None:
    """Look a factor up by its code, of 2017 or of 2005."""
    by_code, by_old = _tables()
    return by_code.get(code) or by_old.get(code)


def unit_of(code: str, *, st: str, kind: str) -> str:
    """Unit a station of a system sends a factor's values in, unless its datastream says otherwise.

    Returns:
        The unit, or an empty text for a code not in the list.

    Source:
        HJ 212-2017, Annex B; for ambient air what stations send in practice.
    """
    factor = factor_of(code)
    if factor is None:
        return ""
    if kind == "Cou":
        return factor.mass_unit
    if st in AMBIENT_SYSTEMS and factor.ambient_unit:
        return factor.ambient_unit
    return factor.unit


@cache
def all_factors() -> tuple[Factor, ...]:
    """Every factor of the list, in its order."""
    with (TABLES / "factors.csv").open(encoding="utf-8") as file:
        return tuple(
            Factor(
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"] or row["code"],
                code_2005=row["code_2005"],
                unit=row["unit"],
                ambient_unit=row["ambient_unit"],
                mass_unit=row["mass_unit"],
                provenance=row["provenance"],
            )
            for row in csv.DictReader(file)
        )


@cache
def _tables() -> tuple[dict[str, Factor], dict[str, Factor]]:
    """Factors by their code and by their code of 2005."""
    factors = all_factors()
    return (
        {factor.code: factor for factor in factors},
        {factor.code_2005: factor for factor in factors if factor.code_2005},
    )
