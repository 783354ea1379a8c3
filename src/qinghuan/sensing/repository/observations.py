"""Values read back: series, latest values, changes, and how much came at all."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, lateral, select, true

from qinghuan.infra.database import Session
from qinghuan.sensing.model import KeptFrame, Latest, Observation, ObservationChange
from qinghuan.sensing.tables import datastream, frame, observation, observation_change


def series_of(
    session: Session, datastream_id: UUID, since: datetime, until: datetime, most: int
) -> list[Observation]:
    """Values of a datastream in a span of time, oldest first; the latest ones if too many."""
    rows = session.execute(
        select(observation)
        .where(
            observation.c.datastream_id == datastream_id,
            observation.c.phenomenon_at >= since,
            observation.c.phenomenon_at < until,
        )
        .order_by(observation.c.phenomenon_at.desc())
        .limit(most)
    )
    return [_to_observation(row) for row in reversed(list(rows))]


def observation_at(
    session: Session, datastream_id: UUID, phenomenon_at: datetime
) -> Observation | None:
    """One value."""
    row = session.execute(
        select(observation).where(
            observation.c.datastream_id == datastream_id,
            observation.c.phenomenon_at == phenomenon_at,
        )
    ).one_or_none()
    return _to_observation(row) if row else None


def changes_of(
    session: Session, datastream_id: UUID, since: datetime, until: datetime
) -> list[ObservationChange]:
    """Values of a span of time that came again as others, oldest change first."""
    rows = session.execute(
        select(observation_change)
        .where(
            observation_change.c.datastream_id == datastream_id,
            observation_change.c.phenomenon_at >= since,
            observation_change.c.phenomenon_at < until,
        )
        .order_by(observation_change.c.id)
    )
    return [
        ObservationChange(
            datastream_id=row.datastream_id,
            phenomenon_at=row.phenomenon_at,
            old_value=row.old_value,
            old_flag=row.old_flag,
            old_frame_id=row.old_frame_id,
            new_value=row.new_value,
            new_flag=row.new_flag,
            new_frame_id=row.new_frame_id,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def latest_of(
    session: Session, station_ids: Iterable[UUID], since: datetime, until: datetime
) -> list[Latest]:
    """Latest value of every datastream of some stations, within a span of time."""
    last = lateral(
        select(
            observation.c.phenomenon_at,
            observation.c.value,
            observation.c.flag,
            observation.c.frame_id,
        )
        .where(
            observation.c.datastream_id == datastream.c.id,
            observation.c.phenomenon_at >= since,
            observation.c.phenomenon_at <= until,
        )
        .order_by(observation.c.phenomenon_at.desc())
        .limit(1)
    )
    rows = session.execute(
        select(
            datastream.c.id,
            datastream.c.station_id,
            datastream.c.code,
            datastream.c.period,
            datastream.c.kind,
            datastream.c.unit,
            last.c.phenomenon_at,
            last.c.value,
            last.c.flag,
            last.c.frame_id,
        )
        .select_from(datastream.join(last, true()))
        .where(datastream.c.station_id.in_(set(station_ids)))
        .order_by(datastream.c.station_id, datastream.c.code, datastream.c.period)
    )
    return [Latest._make(row) for row in rows]


def hours_received(
    session: Session, station_ids: Iterable[UUID], since: datetime, until: datetime
) -> dict[UUID, int]:
    """Hours of a span of time for which a station has any value, by station."""
    hours = func.count(func.distinct(func.date_trunc("hour", observation.c.phenomenon_at)))
    rows = session.execute(
        select(datastream.c.station_id, hours)
        .join(observation, observation.c.datastream_id == datastream.c.id)
        .where(
            datastream.c.station_id.in_(set(station_ids)),
            observation.c.phenomenon_at >= since,
            observation.c.phenomenon_at < until,
        )
        .group_by(datastream.c.station_id)
    )
    return {row[0]: row[1] for row in rows}


def frame_of(session: Session, frame_id: UUID) -> KeptFrame | None:
    """A kept frame by id, passwords and all: whoever shows it blanks them."""
    row = session.execute(select(frame).where(frame.c.id == frame_id)).one_or_none()
    return _to_frame(row) if row else None


def frames_of(
    session: Session, station_id: UUID, first_id: UUID, after_id: UUID, most: int
) -> list[KeptFrame]:
    """Frames of a station between two ids, the latest first."""
    rows = session.execute(
        select(frame)
        .where(frame.c.station_id == station_id, frame.c.id >= first_id, frame.c.id < after_id)
        .order_by(frame.c.id.desc())
        .limit(most)
    )
    return [_to_frame(row) for row in rows]


def _to_observation(row: Row[Any]) -> Observation:
    return Observation(
        datastream_id=row.datastream_id,
        phenomenon_at=row.phenomenon_at,
        value=row.value,
        flag=row.flag,
        frame_id=row.frame_id,
    )


def _to_frame(row: Row[Any]) -> KeptFrame:
    return KeptFrame(
        id=row.id,
        station_id=row.station_id,
        received_at=row.received_at,
        qn=row.qn,
        cn=row.cn,
        pno=row.pno,
        raw=row.raw,
        sha256=row.sha256,
        peer=row.peer,
        oddities=row.oddities or "",
        record_id=row.record_id,
    )
