from dataclasses import replace

import pytest
from factories.casework import SYSTEM, a_signal, handling, in_state, received

from qinghuan.casework.conservation import (
    Balance,
    Disposition,
    dispositions,
    is_clockless,
    is_ownerless,
)
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.states import State

KEPT = Balance(
    signals=10,
    opened=4,
    attached=3,
    refused=1,
    waiting=2,
    open_cases=5,
    without_owner=0,
    without_clock=0,
)


@pytest.mark.parametrize("state", list(State))
def test_the_signal_that_opened_a_case_has_one_disposition_in_every_state(state: State) -> None:
    wanted = {
        State.RECEIVED: Disposition.WAITING,
        State.VERIFYING: Disposition.WAITING,
        State.REFUSED: Disposition.REFUSED,
        State.MERGED: Disposition.ATTACHED,
    }
    case = in_state(state).now

    assert dispositions(case) == {"signal-1": wanted.get(state, Disposition.OPENED)}


def test_other_signals_are_attached_and_refused_with_the_case() -> None:
    life = received().do(c.AttachSignal(signal=a_signal(signal_id="signal-2")), SYSTEM)
    waiting = life.now
    refused = replace(waiting, state=State.REFUSED)

    assert dispositions(waiting)["signal-2"] is Disposition.ATTACHED
    assert set(dispositions(refused).values()) == {Disposition.REFUSED}


def test_the_law_is_kept_when_the_sums_agree_and_every_open_case_is_owned_and_timed() -> None:
    assert KEPT.is_kept
    assert replace(KEPT, signals=11).gap == 1
    assert not replace(KEPT, signals=11).is_kept
    assert not replace(KEPT, without_owner=1).is_kept
    assert not replace(KEPT, without_clock=1).is_kept


def test_an_open_case_without_owner_or_clock_is_found() -> None:
    case = handling().now

    assert not is_ownerless(case)
    assert not is_clockless(case)
    assert is_ownerless(replace(case, owner_person=None))
    assert is_ownerless(replace(case, owner_office=""))
    assert is_clockless(replace(case, clocks=()))
    assert not is_clockless(replace(case, clocks=(), state=State.CLOSED))


def test_every_disposition_has_its_chinese_word() -> None:
    assert len({kind.zh for kind in Disposition}) == len(Disposition)
