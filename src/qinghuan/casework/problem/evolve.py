"""What each event makes of a case. The state of a case is the fold of its events."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from qinghuan.casework.errors import ImpossibleHistory
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.case import (
    Case,
    CaseClock,
    FollowUp,
    Leg,
    OversightTask,
    RefusalProposal,
    Request,
)
from qinghuan.casework.problem.states import RequestKind, State

B = TypeVar("B")
Change = dict[str, Any]
_CHANGES: dict[type, Callable[[Case, Any, e.Event], Change]] = {}


def fold(events: Iterable[e.Event]) -> Case | None:
    """The case that a history has made; None for no history."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    return case


def evolve(case: Case | None, event: e.Event) -> Case:
    """Apply one event.

    Raises:
        ImpossibleHistory: A first event that opens nothing, or a second opening.
    """
    if isinstance(event.body, e.CaseOpened):
        if case is not None:
            raise ImpossibleHistory("案卷只能建立一次")
        return replace(_opened(event.body, event), clocks=_moved((), event.acts))
    if case is None:
        raise ImpossibleHistory("案卷应以“建立”为首")
    change = _CHANGES[type(event.body)](case, event.body, event)
    version = case.version + 1
    return replace(
        case,
        **change,
        version=version,
        decisive_version=case.decisive_version if isinstance(event.body, e.PASSING) else version,
        clocks=_moved(case.clocks, event.acts),
    )


def _on(
    kind: type[B],
) -> Callable[[Callable[[Case, B, e.Event], Change]], Callable[[Case, B, e.Event], Change]]:
    """Register what an event of a kind changes."""

    def register(
        change: Callable[[Case, B, e.Event], Change],
    ) -> Callable[[Case, B, e.Event], Change]:
        _CHANGES[kind] = change
        return change

    return register


def _opened(body: e.CaseOpened, event: e.Event) -> Case:
    return Case(
        case_id=body.case_id,
        number=body.number,
        version=1,
        decisive_version=1,
        state=State.RECEIVED,
        source=body.source,
        source_ref=body.source_ref,
        observed_at=body.observed_at,
        last_seen_at=body.observed_at,
        title=body.title,
        area_code=body.area_code,
        mark=body.mark,
        place=body.place,
        address=body.address,
        code=body.code,
        signals=(body.signal_id,),
        reporters=frozenset({body.reporter} - {""}),
        opened_at=event.at,
        centre_office=body.owner_office,
        owner_office=body.owner_office,
    )


def _moved(clocks: tuple[CaseClock, ...], acts: tuple[e.ClockAct, ...]) -> tuple[CaseClock, ...]:
    """The case's clocks after an event's acts on them."""
    if not acts:
        return clocks
    by_key = {clock.key: clock for clock in clocks}
    for act in acts:
        known = by_key.get(act.key)
        history = () if known is None else known.history
        by_key[act.key] = CaseClock(
            key=act.key, kind=act.kind, office_id=act.office_id, history=(*history, act.event)
        )
    return tuple(by_key.values())


@_on(e.SignalAttached)
def _(case: Case, body: e.SignalAttached, _event: e.Event) -> Change:
    reporters = case.reporters | ({body.reporter} - {""})
    return {
        "signals": (*case.signals, body.signal_id),
        "reporters": reporters,
        "last_seen_at": max(case.last_seen_at, body.observed_at),
    }


@_on(e.EvidenceAdded)
def _(case: Case, body: e.EvidenceAdded, _event: e.Event) -> Change:
    return {"evidence": (*case.evidence, body.evidence)}


@_on(e.VerificationAsked)
def _(_case: Case, body: e.VerificationAsked, _event: e.Event) -> Change:
    return {"state": State.VERIFYING, "owner_person": body.collector or None}


@_on(e.VerificationAnswered)
def _(_case: Case, _body: e.VerificationAnswered, _event: e.Event) -> Change:
    return {"state": State.RECEIVED, "owner_person": None}


@_on(e.CaseFiled)
def _(_case: Case, body: e.CaseFiled, _event: e.Event) -> Change:
    return {
        "state": State.FILED,
        "code": body.code,
        "grid_code": body.grid_code,
        "condition": body.condition,
        "owner_office": body.owner_office,
        "owner_person": None,
        "refusal": None,
    }


@_on(e.RefusalProposed)
def _(_case: Case, body: e.RefusalProposed, event: e.Event) -> Change:
    proposal = RefusalProposal(by=event.actor.person, reason=body.reason, text=body.text)
    return {"refusal": proposal}


@_on(e.CaseRefused)
def _(_case: Case, _body: e.CaseRefused, event: e.Event) -> Change:
    return {"state": State.REFUSED, "refused_at": event.at, "refusal": None}


@_on(e.CaseAppealed)
def _(_case: Case, _body: e.CaseAppealed, _event: e.Event) -> Change:
    return {"state": State.RECEIVED, "was_appealed": True}


@_on(e.CaseMerged)
def _(case: Case, body: e.CaseMerged, _event: e.Event) -> Change:
    return {
        "state": State.MERGED,
        "merged_into": body.parent_id,
        "merged_from": case.state,
        "parent_closed_at": None,
        "refusal": None,
    }


@_on(e.CaseSplit)
def _(case: Case, _body: e.CaseSplit, _event: e.Event) -> Change:
    return {"state": case.merged_from or State.RECEIVED, "merged_into": None, "merged_from": None}


@_on(e.ChildJoined)
def _(case: Case, body: e.ChildJoined, _event: e.Event) -> Change:
    return {"children": case.children | {body.child_id}}


@_on(e.ChildLeft)
def _(case: Case, body: e.ChildLeft, _event: e.Event) -> Change:
    return {"children": case.children - {body.child_id}}


@_on(e.ParentClosed)
def _(_case: Case, _body: e.ParentClosed, event: e.Event) -> Change:
    return {"parent_closed_at": event.at}


def _given_to(legs: tuple[Leg, ...], event: e.Event) -> Change:
    """Offices received their duty."""
    lead = next(leg for leg in legs if leg.is_lead)
    return {
        "state": State.DISPATCHED,
        "legs": legs,
        "handler": None,
        "owner_office": lead.office_id,
        "owner_person": None,
        "dispatched_at": event.at,
        "must_follow_at": event.at,
    }


@_on(e.CaseDispatched)
def _(_case: Case, body: e.CaseDispatched, event: e.Event) -> Change:
    return _given_to(body.legs, event)


@_on(e.OwnerDecided)
def _(_case: Case, body: e.OwnerDecided, event: e.Event) -> Change:
    return {**_given_to(body.legs, event), "is_owner_decided": True}


@_on(e.CaseReturned)
def _(case: Case, body: e.CaseReturned, _event: e.Event) -> Change:
    return {
        "state": State.FILED,
        "returns": case.returns + 1,
        "legs": (),
        "owner_office": body.owner_office,
        "owner_person": None,
    }


@_on(e.CaseSigned)
def _(_case: Case, body: e.CaseSigned, _event: e.Event) -> Change:
    handler = body.handler
    return {"state": State.HANDLING, "handler": handler, "owner_person": handler.person}


@_on(e.HandlerNamed)
def _(_case: Case, body: e.HandlerNamed, _event: e.Event) -> Change:
    return {"handler": body.handler, "owner_person": body.handler.person, "reported_by": None}


@_on(e.RequestMade)
def _(_case: Case, body: e.RequestMade, event: e.Event) -> Change:
    request = Request(
        kind=body.kind,
        by=event.actor.person,
        text=body.text,
        reason=body.reason,
        until=body.until,
    )
    return {"request": request}


@_on(e.RequestEndorsed)
def _(case: Case, _body: e.RequestEndorsed, event: e.Event) -> Change:
    if case.request is None:
        raise ImpossibleHistory("没有待审批的申请")
    return {"request": replace(case.request, endorsed_by=event.actor.person)}


@_on(e.RequestApproved)
def _(case: Case, body: e.RequestApproved, _event: e.Event) -> Change:
    if body.kind is RequestKind.EXTENSION:
        return {"request": None, "extensions": case.extensions + 1}
    return {
        "request": None,
        "state": State.SUSPENDED,
        "suspensions": case.suspensions + 1,
        "suspended_for": body.reason,
        "suspended_until": body.until,
    }


@_on(e.RequestDenied)
def _(_case: Case, _body: e.RequestDenied, _event: e.Event) -> Change:
    return {"request": None}


@_on(e.CaseResumed)
def _(_case: Case, _body: e.CaseResumed, _event: e.Event) -> Change:
    return {"state": State.HANDLING, "suspended_for": None, "suspended_until": None}


@_on(e.LegAnswered)
def _(case: Case, body: e.LegAnswered, _event: e.Event) -> Change:
    legs = tuple(
        replace(leg, answer=body.text) if leg.office_id == body.office_id else leg
        for leg in case.legs
    )
    return {"legs": legs}


@_on(e.WorkReported)
def _(_case: Case, _body: e.WorkReported, event: e.Event) -> Change:
    return {"reported_by": event.actor.person}


@_on(e.WorkConfirmed)
def _(_case: Case, body: e.WorkConfirmed, event: e.Event) -> Change:
    return {
        "state": State.REPORTED,
        "owner_office": body.owner_office,
        "owner_person": None,
        "reported_at": event.at,
        "checker": None,
        "check_passed": None,
        "request": None,
    }


@_on(e.ReworkOrdered)
def _(case: Case, _body: e.ReworkOrdered, event: e.Event) -> Change:
    lead, handler = case.lead, case.handler
    return {
        "state": State.HANDLING,
        "owner_office": case.owner_office if lead is None else lead.office_id,
        "owner_person": None if handler is None else handler.person,
        "reworks": case.reworks + 1,
        "must_follow_at": event.at,
        "reported_by": None,
        "reported_at": None,
        "checker": None,
        "check_passed": None,
    }


@_on(e.CheckAsked)
def _(_case: Case, body: e.CheckAsked, _event: e.Event) -> Change:
    checker = body.checker
    return {
        "state": State.CHECKING,
        "checker": checker,
        "owner_person": checker.person,
        "check_passed": None,
    }


@_on(e.CheckAnswered)
def _(_case: Case, body: e.CheckAnswered, _event: e.Event) -> Change:
    return {"check_passed": body.is_passed}


@_on(e.CaseClosed)
def _(_case: Case, body: e.CaseClosed, event: e.Event) -> Change:
    plan = tuple(
        FollowUp(day=day, due_at=event.at + timedelta(days=day)) for day in body.follow_up_days
    )
    return {
        "state": State.CLOSED,
        "closed_at": event.at,
        "owner_person": None,
        "follow_ups": plan,
    }


@_on(e.FollowUpAsked)
def _(case: Case, body: e.FollowUpAsked, event: e.Event) -> Change:
    plan = tuple(
        replace(ask, asked_at=event.at) if ask.day in body.days else ask for ask in case.follow_ups
    )
    return {"follow_ups": plan}


@_on(e.FollowUpAnswered)
def _(case: Case, body: e.FollowUpAnswered, _event: e.Event) -> Change:
    plan = tuple(
        replace(ask, verdict=body.verdict) if ask.day == body.day else ask
        for ask in case.follow_ups
    )
    return {"follow_ups": plan}


@_on(e.CaseReopened)
def _(case: Case, _body: e.CaseReopened, _event: e.Event) -> Change:
    return {
        "state": State.REOPENED,
        "level": case.level + 1,
        "returns": 0,
        "is_owner_decided": False,
        "extensions": 0,
        "suspensions": 0,
        "reported_by": None,
        "reported_at": None,
        "closed_at": None,
        "follow_ups": (),
        "checker": None,
        "check_passed": None,
    }


@_on(e.SupervisionSet)
def _(_case: Case, body: e.SupervisionSet, _event: e.Event) -> Change:
    return {"supervision": body.level}


@_on(e.OversightAttached)
def _(case: Case, body: e.OversightAttached, event: e.Event) -> Change:
    task = OversightTask(kind=body.kind, text=body.text, at=event.at)
    return {"oversight": (*case.oversight, task)}


@_on(e.CaseArchived)
def _(_case: Case, _body: e.CaseArchived, _event: e.Event) -> Change:
    return {"state": State.ARCHIVED}


@_on(e.RungReached)
def _(case: Case, body: e.RungReached, _event: e.Event) -> Change:
    return {"rungs": case.rungs | {(body.clock_key, body.pct)}}


@_on(e.CalendarChanged)
def _(_case: Case, _body: e.CalendarChanged, _event: e.Event) -> Change:
    return {}


@_on(e.CaseRepaired)
def _(_case: Case, body: e.CaseRepaired, _event: e.Event) -> Change:
    return {"owner_office": body.owner_office}
