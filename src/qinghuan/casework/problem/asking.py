"""What a guard or a rule is given to look at, and what it answers when it says no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from qinghuan.casework.calendar import WorkingCalendar
from qinghuan.casework.clock import ClockStarted, Reading, clock
from qinghuan.casework.errors import ImpossibleHistory
from qinghuan.casework.model import CENTRE, Acting
from qinghuan.casework.policy import Policy
from qinghuan.casework.problem.case import Case, CaseClock, Request
from qinghuan.casework.problem.commands import Command
from qinghuan.casework.problem.states import State

C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentFact:
    """What a merge must know of the case to be followed."""

    case_id: str
    state: State
    merged_into: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Facts from outside the case that a decision may rest on."""

    calendars: Mapping[str, WorkingCalendar]
    calendar_id: str
    """Version pinned by clocks that start now."""
    policies: Mapping[str, Policy]
    policy_id: str
    centre_office: str = CENTRE
    """Office that owns a case while no other does."""
    parent: ParentFact | None = None
    is_source_quiet: bool | None = None
    """Machine sources: the value has been back under its limit for the whole window."""

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self.policies[self.policy_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a command is not taken, what is missing, and who can supply it."""

    code: str
    zh: str
    missing: str
    supplier: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: may this actor do this to this case now?"""

    case_or_none: Case | None
    command: Command | None
    """None when only asking what would be offered."""
    actor: Acting
    at: datetime
    context: Context

    @property
    def case(self) -> Case:
        """The case; every rule but `submit` has one."""
        if self.case_or_none is None:
            raise ImpossibleHistory("案卷尚未建立")
        return self.case_or_none

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self.context.policy

    def of(self, kind: type[C]) -> C:
        """The command, known to be of a kind by the table's row."""
        if not isinstance(self.command, kind):
            raise TypeError(f"the table sent {type(self.command).__name__} to {kind.__name__}")
        return self.command

    @property
    def request(self) -> Request:
        """The request waiting for a decision."""
        if self.case.request is None:
            raise ImpossibleHistory("没有待审批的申请")
        return self.case.request

    def reading(self, of: CaseClock) -> Reading:
        """A clock of the case, read now under the policy it pinned."""
        return read(of, self.context, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One condition of one rule."""

    code: str
    holds: Callable[[Ask], bool]
    zh: str
    missing: str
    supplier: str
    is_standing: bool = False
    """Can be judged before the command's form is filled in."""


def standing(
    code: str, holds: Callable[[Ask], bool], zh: str, missing: str, supplier: str
) -> Guard:
    """A guard about the case and the actor."""
    return Guard(
        code=code, holds=holds, zh=zh, missing=missing, supplier=supplier, is_standing=True
    )


def content(code: str, holds: Callable[[Ask], bool], zh: str, missing: str, supplier: str) -> Guard:
    """A guard about what the command says."""
    return Guard(code=code, holds=holds, zh=zh, missing=missing, supplier=supplier)


def read(of: CaseClock, context: Context, at: datetime) -> Reading:
    """Read a case's clock under the calendar and policy versions it pinned."""
    started = of.history[0]
    if not isinstance(started, ClockStarted):
        raise ImpossibleHistory("时限记录应以“开始”为首")
    policy = context.policies[started.policy_id].clock_policy()
    return clock(of.history, policy, context.calendars, at)
