"""The bytes of a record: what exactly is hashed into the log.

An object of canonical JSON with the keys `actor`, `at`, `data`, `id`, `kind`, `subject` and
`used`; each edge in `used` binds the leaf hash of an earlier record, so the lineage is
itself a Merkle graph.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from qinghuan.trace import canonical
from qinghuan.trace.errors import EntryRefused, NotCanonical
from qinghuan.trace.lineage import read_decimal
from qinghuan.trace.model import Edge, Entry, JsonValue, Used

MAX_EDGES = 400
"""A larger total is made in steps; a record must stay under `canonical.MAX_BYTES`."""

_KIND = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")
_LABEL = re.compile(r"[^\x00-\x20\x7f]{1,200}")
_AT = "%Y-%m-%dT%H:%M:%S.%fZ"


def write_body(entry: Entry, record_id: UUID, used_hashes: Mapping[UUID, bytes]) -> bytes:
    """Canonical bytes of an entry under an id.

    Args:
        entry: What to remember.
        record_id: The record's id; it makes two equal entries two records.
        used_hashes: Leaf hash of every record the entry uses.

    Raises:
        EntryRefused: A kind, subject, actor, time or edge that a record may not hold.
        NotCanonical: Data that have no canonical bytes, or too many of them.
    """
    _check(entry)
    return canonical.encode(
        {
            "actor": entry.actor,
            "at": entry.at.astimezone(UTC).strftime(_AT),
            "data": entry.data,
            "id": str(record_id),
            "kind": entry.kind,
            "subject": entry.subject,
            "used": [_edge(used, used_hashes[used.record_id]) for used in entry.used],
        }
    )


def read_body(body: bytes) -> tuple[UUID, Entry, tuple[Edge, ...]]:
    """Read a record's bytes back into id, entry and edges.

    Raises:
        NotCanonical: The bytes are not those of a record.
    """
    value = canonical.parse(body)
    try:
        return _read(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotCanonical("not a record's body") from error


def _check(entry: Entry) -> None:
    """Refuse an entry that cannot become a record."""
    if _KIND.fullmatch(entry.kind) is None or len(entry.kind) > 100:
        raise EntryRefused(f"kind {entry.kind[:40]!r} is no dotted lower-case word")
    for name, label in (("subject", entry.subject), ("actor", entry.actor)):
        if _LABEL.fullmatch(label) is None:
            raise EntryRefused(f"{name} {label[:40]!r} is empty, too long or has spaces")
    if entry.at.utcoffset() is None:
        raise EntryRefused("the time names no zone")
    if len(entry.used) > MAX_EDGES:
        raise EntryRefused(f"{len(entry.used)} edges, at most {MAX_EDGES}")


def _edge(used: Used, used_hash: bytes) -> JsonValue:
    """One edge as it stands in a body."""
    return {
        "hash": used_hash.hex(),
        "id": str(used.record_id),
        "role": used.role,
        "weight": None if used.weight is None else _weight(used.weight),
    }


def _weight(weight: Decimal) -> str:
    """A weight in plain digits."""
    text = format(weight, "f") if weight.is_finite() and abs(weight.adjusted()) < 30 else ""
    try:
        read_decimal(text)
    except NotCanonical as error:
        raise EntryRefused("a weight is no plain decimal") from error
    return text


def _read(value: JsonValue) -> tuple[UUID, Entry, tuple[Edge, ...]]:
    """Take a parsed body apart; whatever is missing or of another type raises."""
    if not isinstance(value, dict) or set(value) != {
        "actor", "at", "data", "id", "kind", "subject", "used",
    }:  # fmt: skip
        raise NotCanonical("not a record's body")
    data, used = value["data"], value["used"]
    if not isinstance(data, dict) or not isinstance(used, list):
        raise NotCanonical("not a record's body")
    record_id = UUID(str(value["id"]))
    edges = tuple(_read_edge(item, record_id) for item in used)
    entry = Entry(
        kind=str(value["kind"]),
        subject=str(value["subject"]),
        at=datetime.strptime(str(value["at"]), _AT).replace(tzinfo=UTC),
        actor=str(value["actor"]),
        data=data,
        used=tuple(
            Used(record_id=edge.used_id, weight=edge.weight, role=edge.role) for edge in edges
        ),
    )
    return record_id, entry, edges


def _read_edge(item: JsonValue, record_id: UUID) -> Edge:
    """Read one edge of a body."""
    if not isinstance(item, dict):
        raise NotCanonical("an edge is no object")
    weight = item["weight"]
    return Edge(
        record_id=record_id,
        used_id=UUID(str(item["id"])),
        used_hash=bytes.fromhex(str(item["hash"])),
        weight=None if weight is None else read_decimal(str(weight)),
        role=str(item["role"]),
    )
