"""A case as its events have made it."""

from dataclasses import dataclass
from datetime import datetime

from qinghuan.casework.clock import ClockEvent, ClockStopped, PauseReason
from qinghuan.casework.codes import MatterCode
from qinghuan.casework.model import Evidence, EvidenceKind, NamedPerson, Purpose, Source
from qinghuan.casework.problem.states import (
    ClockKind,
    Oversight,
    RefusalReason,
    RequestKind,
    State,
    Supervision,
    Verdict,
)
from qinghuan.core.geo import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One office's duty in a case: 主办 leads, 会办 helps."""

    office_id: str
    office_name: str
    is_lead: bool
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClock:
    """A clock of a case with its whole history."""

    key: str
    """Unique in the case: kind and ordinal, such as `handle-2`."""
    kind: ClockKind
    office_id: str | None
    history: tuple[ClockEvent, ...]

    @property
    def is_stopped(self) -> bool:
        """Whether the limited act was done or withdrawn."""
        return isinstance(self.history[-1], ClockStopped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An extension or suspension asked for and not yet decided."""

    kind: RequestKind
    by: str
    text: str
    reason: PauseReason | None = None
    until: datetime | None = None
    endorsed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalProposal:
    """One person's wish to turn the report away."""

    by: str
    reason: RefusalReason
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One planned question to the reporter after closing."""

    day: int
    due_at: datetime
    asked_at: datetime | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OversightTask:
    """An act of the people's congress attached to the case."""

    kind: Oversight
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A problem case: nothing in it but what its events say."""

    case_id: str
    number: str
    version: int
    """Number of its events."""
    decisive_version: int
    """Version of the last event that changes what may be done next."""
    state: State
    source: Source
    source_ref: str | None
    observed_at: datetime
    last_seen_at: datetime
    """Newest observation of any of its signals."""
    title: str
    area_code: str
    mark: int
    place: Place | None
    address: str
    code: MatterCode | None
    signals: tuple[str, ...]
    reporters: frozenset[str]
    opened_at: datetime
    centre_office: str
    """The directing centre of its place; owns the case while no other office does."""
    owner_office: str
    owner_person: str | None = None
    grid_code: str | None = None
    condition: str | None = None
    legs: tuple[Leg, ...] = ()
    handler: NamedPerson | None = None
    checker: NamedPerson | None = None
    check_passed: bool | None = None
    reported_by: str | None = None
    refusal: RefusalProposal | None = None
    was_appealed: bool = False
    refused_at: datetime | None = None
    returns: int = 0
    is_owner_decided: bool = False
    extensions: int = 0
    suspensions: int = 0
    request: Request | None = None
    suspended_for: PauseReason | None = None
    suspended_until: datetime | None = None
    reworks: int = 0
    level: int = 0
    """How often it was reopened."""
    supervision: Supervision = Supervision.NONE
    oversight: tuple[OversightTask, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    clocks: tuple[CaseClock, ...] = ()
    rungs: frozenset[tuple[str, int]] = frozenset()
    """Escalations reached, as (clock key, percent)."""
    dispatched_at: datetime | None = None
    must_follow_at: datetime | None = None
    """Evidence of the fix must be later than this: the last dispatch or rework."""
    reported_at: datetime | None = None
    closed_at: datetime | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    merged_into: str | None = None
    merged_from: State | None = None
    parent_closed_at: datetime | None = None
    children: frozenset[str] = frozenset()

    @property
    def lead(self) -> Leg | None:
        """The leading office's leg."""
        return next((leg for leg in self.legs if leg.is_lead), None)

    def leg_of(self, office_id: str | None) -> Leg | None:
        """An office's leg, if it has one."""
        return next((leg for leg in self.legs if leg.office_id == office_id), None)

    def running(self, *kinds: ClockKind) -> tuple[CaseClock, ...]:
        """Clocks not stopped yet; of some kinds, or all."""
        return tuple(
            clock
            for clock in self.clocks
            if not clock.is_stopped and (not kinds or clock.kind in kinds)
        )

    def evidence_for(self, purpose: Purpose) -> tuple[Evidence, ...]:
        """Evidence of a purpose that counts: photos, and documents where a machine complained."""
        kinds = {EvidenceKind.PHOTO, EvidenceKind.VIDEO}
        if self.source.is_machine:
            kinds |= {EvidenceKind.DOCUMENT, EvidenceKind.READING}
        return tuple(
            item for item in self.evidence if item.purpose is purpose and item.kind in kinds
        )
