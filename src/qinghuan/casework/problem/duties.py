"""Who owes a case its next step: what stands in people's lists of tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from qinghuan.casework.model import Acting, Role
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing somebody owes."""

    key: str
    """`person/<id>`, `role/<role>` or `head/<office>`."""
    zh: str


_OF_ROLE = {
    State.RECEIVED: (Role.ACCEPTOR, "待受理"),
    State.FILED: (Role.DISPATCHER, "待派遣"),
    State.REOPENED: (Role.DISPATCHER, "待派遣"),
    State.REPORTED: (Role.ACCEPTOR, "待派员核查"),
}


def duties(case: Case) -> tuple[Duty, ...]:
    """What is owed now, by whom; nothing for a case that is not open."""
    return tuple(_duties(case))


def keys_of(actor: Acting) -> tuple[str, ...]:
    """The keys under which somebody finds his duties."""
    keys = [f"person/{actor.person}", *(f"role/{role}" for role in sorted(actor.roles))]
    if Role.OFFICE_HEAD in actor.roles and actor.office_id:
        keys.append(f"head/{actor.office_id}")
    return tuple(keys)


def _duties(case: Case) -> Iterator[Duty]:
    if case.state in _OF_ROLE:
        role, zh = _OF_ROLE[case.state]
        yield Duty(key=f"role/{role}", zh="待第二人确认不予受理" if case.refusal else zh)
    if case.state is State.FILED and case.returns:
        yield Duty(key=f"role/{Role.DIRECTOR}", zh="退回案卷，可裁定")
    if case.state is State.VERIFYING:
        yield _personal(case.owner_person, Role.GRID_WORKER, "待现场核实")
    if case.state is State.DISPATCHED:
        yield _head(case, "待签收")
    if case.state in {State.HANDLING, State.SUSPENDED}:
        yield from _of_work(case)
    if case.state is State.CHECKING:
        yield _of_check(case)


def _of_work(case: Case) -> Iterator[Duty]:
    if case.reported_by is not None:
        yield _head(case, "待确认办结")
    else:
        zh = "挂账中" if case.state is State.SUSPENDED else "待处置"
        yield _personal(case.owner_person, Role.HANDLER, zh)
    if case.request is not None and case.request.endorsed_by is None:
        yield _head(case, f"待同意{case.request.kind.zh}")
    elif case.request is not None:
        yield Duty(key=f"role/{Role.DISPATCHER}", zh=f"待审批{case.request.kind.zh}")
    for leg in case.legs:
        if not leg.is_lead and leg.answer is None:
            yield Duty(key=f"head/{leg.office_id}", zh="待答复会办意见")


def _of_check(case: Case) -> Duty:
    if case.check_passed is None:
        return _personal(case.owner_person, Role.CHECKER, "待核查")
    if case.check_passed:
        return Duty(key=f"role/{Role.ACCEPTOR}", zh="待结案")
    return Duty(key=f"role/{Role.DISPATCHER}", zh="核查未通过，待返工")


def _head(case: Case, zh: str) -> Duty:
    return Duty(key=f"head/{case.owner_office}", zh=zh)


def _personal(person: str | None, role: Role, zh: str) -> Duty:
    return Duty(key=f"person/{person}" if person else f"role/{role}", zh=zh)
