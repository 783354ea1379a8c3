"""Eight real days of Beijing's air, repeated for ever under the demo's dates.

An hour keeps its hour of day and its place in the series; only the date is another. From
22 to 29 July 2015 the station Gucheng passed the hourly limit of ozone every afternoon, so
somewhere in the last day of the demo city there is always an exceedance.
"""

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

from qinghuan.core.clock import BEIJING

FIRST_DAY = date(2015, 7, 22)
DAYS = 8

NOTE_ZH = "北京 2015-07 实测小时值重放"
NOTE_EN = "Replay of hours measured in Beijing, July 2015"

_CODES = {
    "PM2.5": ("a34004", Decimal(1)),
    "PM10": ("a34002", Decimal(1)),
    "SO2": ("a21026", Decimal(1)),
    "NO2": ("a21004", Decimal(1)),
    "CO": ("a21005", Decimal("0.001")),
    "O3": ("a05024", Decimal(1)),
    "TEMP": ("a01001", Decimal(1)),
    "PRES": ("a01006", Decimal("0.1")),
    "WSPM": ("a01007", Decimal(1)),
}
"""Column to factor code, and what turns its unit into the wire's (CO µg to mg, hPa to kPa)."""

_POINTS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
WIND_FROM = "a01008"


@dataclass(frozen=True, slots=True, kw_only=True)
class AirHour:
    """One station's hour: what was measured, by factor code; what is missing is absent."""

    measured_from: datetime
    """Start of the hour in Beijing, in 2015."""
    values: Mapping[str, Decimal]


def air_hour(source: str, hour_at: datetime) -> AirHour:
    """The hour that stands for an hour of the demo.

    Args:
        source: One of the seven stations of the slice.
        hour_at: Start of an hour of the demo, aware.

    Raises:
        KeyError: The slice has no such station.
    """
    local = hour_at.astimezone(BEIJING)
    day = FIRST_DAY + timedelta(days=local.date().toordinal() % DAYS)
    return AirHour(
        measured_from=datetime(day.year, day.month, day.day, local.hour, tzinfo=BEIJING),
        values=_slice()[source, day, local.hour],
    )


@cache
def _slice() -> dict[tuple[str, date, int], dict[str, Decimal]]:
    """Every hour of the slice."""
    packed = (files("qinghuan.demo.hours") / "beijing-2015-07.csv.gz").read_bytes()
    rows = csv.DictReader(gzip.decompress(packed).decode().splitlines())
    return {
        (
            row["station"],
            date(int(row["year"]), int(row["month"]), int(row["day"])),
            int(row["hour"]),
        ): _values_of(row)
        for row in rows
    }


def _values_of(row: Mapping[str, str]) -> dict[str, Decimal]:
    """One row's values in the units of the wire."""
    values = {
        code: (Decimal(row[column]) * factor).normalize()
        for column, (code, factor) in _CODES.items()
        if row[column] != "NA"
    }
    if row["wd"] in _POINTS:
        values[WIND_FROM] = Decimal(_POINTS.index(row["wd"])) * Decimal("22.5")
    return values
