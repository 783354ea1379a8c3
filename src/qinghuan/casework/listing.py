"""What is asked of lists, and what their rows hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from qinghuan.casework.codes import MatterCode
from qinghuan.casework.conservation import Disposition
from qinghuan.casework.model import Signal, Source
from qinghuan.casework.problem.states import State, Supervision
from qinghuan.core.geo import Place

MAX_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which part of a list."""

    number: int = 1
    size: int = 50

    @property
    def limit(self) -> int:
        """Rows of the page."""
        return min(max(self.size, 1), MAX_PAGE)

    @property
    def offset(self) -> int:
        """Rows before it."""
        return (max(self.number, 1) - 1) * self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesAsked:
    """Which cases; empty fields ask for all."""

    text: str = ""
    """Part of the number, title or address."""
    states: frozenset[State] = frozenset()
    is_open: bool | None = None
    sources: frozenset[Source] = frozenset()
    area_prefix: str = ""
    office_id: str = ""
    """Cases owned by an office or with a leg of it."""
    code: str = ""
    is_overdue_at: datetime | None = None
    """Only cases whose deadline had passed at that moment."""
    supervision: Supervision | None = None
    opened_since: datetime | None = None
    opened_before: datetime | None = None
    waits_for: tuple[str, ...] = ()
    """Keys of `problem.duties`."""
    order: str = "deadline"
    """`deadline`, `opened` or `changed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsAsked:
    """Which signals; empty fields ask for all."""

    text: str = ""
    dispositions: frozenset[Disposition] = frozenset()
    sources: frozenset[Source] = frozenset()
    area_prefix: str = ""
    reported_by: str = ""
    """Only a person's own; seen by the platform and by himself."""
    received_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as lists show it."""

    case_id: UUID
    number: str
    version: int
    state: State
    source: Source
    source_ref: str | None
    title: str
    code: MatterCode | None
    area_code: str
    mark: int
    address: str
    place: Place | None
    owner_office: str
    owner_person: str | None
    opened_at: datetime
    last_seen_at: datetime
    signals: int
    changed_at: datetime
    closed_at: datetime | None
    deadline_at: datetime | None
    is_deadline_provisional: bool
    is_red: bool
    supervision: Supervision
    level: int
    reworks: int
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """A signal as the inbox shows it."""

    signal: Signal
    received_at: datetime
    disposition: Disposition
    case_id: UUID
    case_number: str
    case_state: State
    case_version: int
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of the recent feed."""

    case_id: UUID
    case_number: str
    title: str
    area_code: str
    case_seq: int
    type: str
    at: datetime
    body: Mapping[str, Any]
    actor_label: str
    record_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice in somebody's list."""

    case_id: UUID
    case_seq: int
    case_number: str
    title: str
    text: str
    at: datetime
