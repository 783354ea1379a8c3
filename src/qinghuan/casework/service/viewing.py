"""A case as one person sees it: where it stands, its clocks, its story, what he may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qinghuan.casework.adapters import shelf
from qinghuan.casework.calendar import Basis
from qinghuan.casework.clock import ClockStarted, Reading
from qinghuan.casework.codes import CodeRow
from qinghuan.casework.errors import UnknownCase, UnknownSignal
from qinghuan.casework.escalation import is_key_candidate
from qinghuan.casework.model import Acting, Role, Signal
from qinghuan.casework.policy import Policy, PolicyItem
from qinghuan.casework.problem.asking import read
from qinghuan.casework.problem.case import Case, CaseClock
from qinghuan.casework.problem.decide import Offer, available
from qinghuan.casework.problem.duties import Duty, duties
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.states import ClockKind
from qinghuan.casework.repository import cases, signals
from qinghuan.casework.repository.signals import Kept
from qinghuan.casework.service.commanding import as_reporter
from qinghuan.casework.service.desk import DEFAULT_DESK, Desk
from qinghuan.casework.service.saving import look
from qinghuan.infra.database import Session

IsQuiet = Callable[[Session, Case, datetime], bool | None]
"""Tells whether a case's machine has been quiet long enough; None where nobody can say."""


def _nobody_says(session: Session, case: Case, at: datetime) -> None:
    """Answer for callers that offer no closing."""


REPORTING = frozenset({Role.CITIZEN, Role.DEPUTY, Role.PUBLIC, Role.ENTERPRISE_REPORTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A clock of a case, read now."""

    key: str
    kind: ClockKind
    office_id: str | None
    limit_zh: str
    is_working: bool
    """Counts working time; else it runs through nights and holidays."""
    started_at: datetime
    reading: Reading
    is_stopped: bool
    rungs_told: tuple[int, ...]
    calendar_id: str
    policy_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything the case page shows."""

    case: Case
    code: CodeRow | None
    clocks: tuple[ClockView, ...]
    """Running ones first, the nearest deadline first."""
    duties: tuple[Duty, ...]
    offers: tuple[Offer, ...]
    """What this person may do, and why not the rest."""
    policy: Policy
    policy_item: PolicyItem | None
    """The city table's row for this kind of matter, with its conditions."""
    is_key_candidate: bool
    blobs: Mapping[str, UUID]
    """Where the files of the evidence lie, by evidence id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the timeline, with its record in the log."""

    case_seq: int
    event: Event
    record_id: UUID


def case_view(
    session: Session,
    case_id: UUID,
    actor: Acting,
    at: datetime,
    desk: Desk = DEFAULT_DESK,
    is_quiet: IsQuiet = _nobody_says,
) -> CaseView:
    """A case with all its page shows, and what this person may do.

    Args:
        session: The caller's transaction, in the actor's scope.
        case_id: Which case.
        actor: Who looks.
        at: Now.
        desk: The rules in force.
        is_quiet: Tells whether the machine behind the case is back under its limit; closing
            such a case is offered only then.

    Raises:
        UnknownCase: There is none in the scope's reach.
    """
    case = look(session, case_id)
    quiet = is_quiet(session, case, at)
    context = desk.context(centre_office=case.centre_office, is_source_quiet=quiet)
    views = [_view(case, clock, read(clock, context, at)) for clock in case.clocks]
    views.sort(key=lambda view: (view.is_stopped, view.reading.deadline or at, view.key))
    known = as_reporter(session, actor, case_id) if actor.roles & REPORTING else actor
    return CaseView(
        case=case,
        code=None if case.code is None else shelf.code_row(case.code),
        clocks=tuple(views),
        duties=duties(case),
        offers=tuple(available(case, known, at, context)),
        policy=context.policy,
        policy_item=None if case.code is None else context.policy.item(case.code, case.condition),
        is_key_candidate=is_key_candidate(case),
        blobs=cases.blobs_of(session, case_id),
    )


def timeline(session: Session, case_id: UUID) -> tuple[Step, ...]:
    """What happened to a case, oldest first.

    Raises:
        UnknownCase: There is none in the scope's reach.
    """
    steps = tuple(
        Step(case_seq=stored.case_seq, event=stored.event, record_id=stored.record_id)
        for stored in cases.events_of(session, case_id)
    )
    if not steps:
        raise UnknownCase(case_id)
    return steps


def area_of(session: Session, case_id: UUID) -> str:
    """Where a case lies, without reading its story.

    Raises:
        UnknownCase: There is none in the scope's reach.
    """
    projection = cases.projection_of(session, case_id)
    if projection is None:
        raise UnknownCase(case_id)
    return str(projection["area_code"])


def case_of_number(session: Session, number: str) -> UUID:
    """The id behind a case number such as 2026-000123.

    Raises:
        UnknownCase: There is none in the scope's reach.
    """
    found = cases.id_of_number(session, number)
    if found is None:
        raise UnknownCase(number)
    return found


def signal_view(session: Session, signal_id: UUID) -> tuple[Signal, Kept]:
    """A signal as it came; who sent it stays apart.

    Raises:
        UnknownSignal: There is none in the scope's reach.
    """
    found = signals.by_id(session, signal_id)
    if found is None:
        raise UnknownSignal(signal_id)
    return found


def _view(case: Case, clock: CaseClock, reading: Reading) -> ClockView:
    started = clock.history[0]
    if not isinstance(started, ClockStarted):
        raise TypeError("a clock's history begins with its start")
    return ClockView(
        key=clock.key,
        kind=clock.kind,
        office_id=clock.office_id,
        limit_zh=started.limit.zh,
        is_working=started.limit.unit.basis is Basis.WORKING,
        started_at=started.at,
        reading=reading,
        is_stopped=clock.is_stopped,
        rungs_told=tuple(sorted(pct for key, pct in case.rungs if key == clock.key)),
        calendar_id=started.calendar_id,
        policy_id=started.policy_id,
    )
