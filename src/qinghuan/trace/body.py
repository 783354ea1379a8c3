"""The bytes of a record: what exactly is hashed into the log.

An object of canonical JSON with the keys `actor`, `at`, `data`, `id`, `kind`, `subject` and
`used`; each edge in `used` binds the leaf hash of an earlier record, so the lineage is
itself a Merkle graph.
"""

import re
from collections.abc import Mapping, Sequence
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
_ROLE = re.compile(r"[^\x00-\x1f\x7f]{0,100}")
_LABEL = re.compile(r"[^\x00-\x20\x7f]{1,200}")


def bind(entry: Entry, record_id: UUID, used_hashes: Mapping[UUID, bytes]) -> tuple[Edge, ...]:
    """Edges of an entry, each bound to the leaf hash of the record it uses.

    Args:
        entry: What to remember.
        record_id: The id it will have.
        used_hashes: Leaf hash of every record the entry uses.

    Raises:
        EntryRefused: Too many edges, a role with control characters, a weight that is no
            plain decimal.
    """
    if len(entry.used) > MAX_EDGES:
        raise EntryRefused(f"{len(entry.used)} edges, at most {MAX_EDGES}")
    if any(_ROLE.fullmatch(used.role) is None for used in entry.used):
        raise EntryRefused("a role is too long or has control characters")
    return tuple(
        Edge(
            record_id=record_id,
            used_id=used.record_id,
            used_hash=used_hashes[used.record_id],
            weight=None if used.weight is None else _plain(used.weight),
            role=used.role,
        )
        for used in entry.used
    )


def write_body(entry: Entry, record_id: UUID, edges: Sequence[Edge]) -> bytes:
    """Canonical bytes of an entry under an id.

    Args:
        entry: What to remember.
        record_id: The record's id; it makes two equal entries two records.
        edges: The entry's edges, as `bind` gives them.

    Raises:
        EntryRefused: A kind, subject, actor or time that a record may not hold.
        NotCanonical: Data that have no canonical bytes, or too many of them.
    """
    _check(entry)
    return canonical.encode(
        {
            "actor": entry.actor,
            "at": write_at(entry.at),
            "data": entry.data,
            "id": str(record_id),
            "kind": entry.kind,
            "subject": entry.subject,
            "used": [write_edge(edge) for edge in edges],
        }
    )


def write_edge(edge: Edge) -> JsonValue:
    """One edge as it stands in a body."""
    return {
        "hash": edge.used_hash.hex(),
        "id": str(edge.used_id),
        "role": edge.role,
        "weight": None if edge.weight is None else format(edge.weight, "f"),
    }


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


def write_at(at: datetime) -> str:
    """An instant as it stands in a body: UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _check(entry: Entry) -> None:
    """Refuse an entry that cannot become a record."""
    if _KIND.fullmatch(entry.kind) is None or len(entry.kind) > 100:
        raise EntryRefused(f"kind {entry.kind[:40]!r} is no dotted lower-case word")
    for name, label in (("subject", entry.subject), ("actor", entry.actor)):
        if _LABEL.fullmatch(label) is None:
            raise EntryRefused(f"{name} {label[:40]!r} is empty, too long or has spaces")
    if entry.at.utcoffset() is None:
        raise EntryRefused("the time names no zone")


def _plain(weight: Decimal) -> Decimal:
    """A weight without exponent or negative zero."""
    if not weight.is_finite() or abs(weight.adjusted()) >= 30:
        raise EntryRefused("a weight is no plain decimal")
    try:
        return read_decimal(format(abs(weight) if weight == 0 else weight, "f"))
    except NotCanonical as error:
        raise EntryRefused("a weight is no plain decimal") from error


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
        at=_read_at(str(value["at"])),
        actor=str(value["actor"]),
        data=data,
        used=tuple(
            Used(record_id=edge.used_id, weight=edge.weight, role=edge.role) for edge in edges
        ),
    )
    return record_id, entry, edges


def _read_at(text: str) -> datetime:
    """Read an instant in its one spelling."""
    at = datetime.fromisoformat(text)
    if write_at(at) != text:
        raise NotCanonical("the time has another spelling")
    return at


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
