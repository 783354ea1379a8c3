"""Writing records into the caller's transaction."""

from collections.abc import Iterable
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.trace import repository
from qinghuan.trace.body import bind, write_body
from qinghuan.trace.errors import RecordUnknown
from qinghuan.trace.merkle import hash_leaf
from qinghuan.trace.model import Draft, Edge, Entry


def record(session: Session, entry: Entry) -> UUID:
    """Record an entry in the caller's transaction; return the record's id.

    Entries may use records of the same transaction.

    Raises:
        EntryRefused: A kind, subject, actor, time or edge that a record may not hold.
        NotCanonical: Data with floats or other values a record may not hold, or too long.
        RecordUnknown: A used record does not exist.
    """
    return record_all(session, [entry])[0]


def record_all(session: Session, entries: Iterable[Entry]) -> list[UUID]:
    """Record many entries at once; none of them may use another of the same call.

    Raises:
        EntryRefused: As for `record`; then none of them is recorded.
        NotCanonical: As for `record`.
        RecordUnknown: As for `record`.
    """
    entries = list(entries)
    used_ids = {used.record_id for entry in entries for used in entry.used}
    used_hashes = repository.leaf_hashes_of(session, used_ids)
    for missing in used_ids - used_hashes.keys():
        raise RecordUnknown(missing)
    drafts, edges = [], list[Edge]()
    for entry in entries:
        record_id = new_id()
        bound = bind(entry, record_id, used_hashes)
        body = write_body(entry, record_id, bound)
        drafts.append(Draft(id=record_id, body=body, leaf_hash=hash_leaf(body), entry=entry))
        edges += bound
    repository.add_records(session, drafts, edges)
    return [draft.id for draft in drafts]
