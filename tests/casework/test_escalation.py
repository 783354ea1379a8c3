import random
from dataclasses import replace
from datetime import timedelta

import pytest
from factories.casework import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    HANDLER,
    HEAD,
    SYSTEM,
    Life,
    checking,
    context,
    file_it,
    handling,
    received,
    shown,
    suspended,
)
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.casework.escalation import (
    LADDER,
    RungDue,
    due_rungs,
    is_key_candidate,
    next_rung_at,
    told_of,
)
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.case import CaseClock
from qinghuan.casework.problem.states import ClockKind

PCTS = [rung.pct for rung in LADDER]


def the_clock(life: Life, kind: ClockKind) -> CaseClock:
    return next(clock for clock in life.now.clocks if clock.kind is kind)


def tick(life: Life) -> list[RungDue]:
    """What the platform does each minute: tell what is due, and remember it in the case."""
    told = []
    for clock in life.now.clocks:
        for due in due_rungs(clock, told_of(life.now, clock.key), life.context, life.at):
            told.append(due)
            command = c.ReachRung(clock_key=clock.key, pct=due.rung.pct, due_at=due.due_at)
            step, life.step = life.step, timedelta(0)
            life.do(command, SYSTEM)
            life.step = step
    return told


def test_the_ladder_climbs_from_a_notice_to_the_congress() -> None:
    assert PCTS == [50, 80, 100, 150, 200]
    assert [rung.is_public for rung in LADDER] == [False, False, True, True, True]


def test_after_two_weeks_of_standstill_every_rung_is_told_in_order_and_says_how_late() -> None:
    life = received().wait(days=14)
    told = [due for due in tick(life) if due.clock_key == "accept-1"]

    assert [due.rung.pct for due in told] == PCTS
    assert [due.due_at - life.now.opened_at for due in told] == [
        timedelta(hours=2) * pct / 100 for pct in PCTS
    ]
    assert all(due.late_s == (life.at - due.due_at).total_seconds() for due in told)
    assert tick(life) == []


@given(seed=st.integers(0, 2**32))
def test_each_rung_is_told_once_at_its_true_time_whatever_the_downtimes(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a story generator, not a secret
    patient, sleepy = received(), received()
    often: list[RungDue] = []
    rarely: list[RungDue] = []
    for _ in range(300):
        often += tick(patient.wait(minutes=2))
        if dice.random() < 0.02:
            sleepy.at = patient.at
            rarely += tick(sleepy)
    sleepy.at = patient.at
    rarely += tick(sleepy)

    assert [(due.clock_key, due.rung.pct) for due in rarely] == [("accept-1", pct) for pct in PCTS]
    assert [replace(due, late_s=0) for due in rarely] == [replace(due, late_s=0) for due in often]
    assert all(due.late_s <= 120 for due in often)


def test_a_clock_stopped_in_time_tells_only_what_fell_due_before() -> None:
    life = handling()
    accept = the_clock(life, ClockKind.ACCEPT)

    assert due_rungs(accept, (), life.context, life.at + timedelta(days=9)) == []
    assert next_rung_at(accept, (), life.context, life.at) is None


def test_a_rung_that_fell_due_before_the_stop_is_told_after_it() -> None:
    life = received().wait(minutes=70).do(file_it(), ACCEPTOR)
    accept = the_clock(life, ClockKind.ACCEPT)
    told = due_rungs(accept, (), life.context, life.at + timedelta(days=1))

    assert [due.rung.pct for due in told] == [50]


def test_a_suspended_case_is_not_urged() -> None:
    life = suspended()
    tick(life)
    life.wait(days=20)
    told = {due.clock_key.rpartition("-")[0] for due in tick(life)}

    assert not told & {"handle", "total", "leg", "suspend"}


def test_the_next_look_is_at_the_lowest_rung_not_told() -> None:
    life = received()
    accept = the_clock(life, ClockKind.ACCEPT)

    assert next_rung_at(accept, (), life.context, life.at) == life.now.opened_at + timedelta(
        hours=1
    )
    assert next_rung_at(accept, (50, 80), life.context, life.at) == life.now.opened_at + timedelta(
        hours=2
    )
    assert next_rung_at(accept, PCTS, life.context, life.at) is None


@pytest.mark.parametrize("kind", [ClockKind.LEG, ClockKind.SUSPEND])
def test_clocks_that_say_nothing_new_stay_quiet(kind: ClockKind) -> None:
    life = suspended()
    clock = the_clock(life, kind)

    assert due_rungs(clock, (), context(), life.at + timedelta(days=400)) == []
    assert next_rung_at(clock, (), context(), life.at) is None


def test_a_second_rework_makes_a_candidate_for_key_supervision() -> None:
    life = checking().do(c.Rework(reason="仍有垃圾"), CHECKER)
    assert not is_key_candidate(life.now)

    shown(life).do(c.ReportDone(text="再清理"), HANDLER).do(c.ConfirmDone(), HEAD)
    life.do(c.Rework(reason="还有"), DISPATCHER)
    assert is_key_candidate(life.now)


def test_twice_the_limit_makes_a_candidate_for_key_supervision() -> None:
    life = received().wait(hours=5)
    tick(life)

    assert is_key_candidate(life.now)
