"""A machine is asked after closing like anybody else, and answers with what it measures."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from casework.service.office import Office
from factories.casework import DISPATCHER, HEAD, LEGS, SPOT, named
from factories.sensing import receive, station_form, upload

from qinghuan.casework.listing import CasesAsked
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.states import State, Verdict
from qinghuan.casework.service import listing
from qinghuan.casework.service.desk import DEFAULT_DESK
from qinghuan.casework.service.viewing import timeline
from qinghuan.casework.service.watching import tick_escalations
from qinghuan.flows.exceedance_opens_case import turn_episodes_into_cases
from qinghuan.flows.machine_answers_follow_up import answer_for_machines
from qinghuan.infra.database import Session
from qinghuan.people.service.places import found_area
from qinghuan.sensing.model import OwnLimit
from qinghuan.sensing.service.limits import set_limit
from qinghuan.sensing.service.stations import datastreams_of, register_station
from qinghuan.sensing.settings import SensingSettings

pytestmark = pytest.mark.db

START = datetime(2026, 5, 6, tzinfo=UTC)
WINDOW = timedelta(hours=3)


def send(session: Session, values: dict[int, int]) -> None:
    """Hourly means of COD by hour after the start."""
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


@pytest.fixture
def office(session: Session) -> Office:
    """A case of an outfall's COD, worked and closed while the value is back."""
    found_area(session, "990101", START)
    form = station_form(
        st="32",
        area_code="990101",
        longitude_deg=SPOT.longitude_deg,
        latitude_deg=SPOT.latitude_deg,
    )
    station = register_station(session, form, "123456", actor="p", at=START)
    send(session, {-1: 10})
    (stream,) = datastreams_of(session, station.id)
    limit = OwnLimit(upper=Decimal(50), source="许可")
    set_limit(session, stream.id, limit, actor="p", at=START)
    send(session, {0: 80, 1: 20, 2: 20, 3: 20, 4: 20})
    at = START + timedelta(hours=5, minutes=1)
    turn_episodes_into_cases(session, at, SensingSettings(), DEFAULT_DESK)
    (row,), _ = listing.cases(session, CasesAsked())
    office = Office(session, at=at, case_id=row.case_id, version=row.version)
    office.do(c.Dispatch(legs=LEGS), DISPATCHER)
    office.do(c.Sign(handler=named()), HEAD)
    office.finish(is_source_quiet=True)
    return office


def answers(session: Session, case_id: UUID) -> list[e.FollowUpAnswered]:
    bodies = [step.event.body for step in timeline(session, case_id)]
    return [body for body in bodies if isinstance(body, e.FollowUpAnswered)]


def ask_and_answer(session: Session, at: datetime) -> int:
    tick_escalations(session, at)
    return answer_for_machines(session, at, DEFAULT_DESK, window=WINDOW)


def test_nobody_answers_before_he_is_asked(session: Session, office: Office) -> None:
    assert ask_and_answer(session, office.at + timedelta(hours=1)) == 0


def test_values_under_the_limit_are_a_yes_and_are_said_once(
    session: Session, office: Office
) -> None:
    next_day = office.at + timedelta(days=1, hours=1)

    assert ask_and_answer(session, next_day) == 1
    assert ask_and_answer(session, next_day) == 0
    (answer,) = answers(session, office.case_id)
    assert (answer.day, answer.verdict) == (1, Verdict.SATISFIED)


def test_values_over_the_limit_open_the_case_again(session: Session, office: Office) -> None:
    send(session, {29: 90})
    next_day = office.at + timedelta(days=1, hours=1)
    turn_episodes_into_cases(session, next_day, SensingSettings(), DEFAULT_DESK)

    ask_and_answer(session, next_day)

    rows, total = listing.cases(session, CasesAsked())
    assert total == 1
    assert rows[0].state is State.DISPATCHED
    assert rows[0].level == 1
