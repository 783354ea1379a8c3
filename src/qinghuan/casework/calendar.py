"""Working time: which hours count, and how limits are added to a moment.

Limits come in two bases. Continuous ones (紧急工作时, natural days, months) run day and
night; working ones run only inside the work periods of workdays. A calendar knows holidays
and 调休 workdays of some years; outside them it falls back to weekdays and says so.

Inside, time is whole microseconds since 1970 UTC, and a working calendar is a line that
rises only in work periods. Adding and subtracting on that line needs no loops over days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from qinghuan.casework.errors import BeyondCalendar, MalformedCalendar, MalformedDuration
from qinghuan.core.clock import BEIJING

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MINUTE_US = 60_000_000
_YEARS_BEFORE = 3
_YEARS_AFTER = 12
"""A case may wait a year suspended and be asked about later; twelve years are plenty."""

DEFAULT_PERIODS = ((time(8), time(12)), (time(14), time(18)))
"""Work periods of the city tables read so far (Beijing time)."""


class Basis(StrEnum):
    """Which time a limit consumes."""

    CONTINUOUS = "continuous"
    WORKING = "working"


class Unit(StrEnum):
    """Units of published time limits."""

    MINUTE = "minute"
    URGENT_HOUR = "urgent_hour"
    NATURAL_DAY = "natural_day"
    CALENDAR_MONTH = "calendar_month"
    WORKING_MINUTE = "working_minute"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"

    @property
    def zh(self) -> str:
        """The unit as the tables print it."""
        return _UNIT_ZH[self]

    @property
    def basis(self) -> Basis:
        """Whether the unit runs through nights and holidays."""
        return Basis.WORKING if self in _WORKING_UNITS else Basis.CONTINUOUS


_WORKING_UNITS = frozenset({Unit.WORKING_MINUTE, Unit.WORKING_HOUR, Unit.WORKING_DAY})
_UNIT_ZH: Mapping[Unit, str] = {
    Unit.MINUTE: "分钟",
    Unit.URGENT_HOUR: "紧急工作时",
    Unit.NATURAL_DAY: "自然日",
    Unit.CALENDAR_MONTH: "个月",
    Unit.WORKING_MINUTE: "工作分钟",
    Unit.WORKING_HOUR: "工作时",
    Unit.WORKING_DAY: "工作日",
}
_MINUTES: Mapping[Unit, int] = {
    Unit.MINUTE: 1,
    Unit.URGENT_HOUR: 60,
    Unit.NATURAL_DAY: 24 * 60,
    Unit.WORKING_MINUTE: 1,
    Unit.WORKING_HOUR: 60,
    Unit.WORKING_DAY: 8 * 60,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A time limit in the unit it was published in, such as 4 工作时."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse limits of nothing or less."""
        if self.amount <= 0:
            raise MalformedDuration(f"{self.amount} {self.unit}")

    @property
    def zh(self) -> str:
        """The limit as a Chinese table prints it; a sum of working minutes in its larger units."""
        if self.unit is not Unit.WORKING_MINUTE or self.amount < 60:
            return f"{self.amount} {self.unit.zh}"
        hours, minutes = divmod(self.amount, 60)
        days, hours = divmod(hours, 8)
        parts = ((days, "工作日"), (hours, "工作时"), (minutes, "分"))
        return " ".join(f"{amount} {word}" for amount, word in parts if amount)

    @property
    def minutes(self) -> int:
        """Minutes of its own basis; a working day is eight working hours.

        Raises:
            MalformedDuration: Months have no fixed number of minutes.
        """
        if self.unit is Unit.CALENDAR_MONTH:
            raise MalformedDuration(f"{self.amount} {self.unit}")
        return self.amount * _MINUTES[self.unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRule:
    """How a limit in calendar months ends; local rules differ, so it is a choice."""

    ends_with_day: bool = True
    """Ends at 24:00 of its last day rather than at the hour it began."""
    rolls_to_workday: bool = True
    """A last day that is no workday gives way to the next workday."""


CIVIL_CODE = MonthRule()
"""The general rule.

Source:
    Civil Code (民法典), articles 202 and 203 (not checked against the printed text).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """One version of a working calendar; never edited, only followed by another version."""

    calendar_id: str
    title: str
    known_from: date
    known_through: date
    holidays: frozenset[date]
    workdays: frozenset[date]
    periods: tuple[tuple[time, time], ...] = DEFAULT_PERIODS
    sources: tuple[str, ...] = ()
    _known_us: tuple[int, int] = field(init=False, repr=False, compare=False)
    _starts_us: list[int] = field(init=False, repr=False, compare=False)
    _worked_us: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the data and lay out the working line once."""
        self._check()
        after_on = self.known_through + timedelta(days=1)
        known_us = (_midnight_us(self.known_from), _midnight_us(after_on))
        starts: list[int] = []
        worked = [0]
        for start_us, length_us in self._spans():
            starts.append(start_us)
            worked.append(worked[-1] + length_us)
        object.__setattr__(self, "_known_us", known_us)
        object.__setattr__(self, "_starts_us", starts)
        object.__setattr__(self, "_worked_us", worked)

    def is_workday(self, on: date) -> bool:
        """Whether people work that day; by weekday alone where no notice is known."""
        if on in self.holidays:
            return False
        return on in self.workdays or on.weekday() < 5

    def knows_us(self, start_us: int, end_us: int) -> bool:
        """Whether the holidays of a whole span were published with this version [µs]."""
        return self._known_us[0] <= start_us and end_us <= self._known_us[1]

    def add(
        self, start: datetime, duration: Duration, month_rule: MonthRule = CIVIL_CODE
    ) -> datetime:
        """Return the earliest moment at which the limit is used up.

        Args:
            start: Aware time at which the limit begins to run.
            duration: The limit.
            month_rule: Used only for limits in calendar months.

        Raises:
            BeyondCalendar: The answer lies past every year this version can count in.
        """
        if duration.unit is Unit.CALENDAR_MONTH:
            return self._add_months(start, duration.amount, month_rule)
        limit_us = duration.minutes * _MINUTE_US
        if duration.unit.basis is Basis.CONTINUOUS:
            return from_us(to_us(start) + limit_us)
        return from_us(self.moment_us(self.worked_us(to_us(start)) + limit_us))

    def elapsed(self, start: datetime, end: datetime, basis: Basis) -> timedelta:
        """Return the time of a basis between two moments, negative if they are swapped."""
        if basis is Basis.CONTINUOUS:
            return end - start
        return (self.worked_us(to_us(end)) - self.worked_us(to_us(start))) * _TICK

    def worked_us(self, at_us: int) -> int:
        """Working time from the calendar's first day to a moment [µs]."""
        starts, worked = self._starts_us, self._worked_us
        i = bisect_right(starts, at_us) - 1
        if i < 0 or i + 1 == len(starts):
            raise BeyondCalendar(self.calendar_id, from_us(at_us))
        since_us = worked[i] + at_us - starts[i]
        ceiling_us = worked[i + 1]
        return since_us if since_us < ceiling_us else ceiling_us  # noqa: FURB136 - min() doubles the cost

    def moment_us(self, worked_us: int) -> int:
        """Earliest moment by which that much working time has passed [µs since 1970 UTC]."""
        i = bisect_left(self._worked_us, worked_us) - 1
        if i < 0 or i + 1 >= len(self._starts_us):
            raise BeyondCalendar(self.calendar_id, _EPOCH + worked_us * _TICK)
        return self._starts_us[i] + worked_us - self._worked_us[i]

    def _add_months(self, start: datetime, months: int, rule: MonthRule) -> datetime:
        local = start.astimezone(BEIJING)
        year, month0 = divmod(local.year * 12 + local.month - 1 + months, 12)
        last_on = _clipped(year, month0 + 1, local.day)
        while rule.rolls_to_workday and not self.is_workday(last_on):
            last_on += timedelta(days=1)
        if rule.ends_with_day:
            last_on, at = last_on + timedelta(days=1), time(0)
        else:
            at = local.time()
        return datetime.combine(last_on, at, BEIJING).astimezone(UTC)

    def _spans(self) -> Iterator[tuple[int, int]]:
        """Work periods of every year counted in, as (start, length) [µs]."""
        on = date(self.known_from.year - _YEARS_BEFORE, 1, 1)
        last = date(self.known_through.year + _YEARS_AFTER, 12, 31)
        while on <= last:
            if self.is_workday(on):
                for begin, end in self.periods:
                    start_us = to_us(datetime.combine(on, begin, BEIJING))
                    yield start_us, to_us(datetime.combine(on, end, BEIJING)) - start_us
            on += timedelta(days=1)

    def _check(self) -> None:
        ordered = [edge for period in self.periods for edge in period]
        problems = {
            "没有工作时段": not self.periods,
            "工作时段未按先后排列或相互重叠": any(a >= b for a, b in pairwise(ordered)),
            "起止日期颠倒": self.known_from > self.known_through,
            "同一天既放假又上班": bool(self.holidays & self.workdays),
            "有日期不在已知年份内": any(
                not self.known_from <= on <= self.known_through
                for on in self.holidays | self.workdays
            ),
            "调休上班日应是周末": any(on.weekday() < 5 for on in self.workdays),
        }
        for problem, is_wrong in problems.items():
            if is_wrong:
                raise MalformedCalendar(self.calendar_id, problem)


def to_us(at: datetime) -> int:
    """Whole microseconds from 1970 UTC to an aware time."""
    return (at - _EPOCH) // _TICK


def from_us(at_us: int) -> datetime:
    """Aware UTC time from microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at_us)


def _midnight_us(on: date) -> int:
    return to_us(datetime.combine(on, time(0), BEIJING))


def _clipped(year: int, month: int, day: int) -> date:
    """The day of that month, or the month's last day if it has no such day."""
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), first_of_next - timedelta(days=1))
