import threading
from dataclasses import replace
from uuid import UUID

import pytest
from casework.service.office import AS_REPORTER, Office
from factories.casework import (
    ACCEPTOR,
    ACCEPTOR_2,
    DISPATCHER,
    HEAD,
    LEGS,
    MONDAY,
    SYSTEM,
    file_it,
    refuse_it,
)
from sqlalchemy import text

from qinghuan.casework.conservation import Disposition
from qinghuan.casework.errors import CommandRefused, StaleVersion, UnknownCase, UnknownSignal
from qinghuan.casework.listing import CasesAsked, SignalsAsked
from qinghuan.casework.model import Purpose, Source
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.states import RefusalReason, State, Verdict
from qinghuan.casework.service.commanding import Order, add_evidence, attach, command, refuse
from qinghuan.casework.service.listing import cases, counts, inbox, tasks_of
from qinghuan.casework.service.opening import submit_signal
from qinghuan.casework.service.reconciling import reconcile, verify_case
from qinghuan.casework.service.viewing import case_of_number, case_view, timeline
from qinghuan.infra.database import SYSTEM as SYSTEM_SCOPE
from qinghuan.infra.database import Database, Scope, Session
from qinghuan.trace.service.reading import records_of

pytestmark = pytest.mark.db


def second_case(office: Office) -> Office:
    """Another report of the same place, in the same transaction."""
    other = Office(office.session, at=office.at)
    signal = replace(other.sent(), submit_key="key-0000-0002", title="桥下垃圾")
    receipt = submit_signal(office.session, signal, AS_REPORTER, office.at)
    other.case_id, other.version = receipt.case_id, 1
    return other


def test_a_case_is_worked_to_its_end_and_every_step_answers_to_the_log(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    closed = office.finish()
    story = timeline(session, office.case_id)
    kinds = [entry.kind for entry in records_of(session, f"case/{office.case_id}")]

    assert closed.case.state is State.CLOSED
    assert [step.case_seq for step in story] == list(range(1, len(story) + 1))
    assert kinds[:3] == ["case.opened", "case.filed", "case.dispatched"]
    assert kinds[-1] == "case.closed"
    assert len(kinds) == len(story)
    assert verify_case(session, office.case_id) == ()
    assert reconcile(session, office.at).is_sound
    assert not case_view(session, office.case_id, SYSTEM, office.at).case.running()


def test_a_refusal_is_returned_kept_and_recorded_and_changes_nothing(session: Session) -> None:
    office = Office(session)
    office.submit()
    outcome = office.give(c.File(code=None, grid_code="1", is_condition_met=True), ACCEPTOR)
    kept = session.execute(text("SELECT command, code FROM casework_refusal")).all()
    kinds = [entry.kind for entry in records_of(session, f"case/{office.case_id}")]

    assert outcome.refusal is not None
    assert outcome.refusal.supplier == "受理员"
    assert outcome.case.version == 1
    assert [tuple(row) for row in kept] == [("file", "code-missing")]
    assert kinds == ["case.opened", "case.command-refused"]
    with pytest.raises(CommandRefused) as caught:
        outcome.or_raise()
    assert caught.value.message_zh() == "立案须选定事项代码"


def test_a_command_given_on_an_old_view_is_a_conflict(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.do(file_it(), ACCEPTOR)
    office.version = 1
    with pytest.raises(StaleVersion) as caught:
        office.give(refuse_it(), ACCEPTOR)

    assert (caught.value.expected, caught.value.actual) == (1, 2)


def test_a_command_from_the_future_is_a_conflict_too(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.version = 9
    with pytest.raises(StaleVersion):
        office.give(file_it(), ACCEPTOR)


def test_evidence_added_meanwhile_does_not_spoil_an_open_form(session: Session) -> None:
    office = Office(session)
    office.submit()
    seen = office.work().case.version
    office.show(Purpose.AFTER, replace(HEAD))
    office.version = seen

    assert office.give(c.AskExtension(text="x"), HEAD).refusal is not None


def test_a_case_out_of_reach_does_not_exist(database: Database) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        office = Office(session)
        office.submit()
    order = Order(case_id=office.case_id, command=file_it(), actor=ACCEPTOR, expected_version=1)
    elsewhere = Scope(area_prefixes=("9902",), mark=3)
    with database.transaction(elsewhere) as session, pytest.raises(UnknownCase):
        command(session, order, MONDAY)
    with database.transaction(elsewhere) as session, pytest.raises(UnknownCase):
        timeline(session, office.case_id)


def test_staff_of_the_area_work_in_their_own_scope(database: Database) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        office = Office(session)
        office.submit()
    with database.transaction(Scope(area_prefixes=("9901",), mark=1)) as session:
        office.session = session
        office.work()
        assert office.finish().case.state is State.CLOSED


def test_a_signal_attached_to_an_open_case_follows_it_and_its_reporter_is_asked(
    session: Session,
) -> None:
    office = Office(session)
    office.submit()
    office.work()
    other = second_case(office)
    row = inbox(session, SignalsAsked(text="桥下垃圾"))[0][0]
    order = Order(
        case_id=office.case_id, command=c.ConfirmDone(), actor=ACCEPTOR, expected_version=1
    )
    outcome = attach(session, UUID(row.signal.signal_id), order, office.at)
    office.finish()
    child = case_view(session, other.case_id, AS_REPORTER, office.at)
    offers = {offer.command: offer for offer in child.offers}

    assert outcome.case.state is State.MERGED
    assert inbox(session, SignalsAsked(text="桥下垃圾"))[0][0].disposition is Disposition.ATTACHED
    assert child.case.parent_closed_at is not None
    assert offers["answer_follow_up"].is_allowed
    assert counts(session, office.at).balance.is_kept
    assert reconcile(session, office.at).is_sound


def test_a_dissatisfied_follower_opens_the_leading_case_again(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    other = second_case(office)
    other.do(c.Merge(parent_id=str(office.case_id)), ACCEPTOR)
    office.finish()
    other.version += 1
    other.at = office.at
    other.do(c.AnswerFollowUp(verdict=Verdict.UNSATISFIED, text="还有垃圾"), AS_REPORTER)
    leading = case_view(session, office.case_id, SYSTEM, office.at).case

    assert leading.state is State.DISPATCHED
    assert leading.level == 1


def test_a_split_case_waits_again_and_the_leading_case_forgets_it(session: Session) -> None:
    office = Office(session)
    office.submit()
    other = second_case(office)
    other.do(c.Merge(parent_id=str(office.case_id)), ACCEPTOR)
    with_child = case_view(session, office.case_id, SYSTEM, other.at).case.children
    other.do(c.Split(reason="不是同一处"), ACCEPTOR)
    leading = case_view(session, office.case_id, SYSTEM, other.at).case

    assert with_child == {str(other.case_id)}
    assert not leading.children
    assert counts(session, other.at).balance.waiting == 2


def test_a_parent_that_does_not_exist_is_a_refusal(session: Session) -> None:
    office = Office(session)
    office.submit()
    for parent_id in (str(UUID(int=7)), "nonsense"):
        refusal = office.give(c.Merge(parent_id=parent_id), ACCEPTOR).refusal
        assert refusal is not None
        assert refusal.code == "parent-not-open"


def test_a_refused_report_is_counted_and_its_reporter_may_appeal_once(session: Session) -> None:
    office = Office(session)
    office.submit()
    order = Order(case_id=office.case_id, command=file_it(), actor=ACCEPTOR, expected_version=1)
    outcome = refuse(session, order, (RefusalReason.OUT_OF_AREA, "不属于本区"), office.at)
    refused = counts(session, office.at).balance
    office.version = outcome.case.version
    appealed = office.do(c.Appeal(text="属于本区"), AS_REPORTER)
    again = counts(session, office.at).balance

    assert outcome.case.state is State.REFUSED
    assert (refused.refused, refused.waiting) == (1, 0)
    assert (again.refused, again.waiting) == (0, 1)
    assert appealed.events[0].actor.person.startswith("reporter/")


def test_two_persons_refuse_a_machines_alarm(session: Session) -> None:
    office = Office(session)
    office.submit(Source.SENSOR)
    office.version = 2
    office.give_back_from_verifying()
    office.do(refuse_it(), ACCEPTOR)
    alone = office.give(c.ConfirmRefusal(), ACCEPTOR)
    together = office.give(c.ConfirmRefusal(), ACCEPTOR_2)

    assert alone.refusal is not None
    assert together.case.state is State.REFUSED


def test_a_machines_case_closes_only_when_its_value_is_back(session: Session) -> None:
    office = Office(session)
    office.submit(Source.SENSOR)
    office.version = 2
    office.give_back_from_verifying()
    office.work()
    with pytest.raises(AssertionError):
        office.finish(is_source_quiet=False)

    assert office.do(c.Close(is_condition_met=True), ACCEPTOR, is_source_quiet=True).is_done


def test_closing_a_machines_case_is_offered_only_when_its_value_is_back(session: Session) -> None:
    office = Office(session)
    office.submit(Source.SENSOR)
    office.version = 2
    office.give_back_from_verifying()
    office.work()
    with pytest.raises(AssertionError):
        office.finish(is_source_quiet=False)

    for told in (True, False, None):
        view = case_view(
            session, office.case_id, ACCEPTOR, office.at, is_quiet=lambda *_, told=told: told
        )
        (closing,) = (offer for offer in view.offers if offer.command == "close")
        assert closing.is_allowed is (told is True)


def test_each_person_finds_what_waits_for_him(session: Session) -> None:
    office = Office(session)
    office.submit()
    waiting = [tasks_of(session, who)[1] for who in (ACCEPTOR, DISPATCHER, HEAD)]
    office.do(file_it(), ACCEPTOR)
    filed = [tasks_of(session, who)[1] for who in (ACCEPTOR, DISPATCHER, HEAD)]

    assert waiting == [1, 0, 0]
    assert filed == [0, 1, 0]


def test_a_case_is_found_by_its_number(session: Session) -> None:
    receipt = Office(session).submit()

    assert case_of_number(session, receipt.case_number) == receipt.case_id
    assert cases(session, CasesAsked(text=receipt.case_number))[1] == 1
    with pytest.raises(UnknownCase):
        case_of_number(session, "2026-999999")


def test_only_evidence_goes_in_by_its_door(session: Session) -> None:
    office = Office(session)
    office.submit()
    order = Order(case_id=office.case_id, command=file_it(), actor=ACCEPTOR, expected_version=1)
    with pytest.raises(TypeError):
        add_evidence(session, order, None, MONDAY)


def test_an_unknown_signal_cannot_be_attached(session: Session) -> None:
    office = Office(session)
    office.submit()
    order = Order(case_id=office.case_id, command=file_it(), actor=ACCEPTOR, expected_version=1)
    with pytest.raises(UnknownSignal):
        attach(session, UUID(int=1), order, MONDAY)


def test_two_dispatchers_at_once_make_one_dispatch(database: Database) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        office = Office(session)
        office.submit()
        office.do(file_it(), ACCEPTOR)
    outcomes: list[str] = []

    def dispatch() -> None:
        order = Order(
            case_id=office.case_id,
            command=c.Dispatch(legs=LEGS),
            actor=DISPATCHER,
            expected_version=2,
        )
        try:
            with database.transaction(SYSTEM_SCOPE) as session:
                command(session, order, office.at)
            outcomes.append("done")
        except StaleVersion:
            outcomes.append("stale")

    threads = [threading.Thread(target=dispatch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "stale", "stale"]
