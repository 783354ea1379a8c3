from datetime import timedelta

import pytest
from factories.casework import CODE, a_signal, closed, received

from qinghuan.casework.model import Signal, Source
from qinghuan.casework.problem.intake import EpisodeRule, FirstStep, continues, first_step


@pytest.mark.parametrize(
    ("signal", "step"),
    [
        (a_signal(Source.CITIZEN), FirstStep.WAIT),
        (a_signal(Source.DEPUTY, is_trusted=True), FirstStep.WAIT),
        (a_signal(Source.SENSOR, is_trusted=True), FirstStep.FILE),
        (a_signal(Source.SENSOR), FirstStep.VERIFY),
        (a_signal(Source.SENSOR, is_trusted=True, code=None), FirstStep.VERIFY),
        (a_signal(Source.SMOKE, is_trusted=True), FirstStep.FILE),
        (a_signal(Source.SMOKE), FirstStep.VERIFY),
        (a_signal(Source.FENCE), FirstStep.VERIFY),
        (a_signal(Source.CARBON), FirstStep.FILE),
        (a_signal(Source.CARBON, code=None), FirstStep.WAIT),
    ],
)
def test_only_machines_that_passed_their_checks_file_themselves(
    signal: Signal, step: FirstStep
) -> None:
    assert first_step(signal) is step


def test_an_alarm_of_the_same_episode_belongs_to_the_open_case() -> None:
    case = received(Source.SENSOR).now
    rule = EpisodeRule()
    hour = timedelta(hours=1)

    assert continues(case, a_signal(Source.SENSOR), hour, rule)
    assert not continues(case, a_signal(Source.SENSOR, source_ref="other/w"), hour, rule)
    assert not continues(case, a_signal(Source.SENSOR, code=None), hour, rule)
    assert not continues(case, a_signal(Source.SENSOR), timedelta(days=2), rule)
    assert not continues(closed(Source.SENSOR).now, a_signal(Source.SENSOR), hour, rule)


def test_people_never_continue_an_episode() -> None:
    case = received(Source.CITIZEN).now

    assert case.code == CODE
    assert not continues(case, a_signal(Source.CITIZEN), timedelta(0), EpisodeRule())
