"""The writer's side: frames and values into their partitions, by COPY through staging tables.

COPY cannot write to a table with row-level security, and it cannot skip what is already there;
so a batch is copied into temporary tables of the connection and inserted from them.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from qinghuan.infra.database import Session
from qinghuan.sensing.intake import RefusalCount, Stream, Streams
from qinghuan.sensing.model import Datastream, ObservationChange, Reject
from qinghuan.sensing.roster import Member
from qinghuan.sensing.tables import (
    datastream,
    observation,
    observation_change,
    pending,
    reject,
    reject_count,
    seen,
    station,
)

_STAGE_FRAME = (
    "CREATE TEMP TABLE IF NOT EXISTS sensing_stage_frame ("
    "id uuid, station_id uuid, received_at timestamptz, qn text, cn text, pno smallint, raw bytea,"
    " sha256 bytea, peer text, oddities text, record_id uuid, area_code text, mark smallint)"
    " ON COMMIT DELETE ROWS"
)

_STAGE_VALUE = (
    "CREATE TEMP TABLE IF NOT EXISTS sensing_stage_value ("
    "datastream_id uuid, phenomenon_at timestamptz, value numeric, flag text, frame_id uuid,"
    " is_watched boolean, seq integer) ON COMMIT DELETE ROWS"
)

_CLEAR_FRAME = "DELETE FROM sensing_stage_frame"
_CLEAR_VALUE = "DELETE FROM sensing_stage_value"

_FRAMES = (
    "INSERT INTO sensing_frame (id, station_id, received_at, qn, cn, pno, raw, sha256, peer,"
    " oddities, record_id, area_code, mark) SELECT * FROM sensing_stage_frame"
    " ON CONFLICT (id) DO NOTHING"
)

_VALUES = (
    "INSERT INTO sensing_observation (datastream_id, phenomenon_at, value, flag, frame_id)"
    " SELECT datastream_id, phenomenon_at, value, flag, frame_id FROM sensing_stage_value"
    " WHERE {which} ON CONFLICT (datastream_id, phenomenon_at) DO NOTHING"
)

_UNWATCHED = _VALUES.format(which="NOT is_watched")
_WATCHED = (
    f"WITH kept AS ({_VALUES.format(which='is_watched')} RETURNING datastream_id, phenomenon_at)"  # noqa: S608  constants
    " INSERT INTO sensing_pending (datastream_id, phenomenon_at, is_change)"
    " SELECT datastream_id, phenomenon_at, false FROM kept"
)

_DIFFERENT = (
    "SELECT s.datastream_id, s.phenomenon_at, s.is_watched, s.value, s.flag, s.frame_id,"
    " o.value AS old_value, o.flag AS old_flag, o.frame_id AS old_frame_id"
    " FROM sensing_stage_value s"
    " JOIN sensing_observation o USING (datastream_id, phenomenon_at)"
    " WHERE o.value <> s.value OR o.flag <> s.flag"
    " ORDER BY s.seq"
)


class Difference(NamedTuple):
    """A staged value that is not the one kept."""

    datastream_id: UUID
    phenomenon_at: datetime
    is_watched: bool
    value: Decimal
    flag: str
    frame_id: UUID
    old_value: Decimal
    old_flag: str
    old_frame_id: UUID


def prepare(session: Session) -> None:
    """Make the staging tables of this connection, and clear them of an earlier batch.

    They are empty after every commit; a transaction that stores two batches clears them here.
    """
    for statement in (_STAGE_FRAME, _STAGE_VALUE, _CLEAR_FRAME, _CLEAR_VALUE):
        session.execute(text(statement))


def make_months(session: Session, months: Iterable[date]) -> None:
    """Make the partitions of months, where they are missing."""
    for month in sorted(months):
        session.execute(select(func.sensing_make_month(month)))


def known_frames(session: Session, ids: list[UUID]) -> set[UUID]:
    """Which of these frames are kept already."""
    found = session.execute(text("SELECT id FROM sensing_frame WHERE id = ANY(:ids)"), {"ids": ids})
    return set(found.scalars())


def add_frames(session: Session, lines: list[str]) -> None:
    """Keep frames, given as lines of COPY in the order of the staging table."""
    _copy(session, "sensing_stage_frame", lines)
    session.execute(text(_FRAMES))


def add_values(session: Session, lines: list[str], *, has_watched: bool) -> int:
    """Keep values that are new, and queue those of watched datastreams for judging.

    Args:
        session: The writer's transaction.
        lines: Lines of COPY in the order of the staging table.
        has_watched: Whether any of them is of a watched datastream.

    Returns:
        How many were new.
    """
    _copy(session, "sensing_stage_value", lines)
    added = _count(session, _UNWATCHED)
    return added + _count(session, _WATCHED) if has_watched else added


def differences(session: Session) -> list[Difference]:
    """Staged values that differ from those kept for the same time, in the order they came."""
    return [Difference(*row) for row in session.execute(text(_DIFFERENT))]


def change_values(
    session: Session, changes: list[tuple[UUID, ObservationChange]], watched: set[UUID]
) -> None:
    """Put new values in the place of old ones and keep the old ones beside them.

    Args:
        session: The writer's transaction.
        changes: Each with its id, in order.
        watched: Datastreams whose changes are to be judged again.
    """
    for change_id, change in changes:
        session.execute(
            insert(observation_change).values(
                id=change_id,
                datastream_id=change.datastream_id,
                phenomenon_at=change.phenomenon_at,
                old_value=change.old_value,
                old_flag=change.old_flag,
                old_frame_id=change.old_frame_id,
                new_value=change.new_value,
                new_flag=change.new_flag,
                new_frame_id=change.new_frame_id,
                changed_at=change.changed_at,
            )
        )
        session.execute(
            update(observation)
            .where(
                observation.c.datastream_id == change.datastream_id,
                observation.c.phenomenon_at == change.phenomenon_at,
            )
            .values(value=change.new_value, flag=change.new_flag, frame_id=change.new_frame_id)
        )
    queued = [
        {
            "datastream_id": change.datastream_id,
            "phenomenon_at": change.phenomenon_at,
            "is_change": True,
        }
        for _, change in changes
        if change.datastream_id in watched
    ]
    if queued:
        session.execute(insert(pending), queued)


def add_streams(session: Session, streams: list[Datastream]) -> Streams:
    """Open datastreams, unless another gateway just did; return them as they are kept."""
    session.execute(
        upsert(datastream).on_conflict_do_nothing(),
        [
            {
                "id": stream.id,
                "station_id": stream.station_id,
                "code": stream.code,
                "period": stream.period,
                "kind": stream.kind,
                "unit": stream.unit,
                "area_code": stream.area_code,
                "mark": stream.mark,
                "is_watched": stream.is_watched,
            }
            for stream in streams
        ],
    )
    stations = {stream.station_id for stream in streams}
    return _streams(session, datastream.c.station_id.in_(stations))


def streams_since(session: Session, since: datetime | None) -> Streams:
    """Datastreams touched since a time by the server's clock, or all."""
    return _streams(session, True if since is None else datastream.c.changed_at >= since)


def members_since(session: Session, since: datetime | None) -> list[Member]:
    """Stations touched since a time by the server's clock, or all."""
    query = select(
        station.c.id,
        station.c.mn,
        station.c.st,
        station.c.area_code,
        station.c.mark,
        station.c.area_class,
        station.c.is_active,
        station.c.password_salt,
        station.c.password_hash,
    )
    if since is not None:
        query = query.where(station.c.changed_at >= since)
    return [
        Member(
            station_id=row.id,
            mn=row.mn,
            st=row.st,
            area_code=row.area_code,
            mark=row.mark,
            area_class=row.area_class,
            is_active=row.is_active,
            salt=row.password_salt,
            password_hash=row.password_hash,
        )
        for row in session.execute(query)
    ]


def server_now(session: Session) -> datetime:
    """The server's clock, by which rows are stamped as touched."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now


def mark_seen(session: Session, heard: dict[UUID, tuple[datetime, str]]) -> None:
    """Keep when stations were last heard, and from where."""
    insertion = upsert(seen)
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[seen.c.station_id],
            set_={
                "last_frame_at": func.greatest(
                    seen.c.last_frame_at, insertion.excluded.last_frame_at
                ),
                "peer": insertion.excluded.peer,
            },
        ),
        [
            {"station_id": station_id, "last_frame_at": heard_at, "peer": peer}
            for station_id, (heard_at, peer) in sorted(heard.items())
        ],
    )


def add_rejects(session: Session, rejects: list[tuple[Reject, str | None]]) -> None:
    """Keep refused bytes, each with the area of its station if it has one."""
    session.execute(
        insert(reject),
        [
            {
                "id": refused.id,
                "received_at": refused.received_at,
                "verdict": refused.verdict,
                "reason": refused.reason,
                "mn": refused.mn,
                "peer": refused.peer,
                "raw": refused.raw,
                "size_bytes": refused.size_bytes,
                "area_code": area_code,
                "mark": 1,
            }
            for refused, area_code in rejects
        ],
    )


def count_rejects(session: Session, refused: RefusalCount) -> None:
    """Add to the day's counts of refusals."""
    insertion = upsert(reject_count)
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[reject_count.c.on, reject_count.c.verdict, reject_count.c.mn],
            set_={"refused": reject_count.c.refused + insertion.excluded.refused},
        ),
        [
            {"on": on, "verdict": verdict, "mn": mn, "area_code": area_code, "refused": number}
            for (on, verdict, mn, area_code), number in sorted(refused.items(), key=str)
        ],
    )


def _streams(session: Session, condition: Any) -> Streams:  # noqa: ANN401  SQL's or true
    """Datastreams by station, code, period and kind."""
    rows = session.execute(
        select(
            datastream.c.station_id,
            datastream.c.code,
            datastream.c.period,
            datastream.c.kind,
            datastream.c.id,
            datastream.c.is_watched,
        ).where(condition)
    )
    streams: Streams = {}
    for row in rows:
        key = (row.code, row.period, row.kind)
        streams.setdefault(row.station_id, {})[key] = Stream(row.id, row.id.hex, row.is_watched)
    return streams


def _copy(session: Session, table: str, lines: list[str]) -> None:
    """Copy prepared lines into a staging table."""
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write("".join(lines))


def _count(session: Session, statement: str) -> int:
    """Run a statement and return how many rows it touched."""
    result: Any = session.execute(text(statement))
    return int(result.rowcount)
