"""Time-limit policies: how long a city gives itself, as versioned data with a source.

No national table of limits was found; published city tables differ several times over. A
policy is therefore never built in: it is a file that names where it comes from, and every clock
pins the version it was started under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from qinghuan.casework.calendar import CIVIL_CODE, Duration, MonthRule, Unit
from qinghuan.casework.clock import ClockPolicy, PauseReason
from qinghuan.casework.codes import MatterCode
from qinghuan.casework.errors import MalformedDuration


class Stage(StrEnum):
    """Stages whose limit does not depend on the kind of matter."""

    ACCEPT = "accept"
    ACCEPT_ONLINE = "accept_online"
    VERIFY = "verify"
    DISPATCH = "dispatch"
    SIGN = "sign"
    CHECK = "check"
    CHECK_TASK = "check_task"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyItem:
    """The limit of one kind of matter under one condition, with the columns of a city table."""

    code: MatterCode
    limit: Duration
    condition: str | None = None
    filing_condition: str | None = None
    closing_condition: str | None = None
    supervising_body: str | None = None
    responsible_body: str | None = None
    legal_basis: str | None = None
    collection_requirement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a city's rules; never edited, only followed by another version."""

    policy_id: str
    title: str
    label: str
    is_example: bool
    provenance: str
    stages: Mapping[Stage, Duration]
    default_limit: Duration
    items: tuple[PolicyItem, ...]
    longest_pause: Mapping[PauseReason, Duration]
    return_window: Duration
    appeal_window: Duration
    max_returns: int = 2
    max_extensions: int = 2
    max_suspensions: int = 1
    follow_up_days: tuple[int, ...] = (1, 28, 90)
    follow_up_answer_days: int = 14
    quiet_days: int = 90
    recurrence_days: int = 28
    photo_radius_m: int = 50
    month_rule: MonthRule = CIVIL_CODE

    def item(self, code: MatterCode, condition: str | None = None) -> PolicyItem | None:
        """The row of a kind of matter, under a condition if the table tells several apart."""
        rows = [item for item in self.items if item.code == code]
        exact = [item for item in rows if item.condition == condition]
        return next(iter(exact or rows), None)

    def handle_limit(self, code: MatterCode | None, condition: str | None = None) -> Duration:
        """How long the office may take for a kind of matter; the default where none is listed."""
        item = self.item(code, condition) if code is not None else None
        return self.default_limit if item is None else item.limit

    def total_limit(self, code: MatterCode | None, condition: str | None = None) -> Duration:
        """The public promise from filing to closing: the sum of the stages' limits.

        Continuous limits count as so many working minutes here, which is generous to the
        offices by the nights and exact for cases that start and end in one work period.
        """
        parts = (
            self.stages[Stage.DISPATCH],
            self.stages[Stage.SIGN],
            self.handle_limit(code, condition),
            self.stages[Stage.CHECK],
        )
        return Duration(amount=sum(part.minutes for part in parts), unit=Unit.WORKING_MINUTE)

    def clock_policy(self) -> ClockPolicy:
        """What a clock needs of it."""
        return ClockPolicy(longest_pause=self.longest_pause, month_rule=self.month_rule)


def duration_of(text: str) -> Duration:
    """Read a limit written as `4 working_hour`.

    Raises:
        MalformedDuration: Not a positive whole number and a known unit.
    """
    amount, _, unit = text.strip().partition(" ")
    try:
        return Duration(amount=int(amount), unit=Unit(unit))
    except ValueError:
        raise MalformedDuration(text) from None
