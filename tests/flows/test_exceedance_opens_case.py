"""From values over a limit to one case, and back to the frame."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.casework.listing import CasesAsked
from qinghuan.casework.model import Source
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.states import State
from qinghuan.casework.service import listing
from qinghuan.casework.service.desk import DEFAULT_DESK
from qinghuan.casework.service.saving import look
from qinghuan.flows.exceedance_opens_case import (
    evidence_of,
    is_source_quiet,
    signal_of,
    turn_episodes_into_cases,
)
from qinghuan.infra.database import Session
from qinghuan.people.service.places import found_area
from qinghuan.sensing.model import OwnLimit, Station
from qinghuan.sensing.service.episodes import evaluate
from qinghuan.sensing.service.limits import set_limit
from qinghuan.sensing.service.stations import datastreams_of, register_station
from qinghuan.sensing.settings import SensingSettings

pytestmark = pytest.mark.db

START = datetime(2026, 5, 1, tzinfo=UTC)
WINDOW = timedelta(hours=3)
LIMIT = OwnLimit(upper=Decimal(50), source="许可")


@pytest.fixture
def outfall(session: Session) -> Station:
    """An outfall whose hourly COD may not pass 50 mg/L."""
    found_area(session, "990101", START)
    form = station_form(st="32", area_code="990101")
    station = register_station(session, form, "123456", actor="p", at=START)
    send(session, {-1: 10})
    (stream,) = datastreams_of(session, station.id)
    set_limit(session, stream.id, LIMIT, actor="p", at=START)
    return station


def send(session: Session, values: dict[int, int]) -> None:
    """Hourly means of COD by hour after the start, each received when its hour is over."""
    for hour, value in values.items():
        at = START + timedelta(hours=hour)
        frame = upload(
            {"w01018": str(value)},
            at=at,
            cn="2061",
            st="32",
            kind="Avg",
            sent_at=at + timedelta(hours=1),
        )
        receive(session, frame, at=at + timedelta(hours=1))


def turn(session: Session, hour: int) -> bool:
    """Let the rules run at the end of an hour."""
    at = START + timedelta(hours=hour + 1, minutes=1)
    return turn_episodes_into_cases(session, at, SensingSettings(), DEFAULT_DESK)


def cases(session: Session) -> list[Case]:
    rows, _ = listing.cases(session, CasesAsked(order="opened"))
    return [look(session, row.case_id) for row in rows]


@pytest.mark.usefixtures("outfall")
def test_an_exceedance_opens_one_filed_case_of_the_right_kind(session: Session) -> None:
    send(session, {0: 80, 1: 90})

    turn(session, 1)
    turn(session, 1)

    (case,) = cases(session)
    assert (case.state, case.source) == (State.FILED, Source.SENSOR)
    assert case.code is not None
    assert case.code.code == "W-02"
    assert case.title.endswith("化学需氧量超标")


@pytest.mark.usefixtures("outfall")
def test_a_second_episode_while_the_case_is_open_joins_it(session: Session) -> None:
    send(session, {0: 80, 1: 20})
    turn(session, 1)
    send(session, {2: 85})
    turn(session, 2)

    (case,) = cases(session)
    assert len(case.signals) == 2


@pytest.mark.usefixtures("outfall")
def test_values_under_the_limit_open_nothing(session: Session) -> None:
    send(session, {0: 20, 1: 49})

    assert not turn(session, 1)
    assert cases(session) == []


@pytest.mark.usefixtures("outfall")
def test_a_signals_key_is_its_episode(session: Session) -> None:
    send(session, {0: 80})
    (change,) = evaluate(session, START + timedelta(hours=2))

    assert signal_of(change).submit_key == f"episode/{change.episode.id}"


@pytest.mark.usefixtures("outfall")
def test_the_peak_of_a_case_is_walked_back_to_its_frame(session: Session) -> None:
    send(session, {0: 80, 1: 95, 2: 70})
    turn(session, 2)
    (case,) = cases(session)

    found = evidence_of(session, case)

    assert found is not None
    assert found.origin is not None
    assert found.origin.observation.value == Decimal(95)
    assert b"w01018-Avg=95" in found.origin.frame.raw
    assert b"123456" not in found.origin.frame.raw


@pytest.mark.usefixtures("outfall")
def test_a_case_may_close_only_after_three_quiet_hours(session: Session) -> None:
    send(session, {0: 80, 1: 20})
    turn(session, 1)
    (case,) = cases(session)

    def is_quiet_after(hour: int) -> bool | None:
        return is_source_quiet(session, case, START + timedelta(hours=hour + 1), window=WINDOW)

    assert is_quiet_after(1) is False
    send(session, {2: 20, 3: 20, 4: 20})
    turn(session, 4)
    assert is_quiet_after(4) is True


def test_a_silent_station_is_a_case_of_its_own_kind(session: Session, outfall: Station) -> None:
    send(session, {0: 20})

    turn(session, 30)

    (case,) = cases(session)
    assert case.title == f"{outfall.name} 数据中断"
    assert case.code is not None
    assert case.code.code == "03010"
    assert is_source_quiet(session, case, START + timedelta(hours=31), window=WINDOW) is False
