"""Stations and their datastreams."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from qinghuan.infra.database import Session
from qinghuan.sensing.model import Datastream, OwnLimit, Station, StationFilter
from qinghuan.sensing.tables import datastream, episode, seen, station

_OPEN_SILENCE = exists().where(
    episode.c.station_id == station.c.id,
    episode.c.kind == "silence",
    episode.c.ended_at.is_(None),
)

_HEARD = (
    select(seen.c.station_id).where(seen.c.station_id == station.c.id).correlate(station).exists()
)


def add_station(session: Session, new: Station, salt: bytes, password_hash: bytes) -> bool:
    """Add a station with what is kept of its password.

    Returns:
        False if its device number is taken, by a station in reach or out of it.
    """
    added = session.execute(
        insert(station)
        .values(
            id=new.id,
            registered_at=new.registered_at,
            password_salt=salt,
            password_hash=password_hash,
            **_particulars(new),
        )
        .on_conflict_do_nothing()
        .returning(station.c.id)
    )
    return added.one_or_none() is not None


def save_station(session: Session, changed: Station) -> None:
    """Save a station's particulars."""
    session.execute(
        update(station)
        .where(station.c.id == changed.id)
        .values(changed_at=func.clock_timestamp(), **_particulars(changed))
    )


def save_password(session: Session, station_id: UUID, salt: bytes, password_hash: bytes) -> None:
    """Save what is kept of a station's password."""
    session.execute(
        update(station)
        .where(station.c.id == station_id)
        .values(password_salt=salt, password_hash=password_hash, changed_at=func.clock_timestamp())
    )


def station_of(session: Session, station_id: UUID) -> Station | None:
    """A station by id."""
    row = session.execute(_stations().where(station.c.id == station_id)).one_or_none()
    return _to_station(row) if row else None


def station_by_mn(session: Session, mn: str) -> Station | None:
    """A station by device number."""
    row = session.execute(_stations().where(station.c.mn == mn)).one_or_none()
    return _to_station(row) if row else None


def list_stations(
    session: Session, wanted: StationFilter, limit: int, offset: int
) -> list[Station]:
    """Stations that fit a filter, by name."""
    query = _filtered(_stations(), wanted).order_by(station.c.name, station.c.mn)
    return [_to_station(row) for row in session.execute(query.limit(limit).offset(offset))]


def count_stations(session: Session, wanted: StationFilter) -> int:
    """How many stations fit a filter."""
    query = _filtered(select(func.count()).select_from(station), wanted)
    return session.scalar(query) or 0


def datastreams_of(session: Session, station_id: UUID) -> list[Datastream]:
    """A station's datastreams, by factor, period and kind."""
    query = (
        select(datastream)
        .where(datastream.c.station_id == station_id)
        .order_by(datastream.c.code, datastream.c.period, datastream.c.kind)
    )
    return [_to_datastream(row) for row in session.execute(query)]


def datastream_of(session: Session, datastream_id: UUID) -> Datastream | None:
    """A datastream by id."""
    row = session.execute(select(datastream).where(datastream.c.id == datastream_id)).one_or_none()
    return _to_datastream(row) if row else None


def datastreams_by_id(
    session: Session, datastream_ids: Iterable[UUID]
) -> dict[UUID, tuple[Datastream, Station]]:
    """Datastreams with their stations."""
    streams = [
        _to_datastream(row)
        for row in session.execute(
            select(datastream).where(datastream.c.id.in_(set(datastream_ids)))
        )
    ]
    stations = stations_by_id(session, {stream.station_id for stream in streams})
    return {
        stream.id: (stream, stations[stream.station_id])
        for stream in streams
        if stream.station_id in stations
    }


def stations_by_id(session: Session, station_ids: Iterable[UUID]) -> dict[UUID, Station]:
    """Stations by id."""
    rows = session.execute(_stations().where(station.c.id.in_(set(station_ids))))
    return {row.id: _to_station(row) for row in rows}


def save_datastream(session: Session, changed: Datastream) -> None:
    """Save a datastream's unit, place and limit."""
    own = changed.own_limit
    session.execute(
        update(datastream)
        .where(datastream.c.id == changed.id)
        .values(
            unit=changed.unit,
            area_code=changed.area_code,
            mark=changed.mark,
            is_watched=changed.is_watched,
            limit_upper=own.upper if own else None,
            limit_lower=own.lower if own else None,
            limit_source=own.source if own else None,
            raise_after=own.raise_after if own else None,
            raise_after_s=own.raise_after_s if own else None,
            clear_after=own.clear_after if own else None,
            clear_ratio=own.clear_ratio if own else None,
            changed_at=func.clock_timestamp(),
        )
    )


def _stations() -> Select[Any]:
    """Stations with when they were last heard."""
    return select(
        station, seen.c.last_frame_at, _OPEN_SILENCE.label("has_open_silence")
    ).select_from(station.outerjoin(seen, seen.c.station_id == station.c.id))


def _filtered(query: Select[Any], wanted: StationFilter) -> Select[Any]:
    """Narrow a query of stations."""
    if wanted.area_prefix:
        query = query.where(station.c.area_code.startswith(wanted.area_prefix, autoescape=True))
    if wanted.st:
        query = query.where(station.c.st == wanted.st)
    if wanted.words:
        query = query.where(
            or_(
                station.c.name.icontains(wanted.words, autoescape=True),
                station.c.mn.icontains(wanted.words, autoescape=True),
            )
        )
    if wanted.is_active is not None:
        query = query.where(station.c.is_active == wanted.is_active)
    if wanted.is_silent is not None:
        query = query.where(_OPEN_SILENCE if wanted.is_silent else ~_OPEN_SILENCE)
    if wanted.is_heard is not None:
        query = query.where(_HEARD if wanted.is_heard else ~_HEARD)
    return query


def _particulars(of: Station) -> dict[str, Any]:
    """Columns that somebody states."""
    return {
        "mn": of.mn,
        "name": of.name,
        "st": of.st,
        "area_code": of.area_code,
        "mark": of.mark,
        "longitude_deg": of.longitude_deg,
        "latitude_deg": of.latitude_deg,
        "area_class": of.area_class,
        "cadence_s": of.cadence_s,
        "is_simulated": of.is_simulated,
        "is_active": of.is_active,
    }


def _to_station(row: Row[Any]) -> Station:
    return Station(
        id=row.id,
        mn=row.mn,
        name=row.name,
        st=row.st,
        area_code=row.area_code,
        mark=row.mark,
        longitude_deg=row.longitude_deg,
        latitude_deg=row.latitude_deg,
        area_class=row.area_class,
        cadence_s=row.cadence_s,
        is_simulated=row.is_simulated,
        is_active=row.is_active,
        registered_at=row.registered_at,
        last_frame_at=row.last_frame_at,
        has_open_silence=row.has_open_silence,
    )


def _to_datastream(row: Row[Any]) -> Datastream:
    own = None
    if row.limit_upper is not None or row.limit_lower is not None:
        own = OwnLimit(
            upper=row.limit_upper,
            lower=row.limit_lower,
            source=row.limit_source or "",
            raise_after=row.raise_after or 1,
            raise_after_s=row.raise_after_s or 0,
            clear_after=row.clear_after or 1,
            clear_ratio=row.clear_ratio if row.clear_ratio is not None else Decimal(1),
        )
    return Datastream(
        id=row.id,
        station_id=row.station_id,
        code=row.code,
        period=row.period,
        kind=row.kind,
        unit=row.unit,
        area_code=row.area_code,
        mark=row.mark,
        is_watched=row.is_watched,
        own_limit=own,
    )
