"""When a value over its limit becomes an episode, and when the episode is over.

One watch per datastream and rule. A value over the limit starts a run; a run of enough values
that lasts long enough raises an episode. Once raised, values between the clearing level and the
limit neither prolong nor end it; enough values in a row at or below the clearing level end it,
as of the first of them. Only values flagged normal (N, or no flag) count: the others leave the
watch as it is, so that a single maintenance mark cannot hide a run.

A watch moves forward in time. Values that come late or are changed afterwards are judged by
folding the stretch again (`fold`) and comparing the episodes found with those told before
(`reconcile`): an episode that was told is never taken back, it is only widened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

COUNTED_FLAGS = frozenset({"", "N"})
"""Data flags (HJ 212-2017, Table 8) whose values are judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What makes an episode of a datastream's values."""

    upper: Decimal | None = None
    """Values above it are over."""
    lower: Decimal | None = None
    """Values below it are over."""
    raise_after: int = 1
    """Values in a row that raise an episode; at least 1."""
    raise_after_s: int = 0
    """Least time from the first to the last of them. [s]"""
    clear_after: int = 1
    """Values in a row that end it; at least 1."""
    clear_ratio: Decimal = Decimal(1)
    """Share of the upper limit at which values count as clear; 0 to 1."""

    def is_over(self, value: Decimal) -> bool:
        """Whether a value breaks the limit."""
        above = self.upper is not None and value > self.upper
        return above or (self.lower is not None and value < self.lower)

    def is_clear(self, value: Decimal) -> bool:
        """Whether a value is far enough inside the limit to count towards the end."""
        below = self.upper is None or value <= self.upper * self.clear_ratio
        return below and (self.lower is None or value * self.clear_ratio >= self.lower)

    def excess(self, value: Decimal) -> Decimal:
        """How far a value breaks the limit, in the datastream's unit; 0 inside it."""
        above = value - self.upper if self.upper is not None else Decimal(0)
        below = self.lower - value if self.lower is not None else Decimal(0)
        return max(above, below, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A value to be judged."""

    at: datetime
    value: Decimal
    flag: str = ""


class Phase(StrEnum):
    """Where a watch stands."""

    QUIET = "quiet"
    RISING = "rising"
    """A run has begun and is not long enough yet."""
    RAISED = "raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Values over the limit, from the first to the last."""

    started_at: datetime
    last_at: datetime
    """Of the latest value over the limit."""
    count: int
    peak: Decimal
    """The value farthest over the limit."""
    peak_at: datetime
    ended_at: datetime | None = None
    """First of the values that ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """State of one datastream under one rule."""

    phase: Phase = Phase.QUIET
    run: Run | None = None
    clear_count: int = 0
    clear_from: datetime | None = None
    last_at: datetime | None = None
    """Time of the latest value judged."""

    def to_json(self) -> dict[str, Any]:
        """Return the state as JSON values, decimals as text."""
        return {
            "phase": self.phase.value,
            "run": _run_to_json(self.run) if self.run else None,
            "clear_count": self.clear_count,
            "clear_from": _text(self.clear_from),
            "last_at": _text(self.last_at),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Watch":
        """Read back what `to_json` wrote."""
        return cls(
            phase=Phase(data["phase"]),
            run=_run_from_json(data["run"]) if data["run"] else None,
            clear_count=data["clear_count"],
            clear_from=_time(data["clear_from"]),
            last_at=_time(data["last_at"]),
        )


class Step(StrEnum):
    """What happened to an episode."""

    RAISED = "raised"
    CONTINUED = "continued"
    """Another value over the limit, or a wider span found afterwards."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A step of an episode, with the run as it stands now."""

    step: Step
    run: Run


def advance(watch: Watch, rule: Rule, sample: Sample) -> tuple[Watch, Change | None]:
    """Judge the next value of a datastream.

    Args:
        watch: State before it.
        rule: Limit on the day of the value.
        sample: A value later than the watch's last; one that is not leaves the watch as it
            is, for `fold` and `reconcile` to judge.

    Returns:
        The state after it and what happened to the episode, if anything did.
    """
    if sample.flag not in COUNTED_FLAGS or (watch.last_at and sample.at <= watch.last_at):
        return watch, None
    watch = replace(watch, last_at=sample.at)
    if rule.is_over(sample.value):
        return _over(watch, rule, sample)
    if watch.phase is Phase.RISING:
        return replace(watch, phase=Phase.QUIET, run=None), None
    if watch.phase is Phase.RAISED:
        return _inside(watch, rule, sample)
    return watch, None


def fold(judged: Iterable[tuple[Rule, Sample]]) -> tuple[Watch, list[Run]]:
    """Judge a stretch of values from quiet.

    Args:
        judged: Values in order of time, each with the rule of its day.

    Returns:
        The state at its end and every episode in it, the last possibly not ended.
    """
    watch, runs = Watch(), list[Run]()
    for rule, sample in judged:
        watch, change = advance(watch, rule, sample)
        if change is None:
            continue
        if change.step is Step.RAISED:
            runs.append(change.run)
        else:
            runs[-1] = change.run
    return watch, runs


def reconcile(rule: Rule, found: Sequence[Run], told: Run) -> Run:
    """Widen an episode that was told by the ones a second look finds in its span.

    Args:
        rule: Limit over the stretch.
        found: Episodes found afterwards, in order of time.
        told: The episode as told before.

    Returns:
        The widened episode; the one told if nothing found touches it.
    """
    for run in found:
        if touches(run, told):
            peak = max((told, run), key=lambda one: rule.excess(one.peak))
            latest = max((told, run), key=lambda one: one.last_at)
            told = Run(
                started_at=min(told.started_at, run.started_at),
                last_at=latest.last_at,
                count=max(told.count, run.count),
                peak=peak.peak,
                peak_at=peak.peak_at,
                ended_at=run.ended_at if latest is run else told.ended_at or run.ended_at,
            )
    return told


def touches(first: Run, second: Run) -> bool:
    """Whether two runs share an instant."""
    return first.started_at <= second.last_at and second.started_at <= first.last_at


def _over(watch: Watch, rule: Rule, sample: Sample) -> tuple[Watch, Change | None]:
    """Judge a value over the limit."""
    run = _extend(watch.run, rule, sample)
    watch = replace(watch, run=run, clear_count=0, clear_from=None)
    if watch.phase is Phase.RAISED:
        return watch, Change(step=Step.CONTINUED, run=run)
    lasts = run.last_at - run.started_at
    if run.count >= rule.raise_after and lasts >= timedelta(seconds=rule.raise_after_s):
        return replace(watch, phase=Phase.RAISED), Change(step=Step.RAISED, run=run)
    return replace(watch, phase=Phase.RISING), None


def _inside(watch: Watch, rule: Rule, sample: Sample) -> tuple[Watch, Change | None]:
    """Judge a value inside the limit while an episode is open."""
    if watch.run is None or not rule.is_clear(sample.value):
        return replace(watch, clear_count=0, clear_from=None), None
    clear_from, count = watch.clear_from or sample.at, watch.clear_count + 1
    if count < rule.clear_after:
        return replace(watch, clear_count=count, clear_from=clear_from), None
    ended = replace(watch.run, ended_at=clear_from)
    return Watch(last_at=watch.last_at), Change(step=Step.ENDED, run=ended)


def _extend(run: Run | None, rule: Rule, sample: Sample) -> Run:
    """Add a value over the limit to a run, or begin one."""
    if run is None:
        return Run(
            started_at=sample.at,
            last_at=sample.at,
            count=1,
            peak=sample.value,
            peak_at=sample.at,
        )
    is_peak = rule.excess(sample.value) > rule.excess(run.peak)
    return replace(
        run,
        last_at=sample.at,
        count=run.count + 1,
        peak=sample.value if is_peak else run.peak,
        peak_at=sample.at if is_peak else run.peak_at,
    )


def _run_to_json(run: Run) -> dict[str, Any]:
    return {
        "started_at": _text(run.started_at),
        "last_at": _text(run.last_at),
        "count": run.count,
        "peak": str(run.peak),
        "peak_at": _text(run.peak_at),
    }


def _run_from_json(data: dict[str, Any]) -> Run:
    return Run(
        started_at=datetime.fromisoformat(data["started_at"]),
        last_at=datetime.fromisoformat(data["last_at"]),
        count=data["count"],
        peak=Decimal(data["peak"]),
        peak_at=datetime.fromisoformat(data["peak_at"]),
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
