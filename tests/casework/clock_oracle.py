"""A second, slow opinion on clocks: walk minute by minute and do as the words say.

Shares no code with `qinghuan.casework.clock`: it looks at each minute on its own, asks
whether people work in it and whether a pause covers it, and counts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from qinghuan.core.clock import BEIJING

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A clock's life in whole minutes from `origin`."""

    origin: datetime
    is_working: bool
    limit_min: int
    pauses: tuple[tuple[int, int], ...]
    """(from, to), unordered, overlapping."""
    extensions: tuple[tuple[int, int], ...]
    """(at, minutes), in order."""
    stopped_min: int | None
    read_min: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the walk found."""

    spent_min: int
    limit_min: int
    used_up_min: int | None
    """First minute by which the limit was used up; None if the walk ended before."""
    is_held: bool


class WorkMinutes:
    """Which minutes are worked, looked up day by day."""

    def __init__(self, days_off: set[date], days_on: set[date]) -> None:
        self.days_off, self.days_on = days_off, days_on
        self.known: dict[date, bytes] = {}

    def is_worked(self, at: datetime) -> bool:
        """Whether the minute beginning at a time is worked."""
        local = at.astimezone(BEIJING)
        hour = local.hour
        return self._day_is_worked(local.date()) and (8 <= hour < 12 or 14 <= hour < 18)

    def row(self, origin: datetime, minutes: int) -> bytes:
        """One byte a minute from an origin on."""
        local = origin.astimezone(BEIJING)
        on = local.date()
        row = b""
        skip = local.hour * 60 + local.minute
        while len(row) < minutes + skip:
            if on not in self.known:
                midnight = datetime(on.year, on.month, on.day, tzinfo=BEIJING).astimezone(UTC)
                self.known[on] = bytes(self.is_worked(midnight + n * MINUTE) for n in range(1440))
            row += self.known[on]
            on += timedelta(days=1)
        return row[skip : skip + minutes]

    def _day_is_worked(self, on: date) -> bool:
        if on in self.days_off:
            return False
        return on in self.days_on or on.weekday() < 5


def walk(story: Story, work: WorkMinutes, horizon_min: int) -> Answer:
    """Step through the story minute by minute, up to the reading and on to the deadline."""
    end = story.read_min if story.stopped_min is None else min(story.read_min, story.stopped_min)
    counts = _counting_minutes(story, work, horizon_min, end)
    extensions = [(at, by) for at, by in story.extensions if at <= end]
    limit, counted, spent = story.limit_min, 0, 0
    used_up: int | None = None
    for minute in range(horizon_min):
        while extensions and extensions[0][0] == minute:
            _, by = extensions.pop(0)
            if used_up is None or used_up == minute:
                limit, used_up = limit + by, None
        if minute == end:
            spent = counted
        counted += counts[minute]
        if counted == limit and used_up is None:
            used_up = minute + 1
        if minute >= end and used_up is not None:
            break
    return Answer(
        spent_min=spent,
        limit_min=limit,
        used_up_min=used_up,
        is_held=any(begin <= story.read_min < stop for begin, stop in story.pauses),
    )


def _counting_minutes(story: Story, work: WorkMinutes, horizon_min: int, end: int) -> bytes:
    """One byte a minute: whether the clock runs in it."""
    row = bytearray(
        work.row(story.origin, horizon_min) if story.is_working else b"\1" * horizon_min
    )
    for begin, stop in story.pauses:
        for minute in range(begin, min(stop, end)):
            row[minute] = 0
    return bytes(row)
