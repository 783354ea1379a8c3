"""How fast a time limit is read, beside the same answer counted minute by minute.

Run: uv run python bench/clock.py
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from casework.clock_oracle import MINUTE, Story, WorkMinutes, walk

from qinghuan.casework.adapters.shelf import calendar, calendars
from qinghuan.casework.calendar import Duration, Unit
from qinghuan.casework.clock import (
    ClockEvent,
    ClockExtended,
    ClockPaused,
    ClockPolicy,
    ClockResumed,
    ClockStarted,
    PauseReason,
    clock,
)
from qinghuan.core.clock import BEIJING

START = datetime(2026, 11, 20, 9, tzinfo=BEIJING).astimezone(UTC)
PAUSES = tuple((20 + 20 * n, 30 + 20 * n) for n in range(9))
EXTENDED_MIN = 200
READ_MIN = 3 * 24 * 60
LIMIT_MIN = 2 * 8 * 60


def history() -> list[ClockEvent]:
    """Twenty events: a start, nine pauses with their ends, an extension."""
    pauses: list[ClockEvent] = []
    for begin, end in PAUSES:
        reason = PauseReason.SUSPENDED
        until = START + timedelta(days=9)
        pauses.append(ClockPaused(at=START + begin * MINUTE, reason=reason, until=until))
        pauses.append(ClockResumed(at=START + end * MINUTE, reason=reason))
    started = ClockStarted(
        at=START,
        limit=Duration(amount=2, unit=Unit.WORKING_DAY),
        calendar_id=calendar().calendar_id,
        policy_id="bench",
    )
    by = Duration(amount=2, unit=Unit.WORKING_DAY)
    return [started, *pauses, ClockExtended(at=START + EXTENDED_MIN * MINUTE, by=by)]


def per_call_us(call: Callable[[], object], calls: int) -> float:
    """Time of one call, the best of five rounds [µs]."""
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, time.perf_counter() - begun)
    return best / calls * 1e6


def main() -> None:
    """Print both speeds, and whether both give the same deadline."""
    events, shelf, at = history(), calendars(), START + READ_MIN * MINUTE
    policy = ClockPolicy()
    story = Story(
        origin=START,
        is_working=True,
        limit_min=LIMIT_MIN,
        pauses=PAUSES,
        extensions=((EXTENDED_MIN, LIMIT_MIN),),
        stopped_min=None,
        read_min=READ_MIN,
    )
    work = WorkMinutes(set(calendar().holidays), set(calendar().workdays))
    reading, answer = clock(events, policy, shelf, at), walk(story, work, 20_000)
    assert answer.used_up_min is not None
    assert reading.deadline == START + answer.used_up_min * MINUTE
    fast_us = per_call_us(lambda: clock(events, policy, shelf, at), 5_000)
    slow_us = per_call_us(lambda: walk(story, work, 20_000), 20)
    print(f"events in the history       {len(events)}")
    print(f"reading                     {fast_us:8.1f} µs  {1e6 / fast_us:10,.0f} /s")
    print(f"walk minute by minute       {slow_us:8.1f} µs  {1e6 / slow_us:10,.0f} /s")
    print(f"ratio                       {slow_us / fast_us:8.1f}")
    print(f"deadline, both              {reading.deadline}")


if __name__ == "__main__":
    main()
