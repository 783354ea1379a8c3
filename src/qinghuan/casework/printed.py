"""The state table as a page people can read, written from the table itself."""

from collections.abc import Iterator

from qinghuan.casework.clock import PauseReason
from qinghuan.casework.escalation import LADDER
from qinghuan.casework.model import Role
from qinghuan.casework.problem.states import ClockKind, State
from qinghuan.casework.problem.table import RULES, Rule

INTRO = """<!-- written from casework/problem/table.py; change the table, not this page -->

# States of a problem case 问题案卷的状态

Every move a case can make, who may make it and what it needs. What is not here is refused.
A refusal says what is missing and who can supply it, and is kept. How the clocks run is told in
[clocks](../explanation/clocks.md).
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [INTRO, _diagram(), _states(), _rules(), _guards(), _clocks(), _ladder()]
    return "\n".join(parts)


def _diagram() -> str:
    edges = sorted(
        {
            f"    {source.value} --> {target.value}: {rule.zh}"
            for rule in RULES
            if rule.number is not None
            for source in rule.sources
            for target in rule.targets
            if source is not target and _moves(rule, source, target)
        }
    )
    names = [f'    state "{state.zh}" as {state.value}' for state in State]
    lines = [
        "```mermaid",
        "stateDiagram-v2",
        *names,
        "    [*] --> received: 上报",
        *edges,
        "```",
        "",
    ]
    return "\n".join(lines)


def _moves(rule: Rule, source: State, target: State) -> bool:
    """Whether a rule really leads from one state to another, where it lists several of each."""
    if rule.sources == rule.targets:
        return False
    return not (source is State.MERGED and target in {State.CLOSED, State.DISPATCHED}) and not (
        source is State.CLOSED and target is State.MERGED
    )


def _states() -> str:
    rows = [
        f"| `{state.value}` | {state.zh} | {state.stage_zh} | {'是' if state.is_open else ''} |"
        for state in State
    ]
    head = ["## States 状态", "", "| State | 状态 | 阶段 | 在办 |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def _rules() -> str:
    head = [
        "## Moves 动作",
        "",
        "| № | Command | 动作 | From | To | Who 办理人 | Needs 条件 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(_rule(rule) for rule in RULES), ""])


def _rule(rule: Rule) -> str:
    cells = (
        str(rule.number or "–"),
        f"`{rule.name}`",
        rule.zh,
        _named(rule.sources) or "∅",
        _named(rule.targets),
        _roles(rule.roles),
        "<br>".join(f"`{guard.code}`" for guard in rule.guards) or "–",
    )
    return f"| {' | '.join(cells)} |"


def _guards() -> str:
    guards = {guard.code: guard for rule in RULES for guard in rule.guards}
    head = [
        "## What a refusal says 不予办理的理由",
        "",
        "| Code | 提示 | Missing 还缺 | Supplier 由谁补 |",
        "| --- | --- | --- | --- |",
    ]
    rows = [
        f"| `{code}` | {guard.zh} | {guard.missing} | {guard.supplier} |"
        for code, guard in sorted(guards.items())
    ]
    return "\n".join([*head, *rows, ""])


def _clocks() -> str:
    head = ["## Clocks 时限", "", "| Clock | 时限 | Escalates 升级 |", "| --- | --- | --- |"]
    rows = [
        f"| `{kind.value}` | {kind.zh} | {'是' if kind.escalates else ''} |" for kind in ClockKind
    ]
    pauses = [f"- `{reason.value}` {reason.zh}" for reason in PauseReason]
    return "\n".join(
        [*head, *rows, "", "Reasons a clock may stand still 暂停原因:", "", *pauses, ""]
    )


def _ladder() -> str:
    head = [
        "## Escalation 催督办升级",
        "",
        "| 已用时限 | Rung | 级 | Told 告知 | Red mark 红牌 |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = [
        f"| {rung.pct} % | `{rung.name}` | {rung.zh} | "
        f"{'、'.join(role.zh for role in rung.tells)} | {'是' if rung.is_public else ''} |"
        for rung in LADDER
    ]
    return "\n".join([*head, *rows, ""])


def _named(states: frozenset[State]) -> str:
    if len(states) > 6:
        closed = "、已结案" if State.CLOSED in states else ""
        return "任一状态" if states == frozenset(State) else f"任一在办状态{closed}"
    return "、".join(state.zh for state in State if state in states)


def _roles(roles: frozenset[Role]) -> str:
    if roles == frozenset(Role):
        return "任何人"
    return "、".join(_role_names(roles))


def _role_names(roles: frozenset[Role]) -> Iterator[str]:
    return (role.zh for role in Role if role in roles)
