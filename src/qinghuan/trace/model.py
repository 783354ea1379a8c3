"""The nouns of the room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeAlias
from uuid import UUID

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue] | None"
"""What a record may hold: no floats; decimals are strings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """An edge to an earlier record this one was made from."""

    record_id: UUID
    weight: Decimal | None = None
    """Share of the used record's figure that enters this one; none if nothing is summed."""
    role: str = ""
    """What the used record was here: `factor`, `reading`, `photo` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a room wants remembered."""

    kind: str
    """Dotted word of the room: `case.opened`, `station.registered`."""
    subject: str
    """Whom it is about: `case/<uuid>`, `station/<MN>`."""
    at: datetime
    """When it happened. Aware."""
    actor: str
    """Who did it, as an opaque label: `person/<uuid>`, `system`. Never a name or a number."""
    data: Mapping[str, JsonValue]
    used: tuple[Used, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry with its id and bytes, about to be written."""

    id: UUID
    body: bytes
    leaf_hash: bytes
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry as kept: its bytes, their hash and, once sequenced, its place in the log."""

    id: UUID
    body: bytes
    """Canonical JSON; the exact bytes that were hashed."""
    leaf_hash: bytes
    leaf_index: int | None
    kind: str
    subject: str
    actor: str
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsAsked:
    """Which records are looked for; empty fields ask for all."""

    kind: str = ""
    """A whole kind or its first word, as `case`."""
    subject: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One line of the lineage graph."""

    record_id: UUID
    used_id: UUID
    used_hash: bytes
    """Leaf hash of the used record, bound by the using record's own bytes."""
    weight: Decimal | None
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The log's signed word about its first `size` records."""

    origin: str
    size: int
    root: bytes
    note: str
    """The signed note, verbatim."""
    signed_at: datetime | None = None
    """When the sequencer says it signed; the note itself carries no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far the sequencer is behind."""

    pending: int
    """Records without a place in the log."""
    oldest_at: datetime | None
    """When the oldest of them was recorded."""

    def waiting_s(self, at: datetime) -> float:
        """Seconds the oldest pending record has waited; 0 if none waits."""
        return 0.0 if self.oldest_at is None else (at - self.oldest_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a replay of the log found wrong."""

    code: str
    """Stable slug: `leaf-hash`, `tile`, `checkpoint-root` …"""
    where: str
    """The place: `leaf 17`, `tile/0/003`, `checkpoint 512`."""
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a replay of the log saw."""

    size: int
    """Leaves covered by the latest checkpoint."""
    root: bytes
    """Root recomputed from the records' bytes."""
    checkpoints: int
    pending: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.findings


class Signer(Protocol):
    """Whoever holds the log's key: a file here, a hardware module elsewhere."""

    @property
    def name(self) -> str:
        """Key name; also the log's origin."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        ...

    @property
    def verifier(self) -> "Verifier":
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign a note's text."""
        ...


class Verifier(Protocol):
    """A public key that knows its name."""

    @property
    def name(self) -> str:
        """Key name."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        ...

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        ...
