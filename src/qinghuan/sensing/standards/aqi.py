"""Air quality index of an hour.

The edition is chosen by the day of the hour: 2012 to 2026-02-28, 2026 from then on. The
real-time index uses 1-hour means of SO2, NO2, CO and O3, and judges 1-hour means of PM10 and
PM2.5 by their 24-hour rows, as the real-time reports of the network do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from functools import cache

from qinghuan.sensing.standards.rulebook import AQI, edition_on, read_edition

SO2, NO2, CO, O3, PM10, PM25 = "a21026", "a21004", "a21005", "a05024", "a34002", "a34004"

REAL_TIME = {SO2: "hour", NO2: "hour", CO: "hour", O3: "hour", PM10: "day", PM25: "day"}
"""The six items of a real-time index and the row each is judged by."""

CATEGORIES_ZH = ("优", "良", "轻度污染", "中度污染", "重度污染", "严重污染")
"""Names of levels 1 to 6."""

_LEVEL_ENDS = (50, 100, 150, 200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class AirIndex:
    """An hour's index, or why there is none."""

    value: int | None
    """0 to 500; None if items are missing and none exceeds 100."""
    level: int | None
    """1 (best) to 6."""
    primary: tuple[str, ...]
    """Factor codes that carry the maximum; none up to 50."""
    parts: Mapping[str, int]
    """Individual index by factor code."""
    missing: tuple[str, ...]
    standard: str

    @property
    def category_zh(self) -> str:
        """The level's name."""
        return CATEGORIES_ZH[self.level - 1] if self.level else "数据不足"


def air_index(hour_means: Mapping[str, Decimal], on: date) -> AirIndex:
    """Index of an hour from its means.

    Args:
        hour_means: Mean by factor code. [µg/m³; CO mg/m³]. Negative means do not count.
        on: Day of the hour in Beijing time.

    Returns:
        The index. With items missing it is only given if what is there exceeds 100.

    Raises:
        StandardUnknown: No edition is in force on the day.

    Source:
        HJ 633-2012 and HJ 633-2026.
    """
    edition = edition_on(AQI, on)
    parts = {
        code: part
        for code, period in REAL_TIME.items()
        if (mean := hour_means.get(code)) is not None
        and (part := individual_index(code, period, mean, on)) is not None
    }
    missing = tuple(code for code in REAL_TIME if code not in parts)
    value = max(parts.values(), default=None)
    if value is None or (missing and value <= 100):
        return AirIndex(
            value=None,
            level=None,
            primary=(),
            parts=parts,
            missing=missing,
            standard=edition.standard,
        )
    return AirIndex(
        value=value,
        level=level_of(value),
        primary=tuple(code for code, part in parts.items() if part == value > 50),
        parts=parts,
        missing=missing,
        standard=edition.standard,
    )


def individual_index(code: str, period: str, mean: Decimal, on: date) -> int | None:
    """Individual index (IAQI) of one item.

    Particulate means are first rounded to the integer, half to even (GB/T 8170); the index is
    rounded up. Above the last concentration of its row an item keeps the row's last index:
    500, but 200 for 1-hour SO2 and 300 for 8-hour O3, whose rows end there.

    Args:
        code: Factor code.
        period: `hour`, `8h` or `day`.
        mean: Concentration in the row's unit.
        on: Day in Beijing time.

    Returns:
        0 to 500, or None for a negative mean or an item without such a row.

    Source:
        HJ 633-2012 and HJ 633-2026, formula of the individual index.
    """
    edition = edition_on(AQI, on)
    row, levels = _breakpoints(edition.name).get((code, period), ()), edition.levels
    if not row or mean < 0:
        return None
    if code in {PM10, PM25}:
        mean = mean.quantize(Decimal(1), ROUND_HALF_EVEN)
    for place in range(1, len(row)):
        if mean <= row[place]:
            low, high = row[place - 1], row[place]
            span = levels[place] - levels[place - 1]
            exact = (mean - low) * span / (high - low) + levels[place - 1]
            return int(exact.to_integral_value(ROUND_CEILING))
    return levels[len(row) - 1]


def level_of(index: int) -> int:
    """Level 1 to 6 of an index."""
    return 1 + sum(index > end for end in _LEVEL_ENDS)


def concentration_at(code: str, period: str, index: int, on: date) -> Decimal | None:
    """Concentration at which an item reaches one of the tabled indexes, in the row's unit."""
    edition = edition_on(AQI, on)
    row = _breakpoints(edition.name).get((code, period), ())
    if index not in edition.levels or edition.levels.index(index) >= len(row):
        return None
    return row[edition.levels.index(index)]


@cache
def _breakpoints(name: str) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    """Rows of an edition by factor code and period."""
    return {
        (row["code"], row["period"]): tuple(Decimal(text) for text in row["breakpoints"])
        for row in read_edition(name).rows
    }
