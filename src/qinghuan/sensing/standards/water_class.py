"""Class of a surface water by its worst factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from qinghuan.sensing.errors import UnitsDiffer
from qinghuan.sensing.standards.rulebook import WATER, edition_on, read_edition
from qinghuan.sensing.standards.units import convert

CLASSES_ZH = ("I类", "II类", "III类", "IV类", "V类", "劣V类")
"""Names of classes 1 to 6; 6 is worse than V."""

WORSE_THAN_V = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """Limits of one factor, classes I to V."""

    codes: tuple[str, ...]
    unit: str
    lower: tuple[Decimal, ...]
    """Least allowed, if the factor has a lower limit."""
    upper: tuple[Decimal, ...]
    """Most allowed, if the factor has an upper limit."""
    water: str
    """`river`, `lake` or empty for both."""

    def class_of(self, value: Decimal) -> int:
        """Best class whose limits the value keeps, 1 to 6."""
        for place in range(5):
            keeps_lower = not self.lower or value >= self.lower[place]
            if keeps_lower and (not self.upper or value <= self.upper[place]):
                return place + 1
        return WORSE_THAN_V


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterClass:
    """A water's class, or why there is none."""

    value: int | None
    """1 to 6; None if no factor of the table was given."""
    worst: tuple[str, ...]
    """Factor codes that decide it."""
    parts: Mapping[str, int]
    """Class by factor code."""
    standard: str

    @property
    def name_zh(self) -> str:
        """The class's name."""
        return CLASSES_ZH[self.value - 1] if self.value else "数据不足"


def water_class(
    values: Mapping[str, tuple[Decimal, str]], on: date, *, is_lake: bool = False
) -> WaterClass:
    """Class of a water from its factors' values.

    Dissolved oxygen is judged by concentration alone, not by saturation. Factors that are not
    in the table or come in a unit of another kind do not count.

    Args:
        values: Value and its unit by factor code.
        on: Day of the values in Beijing time.
        is_lake: Whether lakes' limits of total phosphorus and total nitrogen hold.

    Raises:
        StandardUnknown: No edition is in force on the day.

    Source:
        GB 3838-2002, Table 1; left out by 环办〔2011〕22号: water temperature, faecal coliforms
        and, in rivers, total nitrogen.
    """
    edition = edition_on(WATER, on)
    parts: dict[str, int] = {}
    for code, (value, unit) in values.items():
        row = class_row(code, on, is_lake=is_lake)
        if row is None:
            continue
        try:
            parts[code] = row.class_of(convert(value, unit, row.unit))
        except UnitsDiffer:
            continue
    worst = max(parts.values(), default=None)
    return WaterClass(
        value=worst,
        worst=tuple(code for code, part in parts.items() if part == worst),
        parts=parts,
        standard=edition.standard,
    )


def class_row(code: str, on: date, *, is_lake: bool = False) -> ClassRow | None:
    """Limits of a factor on a day, or None if the table has none for such a water."""
    water = "lake" if is_lake else "river"
    for row in _rows(edition_on(WATER, on).name):
        if code in row.codes and row.water in {"", water}:
            return row
    return None


@cache
def _rows(name: str) -> tuple[ClassRow, ...]:
    """Rows of an edition as numbers."""
    return tuple(
        ClassRow(
            codes=tuple(row["codes"]),
            unit=row["unit"],
            lower=tuple(Decimal(text) for text in row.get("lower", ())),
            upper=tuple(Decimal(text) for text in row.get("upper", ())),
            water=row.get("water", ""),
        )
        for row in read_edition(name).rows
    )
