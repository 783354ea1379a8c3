"""All of the room's SQL: rows in and out of nouns, and no decisions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from qinghuan.infra.database import Session
from qinghuan.trace.model import Checkpoint, Draft, Edge, Lag, Record, RecordsAsked
from qinghuan.trace.tables import checkpoint, edge, record, tile

_TURN = 0x7472616365
"""Number of the sequencer's advisory lock; the letters `trace`."""

_RECORD = (
    record.c.id,
    record.c.body,
    record.c.leaf_hash,
    record.c.leaf_index,
    record.c.kind,
    record.c.subject,
    record.c.actor,
    record.c.at,
    record.c.recorded_at,
)

_PLACE_PENDING = text("""
    UPDATE trace_record SET leaf_index = waiting.place
    FROM (SELECT id, :size - 1 + row_number() OVER (ORDER BY seq) AS place
          FROM (SELECT id, seq FROM trace_record WHERE leaf_index IS NULL
                ORDER BY seq LIMIT :at_most) AS oldest) AS waiting
    WHERE trace_record.id = waiting.id
    RETURNING trace_record.leaf_index, trace_record.leaf_hash
""")


def add_records(session: Session, drafts: Sequence[Draft], edges: Sequence[Edge]) -> None:
    """Add records and their edges; the time of recording is the database's."""
    if not drafts:
        return
    session.execute(
        insert(record),
        [
            {
                "id": draft.id,
                "leaf_hash": draft.leaf_hash,
                "body": draft.body,
                "kind": draft.entry.kind,
                "subject": draft.entry.subject,
                "actor": draft.entry.actor,
                "at": draft.entry.at,
            }
            for draft in drafts
        ],
    )
    if edges:
        session.execute(insert(edge), _edge_rows(edges))


def leaf_hashes_of(session: Session, record_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Leaf hash of each of these records that exists."""
    if not record_ids:
        return {}
    rows = session.execute(
        select(record.c.id, record.c.leaf_hash).where(record.c.id.in_(record_ids))
    )
    return {row.id: row.leaf_hash for row in rows}


def records_by_id(session: Session, record_ids: Collection[UUID]) -> dict[UUID, Record]:
    """Each of these records that exists."""
    found = _records(session, select(*_RECORD).where(record.c.id.in_(record_ids)))
    return {item.id: item for item in found}


def records_of_subject(session: Session, subject: str) -> list[Record]:
    """A subject's records, oldest first."""
    return _records(
        session, select(*_RECORD).where(record.c.subject == subject).order_by(record.c.seq)
    )


def records_of_actor(
    session: Session, actor: str, *, before: UUID | None, at_most: int
) -> list[Record]:
    """An actor's records, newest first, older than one of them if given."""
    query = select(*_RECORD).where(record.c.actor == actor)
    if before is not None:
        here = select(record.c.seq).where(record.c.id == before).scalar_subquery()
        query = query.where(record.c.seq < here)
    return _records(session, query.order_by(record.c.seq.desc()).limit(at_most))


def records_matching(
    session: Session, wish: RecordsAsked, *, offset: int, at_most: int
) -> tuple[list[Record], int]:
    """Records that fit, newest first, and how many fit in all."""
    wanted = [
        *([record.c.subject == wish.subject] if wish.subject else ()),
        *([record.c.actor == wish.actor] if wish.actor else ()),
        *(
            [
                or_(
                    record.c.kind == wish.kind,
                    record.c.kind.startswith(f"{wish.kind}.", autoescape=True),
                )
            ]
            if wish.kind
            else ()
        ),
    ]
    total = session.scalar(select(func.count()).select_from(record).where(*wanted)) or 0
    query = select(*_RECORD).where(*wanted).order_by(record.c.seq.desc())
    return _records(session, query.offset(offset).limit(at_most)), total


def records_between(session: Session, start: int, end: int) -> list[Record]:
    """Records with leaf indexes in [start, end), in the log's order."""
    return _records(
        session,
        select(*_RECORD)
        .where(record.c.leaf_index >= start, record.c.leaf_index < end)
        .order_by(record.c.leaf_index, record.c.seq),
    )


def bodies_between(session: Session, start: int, end: int) -> list[bytes]:
    """Bytes of the records with leaf indexes in [start, end), in the log's order."""
    rows = session.scalars(
        select(record.c.body)
        .where(record.c.leaf_index >= start, record.c.leaf_index < end)
        .order_by(record.c.leaf_index)
    )
    return list(rows)


def edges_between(session: Session, start: int, end: int) -> dict[UUID, tuple[Edge, ...]]:
    """Edges of the records with leaf indexes in [start, end), by record."""
    rows = session.execute(
        select(edge)
        .join(record, record.c.id == edge.c.record_id)
        .where(record.c.leaf_index >= start, record.c.leaf_index < end)
        .order_by(edge.c.record_id, edge.c.position)
    ).mappings()
    found: dict[UUID, tuple[Edge, ...]] = {}
    for row in rows:
        found[row["record_id"]] = (*found.get(row["record_id"], ()), _edge(row))
    return found


def edges_of(session: Session, record_id: UUID) -> list[Edge]:
    """What a record used, in its own order."""
    rows = session.execute(
        select(edge).where(edge.c.record_id == record_id).order_by(edge.c.position)
    )
    return [_edge(row) for row in rows.mappings()]


def edges_to(session: Session, record_id: UUID) -> list[Edge]:
    """What used a record, oldest first."""
    rows = session.execute(
        select(edge)
        .join(record, record.c.id == edge.c.record_id)
        .where(edge.c.used_id == record_id)
        .order_by(record.c.seq, edge.c.position)
    )
    return [_edge(row) for row in rows.mappings()]


def loose_edges(session: Session, size: int) -> list[tuple[int, UUID]]:
    """Edges of sequenced records that bind another hash than, or no earlier leaf than, theirs.

    Returns:
        Pairs (leaf index of the using record, id of the used one).
    """
    used = record.alias("used")
    rows = session.execute(
        select(record.c.leaf_index, edge.c.used_id)
        .join(record, record.c.id == edge.c.record_id)
        .outerjoin(used, used.c.id == edge.c.used_id)
        .where(record.c.leaf_index < size)
        .where(
            used.c.leaf_hash.is_distinct_from(edge.c.used_hash)
            | used.c.leaf_index.is_(None)
            | (used.c.leaf_index >= record.c.leaf_index)
        )
        .order_by(record.c.leaf_index)
    )
    return [(row.leaf_index, row.used_id) for row in rows]


def take_turn(session: Session) -> bool:
    """Become the only sequencer until the transaction ends; False if another is."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_TURN))))


def place_pending(session: Session, size: int, at_most: int) -> list[bytes]:
    """Give the oldest pending records the leaf indexes from `size` on; return their hashes."""
    rows = session.execute(_PLACE_PENDING, {"size": size, "at_most": at_most}).all()
    return [row.leaf_hash for row in sorted(rows, key=lambda row: int(row.leaf_index))]


def lag(session: Session) -> Lag:
    """How many records wait for a place, and since when."""
    row = session.execute(
        select(func.count(), func.min(record.c.recorded_at)).where(record.c.leaf_index.is_(None))
    ).one()
    return Lag(pending=row[0], oldest_at=row[1])


def oldest_pending_at(session: Session) -> datetime | None:
    """When the first of the pending records was recorded."""
    return session.scalar(
        select(record.c.recorded_at)
        .where(record.c.leaf_index.is_(None))
        .order_by(record.c.seq)
        .limit(1)
    )


def placed(session: Session) -> int:
    """One past the largest leaf index."""
    return session.scalar(select(func.coalesce(func.max(record.c.leaf_index) + 1, 0))) or 0


def stray_leaf_indexes(session: Session) -> list[int]:
    """Leaf indexes that no checkpoint covers: places nobody signed for."""
    size = select(func.coalesce(func.max(checkpoint.c.size), 0)).scalar_subquery()
    rows = session.scalars(
        select(record.c.leaf_index)
        .where((record.c.leaf_index >= size) | (record.c.leaf_index < 0))
        .order_by(record.c.leaf_index)
        .limit(100)
    )
    return [index for index in rows if index is not None]


def tiles(session: Session, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Content of the tiles (level, index) that exist among these."""
    if not keys:
        return {}
    rows = session.execute(select(tile).where(tuple_(tile.c.level, tile.c.tile_index).in_(keys)))
    return {(row.level, row.tile_index): row.content for row in rows}


def tiles_between(
    session: Session, level: int, start: int, end: int
) -> dict[tuple[int, int], bytes]:
    """Content of a level's tiles with indexes in [start, end)."""
    rows = session.execute(
        select(tile).where(
            tile.c.level == level, tile.c.tile_index >= start, tile.c.tile_index < end
        )
    )
    return {(row.level, row.tile_index): row.content for row in rows}


def tile_lengths(session: Session) -> tuple[int, dict[tuple[int, int], int]]:
    """The log's size and the length of every tile [bytes], as one instant saw them."""
    size = select(func.coalesce(func.max(checkpoint.c.size), 0)).scalar_subquery()
    rows = session.execute(
        select(
            size.label("size"), tile.c.level, tile.c.tile_index, func.octet_length(tile.c.content)
        )
    ).all()
    if not rows:
        return session.scalar(select(size)) or 0, {}
    return rows[0].size, {(row.level, row.tile_index): row[3] for row in rows}


def put_tiles(session: Session, changed: Mapping[tuple[int, int], bytes]) -> None:
    """Store new and grown tiles."""
    put = upsert(tile)
    put = put.on_conflict_do_update(
        index_elements=[tile.c.level, tile.c.tile_index], set_={"content": put.excluded.content}
    )
    session.execute(
        put,
        [
            {"level": level, "tile_index": index, "content": content}
            for (level, index), content in sorted(changed.items())
        ],
    )


def put_checkpoint(session: Session, signed: Checkpoint) -> None:
    """Store a checkpoint: from here on its records count as logged."""
    session.execute(
        insert(checkpoint).values(
            size=signed.size, root=signed.root, note=signed.note, signed_at=signed.signed_at
        )
    )


def latest_checkpoint(session: Session) -> Checkpoint | None:
    """The largest checkpoint."""
    rows = session.execute(select(checkpoint).order_by(checkpoint.c.size.desc()).limit(1))
    return next((_checkpoint(row) for row in rows.mappings()), None)


def checkpoint_at(session: Session, size: int) -> Checkpoint | None:
    """The checkpoint of a size."""
    rows = session.execute(select(checkpoint).where(checkpoint.c.size == size))
    return next((_checkpoint(row) for row in rows.mappings()), None)


def checkpoints_between(session: Session, start: int, end: int) -> list[Checkpoint]:
    """Checkpoints with sizes in (start, end], smallest first."""
    rows = session.execute(
        select(checkpoint)
        .where(checkpoint.c.size > start, checkpoint.c.size <= end)
        .order_by(checkpoint.c.size)
    )
    return [_checkpoint(row) for row in rows.mappings()]


def _records(session: Session, query: Select[Any]) -> list[Record]:
    """Records that a query selects."""
    return [Record(**row) for row in session.execute(query).mappings()]


def _edge_rows(edges: Sequence[Edge]) -> list[dict[str, object]]:
    """Rows of edges, numbered within their record."""
    numbers: dict[UUID, int] = {}
    rows = []
    for item in edges:
        position = numbers[item.record_id] = numbers.get(item.record_id, -1) + 1
        rows.append(
            {
                "record_id": item.record_id,
                "position": position,
                "used_id": item.used_id,
                "used_hash": item.used_hash,
                "weight": item.weight,
                "role": item.role,
            }
        )
    return rows


def _edge(row: RowMapping) -> Edge:
    """An edge from its row."""
    return Edge(
        record_id=row["record_id"],
        used_id=row["used_id"],
        used_hash=row["used_hash"],
        weight=row["weight"],
        role=row["role"],
    )


def _checkpoint(row: RowMapping) -> Checkpoint:
    """A checkpoint from its row; its origin is the first line of the note."""
    return Checkpoint(
        origin=row["note"].partition("\n")[0],
        size=row["size"],
        root=row["root"],
        note=row["note"],
        signed_at=row["signed_at"],
    )
