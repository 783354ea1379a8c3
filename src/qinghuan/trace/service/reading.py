"""Looking records, their lineage and checkpoints up."""

from collections.abc import Collection
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.trace import repository
from qinghuan.trace.errors import CheckpointUnknown, RecordUnknown
from qinghuan.trace.model import Checkpoint, Edge, Record, RecordsAsked


def record_by_id(session: Session, record_id: UUID) -> Record:
    """A record.

    Raises:
        RecordUnknown: There is none of this id.
    """
    found = repository.records_by_id(session, [record_id])
    if record_id not in found:
        raise RecordUnknown(record_id)
    return found[record_id]


def places_of(session: Session, record_ids: Collection[UUID]) -> dict[UUID, tuple[str, bool]]:
    """Leaf hash in hexadecimal of each record, and whether it has its place in the log."""
    found = repository.records_by_id(session, record_ids)
    return {
        key: (record.leaf_hash.hex(), record.leaf_index is not None)
        for key, record in found.items()
    }


def records_of(session: Session, subject: str) -> list[Record]:
    """A subject's records, oldest first."""
    return repository.records_of_subject(session, subject)


def records_by(
    session: Session, actor: str, *, before: UUID | None = None, at_most: int = 100
) -> list[Record]:
    """What an actor did, newest first; `before` pages on from a record."""
    return repository.records_of_actor(session, actor, before=before, at_most=at_most)


def browse(
    session: Session, wish: RecordsAsked, *, offset: int = 0, at_most: int = 50
) -> tuple[list[Record], int]:
    """Records that fit, newest first, from an offset on; and how many fit in all."""
    return repository.records_matching(session, wish, offset=offset, at_most=at_most)


def used_by(session: Session, record_id: UUID) -> list[Edge]:
    """What a record was made from: its edges, in its own order."""
    return repository.edges_of(session, record_id)


def uses_of(session: Session, record_id: UUID) -> list[Edge]:
    """What was made from a record: edges that lead to it, oldest first."""
    return repository.edges_to(session, record_id)


def latest_checkpoint(session: Session) -> Checkpoint | None:
    """The newest checkpoint; None while the log is empty."""
    return repository.latest_checkpoint(session)


def checkpoint_at(session: Session, size: int) -> Checkpoint:
    """The checkpoint of a size.

    Raises:
        CheckpointUnknown: None was signed at this size.
    """
    found = repository.checkpoint_at(session, size)
    if found is None:
        raise CheckpointUnknown(size)
    return found
