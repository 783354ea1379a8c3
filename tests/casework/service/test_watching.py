import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from casework.service.office import REPORTER, Office
from factories.casework import ACCEPTOR, DISPATCHER, HANDLER, HEAD, LEGS, MONDAY, SYSTEM, file_it
from sqlalchemy import text

from qinghuan.casework.clock import PauseReason
from qinghuan.casework.jobs import tell
from qinghuan.casework.listing import CasesAsked
from qinghuan.casework.model import Acting
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.states import State
from qinghuan.casework.service.listing import cases, counts, notices_of, overdue, recent
from qinghuan.casework.service.notifying import notify
from qinghuan.casework.service.viewing import case_view, timeline
from qinghuan.casework.service.watching import change_calendar, forget_reporters, tick_escalations
from qinghuan.infra.database import SYSTEM as SYSTEM_SCOPE
from qinghuan.infra.database import Database, Session

if TYPE_CHECKING:
    from pydantic import JsonValue

pytestmark = pytest.mark.db


def rungs(session: Session) -> list[tuple[str, int, int]]:
    """Rungs told, in the order told: (clock, percent, lateness)."""
    rows = session.execute(
        text(
            "SELECT k.key, r.pct, r.late_s FROM casework_rung r "
            "JOIN casework_clock k ON k.id = r.clock_id ORDER BY r.due_at, r.pct"
        )
    )
    return [(row.key, row.pct, row.late_s) for row in rows]


def test_after_two_weeks_of_standstill_every_rung_is_told_once_and_in_order(
    session: Session,
) -> None:
    Office(session).submit()
    late = MONDAY + timedelta(days=14)
    ticked = tick_escalations(session, late)
    again = tick_escalations(session, late)

    assert [pct for _, pct, _ in rungs(session)] == [50, 80, 100, 150, 200]
    assert ticked.rungs == 5
    assert (again.cases, again.rungs) == (0, 0)
    assert all(late_s > 13 * 86_400 for _, _, late_s in rungs(session))


def test_a_tick_every_minute_tells_each_rung_within_a_minute(session: Session) -> None:
    Office(session).submit()
    for minute in range(250):
        tick_escalations(session, MONDAY + timedelta(minutes=minute, seconds=30))

    assert [(pct, late_s <= 60) for _, pct, late_s in rungs(session)] == [
        (pct, True) for pct in (50, 80, 100, 150, 200)
    ]


def test_a_tick_that_dies_before_its_commit_tells_all_of_it_the_next_time(
    database: Database,
) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        Office(session).submit()
    late = MONDAY + timedelta(hours=3)

    def die_after_telling() -> None:
        with database.transaction(SYSTEM_SCOPE) as session:
            tick_escalations(session, late)
            raise RuntimeError("the plug was pulled")

    with pytest.raises(RuntimeError, match="pulled"):
        die_after_telling()
    with database.transaction(SYSTEM_SCOPE) as session:
        tick_escalations(session, late)
        assert [pct for _, pct, _ in rungs(session)] == [50, 80, 100, 150]


def test_two_workers_ticking_at_once_tell_each_rung_once(database: Database) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        Office(session).submit()
    late = MONDAY + timedelta(days=1)

    def tick() -> None:
        with database.transaction(SYSTEM_SCOPE) as session:
            tick_escalations(session, late)

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(SYSTEM_SCOPE) as session:
        assert [pct for _, pct, _ in rungs(session)] == [50, 80, 100, 150, 200]


def test_an_overdue_case_turns_red_and_is_listed(session: Session) -> None:
    office = Office(session)
    office.submit()
    late = MONDAY + timedelta(hours=3)
    tick_escalations(session, late)
    rows, total = overdue(session, "9901", late)

    assert total == 1
    assert rows[0].is_red
    assert counts(session, late).overdue == 1
    assert overdue(session, "9902", late)[1] == 0


def test_a_suspension_ends_on_its_day_by_itself(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    until = office.at + timedelta(days=10)
    ask = c.AskSuspension(reason=PauseReason.SUSPENDED, until=until, text="等待汛期结束")
    office.do(ask, HANDLER)
    office.do(c.EndorseRequest(), HEAD)
    office.do(c.ApproveRequest(), DISPATCHER)
    early = tick_escalations(session, until - timedelta(days=1))
    due = tick_escalations(session, until + timedelta(hours=1))
    case = case_view(session, office.case_id, SYSTEM, until + timedelta(hours=1)).case

    assert (early.resumed, due.resumed) == (0, 1)
    assert case.state is State.HANDLING


def test_a_suspended_case_is_not_overdue(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    until = office.at + timedelta(days=30)
    ask = c.AskSuspension(reason=PauseReason.SUSPENDED, until=until, text="等待汛期结束")
    office.do(ask, HANDLER)
    office.do(c.EndorseRequest(), HEAD)
    office.do(c.ApproveRequest(), DISPATCHER)

    assert overdue(session, "", office.at + timedelta(days=20))[1] == 0


def test_the_reporter_is_asked_again_on_the_planned_days_and_never_twice(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    closed_at = office.finish().case.closed_at
    assert closed_at is not None
    asked = [
        tick_escalations(session, closed_at + timedelta(days=day)).asked
        for day in (0, 1, 2, 28, 28, 90)
    ]
    events = [step.event.type for step in timeline(session, office.case_id)]

    assert asked == [0, 1, 0, 1, 0, 1]
    assert events.count("FollowUpAsked") == 3


def test_questions_slept_through_are_asked_as_one(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    office.finish()
    late = tick_escalations(session, office.at + timedelta(days=40))
    again = tick_escalations(session, office.at + timedelta(days=41))

    assert (late.asked, again.asked) == (1, 0)


def test_who_reported_is_forgotten_a_year_after_the_case_was_put_away(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    office.finish()
    put_away = office.at + timedelta(days=110)
    tick_escalations(session, put_away)
    early = forget_reporters(session, put_away + timedelta(days=360))
    due = forget_reporters(session, put_away + timedelta(days=366))

    assert (early, due) == (0, 1)


def test_a_quiet_case_is_archived_by_itself(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    office.finish()
    early = tick_escalations(session, office.at + timedelta(days=91))
    due = tick_escalations(session, office.at + timedelta(days=110))

    assert (early.archived, due.archived) == (0, 1)
    assert cases(session, CasesAsked(states=frozenset({State.ARCHIVED})))[1] == 1


def test_a_new_calendar_is_counted_by_in_every_open_case(session: Session) -> None:
    office = Office(session)
    office.submit()
    changed = change_calendar(session, "cn-2026.1", office.at)
    steps = timeline(session, office.case_id)

    assert changed == 1
    assert steps[-1].event.type == "CalendarChanged"


def test_whom_an_event_concerns_is_told_once_however_often_the_job_runs(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.do(file_it(), ACCEPTOR)
    office.do(c.Dispatch(legs=LEGS), DISPATCHER)
    payload: dict[str, JsonValue] = {"case_id": str(office.case_id), "case_seq": 3}
    for _ in range(3):
        tell(session, payload)
    told = notices_of(session, HEAD)

    assert [notice.text for notice in told] == ["2026-000001 已派遣，请签收"]
    assert notices_of(session, DISPATCHER) == []


def test_the_reporter_is_told_when_his_case_is_closed(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    closed = office.finish()
    notify(session, office.case_id, closed.case.version)
    told = notices_of(session, Acting(person=REPORTER, roles=frozenset({"citizen"})))

    assert [notice.text for notice in told] == ["2026-000001 已结案，请您评价"]


def test_an_event_that_is_not_there_tells_nobody(session: Session) -> None:
    office = Office(session)
    office.submit()

    assert notify(session, office.case_id, 99) == 0


def test_each_notifying_event_leaves_one_job(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    office.finish()
    events = [step.event.type for step in timeline(session, office.case_id)]
    jobs = session.execute(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'casework.notify'")
    ).scalar_one()
    waited_for = {"CaseDispatched", "CaseSigned", "WorkConfirmed", "CheckAsked", "CaseClosed"}

    assert jobs == sum(kind in waited_for for kind in events)


def test_the_feed_tells_what_happened_last(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.do(file_it(), ACCEPTOR)
    feed = recent(session, "9901")

    assert [one.type for one in feed] == ["CaseFiled", "CaseOpened"]
    assert feed[0].case_number == "2026-000001"
    assert recent(session, "9902") == []
