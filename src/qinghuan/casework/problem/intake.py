"""What happens to a signal when it comes in, before any person has looked.

Machine sources file themselves where their quality checks passed; everything else waits for a
person. A repeated alarm of one episode belongs to the case the episode opened.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from qinghuan.casework.model import Signal, Source
from qinghuan.casework.problem.case import Case


class FirstStep(StrEnum):
    """What the platform does by itself with a fresh case."""

    WAIT = "wait"
    VERIFY = "verify"
    FILE = "file"


def first_step(signal: Signal) -> FirstStep:
    """Whether a fresh case waits, is looked at on the spot, or is filed at once."""
    if not signal.source.is_machine:
        return FirstStep.WAIT
    if signal.source is Source.CARBON:
        return FirstStep.WAIT if signal.code is None else FirstStep.FILE
    return FirstStep.FILE if signal.is_trusted and signal.code is not None else FirstStep.VERIFY


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRule:
    """When an alarm continues an episode rather than beginning one."""

    gap: timedelta = timedelta(hours=24)
    """Alarms of one source at most so far apart are one episode."""


def continues(case: Case, signal: Signal, last_seen_gap: timedelta, rule: EpisodeRule) -> bool:
    """Whether a signal belongs to an open case of the same source and kind of matter."""
    return (
        case.state.is_open
        and signal.source_ref is not None
        and case.source_ref == signal.source_ref
        and case.code == signal.code
        and last_seen_gap <= rule.gap
    )
