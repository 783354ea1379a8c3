"""A station as lists and heads show it: state, figure, how much of it came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from qinghuan.people.service import places
from qinghuan.sensing.model import Station
from qinghuan.sensing.service.readings import StationNow, stations_now, transmission
from qinghuan.sensing.standards.hourly import AMBIENT_AIR, SURFACE_WATER
from qinghuan.web.access import Caller
from qinghuan.web.language import Language
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State
from qinghuan.web.stations.words import factor_name, say

RATE_HOURS = 24
"""Span of the transmission rate. [h]"""

AQI_WORDS = (
    N_("优"),
    N_("良"),
    N_("轻度污染"),
    N_("中度污染"),
    N_("重度污染"),
    N_("严重污染"),
)
"""Levels 1 to 6 of the air quality index (HJ 633)."""

ROMAN = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", N_("劣Ⅴ"))
"""Classes of a surface water; the last is worse than V (GB 3838-2002)."""

HOUR_S = 3_600
WATER_BEAT_S = 4 * HOUR_S
"""Automatic surface water stations measure every four hours."""

NONE_VALID = "–"

StandingKey = Literal["online", "silent", "never", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a station sends, in a state and a word."""

    key: StandingKey
    state: State
    word: str
    icon: str


STANDINGS: Mapping[StandingKey, Standing] = {
    standing.key: standing
    for standing in (
        Standing(key="online", state=State.OK, word=N_("在线"), icon="ok"),
        Standing(key="silent", state=State.BAD, word=N_("断线"), icon="off"),
        Standing(key="never", state=State.IDLE, word=N_("未上报"), icon="clock"),
        Standing(key="retired", state=State.IDLE, word=N_("已停用"), icon="x"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The one figure a station stands for on a map: an index, a class, or nothing valid."""

    kind: str
    """`aqi`, `wq` or empty for a station that no index is defined for."""
    level: int = 0
    """1 to 6; 0 without a valid figure."""
    text: str = NONE_VALID
    word: str = ""
    """Name of the level, in the reader's language."""
    value: int | None = None
    decided_by: tuple[str, ...] = ()
    """Names of the primary pollutants, or of the factors that decide the class."""
    missing: tuple[str, ...] = ()
    """Names of the items that the index lacks."""
    at: datetime | None = None
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of the last day's beats came."""

    received: int
    expected: int

    @property
    def pct(self) -> Decimal | None:
        """Share that came, in per cent; None if none was due."""
        if self.expected == 0:
            return None
        return (Decimal(self.received * 100) / self.expected).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRow:
    """A station in a list."""

    station: Station
    standing: Standing
    figure: Figure
    area_name: str
    value_at: datetime | None
    """Time of its latest value."""
    share: Share


def rows_of(caller: Caller, stations: Iterable[Station]) -> tuple[StationRow, ...]:
    """Stations with what they say now."""
    wanted = tuple(stations)
    now = stations_now(caller.session, wanted, caller.at)
    came = transmission(caller.session, wanted, caller.at, hours=RATE_HOURS).by_station
    names = places.area_names(caller.session, tuple({each.area_code for each in wanted}))
    return tuple(
        StationRow(
            station=station,
            standing=standing_of(station),
            figure=figure_of(now[station.id], caller.preferences.language, caller),
            area_name=names.get(station.area_code, station.area_code),
            value_at=value_at(now[station.id]),
            share=share_of(station, came, caller.at),
        )
        for station in wanted
    )


def standing_of(station: Station) -> Standing:
    """Whether a station sends: retired, never heard, silent, or online."""
    if not station.is_active:
        return STANDINGS["retired"]
    if station.last_frame_at is None:
        return STANDINGS["never"]
    return STANDINGS["silent" if station.has_open_silence else "online"]


def figure_of(now: StationNow, language: Language, caller: Caller) -> Figure:
    """The index or class a station stands for."""
    if now.station.st == AMBIENT_AIR:
        return _air(now, language, caller)
    if now.station.st == SURFACE_WATER:
        return _water(now, language, caller)
    return Figure(kind="")


def value_at(now: StationNow) -> datetime | None:
    """Time of a station's latest value."""
    return max((latest.phenomenon_at for latest in now.latest), default=None)


def share_of(station: Station, came: Mapping[UUID, int], at: datetime) -> Share:
    """How much of what a station should have sent in the last day came.

    Counted in full hours, or in the station's own beat where that is slower: as stated, or
    every four hours for surface water.

    Args:
        station: Which; hours before it was registered are not expected of it.
        came: Hours received, by station.
        at: Now.
    """
    until = at.replace(minute=0, second=0, microsecond=0)
    begun = max(until - timedelta(hours=RATE_HOURS), station.registered_at)
    usual_s = WATER_BEAT_S if station.st == SURFACE_WATER else HOUR_S
    beat_s = max(station.cadence_s or usual_s, HOUR_S)
    expected = max(0, int((until - begun).total_seconds() // beat_s)) if station.is_active else 0
    return Share(received=min(came.get(station.id, 0), expected), expected=expected)


def _air(now: StationNow, language: Language, caller: Caller) -> Figure:
    air = now.air
    if air is None:
        return Figure(kind="aqi")
    return Figure(
        kind="aqi",
        level=air.level or 0,
        text=str(air.value) if air.value is not None else NONE_VALID,
        word=say(caller, AQI_WORDS[air.level - 1]) if air.level else "",
        value=air.value,
        decided_by=tuple(factor_name(code, language) for code in air.primary),
        missing=tuple(factor_name(code, language) for code in air.missing),
        at=now.hour_at,
        standard=air.standard,
    )


def _water(now: StationNow, language: Language, caller: Caller) -> Figure:
    water = now.water
    if water is None or water.value is None:
        return Figure(kind="wq")
    name = say(caller, ROMAN[water.value - 1])
    return Figure(
        kind="wq",
        level=water.value,
        text=name,
        value=water.value,
        decided_by=tuple(factor_name(code, language) for code in water.worst),
        at=now.hour_at,
        standard=water.standard,
    )
