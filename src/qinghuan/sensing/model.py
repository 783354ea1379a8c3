"""Sensing's nouns: stations, their datastreams, and what is kept of them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

SYSTEMS_ZH = {
    "21": "地表水质量监测",
    "22": "空气质量监测",
    "23": "声环境质量监测",
    "24": "地下水质量监测",
    "25": "土壤质量监测",
    "26": "海水质量监测",
    "27": "挥发性有机物监测",
    "31": "大气环境污染源",
    "32": "地表水体环境污染源",
    "33": "地下水体环境污染源",
    "34": "海洋环境污染源",
    "35": "土壤环境污染源",
    "36": "声环境污染源",
    "37": "振动环境污染源",
    "38": "放射性环境污染源",
    "39": "工地扬尘污染源",
    "41": "电磁环境污染源",
    "44": "用电监控",
    "45": "关键工况监控",
    "51": "烟气排放过程监控",
    "52": "污水排放过程监控",
}
"""What a station watches, by system code ST (HJ 212-2017, Table 5; 44 and 45 of 2025)."""


class Period(StrEnum):
    """Over what time a value stands."""

    REALTIME = "realtime"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    STATE = "state"
    """Equipment running or not."""
    RUNTIME = "runtime"
    """Hours a piece of equipment ran in a day."""


PERIODS = {
    "2011": Period.REALTIME,
    "2021": Period.STATE,
    "2031": Period.DAY,
    "2041": Period.RUNTIME,
    "2051": Period.MINUTE,
    "2061": Period.HOUR,
}
"""Period of an upload's values by its command CN (HJ 212-2017, Table 9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationForm:
    """Particulars of a station as somebody states them."""

    mn: str
    """Device number MN; unique."""
    name: str
    st: str
    """System code ST."""
    area_code: str
    """Short area code."""
    mark: int = 1
    longitude_deg: float
    latitude_deg: float
    area_class: int = 0
    """Ambient air: class 1 or 2 of the area. Water: class 1 to 5 to be kept. 0: none."""
    cadence_s: int | None = None
    """How often it sends; None: learnt from its values. [s]"""
    is_simulated: bool = False
    """Its values come from a generator or a replay; shown wherever they are shown."""
    is_active: bool = True
    """A retired station's frames are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFilter:
    """Which stations to list; empty fields let everything through."""

    area_prefix: str = ""
    st: str = ""
    words: str = ""
    """Part of the name or of MN."""
    is_silent: bool | None = None
    is_heard: bool | None = None
    """Whether any frame was ever received from it."""
    is_active: bool | None = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A place with instruments that sends frames."""

    id: UUID
    mn: str
    name: str
    st: str
    area_code: str
    mark: int
    longitude_deg: float
    latitude_deg: float
    area_class: int
    cadence_s: int | None
    is_simulated: bool
    is_active: bool
    registered_at: datetime
    last_frame_at: datetime | None = None
    """To within `intake.SEEN_STEP`; None if nothing was ever received."""
    has_open_silence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimit:
    """A limit set by hand for one datastream, and how patient its watch is."""

    upper: Decimal | None = None
    lower: Decimal | None = None
    source: str = ""
    """Who set it or by what: a permit's number, a standard and clause."""
    raise_after: int = 1
    raise_after_s: int = 0
    clear_after: int = 1
    clear_ratio: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastream:
    """One factor of one station, of one period and kind."""

    id: UUID
    station_id: UUID
    code: str
    period: str
    kind: str
    unit: str
    area_code: str
    mark: int
    is_watched: bool
    """Its values are judged: it has a limit of its own or by a standard."""
    own_limit: OwnLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A value as it stands now."""

    datastream_id: UUID
    phenomenon_at: datetime
    """Start of the period, or the instant."""
    value: Decimal
    flag: str
    frame_id: UUID
    """The frame that brought it."""


class Latest(NamedTuple):
    """A datastream's latest value; a row of a list for maps, so a tuple."""

    datastream_id: UUID
    station_id: UUID
    code: str
    period: str
    kind: str
    unit: str
    phenomenon_at: datetime
    value: Decimal
    flag: str
    frame_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationChange:
    """A value that came again and was another one."""

    datastream_id: UUID
    phenomenon_at: datetime
    old_value: Decimal
    old_flag: str
    old_frame_id: UUID
    new_value: Decimal
    new_flag: str
    new_frame_id: UUID
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFrame:
    """A frame as received, with its place in the log."""

    id: UUID
    station_id: UUID
    received_at: datetime
    qn: str
    cn: str
    pno: int | None
    raw: bytes = field(repr=False)
    """As received, passwords blanked."""
    sha256: bytes
    """Of the bytes as received, passwords included."""
    peer: str
    oddities: str
    record_id: UUID
    """The log's record of the batch it came in; the record lists this hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Bytes that were refused."""

    id: UUID
    received_at: datetime
    verdict: str
    reason: str
    mn: str
    """As far as it could be read; empty if it could not."""
    peer: str
    raw: bytes = field(repr=False)
    """The first of them, passwords blanked."""
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectFilter:
    """Which refused bytes to list; empty fields let everything through."""

    verdict: str = ""
    mn: str = ""
    is_placed: bool | None = None
    """Whether they name a station, and so belong to an area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectCount:
    """How many frames of one device number were refused for one reason on one day."""

    on: str
    """Day in UTC, ISO."""
    verdict: str
    mn: str
    refused: int


class EpisodeKind(StrEnum):
    """What an episode is about."""

    EXCEEDANCE = "exceedance"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One continuous matter of one station: a stretch over a limit, or a silence."""

    id: UUID
    kind: EpisodeKind
    station_id: UUID
    datastream_id: UUID | None
    area_code: str
    mark: int
    started_at: datetime
    """First value over the limit; for a silence the last frame before it."""
    last_at: datetime
    """Latest value over the limit; for a silence the time it was last found silent."""
    ended_at: datetime | None
    told_at: datetime
    """When it was raised."""
    value_count: int = 0
    """Values over the limit."""
    peak: Decimal | None = None
    peak_at: datetime | None = None
    limit_upper: Decimal | None = None
    limit_lower: Decimal | None = None
    unit: str = ""
    limit_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFilter:
    """Which episodes to list; empty fields let everything through."""

    kind: str = ""
    area_prefix: str = ""
    station_id: UUID | None = None
    is_open: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeChange:
    """What happened to an episode, with all a reader needs to tell of it."""

    step: str
    """`raised`, `continued` or `ended` (`exceedance.Step`)."""
    episode: Episode
    station: Station
    datastream: Datastream | None
    record_id: UUID | None = None
    """The log's record of this step; None for a step that is not recorded."""
