"""Limits that come with a station's kind, for datastreams that have none of their own."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qinghuan.sensing.errors import StandardUnknown, UnitsDiffer
from qinghuan.sensing.standards.rulebook import AIR_HOUR, WATER, edition_on, read_edition
from qinghuan.sensing.standards.units import convert
from qinghuan.sensing.standards.water_class import class_row

AMBIENT_AIR, SURFACE_WATER = "22", "21"
"""ST of the two kinds of station whose limits follow from a standard alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a value must not exceed or fall below."""

    upper: Decimal | None = None
    lower: Decimal | None = None
    unit: str
    standard: str
    """Standard, edition and clause, or who set it."""
    provenance: str = ""
    """How well the number is confirmed: `text`, `two sources`, `one source`, `set by hand`."""


def limit_of(code: str, *, st: str, unit: str, area_class: int, on: date) -> Limit | None:
    """Limit of an hourly mean (air) or of any value (water) by the standard of its day.

    Args:
        code: Factor code.
        st: The station's system code.
        unit: Unit of the datastream, in which the limit is given back.
        area_class: Ambient air: class 1 or 2 of the area. Water: class 1 to 5 to be kept.
            Others have no limit.
        on: Day in Beijing time.

    Returns:
        The limit, or None where no standard here sets one.

    Source:
        GB 3095-2012, Tables 1 and 2; GB 3838-2002, Table 1.
    """
    try:
        if st == AMBIENT_AIR:
            return _air(code, unit, area_class, on)
        if st == SURFACE_WATER:
            return _water(code, unit, area_class, on)
    except (StandardUnknown, UnitsDiffer):
        return None
    return None


def has_limit(code: str, *, st: str, unit: str, area_class: int) -> bool:
    """Whether the standard of some day sets a limit, so that the values are worth watching."""
    days = {edition.valid_until or date.max for edition in map(read_edition, AIR_HOUR + WATER)}
    return any(limit_of(code, st=st, unit=unit, area_class=area_class, on=on) for on in days)


def _air(code: str, unit: str, area_class: int, on: date) -> Limit | None:
    """Hourly limit of ambient air."""
    edition = edition_on(AIR_HOUR, on)
    for row in edition.rows:
        text = row.get(f"class_{area_class}") if row["code"] == code else None
        if text:
            return Limit(
                upper=convert(Decimal(text), row["unit"], unit),
                unit=unit,
                standard=f"{edition.standard} {edition.clause}",
                provenance=edition.provenance,
            )
    return None


def _water(code: str, unit: str, area_class: int, on: date) -> Limit | None:
    """Limit of the class a water is to keep."""
    row = class_row(code, on)
    if row is None or not 1 <= area_class <= 5:
        return None
    edition = edition_on(WATER, on)
    place = area_class - 1
    return Limit(
        upper=convert(row.upper[place], row.unit, unit) if row.upper else None,
        lower=convert(row.lower[place], row.unit, unit) if row.lower else None,
        unit=unit,
        standard=f"{edition.standard} {edition.clause}",
        provenance=edition.provenance,
    )
