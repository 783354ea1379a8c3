import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from casework.clock_oracle import MINUTE, Answer, Story, WorkMinutes, walk
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.casework.adapters.shelf import calendar, calendars
from qinghuan.casework.calendar import Basis, Duration, Unit, WorkingCalendar
from qinghuan.casework.clock import (
    ClockEvent,
    ClockExtended,
    ClockPaused,
    ClockPolicy,
    ClockRebased,
    ClockResumed,
    ClockStarted,
    ClockState,
    ClockStopped,
    Outcome,
    PauseReason,
    Reading,
    clock,
    moment_at_pct,
)
from qinghuan.casework.errors import MalformedHistory, UnknownCalendar
from qinghuan.core.clock import BEIJING

CALENDAR_ID = calendar().calendar_id
POLICY = ClockPolicy(
    longest_pause={
        PauseReason.SUSPENDED: Duration(amount=365, unit=Unit.NATURAL_DAY),
        PauseReason.WAITING_REPORTER: Duration(amount=10, unit=Unit.WORKING_DAY),
    }
)
HORIZON_MIN = 45 * 24 * 60


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[arg-type,misc] # year first


def started(at: datetime, amount: int, unit: Unit) -> ClockStarted:
    limit = Duration(amount=amount, unit=unit)
    return ClockStarted(at=at, limit=limit, calendar_id=CALENDAR_ID, policy_id="t")


def read(events: Sequence[ClockEvent], at: datetime) -> Reading:
    return clock(events, POLICY, calendars(), at)


ONE_DAY = started(beijing(2026, 11, 20, 9), 1, Unit.WORKING_DAY)
WEEKEND_PAUSE: list[ClockEvent] = [
    ONE_DAY,
    ClockPaused(at=beijing(2026, 11, 20, 17), reason=PauseReason.SUSPENDED),
    ClockResumed(at=beijing(2026, 11, 23, 9), reason=PauseReason.SUSPENDED),
]


def test_a_pause_over_a_weekend_costs_its_two_working_hours_and_not_its_64_hours() -> None:
    reading = read(WEEKEND_PAUSE, beijing(2026, 11, 23, 9))

    assert reading.deadline == beijing(2026, 11, 23, 11)
    assert reading.deadline != beijing(2026, 12, 3, 9), "the wall-clock mistake"
    assert reading.spent == timedelta(hours=6)
    assert reading.state is ClockState.RUNNING


def test_a_paused_clock_has_no_deadline_but_says_how_long_it_may_wait() -> None:
    reading = read(WEEKEND_PAUSE, beijing(2026, 11, 21, 12))

    assert reading.state is ClockState.PAUSED
    assert reading.deadline is None
    assert reading.paused_until == beijing(2027, 11, 20, 17)
    assert reading.used_ratio == pytest.approx(6 / 8)


def test_a_pause_nobody_ends_ends_by_itself_at_its_longest_length() -> None:
    history: list[ClockEvent] = [
        ONE_DAY,
        ClockPaused(at=beijing(2026, 11, 20, 10), reason=PauseReason.WAITING_REPORTER),
    ]
    reading = read(history, beijing(2026, 12, 31, 12))

    assert reading.state is ClockState.BREACHED
    assert reading.deadline == beijing(2026, 12, 7, 9)


def test_overlapping_pauses_are_counted_once() -> None:
    history: list[ClockEvent] = [
        ONE_DAY,
        ClockPaused(at=beijing(2026, 11, 20, 10), reason=PauseReason.SUSPENDED),
        ClockPaused(at=beijing(2026, 11, 20, 11), reason=PauseReason.WAITING_REPORTER),
        ClockResumed(at=beijing(2026, 11, 20, 15), reason=PauseReason.SUSPENDED),
        ClockResumed(at=beijing(2026, 11, 20, 16), reason=PauseReason.WAITING_REPORTER),
    ]

    assert read(history, beijing(2026, 11, 20, 17)).deadline == beijing(2026, 11, 23, 15)


def test_pausing_outside_working_time_changes_nothing() -> None:
    night: list[ClockEvent] = [
        ONE_DAY,
        ClockPaused(at=beijing(2026, 11, 20, 18), reason=PauseReason.SUSPENDED),
        ClockResumed(at=beijing(2026, 11, 23, 8), reason=PauseReason.SUSPENDED),
    ]
    at = beijing(2026, 11, 23, 8, 30)

    assert read(night, at) == read([ONE_DAY], at)


def test_an_act_done_at_the_last_moment_is_in_time_and_a_second_later_is_not() -> None:
    deadline = beijing(2026, 11, 23, 9)
    in_time: list[ClockEvent] = [ONE_DAY, ClockStopped(at=deadline)]
    late: list[ClockEvent] = [ONE_DAY, ClockStopped(at=deadline + timedelta(seconds=1))]

    assert read(in_time, beijing(2026, 12, 1)).state is ClockState.MET
    assert read(late, beijing(2026, 12, 1)).state is ClockState.BREACHED


def test_a_duty_that_went_elsewhere_is_neither_met_nor_missed() -> None:
    history: list[ClockEvent] = [
        ONE_DAY,
        ClockStopped(at=beijing(2026, 12, 1), outcome=Outcome.WITHDRAWN),
    ]

    assert read(history, beijing(2026, 12, 2)).state is ClockState.WITHDRAWN


def test_a_reading_of_the_past_does_not_see_what_came_later() -> None:
    reading = read(WEEKEND_PAUSE, beijing(2026, 11, 20, 12))

    assert reading.deadline == beijing(2026, 11, 23, 9)
    assert reading.state is ClockState.RUNNING


def test_an_extension_counts_only_while_the_limit_still_runs() -> None:
    by = Duration(amount=1, unit=Unit.WORKING_DAY)
    in_time: list[ClockEvent] = [ONE_DAY, ClockExtended(at=beijing(2026, 11, 23, 9), by=by)]
    late: list[ClockEvent] = [ONE_DAY, ClockExtended(at=beijing(2026, 11, 23, 9, 1), by=by)]

    assert read(in_time, beijing(2026, 11, 23, 10)).deadline == beijing(2026, 11, 24, 9)
    assert read(late, beijing(2026, 11, 23, 10)).deadline == beijing(2026, 11, 23, 9)


def test_an_urgent_limit_runs_through_the_night() -> None:
    urgent = started(beijing(2026, 11, 20, 23), 2, Unit.URGENT_HOUR)

    assert read([urgent], beijing(2026, 11, 20, 23)).deadline == beijing(2026, 11, 21, 1)
    assert not read([urgent], beijing(2026, 11, 20, 23)).is_provisional


def test_a_deadline_beyond_the_last_holiday_notice_is_provisional() -> None:
    three_months = started(beijing(2026, 11, 21, 9), 3, Unit.CALENDAR_MONTH)
    five_days = started(beijing(2026, 12, 29, 9), 5, Unit.WORKING_DAY)

    assert read([three_months], beijing(2026, 11, 21, 10)).is_provisional
    assert read([five_days], beijing(2026, 12, 29, 10)).is_provisional
    assert not read([ONE_DAY], beijing(2026, 11, 20, 10)).is_provisional


def with_2027() -> dict[str, WorkingCalendar]:
    """A later version that knows an invented holiday of 1-3 January 2027."""
    holidays = {date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}
    later = replace(
        calendar(),
        calendar_id="later",
        known_through=date(2027, 12, 31),
        holidays=calendar().holidays | holidays,
    )
    return {**calendars(), "later": later}


def test_a_rebase_counts_the_days_ahead_by_the_new_calendar_and_leaves_the_past() -> None:
    start = started(beijing(2026, 12, 30, 9), 5, Unit.WORKING_DAY)
    history: list[ClockEvent] = [
        start,
        ClockRebased(at=beijing(2026, 12, 31, 10), calendar_id="later"),
    ]
    before = clock(history, POLICY, with_2027(), beijing(2026, 12, 31, 9))
    after = clock(history, POLICY, with_2027(), beijing(2026, 12, 31, 10))

    assert (before.deadline, before.is_provisional) == (beijing(2027, 1, 6, 9), True)
    assert (after.deadline, after.is_provisional) == (beijing(2027, 1, 7, 9), False)
    assert after.spent - before.spent == timedelta(hours=1)


def test_a_rebase_that_finds_a_past_day_was_a_holiday_does_not_give_it_back() -> None:
    history: list[ClockEvent] = [
        started(beijing(2027, 1, 1, 9), 2, Unit.WORKING_DAY),
        ClockRebased(at=beijing(2027, 1, 4, 8), calendar_id="later"),
    ]
    reading = clock(history, POLICY, with_2027(), beijing(2027, 1, 4, 9))

    assert reading.spent == timedelta(hours=8)
    assert reading.deadline == beijing(2027, 1, 5, 9)


@pytest.mark.parametrize(
    ("pct", "moment"),
    [
        (50, (2026, 11, 20, 15)),
        (80, (2026, 11, 23, 9, 24)),
        (100, (2026, 11, 23, 11)),
        (200, (2026, 11, 24, 11)),
    ],
)
def test_the_moment_a_share_is_used_up_steps_over_pauses(pct: int, moment: tuple[int, ...]) -> None:
    found = moment_at_pct(WEEKEND_PAUSE, POLICY, calendars(), beijing(2026, 11, 23, 9), pct)

    assert found == beijing(*moment)


def test_a_clock_stopped_before_a_share_never_reaches_it() -> None:
    history: list[ClockEvent] = [ONE_DAY, ClockStopped(at=beijing(2026, 11, 20, 17))]

    assert moment_at_pct(history, POLICY, calendars(), beijing(2026, 12, 1), 50) is not None
    assert moment_at_pct(history, POLICY, calendars(), beijing(2026, 12, 1), 100) is None


@pytest.mark.parametrize(
    "history",
    [
        [],
        [ClockStopped(at=beijing(2026, 11, 20, 9))],
        [ONE_DAY, ONE_DAY],
        [ONE_DAY, ClockStopped(at=beijing(2026, 11, 19))],
        [ONE_DAY, ClockPaused(at=beijing(2026, 11, 20, 10), reason=PauseReason.FORCE_MAJEURE)],
    ],
)
def test_an_impossible_history_is_refused(history: list[ClockEvent]) -> None:
    with pytest.raises(MalformedHistory):
        read(history, beijing(2026, 11, 21))


def test_a_reading_from_before_the_start_is_refused() -> None:
    with pytest.raises(MalformedHistory):
        read([ONE_DAY], beijing(2026, 11, 20, 8))


def test_a_calendar_version_nobody_has_is_refused() -> None:
    with pytest.raises(UnknownCalendar):
        clock([ONE_DAY], POLICY, {}, ONE_DAY.at)


WORK = WorkMinutes(set(calendar().holidays), set(calendar().workdays))


def tell_story(dice: random.Random) -> Story:
    """A random life of a clock, often around weekends and long holidays."""
    origin = datetime(2026, 1, 1, tzinfo=UTC) + dice.randrange(300 * 1440) * MINUTE
    is_working = dice.random() < 0.7
    limit_min = dice.choice([15, 60, 120, 240, 480, 960, dice.randrange(1, 2400)])
    busy_min = limit_min * dice.choice([1, 4, 6])
    moments = sorted(dice.randrange(busy_min + 1) for _ in range(dice.choice([0, 2, 4, 8])))
    pauses = tuple((begin, begin + dice.randrange(1, busy_min + 2)) for begin in moments[::2])
    extensions = tuple((at, dice.choice([60, 480])) for at in moments[1::2][: dice.randrange(3)])
    stopped = dice.randrange(busy_min + 1) if dice.random() < 0.3 else None
    return Story(
        origin=origin,
        is_working=is_working,
        limit_min=limit_min,
        pauses=pauses,
        extensions=extensions,
        stopped_min=stopped,
        read_min=dice.randrange(busy_min + 2),
    )


def history_of(story: Story) -> list[ClockEvent]:
    """The same story as events; each pause under a reason of its own kind of ending."""
    unit = Unit.WORKING_MINUTE if story.is_working else Unit.MINUTE
    timed: list[tuple[int, int, ClockEvent]] = []
    for begin, end in story.pauses:
        paused = ClockPaused(
            at=story.origin + begin * MINUTE,
            reason=PauseReason.SUSPENDED,
            until=story.origin + end * MINUTE,
        )
        timed.append((begin, 1, paused))
    for at, by_min in story.extensions:
        by = Duration(amount=by_min, unit=unit)
        timed.append((at, 0, ClockExtended(at=story.origin + at * MINUTE, by=by)))
    if story.stopped_min is not None:
        stopped = ClockStopped(at=story.origin + story.stopped_min * MINUTE)
        timed.append((story.stopped_min, 2, stopped))
    timed.sort(key=lambda entry: entry[:2])
    return [started(story.origin, story.limit_min, unit), *(event for _, _, event in timed)]


def assert_agree(story: Story, reading: Reading, answer: Answer) -> None:
    is_stopped = story.stopped_min is not None and story.stopped_min <= story.read_min
    end_min = story.stopped_min if is_stopped else story.read_min
    assert answer.used_up_min is not None
    assert end_min is not None
    is_breached = end_min > answer.used_up_min
    assert reading.spent == answer.spent_min * MINUTE
    assert reading.spent + reading.remaining == answer.limit_min * MINUTE
    if is_stopped:
        assert reading.state is (ClockState.BREACHED if is_breached else ClockState.MET)
    elif is_breached:
        assert reading.state is ClockState.BREACHED
    else:
        assert reading.state is (ClockState.PAUSED if answer.is_held else ClockState.RUNNING)
    if reading.state is not ClockState.PAUSED:
        assert reading.deadline == story.origin + answer.used_up_min * MINUTE


def compare(seed: int, number: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a story generator, not a secret
    for _ in range(number):
        story = tell_story(dice)
        answer = walk(story, WORK, HORIZON_MIN)
        reading = read(history_of(story), story.origin + story.read_min * MINUTE)
        try:
            assert_agree(story, reading, answer)
        except AssertionError as disagreement:
            raise AssertionError(f"{story}\n{reading}\n{answer}") from disagreement


@pytest.mark.parametrize("seed", range(4))
def test_clocks_agree_with_a_walk_minute_by_minute_on_a_thousand_random_lives(seed: int) -> None:
    compare(seed, 1_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_clocks_agree_with_the_walk_on_ten_thousand_more_lives(seed: int) -> None:
    compare(seed, 10_000)


seeds = st.integers(0, 2**32)


@given(seed=seeds)
def test_time_used_never_falls_and_never_outruns_its_basis(seed: int) -> None:
    story = tell_story(random.Random(seed))  # noqa: S311 - a story generator, not a secret
    history = history_of(story)
    steps = [story.origin + n * timedelta(hours=5) for n in range(20)]
    readings = [read(history, at) for at in steps]
    basis = Basis.WORKING if story.is_working else Basis.CONTINUOUS

    for (early, first), (late, second) in pairwise(zip(steps, readings, strict=True)):
        gain = second.spent - first.spent
        assert timedelta(0) <= gain <= calendar().elapsed(early, late, basis)


@given(seed=seeds)
def test_a_pause_never_brings_the_deadline_nearer(seed: int) -> None:
    story = tell_story(random.Random(seed))  # noqa: S311 - a story generator, not a secret
    unpaused = replace(story, pauses=(), extensions=(), stopped_min=None)
    paused = replace(unpaused, pauses=story.pauses)
    at = story.origin + 200_000 * MINUTE
    with_pause, without = read(history_of(paused), at), read(history_of(unpaused), at)

    assert with_pause.deadline is not None
    assert without.deadline is not None
    assert with_pause.deadline >= without.deadline


@given(seed=seeds)
def test_the_hundredth_percent_falls_on_the_deadline(seed: int) -> None:
    story = replace(tell_story(random.Random(seed)), stopped_min=None)  # noqa: S311 - no secret
    history = history_of(story)
    at = story.origin + 200_000 * MINUTE

    assert moment_at_pct(history, POLICY, calendars(), at, 100) == read(history, at).deadline
