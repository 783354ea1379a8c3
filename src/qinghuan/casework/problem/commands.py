"""What somebody may want of a problem case. A command is a wish; the table decides."""

from dataclasses import dataclass
from datetime import datetime

from qinghuan.casework.clock import PauseReason
from qinghuan.casework.codes import MatterCode
from qinghuan.casework.model import Evidence, NamedPerson, Signal, Source
from qinghuan.casework.problem.case import Leg
from qinghuan.casework.problem.states import (
    Oversight,
    RefusalReason,
    RequestKind,
    Supervision,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Open a case from a signal."""

    case_id: str
    number: str
    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachSignal:
    """Count another signal of the same thing."""

    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """Add a file."""

    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SendVerify:
    """Have somebody look before filing."""

    collector: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """Say what was found on the spot."""

    is_found: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """File the case under a code."""

    code: MatterCode | None
    grid_code: str
    is_condition_met: bool
    """立案条件 ticked."""
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Turn the report away."""

    reason: RefusalReason
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRefusal:
    """Agree, as a second person, that the report is turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Not accept the refusal."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Let the case follow another one."""

    parent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Let the case go its own way again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptChild:
    """Note on the leading case that another follows it."""

    child_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseChild:
    """Note on the leading case that a follower left."""

    child_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteParentClosed:
    """Tell a following case that its leading case is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Give offices their duty."""

    legs: tuple[Leg, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOwner:
    """Settle, as director, whose duty it is."""

    legs: tuple[Leg, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Say that it is another office's duty."""

    reason: str
    proposed_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Take the duty and name a person."""

    handler: NamedPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHandler:
    """Name another person."""

    handler: NamedPerson
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension:
    """Ask for one more limit."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSuspension:
    """Ask that the clock stand still until a day."""

    reason: PauseReason
    until: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorseRequest:
    """Stand behind the request, as office head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRequest:
    """Grant the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DenyRequest:
    """Turn the request down."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """End the suspension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLeg:
    """Give the helping office's answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDone:
    """Say that it is done."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDone:
    """Confirm, as office head, that it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework:
    """Have it done again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCheck:
    """Have somebody of another office look."""

    checker: NamedPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Say whether it is done."""

    is_passed: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the case."""

    is_condition_met: bool
    """结案条件 ticked."""
    closing_condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFollowUp:
    """Ask the reporter again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFollowUp:
    """Answer, when asked again after closing."""

    verdict: Verdict
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recur:
    """Open again, because the machine sees the same thing again."""

    signal_id: str
    source: Source
    source_ref: str
    code: MatterCode
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise:
    """Watch the case from above."""

    level: Supervision
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachOversight:
    """Hear, inspect or appraise."""

    kind: Oversight
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Put the case away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRung:
    """Note that a clock reached a rung of the ladder."""

    clock_key: str
    pct: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCalendar:
    """Count the days ahead by another calendar version."""

    calendar_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Put back an owner or a clock that is missing."""

    note: str


Command = (
    Submit
    | AttachSignal
    | AddEvidence
    | SendVerify
    | VerifyResult
    | File
    | Refuse
    | ConfirmRefusal
    | Appeal
    | Merge
    | Split
    | AdoptChild
    | ReleaseChild
    | NoteParentClosed
    | Dispatch
    | DecideOwner
    | Return
    | Sign
    | NameHandler
    | AskExtension
    | AskSuspension
    | EndorseRequest
    | ApproveRequest
    | DenyRequest
    | Resume
    | AnswerLeg
    | ReportDone
    | ConfirmDone
    | Rework
    | SendCheck
    | CheckResult
    | Close
    | AskFollowUp
    | AnswerFollowUp
    | Recur
    | Supervise
    | AttachOversight
    | Archive
    | ReachRung
    | ChangeCalendar
    | Repair
)

REQUEST_KIND: dict[type[Command], RequestKind] = {
    AskExtension: RequestKind.EXTENSION,
    AskSuspension: RequestKind.SUSPENSION,
}
