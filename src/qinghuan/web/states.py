"""Which of the six states a thing is in: the only place where colour is decided.

Templates never choose a colour; macros take `state` from the nouns of `web.views`, and
those take it from here.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

NEARLY_USED = 0.8
"""Share of a limit from which a clock warns (the ladder's 80 % rung)."""


class State(StrEnum):
    """The only things colour says."""

    OK = "ok"
    RUN = "run"
    WARN = "warn"
    BAD = "bad"
    HOLD = "hold"
    IDLE = "idle"


STAGES: Mapping[str, State] = MappingProxyType(
    {
        **dict.fromkeys(
            ("RECEIVED", "VERIFYING", "FILED", "DISPATCHED", "HANDLING", "REPORTED", "CHECKING"),
            State.RUN,
        ),
        "SUSPENDED": State.HOLD,
        "CLOSED": State.OK,
        "REOPENED": State.WARN,
        **dict.fromkeys(("REFUSED", "MERGED", "ARCHIVED"), State.IDLE),
    }
)
"""Stage of a case to state."""

FLAGS: Mapping[str, State] = MappingProxyType(
    {
        "N": State.OK,
        **dict.fromkeys(("D", "B", "T"), State.BAD),
        **dict.fromkeys(("C", "M", "S"), State.RUN),
        "F": State.IDLE,
        "P": State.IDLE,
    }
)
"""Data flag of HJ 212 to state; ours (changed, doubtful) warn.

Source:
    HJ 212-2017, table C.5 (flags P F C M N S D T B).
"""


def state_of_stage(stage: str) -> State:
    """State of a case by its stage; unknown stages are idle."""
    return STAGES.get(stage.upper(), State.IDLE)


def state_of_flag(flag: str) -> State:
    """State of a value by its flag; any flag of our own warns."""
    return FLAGS.get(flag.upper(), State.WARN)


def state_of_clock(
    used_ratio: float, *, is_paused: bool = False, is_met: bool = False, is_breached: bool = False
) -> State:
    """State of a clock.

    Args:
        used_ratio: Share of the limit that is used. [0–∞]
        is_paused: It stands still by approval.
        is_met: It was stopped in time.
        is_breached: The server has found it over its limit.
    """
    if is_breached:
        return State.BAD
    if is_met:
        return State.OK
    if is_paused:
        return State.HOLD
    return State.WARN if used_ratio >= NEARLY_USED else State.RUN
