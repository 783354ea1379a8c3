"""Who is told of an event by the platform, and in which words."""

from collections.abc import Callable, Mapping

from qinghuan.casework.escalation import LADDER
from qinghuan.casework.model import Role
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.case import Case

Audience = str
"""`person/<id>`, `office/<id>`, `role/<role>` or `reporters`."""

REPORTERS: Audience = "reporters"


def audiences(case: Case, event: e.Event) -> Mapping[Audience, str]:
    """Whom to tell, and what; empty for events nobody waits for.

    Args:
        case: The case after the event.
        event: What happened.
    """
    tell = _TELL.get(type(event.body))
    return {} if tell is None else tell(case, event)


def _dispatched(case: Case, _event: e.Event) -> Mapping[Audience, str]:
    return {
        f"office/{leg.office_id}": f"{case.number} 已派遣，请{'签收' if leg.is_lead else '会办'}"
        for leg in case.legs
    }


def _signed(case: Case, _event: e.Event) -> Mapping[Audience, str]:
    return {f"person/{case.owner_person}": f"{case.number} 由您处置"}


def _reported(case: Case, _event: e.Event) -> Mapping[Audience, str]:
    return {f"role/{Role.ACCEPTOR}": f"{case.number} 已反馈，请派员核查"}


def _reworked(case: Case, _event: e.Event) -> Mapping[Audience, str]:
    return {
        f"person/{case.owner_person}": f"{case.number} 需要返工",
        f"office/{case.owner_office}": f"{case.number} 需要返工",
    }


def _checked(case: Case, _event: e.Event) -> Mapping[Audience, str]:
    return {f"person/{case.owner_person}": f"{case.number} 请核查"}


def _told_reporters(words: str) -> Callable[[Case, e.Event], Mapping[Audience, str]]:
    return lambda case, _event: {REPORTERS: f"{case.number} {words}"}


def _reopened(case: Case, _event: e.Event) -> Mapping[Audience, str]:
    lead = case.lead
    office = case.owner_office if lead is None else lead.office_id
    return {f"office/{office}": f"{case.number} 重新打开"}


def _rung(case: Case, event: e.Event) -> Mapping[Audience, str]:
    if not isinstance(event.body, e.RungReached):
        return {}
    pct = event.body.pct
    rung = next(rung for rung in LADDER if rung.pct == pct)
    words = f"{case.number} {rung.zh}：时限已用 {pct}%"
    return {_audience_of(case, role): words for role in rung.tells}


def _audience_of(case: Case, role: Role) -> Audience:
    if role is Role.HANDLER and case.owner_person:
        return f"person/{case.owner_person}"
    if role in {Role.HANDLER, Role.OFFICE_HEAD}:
        return f"office/{case.owner_office}"
    return f"role/{role}"


_TELL: Mapping[type, Callable[[Case, e.Event], Mapping[Audience, str]]] = {
    e.CaseDispatched: _dispatched,
    e.OwnerDecided: _dispatched,
    e.CaseSigned: _signed,
    e.HandlerNamed: _signed,
    e.WorkConfirmed: _reported,
    e.ReworkOrdered: _reworked,
    e.CheckAsked: _checked,
    e.CaseRefused: _told_reporters("不予受理，可在 10 个工作日内申诉"),
    e.CaseClosed: _told_reporters("已结案，请您评价"),
    e.FollowUpAsked: _told_reporters("办得怎么样？请您答复回访"),
    e.ParentClosed: _told_reporters("所并入的主案已结案，请您评价"),
    e.CaseReopened: _reopened,
    e.RungReached: _rung,
}
NOTIFYING = frozenset(_TELL)
"""Events somebody waits for."""
