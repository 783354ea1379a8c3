"""Nothing is lost: signals = opened + attached + refused + waiting, and open cases are owned.

A signal's disposition is read from its case, so the law holds by construction as long as every
signal is in exactly one case; the sums below are counted from the stored rows and would show
it if one were not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.states import State


class Disposition(StrEnum):
    """Where a signal went."""

    WAITING = "waiting"
    OPENED = "opened"
    ATTACHED = "attached"
    REFUSED = "refused"

    @property
    def zh(self) -> str:
        """The disposition as the inbox prints it."""
        return {
            "waiting": "待处理",
            "opened": "已立案",
            "attached": "已并入",
            "refused": "不予受理",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The law in numbers."""

    signals: int
    opened: int
    attached: int
    refused: int
    waiting: int
    open_cases: int
    without_owner: int
    without_clock: int

    @property
    def gap(self) -> int:
        """Signals that went nowhere; 0 or something is wrong."""
        return self.signals - self.opened - self.attached - self.refused - self.waiting

    @property
    def is_kept(self) -> bool:
        """Whether nothing is lost and everything open is owned and timed."""
        return not (self.gap or self.without_owner or self.without_clock)


def dispositions(case: Case) -> Mapping[str, Disposition]:
    """Where each signal of a case went, as the case stands."""
    opening, *others = case.signals
    if case.state is State.REFUSED:
        return dict.fromkeys(case.signals, Disposition.REFUSED)
    attached = dict.fromkeys(others, Disposition.ATTACHED)
    return {opening: _of_opening(case.state), **attached}


def is_ownerless(case: Case) -> bool:
    """An open case that nobody owes anything for."""
    return case.state.is_open and (
        not case.owner_office or (case.state is State.HANDLING and case.owner_person is None)
    )


def is_clockless(case: Case) -> bool:
    """An open case with no clock that runs or is held with an end."""
    return case.state.is_open and not case.running()


def _of_opening(state: State) -> Disposition:
    if state in {State.RECEIVED, State.VERIFYING}:
        return Disposition.WAITING
    return Disposition.ATTACHED if state is State.MERGED else Disposition.OPENED
