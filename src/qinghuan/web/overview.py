"""What the cockpit shows, and who can tell it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from qinghuan.infra.database import Scope, Session
from qinghuan.web.states import State
from qinghuan.web.views import ClockView, FeedEntry, KeyFigure, LawView


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueCase:
    """An open case over its time."""

    title: str
    detail: str
    clock: ClockView
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """The most overdue cases, and how many there are."""

    cases: tuple[OverdueCase, ...] = ()
    total: int = 0
    near: int = 0
    """Open cases past 80 % of their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What happened in the last hour, newest first."""

    entries: tuple[FeedEntry, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapStation:
    """A station as a mark on the map, in WGS84."""

    id: str
    name: str
    kind: str
    """`air`, `water` or `other`."""
    longitude_deg: float
    latitude_deg: float
    text: str
    """The figure: an index, a class in Roman, or a word."""
    level: int = 0
    """1 to 6 by the standard; 0 without a valid figure."""
    is_online: bool = True
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCase:
    """An open case as a mark on the map, in WGS84."""

    id: str
    title: str
    longitude_deg: float
    latitude_deg: float
    state: State
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapArea:
    """An area's outline, in WGS84."""

    area_code: str
    name: str
    geometry: dict[str, Any]
    """GeoJSON Polygon or MultiPolygon."""
    label_longitude_deg: float
    label_latitude_deg: float
    is_own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hillshade:
    """Terrain shading as one picture."""

    url: str
    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """Everything on the map."""

    areas: tuple[MapArea, ...] = ()
    stations: tuple[MapStation, ...] = ()
    cases: tuple[MapCase, ...] = ()
    hillshade: Hillshade | None = None


class CockpitSource(Protocol):
    """Tells what the cockpit shows, in the session's scope."""

    def place(self, session: Session, scope: Scope) -> str:
        """Name and code of the area the scope covers."""
        ...

    def law(self, session: Session, at: datetime) -> LawView | None:
        """The conservation law as last checked."""
        ...

    def figures(self, session: Session, at: datetime) -> tuple[KeyFigure, ...]:
        """At most six key figures."""
        ...

    def overdue(self, session: Session, at: datetime) -> Overdue:
        """The most overdue cases."""
        ...

    def feed(self, session: Session, at: datetime) -> Feed:
        """The last hour."""
        ...

    def map(self, session: Session, scope: Scope, at: datetime) -> MapView:
        """Everything on the map."""
        ...

    def map_note(self) -> str:
        """Review number of the map, or that its places are made up."""
        ...
