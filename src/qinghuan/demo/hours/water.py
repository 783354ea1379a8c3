"""Invented waters: an outfall and two river sections, labelled simulated everywhere.

A value is a function of station, factor and minute, and of the demo's epoch (the hour of its
first start), from which two stories are told: the outfall's COD passes its limit for six hours
and comes back before the first visitor arrives; the lower section's ammonia is over its class
when he does and comes back an hour later. Both return every fifth day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import cos, pi
from zlib import crc32

PH, DISSOLVED_OXYGEN, TEMPERATURE = "w01001", "w01009", "w01010"
COD, AMMONIA, PHOSPHORUS, FLOW = "w01018", "w21003", "w21011", "w00000"

NOTE_ZH = "模拟数据"
NOTE_EN = "Simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tide:
    """How one factor goes: a mean, a daily swing, a grain, and its digits."""

    mean: float
    daily: float
    grain: float
    digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Hours, counted from the epoch, in which a factor is lifted."""

    code: str
    first_hour: int
    last_hour: int
    lift: float
    """Added at the top of the episode."""

    def share(self, hours: float) -> float:
        """0 outside, 1 at the top, with shoulders of half an hour; again every fifth day."""
        within = (hours - self.first_hour) % EVERY_HOURS
        length = self.last_hour - self.first_hour + 1
        return (
            min(1.0, max(0.0, min(within + 0.5, length - within) / 0.5)) if within < length else 0
        )


EVERY_HOURS = 120
"""Longer than the three days that are caught up, so that each story is told once at a start."""


OUTFALL = {
    PH: Tide(mean=7.3, daily=0.1, grain=0.15, digits=2),
    COD: Tide(mean=33.0, daily=3.0, grain=3.5, digits=1),
    AMMONIA: Tide(mean=2.4, daily=0.4, grain=0.5, digits=2),
    PHOSPHORUS: Tide(mean=0.28, daily=0.03, grain=0.04, digits=3),
    FLOW: Tide(mean=320.0, daily=70.0, grain=25.0, digits=1),
}
"""A sewage works' outfall; its limits in `stations`."""

RIVER = {
    PH: Tide(mean=7.6, daily=0.15, grain=0.1, digits=2),
    DISSOLVED_OXYGEN: Tide(mean=6.9, daily=0.7, grain=0.3, digits=2),
    TEMPERATURE: Tide(mean=21.5, daily=1.2, grain=0.3, digits=1),
    COD: Tide(mean=13.0, daily=0.8, grain=1.2, digits=1),
    AMMONIA: Tide(mean=0.38, daily=0.04, grain=0.06, digits=2),
    PHOSPHORUS: Tide(mean=0.09, daily=0.01, grain=0.015, digits=3),
}
"""A river section that keeps class III."""

COD_EPISODE = Episode(code=COD, first_hour=-10, last_hour=-5, lift=52.0)
AMMONIA_EPISODE = Episode(code=AMMONIA, first_hour=-3, last_hour=0, lift=1.15)


def water_values(
    mn: str,
    tides: Mapping[str, Tide],
    episode: Episode | None,
    at: datetime,
    epoch_at: datetime,
) -> dict[str, Decimal]:
    """What a water shows at a moment.

    Args:
        mn: Device number, which seeds the grain.
        tides: The factors.
        episode: The story it tells, if any.
        at: The moment, to the minute.
        epoch_at: Hour of the demo's first start.

    Returns:
        Value by factor code, in the units of HJ 212-2017 Annex B (mg/L, L/s, ℃).
    """
    hours = (at - epoch_at) / timedelta(hours=1)
    day_share = (at.hour + 8 + at.minute / 60) % 24 / 24
    values = {}
    for code, tide in tides.items():
        value = tide.mean - tide.daily * cos(2 * pi * day_share)
        value += tide.grain * _grain(f"{mn}/{code}/{at:%Y%m%d%H%M}")
        if episode is not None and episode.code == code:
            value += episode.lift * episode.share(hours)
        values[code] = Decimal(f"{value:.{tide.digits}f}")
    return values


def _grain(text: str) -> float:
    """A number between -1 and 1 that looks random and never changes."""
    return crc32(text.encode()) / 2**31 - 1.0
