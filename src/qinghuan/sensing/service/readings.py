"""What stations say now and said before, judged by the standard of its day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.sensing.errors import UnitsDiffer
from qinghuan.sensing.exceedance import COUNTED_FLAGS
from qinghuan.sensing.model import Datastream, Latest, Observation, ObservationChange, Station
from qinghuan.sensing.repository import observations as repository
from qinghuan.sensing.service.limits import Judging, datastream_of, day_of, judging_on
from qinghuan.sensing.service.stations import station_of
from qinghuan.sensing.standards.aqi import CO, REAL_TIME, AirIndex, air_index
from qinghuan.sensing.standards.hourly import AMBIENT_AIR, SURFACE_WATER
from qinghuan.sensing.standards.units import convert
from qinghuan.sensing.standards.water_class import WaterClass, water_class

MOST_POINTS = 20_000
"""Values of one series; a chart cannot show more."""

NOW = timedelta(hours=3)
"""Values older than this are not called current for air."""

NOW_WATER = timedelta(hours=24)
"""Water stations measure every four hours; one or two runs may fail."""

LOOK_BACK = timedelta(days=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A datastream's values over a span of time, with what they are judged by."""

    station: Station
    datastream: Datastream
    judging: Judging | None
    """As of the end of the span."""
    observations: Sequence[Observation]
    changes: Sequence[ObservationChange]
    """Values in the span that came again as others."""
    is_cut: bool
    """Only the latest `MOST_POINTS` are here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationNow:
    """A station's latest values and what they add up to."""

    station: Station
    latest: Sequence[Latest] = ()
    air: AirIndex | None = None
    """Of the latest hour, for ambient air stations."""
    water: WaterClass | None = None
    """Of the latest values, for surface water stations."""
    hour_at: datetime | None = None
    """Start of the hour the index is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """How much of what stations should send has come."""

    received_hours: int
    expected_hours: int
    by_station: Mapping[UUID, int] = field(default_factory=dict)
    """Hours received by station."""

    @property
    def ratio(self) -> float | None:
        """Received share, 0 to 1; None if nothing was expected."""
        return self.received_hours / self.expected_hours if self.expected_hours else None


def series_of(session: Session, datastream_id: UUID, since: datetime, until: datetime) -> Series:
    """A datastream's values from one time to before another, oldest first.

    Raises:
        DatastreamUnknown: There is no such datastream in reach.
    """
    stream = datastream_of(session, datastream_id)
    station = station_of(session, stream.station_id)
    found = repository.series_of(session, datastream_id, since, until, MOST_POINTS + 1)
    return Series(
        station=station,
        datastream=stream,
        judging=judging_on(stream, station, day_of(until)),
        observations=found[-MOST_POINTS:],
        changes=repository.changes_of(session, datastream_id, since, until),
        is_cut=len(found) > MOST_POINTS,
    )


def station_now(session: Session, station_id: UUID, at: datetime) -> StationNow:
    """A station's latest values, with the index or class they add up to.

    Raises:
        StationUnknown: There is no such station in reach.
    """
    return stations_now(session, [station_of(session, station_id)], at)[station_id]


def stations_now(
    session: Session, stations: Iterable[Station], at: datetime
) -> dict[UUID, StationNow]:
    """Latest values of many stations, for a map or a list.

    Args:
        session: The caller's transaction.
        stations: Which stations.
        at: Now; later values are left out.
    """
    wanted = {station.id: station for station in stations}
    by_station: dict[UUID, list[Latest]] = {station_id: [] for station_id in wanted}
    if wanted:
        for value in repository.latest_of(session, wanted, at - LOOK_BACK, at):
            by_station[value.station_id].append(value)
    return {
        station_id: _now(wanted[station_id], latest, at)
        for station_id, latest in by_station.items()
    }


def transmission(
    session: Session, stations: Iterable[Station], at: datetime, *, hours: int = 24
) -> Transmission:
    """How many of the last full hours came, over some stations.

    Args:
        session: The caller's transaction.
        stations: Which stations; those registered within the span are expected since then.
        at: Now.
        hours: Length of the span. [h]
    """
    wanted = {station.id: station for station in stations if station.is_active}
    until = at.replace(minute=0, second=0, microsecond=0)
    since = until - timedelta(hours=hours)
    received = repository.hours_received(session, wanted, since, until) if wanted else {}
    expected = 0
    for station in wanted.values():
        begun = max(since, station.registered_at)
        expected += max(0, int((until - begun) / timedelta(hours=1)))
    return Transmission(
        received_hours=min(sum(received.values()), expected),
        expected_hours=expected,
        by_station=received,
    )


def _now(station: Station, latest: list[Latest], at: datetime) -> StationNow:
    """What a station's latest values add up to."""
    if station.st == AMBIENT_AIR:
        hour_at, means = _hour_means(latest, at)
        if hour_at is not None:
            air = air_index(means, day_of(hour_at))
            return StationNow(station=station, latest=latest, air=air, hour_at=hour_at)
    if station.st == SURFACE_WATER:
        values = _water_values(latest, at)
        if values:
            water = water_class(values, day_of(at))
            hour_at = max(value.phenomenon_at for value in latest)
            return StationNow(station=station, latest=latest, water=water, hour_at=hour_at)
    return StationNow(station=station, latest=latest)


def _hour_means(latest: list[Latest], at: datetime) -> tuple[datetime | None, dict[str, Decimal]]:
    """Means of the latest hour, in the index's units."""
    hourly = [
        value
        for value in latest
        if value.period == "hour" and value.kind == "Avg" and value.code in REAL_TIME
    ]
    hour_at = max((value.phenomenon_at for value in hourly), default=None)
    if hour_at is None or at - hour_at > NOW:
        return None, {}
    means: dict[str, Decimal] = {}
    for value in hourly:
        if value.phenomenon_at != hour_at or value.flag not in COUNTED_FLAGS:
            continue
        try:
            wanted = "mg/m3" if value.code == CO else "ug/m3"
            means[value.code] = convert(value.value, value.unit, wanted)
        except UnitsDiffer:
            continue
    return hour_at, means


def _water_values(latest: list[Latest], at: datetime) -> dict[str, tuple[Decimal, str]]:
    """Current values of a water by factor: hourly means before real-time values."""
    values: dict[str, tuple[Decimal, str]] = {}
    order = {("hour", "Avg"): 1, ("realtime", "Rtd"): 0}
    usable = [
        value
        for value in latest
        if (value.period, value.kind) in order
        and value.flag in COUNTED_FLAGS
        and at - value.phenomenon_at <= NOW_WATER
    ]
    for value in sorted(usable, key=lambda one: order[one.period, one.kind]):
        values[value.code] = (value.value, value.unit)
    return values
