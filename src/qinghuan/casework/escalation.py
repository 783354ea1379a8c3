"""The ladder: whom a late clock is told to, each rung exactly once, late or not.

A rung has a true due time that follows from the clock's history alone. After a stop of the
platform, every rung that fell due is told, in order, with how late the telling was.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from qinghuan.casework.clock import ClockStarted, moment_at_pct
from qinghuan.casework.errors import MalformedHistory
from qinghuan.casework.model import Role
from qinghuan.casework.problem.asking import Context
from qinghuan.casework.problem.case import Case, CaseClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung of the ladder."""

    pct: int
    name: str
    zh: str
    tells: tuple[Role, ...]
    is_public: bool = False
    """Shown as a red mark on the public page."""


LADDER = (
    Rung(pct=50, name="notice", zh="提醒", tells=(Role.HANDLER,)),
    Rung(pct=80, name="urge", zh="催办", tells=(Role.HANDLER, Role.OFFICE_HEAD)),
    Rung(
        pct=100,
        name="supervise",
        zh="督办",
        tells=(Role.OFFICE_HEAD, Role.DIRECTOR),
        is_public=True,
    ),
    Rung(pct=150, name="leader", zh="报分管领导", tells=(Role.DIRECTOR,), is_public=True),
    Rung(
        pct=200,
        name="congress",
        zh="重点督办候选",
        tells=(Role.DIRECTOR, Role.CONGRESS_STAFF),
        is_public=True,
    ),
)
"""The rungs in order. [% of the limit used]"""

REWORKS_FOR_CONGRESS = 2
"""A second rework makes a case a candidate for key supervision, whatever its clocks say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RungDue:
    """A rung that has fallen due and was not told yet."""

    clock_key: str
    rung: Rung
    due_at: datetime
    late_s: int


def due_rungs(
    clock: CaseClock, told: Collection[int], context: Context, at: datetime
) -> list[RungDue]:
    """Rungs of one clock that are due and not told, lowest first.

    Args:
        clock: A clock of a case, running or stopped.
        told: Percentages already told for this clock.
        context: Calendars and policies the clock may have pinned.
        at: Now.
    """
    if not clock.kind.escalates:
        return []
    due: list[RungDue] = []
    for rung in LADDER:
        due_at = None if rung.pct in told else _moment(clock, context, at, rung.pct)
        if due_at is not None and due_at <= at:
            late_s = int((at - due_at).total_seconds())
            due.append(RungDue(clock_key=clock.key, rung=rung, due_at=due_at, late_s=late_s))
    return due


def next_rung_at(
    clock: CaseClock, told: Collection[int], context: Context, at: datetime
) -> datetime | None:
    """When to look at a clock again: the next untold rung, as foreseen now."""
    if not clock.kind.escalates:
        return None
    moments = (_moment(clock, context, at, rung.pct) for rung in LADDER if rung.pct not in told)
    return min((moment for moment in moments if moment is not None), default=None)


def told_of(case: Case, clock_key: str) -> frozenset[int]:
    """Percentages already told for a clock."""
    return frozenset(pct for key, pct in case.rungs if key == clock_key)


def is_key_candidate(case: Case) -> bool:
    """Whether the people's congress should be offered the case for key supervision."""
    return case.reworks >= REWORKS_FOR_CONGRESS or any(pct >= 200 for _, pct in case.rungs)


def _moment(clock: CaseClock, context: Context, at: datetime, pct: int) -> datetime | None:
    started = clock.history[0]
    if not isinstance(started, ClockStarted):
        raise MalformedHistory("时限记录应以“开始”为首")
    policy = context.policies[started.policy_id].clock_policy()
    return moment_at_pct(clock.history, policy, context.calendars, at, pct)
