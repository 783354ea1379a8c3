"""What each demo station sends, and when: two days in a rush, one day at a walk, then live.

A frame may not come from the future, so an accelerated demo cannot run ahead of the clock. It
catches up instead. Hours that lie more than a day back go out at once and fill the charts; the
last day goes by at a few hours each few seconds, which is when limits are passed before the
visitor's eyes; from then on a frame a minute, and each full hour its means.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qinghuan.demo.frames import damaged, hour_frame, moment_frame, with_wrong_password
from qinghuan.demo.hours.stations import DemoStation


class What(StrEnum):
    """What is sent."""

    HOUR = "hour"
    MOMENT = "moment"
    DAMAGED = "damaged"
    """The hour again, with a digit changed on its way: refused for its check, and counted."""
    STRANGER = "stranger"
    """Somebody with a wrong password: refused, and counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the demo catches up."""

    backlog_hours: int = 72
    shown_hours: int = 24
    """The last of the backlog that go by at a walk."""
    hour_s: float = 1.5
    """Seconds each of them takes. [s]"""
    beat_s: float = 60.0
    """Between live frames. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One thing to send."""

    due_s: float
    """After the start of the rush or of the walk. [s]"""
    what: What
    data_at: datetime
    """Start of the hour, or the moment."""

    @property
    def wants_answer(self) -> bool:
        """Whether a gateway answers it with 9014."""
        return self.what in {What.HOUR, What.MOMENT}


_FAULTS = {
    (1, 7): What.DAMAGED,
    (2, 11): What.STRANGER,
    (3, 15): What.DAMAGED,
    (5, 19): What.DAMAGED,
}
"""Station by its place in the list, and the shown hour before which it sends something bad."""

LIVE_FAULT_EVERY = 30
"""Beats between two damaged frames of the second station, once live."""


def rush(started_at: datetime, pace: Pace) -> Iterator[Sending]:
    """The hours that go out at once, oldest first.

    Args:
        started_at: When the demo was started.
        pace: How fast it catches up.
    """
    for back in range(pace.backlog_hours, pace.shown_hours, -1):
        hour_at = _hour_of(started_at) - timedelta(hours=back)
        yield Sending(due_s=0.0, what=What.HOUR, data_at=hour_at)


def walk(station: DemoStation, place: int, started_at: datetime, pace: Pace) -> Iterator[Sending]:
    """The last day at a walk, then live frames; endless unless the station falls silent.

    Args:
        station: Who sends.
        place: Its place in the list of stations, which staggers the live frames.
        started_at: When the demo was started.
        pace: How fast it catches up.
    """
    current = _hour_of(started_at)
    for shown in range(pace.shown_hours):
        hour_at = current - timedelta(hours=pace.shown_hours - shown)
        due_s = (shown + 1) * pace.hour_s
        if (place, shown) in _FAULTS:
            yield Sending(due_s=due_s, what=_FAULTS[place, shown], data_at=hour_at)
        yield Sending(due_s=due_s, what=What.HOUR, data_at=hour_at)
    if not station.falls_silent:
        yield from _live(place, started_at, pace)


def _live(place: int, started_at: datetime, pace: Pace) -> Iterator[Sending]:
    """A frame each beat, and each hour's means a minute after it is full."""
    next_hour = _hour_of(started_at)
    due_s = (pace.shown_hours + 1) * pace.hour_s + place * pace.beat_s / 20
    beat = 0
    while True:
        at = (started_at + timedelta(seconds=due_s)).replace(microsecond=0)
        while at >= next_hour + timedelta(hours=1, minutes=1):
            yield Sending(due_s=due_s, what=What.HOUR, data_at=next_hour)
            next_hour += timedelta(hours=1)
        if place == 1 and beat % LIVE_FAULT_EVERY == LIVE_FAULT_EVERY - 1:
            yield Sending(due_s=due_s, what=What.DAMAGED, data_at=at)
        yield Sending(due_s=due_s, what=What.MOMENT, data_at=at)
        due_s, beat = due_s + pace.beat_s, beat + 1


def _hour_of(at: datetime) -> datetime:
    """Start of the hour that runs."""
    return at.replace(minute=0, second=0, microsecond=0)


def frame_of(
    sending: Sending, station: DemoStation, sent_at: datetime, epoch_at: datetime
) -> bytes:
    """The bytes of a sending, stamped with the time at which it goes out."""
    if sending.what is What.STRANGER:
        return with_wrong_password(station, sent_at)
    if sending.what is What.HOUR:
        return hour_frame(station, sending.data_at, sent_at, epoch_at)
    frame = moment_frame(station, sending.data_at, sent_at, epoch_at)
    return damaged(frame) if sending.what is What.DAMAGED else frame
