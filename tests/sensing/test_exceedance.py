import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.exceedance import (
    Change,
    Phase,
    Rule,
    Run,
    Sample,
    Step,
    Watch,
    advance,
    fold,
    reconcile,
    touches,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
LIMIT = Rule(upper=Decimal(100), raise_after=2, clear_after=2, clear_ratio=Decimal("0.9"))


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def series(*values: int, flags: str = "") -> list[Sample]:
    """Hourly values from the start on."""
    return [
        Sample(at=hour(n), value=Decimal(value), flag=flags[n] if flags else "N")
        for n, value in enumerate(values)
    ]


def steps(rule: Rule, samples: list[Sample]) -> list[tuple[int, Change]]:
    """What happens at which value."""
    watch, seen = Watch(), []
    for number, sample in enumerate(samples):
        watch, change = advance(watch, rule, sample)
        if change:
            seen.append((number, change))
    return seen


def found(rule: Rule, samples: list[Sample]) -> tuple[Watch, list[Run]]:
    """The stretch folded under one rule."""
    return fold((rule, sample) for sample in samples)


def told(rule: Rule, samples: list[Sample]) -> list[tuple[int, str]]:
    return [(number, change.step.value) for number, change in steps(rule, samples)]


def test_an_episode_is_raised_prolonged_and_ended() -> None:
    seen = steps(LIMIT, series(50, 120, 130, 110, 80, 70))

    assert [(n, change.step) for n, change in seen] == [
        (2, Step.RAISED),
        (3, Step.CONTINUED),
        (5, Step.ENDED),
    ]
    assert seen[-1][1].run == Run(
        started_at=hour(1),
        last_at=hour(3),
        count=3,
        peak=Decimal(130),
        peak_at=hour(2),
        ended_at=hour(4),
    )


def test_one_value_over_the_limit_raises_nothing_when_two_are_asked_for() -> None:
    assert told(LIMIT, series(120, 50, 120, 50)) == []


def test_a_value_at_the_limit_is_inside_it() -> None:
    assert told(LIMIT, series(100, 100, 100)) == []


def test_values_between_clearing_level_and_limit_neither_prolong_nor_end() -> None:
    assert told(LIMIT, series(120, 120, 95, 95, 95, 85, 95, 85, 85)) == [
        (1, "raised"),
        (8, "ended"),
    ]


def test_a_run_must_last_as_well_as_count() -> None:
    rule = Rule(upper=Decimal(100), raise_after=2, raise_after_s=3 * 3600)

    assert told(rule, series(120, 120, 120, 120)) == [(3, "raised")]


@pytest.mark.parametrize("flag", ["M", "D", "C", "F", "S", "T", "B"])
def test_values_not_flagged_normal_neither_count_nor_break_a_run(flag: str) -> None:
    flags = f"N{flag}{flag}N"

    assert told(LIMIT, series(120, 50, 500, 120, flags=flags)) == [(3, "raised")]


def test_values_without_a_flag_count() -> None:
    samples = [Sample(at=hour(n), value=Decimal(120)) for n in range(2)]

    assert told(LIMIT, samples) == [(1, "raised")]


def test_a_lower_limit_is_broken_from_below() -> None:
    rule = Rule(lower=Decimal(5), clear_ratio=Decimal("0.9"))
    seen = steps(rule, series(4, 3, 5, 6))

    assert [change.step.value for _, change in seen] == ["raised", "continued", "ended"]
    assert seen[-1][1].run.peak == 3
    assert seen[-1][1].run.ended_at == hour(3)


def test_a_range_is_broken_on_either_side() -> None:
    rule = Rule(lower=Decimal(6), upper=Decimal(9))

    assert told(rule, series(10, 7, 5, 7)) == [
        (0, "raised"),
        (1, "ended"),
        (2, "raised"),
        (3, "ended"),
    ]


def test_the_peak_is_the_value_farthest_over() -> None:
    rule = Rule(lower=Decimal(6), upper=Decimal(9))

    assert steps(rule, series(10, 4, 10))[-1][1].run.peak == 4


def test_a_value_that_is_not_later_leaves_the_watch_alone() -> None:
    watch, _ = advance(Watch(), LIMIT, Sample(at=hour(5), value=Decimal(120)))

    assert advance(watch, LIMIT, Sample(at=hour(5), value=Decimal(1))) == (watch, None)
    assert advance(watch, LIMIT, Sample(at=hour(4), value=Decimal(500))) == (watch, None)


def test_a_late_value_widens_the_episode_that_was_told() -> None:
    _, (before,) = found(LIMIT, series(50, 50, 120, 130, 80, 80))
    _, again = found(LIMIT, series(50, 150, 120, 130, 80, 80))

    assert reconcile(LIMIT, again, before) == Run(
        started_at=hour(1),
        last_at=hour(3),
        count=3,
        peak=Decimal(150),
        peak_at=hour(1),
        ended_at=hour(4),
    )


def test_an_episode_that_was_told_is_not_taken_back_by_a_changed_value() -> None:
    _, (before,) = found(LIMIT, series(50, 120, 130, 80, 80))
    _, again = found(LIMIT, series(50, 50, 130, 80, 80))

    assert again == []
    assert reconcile(LIMIT, again, before) == before


def test_a_value_found_later_reopens_an_episodes_end() -> None:
    _, (before,) = found(LIMIT, series(120, 130, 80, 80))
    _, again = found(LIMIT, series(120, 130, 110, 80, 80))

    assert reconcile(LIMIT, again, before).ended_at == hour(3)


def test_episodes_apart_do_not_touch() -> None:
    _, (first, second) = found(LIMIT, series(120, 120, 50, 50, 120, 120))

    assert not touches(first, second)
    assert reconcile(LIMIT, [second], first) == first


rules = st.builds(
    Rule,
    upper=st.decimals(50, 150, places=0),
    raise_after=st.integers(1, 4),
    raise_after_s=st.sampled_from([0, 3600, 7200]),
    clear_after=st.integers(1, 4),
    clear_ratio=st.sampled_from([Decimal(1), Decimal("0.9"), Decimal("0.5")]),
)
lives = st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["N", "", "M"])), max_size=60).map(
    lambda pairs: [
        Sample(at=hour(n), value=Decimal(value), flag=flag) for n, (value, flag) in enumerate(pairs)
    ]
)


@given(rules, lives)
def test_steps_come_in_their_order(rule: Rule, samples: list[Sample]) -> None:
    is_open = False
    for _, change in steps(rule, samples):
        assert (change.step is Step.RAISED) is not is_open
        is_open = change.step is not Step.ENDED


@given(rules, lives)
def test_an_episode_is_made_of_counted_values_over_the_limit(
    rule: Rule, samples: list[Sample]
) -> None:
    values = {sample.at: sample for sample in samples}
    for run in found(rule, samples)[1]:
        for at in (run.started_at, run.last_at, run.peak_at):
            assert rule.is_over(values[at].value)
            assert values[at].flag != "M"
        assert run.count >= rule.raise_after
        assert run.last_at - run.started_at >= timedelta(seconds=rule.raise_after_s)
        assert run.ended_at is None or run.ended_at > run.last_at
        assert values[run.peak_at].value == run.peak


@given(rules, lives, st.integers(0, 60))
def test_stopping_and_reading_the_state_back_changes_nothing(
    rule: Rule, samples: list[Sample], stop: int
) -> None:
    watch = Watch()
    for number, sample in enumerate(samples):
        if number == stop:
            watch = Watch.from_json(json.loads(json.dumps(watch.to_json())))
        watch, _ = advance(watch, rule, sample)

    assert watch == found(rule, samples)[0]


@given(rules, lives)
def test_every_value_over_the_limit_long_enough_is_in_some_episode(
    rule: Rule, samples: list[Sample]
) -> None:
    if rule.raise_after == 1 and rule.raise_after_s == 0:
        runs = found(rule, samples)[1]
        for sample in samples:
            if sample.flag != "M" and rule.is_over(sample.value):
                assert any(run.started_at <= sample.at <= run.last_at for run in runs)


@given(rules, lives)
def test_a_quiet_watch_holds_no_run(rule: Rule, samples: list[Sample]) -> None:
    watch = found(rule, samples)[0]

    assert (watch.phase is Phase.QUIET) is (watch.run is None)
