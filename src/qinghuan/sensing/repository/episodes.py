"""Episodes, the state of watches, and the queue of values to judge."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from qinghuan.infra.database import Session
from qinghuan.sensing.exceedance import Sample, Watch
from qinghuan.sensing.model import Episode, EpisodeFilter, EpisodeKind
from qinghuan.sensing.tables import (
    datastream,
    episode,
    frame,
    observation,
    pending,
    seen,
    station,
    watch,
)

_TURN = 0x51485345
"""Number of the advisory lock of judging; the letters QHSE."""


class Due(NamedTuple):
    """A value to be judged."""

    datastream_id: UUID
    phenomenon_at: datetime
    is_change: bool


class Quiet(NamedTuple):
    """A station that has not been heard for a while."""

    station_id: UUID
    last_frame_at: datetime


def take_turn(session: Session) -> bool:
    """Take the turn to judge for this transaction, if nobody has it."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_TURN))))


def take_due(session: Session, limit: int) -> list[Due]:
    """Take the oldest values to be judged off the queue."""
    oldest = select(pending.c.seq).order_by(pending.c.seq).limit(limit).scalar_subquery()
    rows = session.execute(
        delete(pending)
        .where(pending.c.seq.in_(oldest))
        .returning(pending.c.datastream_id, pending.c.phenomenon_at, pending.c.is_change)
    )
    return [Due(*row) for row in rows]


def samples_at(session: Session, datastream_id: UUID, times: Iterable[datetime]) -> list[Sample]:
    """Values of a datastream at given times, in order of time."""
    return _samples(
        session,
        datastream_id,
        observation.c.phenomenon_at.in_(set(times)),
    )


def samples_around(
    session: Session, datastream_id: UUID, since: datetime, before: int, most: int
) -> list[Sample]:
    """Values of a datastream from a time on, and so many before it.

    Args:
        session: The caller's transaction.
        datastream_id: Which datastream.
        since: First time of the stretch.
        before: Values wanted before it.
        most: Values read at most.
    """
    earlier = (
        select(observation.c.phenomenon_at)
        .where(observation.c.datastream_id == datastream_id, observation.c.phenomenon_at < since)
        .order_by(observation.c.phenomenon_at.desc())
        .limit(before)
    )
    times = session.execute(earlier).scalars().all()
    start = min(times, default=since)
    return _samples(session, datastream_id, observation.c.phenomenon_at >= start, most)


def watches_of(
    session: Session, datastream_ids: Iterable[UUID]
) -> dict[UUID, tuple[Watch, UUID | None]]:
    """State and open episode of datastreams that have been watched before."""
    rows = session.execute(select(watch).where(watch.c.datastream_id.in_(set(datastream_ids))))
    return {row.datastream_id: (Watch.from_json(row.state), row.episode_id) for row in rows}


def save_watch(
    session: Session, datastream_id: UUID, state: Watch, episode_id: UUID | None
) -> None:
    """Save a watch's state and its open episode."""
    insertion = upsert(watch).values(
        datastream_id=datastream_id, state=state.to_json(), episode_id=episode_id
    )
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[watch.c.datastream_id],
            set_={
                "state": insertion.excluded.state,
                "episode_id": insertion.excluded.episode_id,
            },
        )
    )


def add_episode(session: Session, new: Episode) -> None:
    """Add an episode."""
    session.execute(
        insert(episode).values(
            id=new.id,
            kind=new.kind.value,
            station_id=new.station_id,
            datastream_id=new.datastream_id,
            area_code=new.area_code,
            mark=new.mark,
            told_at=new.told_at,
            limit_upper=new.limit_upper,
            limit_lower=new.limit_lower,
            unit=new.unit,
            limit_source=new.limit_source,
            **_run(new),
        )
    )


def save_episode(session: Session, changed: Episode) -> None:
    """Save how far an episode has come."""
    session.execute(update(episode).where(episode.c.id == changed.id).values(**_run(changed)))


def episode_of(session: Session, episode_id: UUID) -> Episode | None:
    """An episode by id."""
    row = session.execute(select(episode).where(episode.c.id == episode_id)).one_or_none()
    return _to_episode(row) if row else None


def episodes_touching(session: Session, datastream_id: UUID, since: datetime) -> list[Episode]:
    """Exceedances of a datastream that had not ended before a time, oldest first."""
    rows = session.execute(
        select(episode)
        .where(
            episode.c.datastream_id == datastream_id,
            or_(episode.c.last_at >= since, episode.c.ended_at.is_(None)),
        )
        .order_by(episode.c.started_at)
    )
    return [_to_episode(row) for row in rows]


def open_silences(session: Session) -> list[tuple[Episode, datetime]]:
    """Open silences, each with when its station was last heard."""
    rows = session.execute(
        select(episode, seen.c.last_frame_at)
        .join(seen, seen.c.station_id == episode.c.station_id)
        .where(episode.c.kind == EpisodeKind.SILENCE.value, episode.c.ended_at.is_(None))
    )
    return [(_to_episode(row), row.last_frame_at) for row in rows]


def quiet_stations(session: Session, since: datetime) -> list[Quiet]:
    """Active stations last heard before a time and not told of as silent."""
    is_told = (
        select(episode.c.id)
        .where(
            episode.c.station_id == station.c.id,
            episode.c.kind == EpisodeKind.SILENCE.value,
            episode.c.ended_at.is_(None),
        )
        .exists()
    )
    rows = session.execute(
        select(station.c.id, seen.c.last_frame_at)
        .join(seen, seen.c.station_id == station.c.id)
        .where(station.c.is_active, seen.c.last_frame_at < since, ~is_told)
    )
    return [Quiet(*row) for row in rows]


def latest_times(session: Session, station_id: UUID, count: int, since: datetime) -> list[datetime]:
    """Times of the latest values of a station's fastest datastream."""
    rank = case(
        {"realtime": 0, "minute": 1, "hour": 2, "day": 3}, value=datastream.c.period, else_=4
    )
    fastest = (
        select(datastream.c.id)
        .where(datastream.c.station_id == station_id)
        .order_by(rank, datastream.c.code)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(observation.c.phenomenon_at)
        .where(observation.c.datastream_id == fastest, observation.c.phenomenon_at >= since)
        .order_by(observation.c.phenomenon_at.desc())
        .limit(count)
    )
    return list(rows.scalars())


def records_of(session: Session, datastream_id: UUID, times: Iterable[datetime]) -> list[UUID]:
    """Records in the log of the frames that brought values of given times."""
    rows = session.execute(
        select(frame.c.record_id)
        .distinct()
        .join(observation, observation.c.frame_id == frame.c.id)
        .where(
            observation.c.datastream_id == datastream_id,
            observation.c.phenomenon_at.in_(set(times)),
        )
    )
    return list(rows.scalars())


def list_episodes(
    session: Session, wanted: EpisodeFilter, limit: int, offset: int
) -> list[Episode]:
    """Episodes in reach, the latest told first."""
    query = _filtered(select(episode), wanted)
    rows = session.execute(
        query.order_by(episode.c.told_at.desc(), episode.c.id).limit(limit).offset(offset)
    )
    return [_to_episode(row) for row in rows]


def count_episodes(session: Session, wanted: EpisodeFilter) -> int:
    """How many episodes fit a filter."""
    query = _filtered(select(func.count()).select_from(episode), wanted)
    return session.scalar(query) or 0


def _filtered(query: Select[Any], wanted: EpisodeFilter) -> Select[Any]:
    """Narrow a query of episodes."""
    if wanted.kind:
        query = query.where(episode.c.kind == wanted.kind)
    if wanted.area_prefix:
        query = query.where(episode.c.area_code.startswith(wanted.area_prefix, autoescape=True))
    if wanted.station_id is not None:
        query = query.where(episode.c.station_id == wanted.station_id)
    if wanted.is_open is not None:
        condition = episode.c.ended_at.is_(None)
        query = query.where(condition if wanted.is_open else ~condition)
    return query


def _samples(
    session: Session,
    datastream_id: UUID,
    condition: ColumnElement[bool],
    most: int | None = None,
) -> list[Sample]:
    """Values of a datastream that fit a condition, in order of time."""
    rows = session.execute(
        select(observation.c.phenomenon_at, observation.c.value, observation.c.flag)
        .where(observation.c.datastream_id == datastream_id, condition)
        .order_by(observation.c.phenomenon_at)
        .limit(most)
    )
    return [Sample(at=row.phenomenon_at, value=row.value, flag=row.flag) for row in rows]


def _run(of: Episode) -> dict[str, Any]:
    """Columns that move with the episode."""
    return {
        "started_at": of.started_at,
        "last_at": of.last_at,
        "ended_at": of.ended_at,
        "value_count": of.value_count,
        "peak": of.peak,
        "peak_at": of.peak_at,
    }


def _to_episode(row: Row[Any]) -> Episode:
    return Episode(
        id=row.id,
        kind=EpisodeKind(row.kind),
        station_id=row.station_id,
        datastream_id=row.datastream_id,
        area_code=row.area_code,
        mark=row.mark,
        started_at=row.started_at,
        last_at=row.last_at,
        ended_at=row.ended_at,
        told_at=row.told_at,
        value_count=row.value_count,
        peak=row.peak,
        peak_at=row.peak_at,
        limit_upper=row.limit_upper,
        limit_lower=row.limit_lower,
        unit=row.unit,
        limit_source=row.limit_source,
    )
