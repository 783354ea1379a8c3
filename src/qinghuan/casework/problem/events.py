"""What can happen to a problem case. Events are facts: named in the past, never edited."""

from dataclasses import dataclass
from datetime import datetime

from qinghuan.casework.clock import ClockEvent, PauseReason
from qinghuan.casework.codes import MatterCode
from qinghuan.casework.model import Acting, Evidence, NamedPerson, Source
from qinghuan.casework.problem.case import Leg
from qinghuan.casework.problem.states import (
    ClockKind,
    Oversight,
    RefusalReason,
    ReopenCause,
    RequestKind,
    Supervision,
    Verdict,
)
from qinghuan.core.geo import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """A signal became a case."""

    case_id: str
    number: str
    signal_id: str
    source: Source
    source_ref: str | None
    observed_at: datetime
    reporter: str
    title: str
    area_code: str
    mark: int
    place: Place | None
    address: str
    code: MatterCode | None
    owner_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAttached:
    """Another signal told of the same thing."""

    signal_id: str
    source: Source
    observed_at: datetime
    reporter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded:
    """A file was added."""

    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationAsked:
    """Somebody is to look before filing."""

    collector: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationAnswered:
    """Somebody looked."""

    is_found: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled:
    """The case was filed under a code."""

    code: MatterCode
    grid_code: str
    condition: str | None
    is_automatic: bool
    owner_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalProposed:
    """One person would turn the report away; another must agree."""

    reason: RefusalReason
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRefused:
    """The report was turned away."""

    reason: RefusalReason
    text: str
    proposed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAppealed:
    """The reporter did not accept the refusal."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged:
    """The case follows another one from here on."""

    parent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSplit:
    """The case goes its own way again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildJoined:
    """Another case follows this one."""

    child_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLeft:
    """A following case went its own way."""

    child_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentClosed:
    """The case this one follows was closed; its reporter is to be told and asked."""

    parent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDispatched:
    """Offices were given their duty."""

    legs: tuple[Leg, ...]
    note: str
    is_automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDecided:
    """The director settled whose duty it is: a forced move, shown publicly."""

    legs: tuple[Leg, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReturned:
    """The office said it is not its duty, and whose it is."""

    office_id: str
    reason: str
    proposed_office: str
    owner_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSigned:
    """The office took the duty and named a person."""

    handler: NamedPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerNamed:
    """The office named another person."""

    handler: NamedPerson
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMade:
    """More time or a suspension was asked for."""

    kind: RequestKind
    text: str
    reason: PauseReason | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEndorsed:
    """The office head stands behind the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproved:
    """The request was granted."""

    kind: RequestKind
    reason: PauseReason | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDenied:
    """The request was turned down."""

    kind: RequestKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed:
    """The suspension ended."""

    is_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAnswered:
    """A helping office gave its answer."""

    office_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkReported:
    """The handler says it is done."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkConfirmed:
    """The office head confirms that it is done."""

    owner_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReworkOrdered:
    """It was not done; do it again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAsked:
    """Somebody of another office is to look."""

    checker: NamedPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswered:
    """The checker looked."""

    is_passed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    """The case was closed."""

    closing_condition: str
    follow_up_days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAsked:
    """The reporter was asked again, whatever the case was closed for."""

    days: tuple[int, ...]
    """Planned questions this one stands for; more than one after a standstill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswered:
    """The reporter, or the machine for its own alarm, was asked again and answered."""

    day: int
    """Which planned question; 0 if the answer came unasked."""
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened:
    """The closed case opened again."""

    cause: ReopenCause
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionSet:
    """The case is watched from above, visibly."""

    level: Supervision
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OversightAttached:
    """The people's congress hears, inspects or appraises."""

    kind: Oversight
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseArchived:
    """Nothing more is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RungReached:
    """A clock reached a rung of the escalation ladder."""

    clock_key: str
    pct: int
    due_at: datetime
    late_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged:
    """The days ahead are counted by another calendar version."""

    calendar_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRepaired:
    """The reconciler found something missing and put it back."""

    note: str
    owner_office: str


Body = (
    CaseOpened
    | SignalAttached
    | EvidenceAdded
    | VerificationAsked
    | VerificationAnswered
    | CaseFiled
    | RefusalProposed
    | CaseRefused
    | CaseAppealed
    | CaseMerged
    | CaseSplit
    | ChildJoined
    | ChildLeft
    | ParentClosed
    | CaseDispatched
    | OwnerDecided
    | CaseReturned
    | CaseSigned
    | HandlerNamed
    | RequestMade
    | RequestEndorsed
    | RequestApproved
    | RequestDenied
    | CaseResumed
    | LegAnswered
    | WorkReported
    | WorkConfirmed
    | ReworkOrdered
    | CheckAsked
    | CheckAnswered
    | CaseClosed
    | FollowUpAsked
    | FollowUpAnswered
    | CaseReopened
    | SupervisionSet
    | OversightAttached
    | CaseArchived
    | RungReached
    | CalendarChanged
    | CaseRepaired
)

PASSING = (
    SignalAttached,
    EvidenceAdded,
    ChildJoined,
    ChildLeft,
    ParentClosed,
    LegAnswered,
    FollowUpAsked,
    SupervisionSet,
    OversightAttached,
    RungReached,
    CalendarChanged,
)
"""Events that do not invalidate a form somebody has open; an alarm repeats every few minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAct:
    """What an event does to one clock of the case."""

    key: str
    kind: ClockKind
    office_id: str | None
    event: ClockEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact of a case: when, who, what, and which clocks it moved."""

    at: datetime
    actor: Acting
    body: Body
    acts: tuple[ClockAct, ...] = ()

    @property
    def type(self) -> str:
        """Stable name of what happened."""
        return type(self.body).__name__
