"""Which of the six states a thing is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.states import State, state_of_clock, state_of_flag, state_of_stage


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("handling", State.RUN),
        ("SUSPENDED", State.HOLD),
        ("CLOSED", State.OK),
        ("REOPENED", State.WARN),
        ("MERGED", State.IDLE),
        ("something new", State.IDLE),
    ],
)
def test_a_stage_has_its_state(stage: str, state: State) -> None:
    assert state_of_stage(stage) is state


@pytest.mark.parametrize(
    ("flag", "state"),
    [
        ("N", State.OK),
        ("D", State.BAD),
        ("C", State.RUN),
        ("F", State.IDLE),
        ("改", State.WARN),
    ],
)
def test_a_flag_has_its_state_and_one_of_ours_warns(flag: str, state: State) -> None:
    assert state_of_flag(flag) is state


def test_a_clock_warns_from_eighty_percent() -> None:
    assert state_of_clock(0.79) is State.RUN
    assert state_of_clock(0.8) is State.WARN


@given(st.floats(min_value=0, max_value=10), st.booleans(), st.booleans())
def test_a_breach_is_bad_whatever_else_holds(used: float, paused: bool, met: bool) -> None:  # noqa: FBT001  given by hypothesis
    state = state_of_clock(used, is_paused=paused, is_met=met, is_breached=True)

    assert state is State.BAD


def test_only_the_server_finds_a_breach() -> None:
    assert state_of_clock(1.4) is State.WARN
