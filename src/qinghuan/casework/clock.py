"""A time limit as a pure function of what happened to it.

Nothing is counted up and stored: the reading at any moment is worked out from the clock's
events, with the calendar and policy versions its first event pinned. Pauses are taken out of
the *working* line, never added as wall time, so a pause over a weekend costs only its working
hours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from qinghuan.casework.calendar import (
    CIVIL_CODE,
    Basis,
    Duration,
    MonthRule,
    Unit,
    WorkingCalendar,
    from_us,
    to_us,
)
from qinghuan.casework.errors import MalformedHistory, UnknownCalendar

_TICK = timedelta(microseconds=1)
_MINUTE_US = 60_000_000
_EVER_US = -(2**62)


class PauseReason(StrEnum):
    """Why a clock stands still; each has a longest length in the policy."""

    VERIFYING = "verifying"
    WAITING_REPORTER = "waiting_reporter"
    FORCE_MAJEURE = "force_majeure"
    WAITING_SUPERIOR = "waiting_superior"
    SUSPENDED = "suspended"

    @property
    def zh(self) -> str:
        """The reason as the case page prints it."""
        return _PAUSE_ZH[self]


_PAUSE_ZH: Mapping[PauseReason, str] = {
    PauseReason.VERIFYING: "现场核实",
    PauseReason.WAITING_REPORTER: "等待代表或市民补充",
    PauseReason.FORCE_MAJEURE: "气象等不可抗力",
    PauseReason.WAITING_SUPERIOR: "等待上级批复",
    PauseReason.SUSPENDED: "挂账",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted:
    """The limit begins to run, under one calendar and one policy version."""

    at: datetime
    limit: Duration
    calendar_id: str
    policy_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused:
    """The clock stands still, at longest until a moment."""

    at: datetime
    reason: PauseReason
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed:
    """The pauses of one reason end."""

    at: datetime
    reason: PauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockExtended:
    """More time was granted; without effect if the deadline had passed."""

    at: datetime
    by: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRebased:
    """From here on another calendar version counts; what passed stays as it was counted."""

    at: datetime
    calendar_id: str


class Outcome(StrEnum):
    """Why a clock stopped."""

    DONE = "done"
    WITHDRAWN = "withdrawn"
    """The duty went elsewhere: merged, returned, refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped:
    """The limited act was done, or the duty withdrawn."""

    at: datetime
    outcome: Outcome = Outcome.DONE


ClockEvent = ClockStarted | ClockPaused | ClockResumed | ClockExtended | ClockRebased | ClockStopped


class ClockState(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPolicy:
    """What a clock needs of a policy: the longest pauses and the month rule."""

    longest_pause: Mapping[PauseReason, Duration] = field(default_factory=dict)
    month_rule: MonthRule = CIVIL_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A clock as it stands at one moment."""

    spent: timedelta
    """Time used up, of the limit's basis, pauses left out."""
    remaining: timedelta
    """Limit less time used; negative once overdue."""
    deadline: datetime | None
    """When the limit is or was used up; None while paused."""
    state: ClockState
    is_provisional: bool
    """The answer rests on days whose holiday notice is not out yet."""
    used_ratio: float
    paused_until: datetime | None = None
    """Latest end of the pause that holds it now."""


def clock(
    events: Sequence[ClockEvent],
    policy: ClockPolicy,
    calendars: Mapping[str, WorkingCalendar],
    at: datetime,
) -> Reading:
    """Read a clock at a moment, from its events up to that moment.

    Args:
        events: The clock's history in time order, beginning with `ClockStarted`.
        policy: Longest pauses and the month rule of the pinned policy version.
        calendars: Every calendar version the history names.
        at: The moment of the reading; later events are not seen.

    Raises:
        MalformedHistory: The history does not begin with its start, or runs backwards.
        UnknownCalendar: A version named in the history is not given.
    """
    run = _run(events, policy, calendars, to_us(at))
    goal = run.goal(run.limit_us, closes_open_pauses=False)
    deadline_us = run.line.back(goal)
    spent_us = run.spent_us()
    state = run.state(deadline_us)
    is_paused = state is ClockState.PAUSED
    is_settled = is_paused or run.stopped_us is not None
    horizon_us = run.end_us if is_settled else max(run.end_us, deadline_us)
    return Reading(
        spent=spent_us * _TICK,
        remaining=(run.limit_us - spent_us) * _TICK,
        deadline=None if is_paused else from_us(deadline_us),
        state=state,
        is_provisional=run.line.needs_holidays
        and not run.line.last.knows_us(run.started_us, horizon_us),
        used_ratio=spent_us / run.limit_us,
        paused_until=from_us(run.held_until_us) if is_paused and run.held_until_us else None,
    )


def moment_at_pct(
    events: Sequence[ClockEvent],
    policy: ClockPolicy,
    calendars: Mapping[str, WorkingCalendar],
    at: datetime,
    pct: int,
) -> datetime | None:
    """When a share of the limit is or will be used up, as foreseen at a moment.

    A pause in force is taken to last as long as it may. None if the clock stopped before.

    Args:
        events: The clock's history, as for `clock`.
        policy: As for `clock`.
        calendars: As for `clock`.
        at: What is known is what happened up to here.
        pct: Share of the limit. [%], above 0; may pass 100
    """
    run = _run(events, policy, calendars, to_us(at))
    goal = run.goal(run.limit_us * pct // 100, closes_open_pauses=True)
    moment_us = run.line.back(goal)
    if run.stopped_us is not None and moment_us > run.stopped_us:
        return None
    return from_us(moment_us)


def _same(moment_us: int) -> int:
    """Continuous time counts as it passes."""
    return moment_us


class _Line:
    """The line of counted time: rises while the limit runs, flat outside.

    One calendar for most clocks; after a rebase the next calendar's line is joined on, so
    that time already counted stays counted.
    """

    __slots__ = ("back", "last", "needs_holidays", "segments", "to", "working")

    def __init__(self, calendar: WorkingCalendar, limit: Duration) -> None:
        self.working = limit.unit.basis is Basis.WORKING
        self.needs_holidays = self.working or limit.unit is Unit.CALENDAR_MONTH
        self.last = calendar
        self.segments: list[tuple[int, int, WorkingCalendar]] = []
        """Rebases only: (from moment, shift of the line, calendar)."""
        self.to: Callable[[int], int] = calendar.worked_us if self.working else _same
        """Counted time at a moment, from an arbitrary zero [µs]."""
        self.back: Callable[[int], int] = calendar.moment_us if self.working else _same
        """Earliest moment with that much counted time [µs]."""

    def rebase(self, at_us: int, calendar: WorkingCalendar) -> None:
        """Count by another calendar from a moment on."""
        if self.working:
            here = self.to(at_us)
            if not self.segments:
                self.segments.append((_EVER_US, 0, self.last))
            self.segments.append((at_us, here - calendar.worked_us(at_us), calendar))
            self.to, self.back = self._joined_to, self._joined_back
        self.last = calendar

    def _joined_to(self, at_us: int) -> int:
        segments = reversed(self.segments)
        _, shift, calendar = next(part for part in segments if at_us >= part[0])
        return calendar.worked_us(at_us) + shift

    def _joined_back(self, counted_us: int) -> int:
        for from_us_, shift, calendar in reversed(self.segments[1:]):
            if counted_us > calendar.worked_us(from_us_) + shift:
                return calendar.moment_us(counted_us - shift)
        return self.segments[0][2].moment_us(counted_us)


class _Run:
    """A history folded once: start, limit, pauses and stop, all in microseconds."""

    __slots__ = (
        "end_us",
        "extensions",
        "held_until_us",
        "limit_us",
        "line",
        "open_spans",
        "outcome",
        "pauses",
        "spans",
        "start",
        "started",
        "started_us",
        "stopped_us",
    )

    def __init__(self, start: ClockStarted, line: _Line, end_us: int) -> None:
        self.start = start
        self.line = line
        self.started_us = to_us(start.at)
        self.end_us = end_us
        self.limit_us = 0
        self.spans: list[list[int]] = []
        self.open_spans: dict[PauseReason, list[list[int]]] = {}
        self.extensions: list[tuple[int, Duration]] = []
        self.started = 0
        self.pauses: list[tuple[int, int, int]] = []
        """Disjoint, in order, as counted time: (begin, latest end, end by `end_us`)."""
        self.held_until_us: int | None = None
        self.stopped_us: int | None = None
        self.outcome: Outcome | None = None

    def goal(self, limit_us: int, *, closes_open_pauses: bool) -> int:
        """Counted time at which a limit is used up, pauses stepped over."""
        goal = self.started + limit_us
        for begin, end, end_so_far in self.pauses:
            if begin >= goal:
                break
            goal += (end if closes_open_pauses else end_so_far) - begin
        return goal

    def spent_us(self) -> int:
        """Counted time used up to the end of the reading."""
        spent = self.line.to(self.end_us) - self.started
        for begin, _, end_so_far in self.pauses:
            spent -= end_so_far - begin
        return spent

    def state(self, deadline_us: int) -> ClockState:
        """Where the clock stands, given its deadline."""
        if self.outcome is Outcome.WITHDRAWN:
            return ClockState.WITHDRAWN
        if self.end_us > deadline_us:
            return ClockState.BREACHED
        if self.outcome is Outcome.DONE:
            return ClockState.MET
        return ClockState.RUNNING if self.held_until_us is None else ClockState.PAUSED


def _run(
    events: Sequence[ClockEvent],
    policy: ClockPolicy,
    calendars: Mapping[str, WorkingCalendar],
    at_us: int,
) -> _Run:
    """Fold the events seen at a moment."""
    if not events or not isinstance(start := events[0], ClockStarted):
        raise MalformedHistory("时限记录应以“开始”为首")
    run = _Run(start, _Line(_calendar(calendars, start.calendar_id), start.limit), at_us)
    before_us = run.started_us
    if at_us < before_us:
        raise MalformedHistory("读数时间早于时限开始")
    for event in events[1:]:
        event_us = to_us(event.at)
        if event_us < before_us:
            raise MalformedHistory("时限记录未按时间先后排列")
        if event_us > at_us or run.stopped_us is not None:
            break
        before_us = event_us
        _take(run, event, event_us, policy, calendars)
    _settle(run, policy)
    return run


def _take(
    run: _Run,
    event: ClockEvent,
    event_us: int,
    policy: ClockPolicy,
    calendars: Mapping[str, WorkingCalendar],
) -> None:
    """Note one event."""
    if isinstance(event, ClockPaused):
        span = [event_us, _pause_end_us(event, policy, run.line.last)]
        run.spans.append(span)
        run.open_spans.setdefault(event.reason, []).append(span)
    elif isinstance(event, ClockResumed):
        for span in run.open_spans.pop(event.reason, ()):
            span[1] = min(span[1], event_us)
    elif isinstance(event, ClockExtended):
        run.extensions.append((event_us, event.by))
    elif isinstance(event, ClockRebased):
        run.line.rebase(event_us, _calendar(calendars, event.calendar_id))
    elif isinstance(event, ClockStopped):
        run.stopped_us = run.end_us = event_us
        run.outcome = event.outcome
    else:
        raise MalformedHistory("时限只能开始一次")


def _settle(run: _Run, policy: ClockPolicy) -> None:
    """Join overlapping pauses and grant the extensions that came in time."""
    joined: list[list[int]] = []
    for span in run.spans:
        if joined and span[0] <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], span[1])
        elif span[1] > span[0]:
            joined.append(span)
    to, end_us = run.line.to, run.end_us
    run.started = to(run.started_us)
    for begin_us, last_us in joined:
        end = to(last_us)
        run.pauses.append((to(begin_us), end, end if last_us <= end_us else to(end_us)))
    if joined and joined[-1][1] > end_us and run.stopped_us is None:
        run.held_until_us = joined[-1][1]
    run.limit_us = _limit_us(run, run.start.limit, policy)
    for at_us, by in run.extensions:
        if at_us <= run.line.back(run.goal(run.limit_us, closes_open_pauses=True)):
            run.limit_us += _limit_us(run, by, policy)


def _limit_us(run: _Run, duration: Duration, policy: ClockPolicy) -> int:
    """A limit as time of the clock's line; months are resolved from the clock's start."""
    if duration.unit is not Unit.CALENDAR_MONTH:
        return duration.minutes * _MINUTE_US
    ends = run.line.last.add(run.start.at, duration, policy.month_rule)
    return to_us(ends) - run.started_us


def _pause_end_us(pause: ClockPaused, policy: ClockPolicy, calendar: WorkingCalendar) -> int:
    """Latest end of a pause: its own end or its reason's longest length."""
    longest = policy.longest_pause.get(pause.reason)
    if longest is None:
        if pause.until is None:
            raise MalformedHistory(f"暂停“{pause.reason.zh}”没有截止时间，规则中也没有最长时限")
        return max(to_us(pause.until), to_us(pause.at))
    ends_us = to_us(calendar.add(pause.at, longest, policy.month_rule))
    return (
        ends_us if pause.until is None else max(min(to_us(pause.until), ends_us), to_us(pause.at))
    )


def _calendar(calendars: Mapping[str, WorkingCalendar], calendar_id: str) -> WorkingCalendar:
    try:
        return calendars[calendar_id]
    except KeyError:
        raise UnknownCalendar(calendar_id) from None
