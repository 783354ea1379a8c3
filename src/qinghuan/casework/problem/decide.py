"""May this be done now, by this person, and what happens then?

`decide` and `available` read the same table, so that a button is offered exactly when the
command would be taken, as far as that can be told before its form is filled in.
"""

from dataclasses import dataclass
from datetime import datetime

from qinghuan.casework.model import Acting, Role
from qinghuan.casework.problem.asking import Ask, Context, Guard, Refusal
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.commands import Command
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.states import State
from qinghuan.casework.problem.table import BY_COMMAND, RULES, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One command as the case page shows it to one person."""

    command: str
    zh: str
    is_allowed: bool
    refusal: Refusal | None
    """Why not, what is missing and who can supply it."""
    needs: tuple[str, ...]
    """What its form must supply."""


def decide(
    case: Case | None, command: Command, actor: Acting, at: datetime, context: Context
) -> list[Event] | Refusal:
    """Judge a command by the table.

    Args:
        case: The case as it stands; None for `Submit`.
        command: What is wanted.
        actor: Who wants it.
        at: When. Aware
        context: Facts from outside the case.

    Returns:
        What happens, one event or more; or why nothing does.
    """
    rule = BY_COMMAND[type(command)]
    ask = Ask(case_or_none=case, command=command, actor=actor, at=at, context=context)
    if (wrong := _wrong_cell(rule, None if case is None else case.state, actor)) is not None:
        return wrong
    for guard in rule.guards:
        if not guard.holds(ask):
            return _refusal(guard)
    return rule.effect(ask)


def available(case: Case, actor: Acting, at: datetime, context: Context) -> list[Offer]:
    """Every command a person can be shown on a case, allowed or not, and why."""
    return [_offer(rule, case, actor, at, context) for rule in RULES if rule.is_offered]


def cell(state: State | None, name: str, role: Role) -> str:
    """What the table says of a state, a command and a role: `allowed` or why not."""
    rule = next(rule for rule in RULES if rule.name == name)
    actor = Acting(person="anyone", roles=frozenset({role}))
    wrong = _wrong_cell(rule, state, actor)
    return "allowed" if wrong is None else wrong.code


def _offer(rule: Rule, case: Case, actor: Acting, at: datetime, context: Context) -> Offer:
    ask = Ask(case_or_none=case, command=None, actor=actor, at=at, context=context)
    refusal = _wrong_cell(rule, case.state, actor)
    if refusal is None:
        failing = (guard for guard in rule.guards if guard.is_standing and not guard.holds(ask))
        refusal = next((_refusal(guard) for guard in failing), None)
    return Offer(
        command=rule.name,
        zh=rule.zh,
        is_allowed=refusal is None,
        refusal=refusal,
        needs=tuple(guard.missing for guard in rule.guards if not guard.is_standing),
    )


def _wrong_cell(rule: Rule, state: State | None, actor: Acting) -> Refusal | None:
    """Deny by default: the state first, then the role."""
    is_right_state = state in rule.sources if rule.sources else state is None
    if not is_right_state:
        return _wrong_state(rule, state)
    if not actor.roles & rule.roles:
        return Refusal(
            code="wrong-role",
            zh=f"“{rule.zh}”应由{_names(rule)}办理",
            missing=_names(rule),
            supplier=_names(rule),
        )
    return None


def _wrong_state(rule: Rule, state: State | None) -> Refusal:
    here = "尚未建立" if state is None else f"处于“{state.zh}”"
    wanted = "、".join(f"“{source.zh}”" for source in State if source in rule.sources)
    return Refusal(
        code="wrong-state",
        zh=f"案卷{here}，不能“{rule.zh}”" + (f"；须处于{wanted}" if wanted else ""),
        missing=wanted or "新的线索",
        supplier=_names(rule),
    )


def _names(rule: Rule) -> str:
    return "、".join(
        role.zh for role in Role if role in rule.roles and role is not Role.SYSTEM
    ) or (Role.SYSTEM.zh)


def _refusal(guard: Guard) -> Refusal:
    return Refusal(code=guard.code, zh=guard.zh, missing=guard.missing, supplier=guard.supplier)
