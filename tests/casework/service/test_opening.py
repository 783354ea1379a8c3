import hashlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from casework.service.office import AS_REPORTER, REPORTER, Office
from factories.casework import CODE, MONDAY, SYSTEM
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from qinghuan.casework.conservation import Disposition
from qinghuan.casework.errors import MalformedSignal, SubmitKeyReused, UnknownSignal
from qinghuan.casework.listing import SignalsAsked
from qinghuan.casework.model import Source
from qinghuan.casework.problem.states import State
from qinghuan.casework.service.listing import counts, inbox, open_reporters, reports_of
from qinghuan.casework.service.opening import hash_of, receipt_of, submit_signal
from qinghuan.casework.service.viewing import case_view, signal_view, timeline
from qinghuan.infra.database import NOBODY, Database, Scope, Session
from qinghuan.infra.database import SYSTEM as SYSTEM_SCOPE
from qinghuan.trace.service.reading import record_by_id, records_of

pytestmark = pytest.mark.db


def test_a_report_gets_a_case_a_number_and_a_receipt(session: Session) -> None:
    receipt = Office(session).submit()
    view = case_view(session, receipt.case_id, AS_REPORTER, MONDAY)

    assert receipt.case_number == "2026-000001"
    assert view.case.state is State.RECEIVED
    assert [clock.key for clock in view.clocks] == ["accept-1"]
    assert counts(session, MONDAY).balance.is_kept


def test_the_receipt_alone_answers_to_the_record_in_the_log(session: Session) -> None:
    receipt = Office(session).submit()
    secret = bytes.fromhex(receipt.salt) + bytes.fromhex(receipt.body_sha256)

    body = record_by_id(session, receipt.record_id).body.decode()
    assert hashlib.sha256(secret).hexdigest() in body
    assert "桥下" not in body


def test_the_same_report_again_gets_the_same_receipt_and_makes_no_second_case(
    session: Session,
) -> None:
    office = Office(session)
    first = office.submit()
    again = office.submit()

    assert again == replace(first, is_repeat=True)
    assert receipt_of(session, first.submit_key) == again
    assert counts(session, MONDAY).balance.signals == 1


def test_the_same_key_with_other_content_is_a_conflict(session: Session) -> None:
    office = Office(session)
    office.submit()
    with pytest.raises(SubmitKeyReused) as caught:
        office.submit(title="另一处")

    assert caught.value.submit_key == "key-0000-0001"


def test_a_key_nobody_used_has_no_receipt(session: Session) -> None:
    with pytest.raises(UnknownSignal):
        receipt_of(session, "key-0000-9999")


def test_two_phones_sending_the_same_report_at_once_make_one_case(database: Database) -> None:
    receipts = []

    def send() -> None:
        with database.transaction(SYSTEM_SCOPE) as session:
            receipts.append(Office(session).submit())

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({receipt.case_id for receipt in receipts}) == 1
    assert sorted(receipt.is_repeat for receipt in receipts) == [False, True, True, True]


def test_alarms_of_one_episode_arriving_together_make_one_case(database: Database) -> None:
    receipts = []

    def send(number: int) -> None:
        with database.transaction(SYSTEM_SCOPE) as session:
            office = Office(session)
            signal = replace(office.sent(Source.SENSOR), submit_key=f"key-0000-{number}")
            receipts.append(submit_signal(session, signal, SYSTEM, MONDAY))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({receipt.case_id for receipt in receipts}) == 1
    with database.transaction(SYSTEM_SCOPE) as session:
        balance = counts(session, MONDAY).balance
        assert (balance.signals, balance.waiting, balance.attached) == (4, 1, 3)
        assert balance.is_kept


@pytest.mark.parametrize(("is_trusted", "state"), [(True, State.FILED), (False, State.VERIFYING)])
def test_a_machine_files_itself_only_when_its_checks_passed(
    session: Session, *, is_trusted: bool, state: State
) -> None:
    receipt = Office(session).submit(Source.SENSOR, is_trusted=is_trusted)

    assert case_view(session, receipt.case_id, SYSTEM, MONDAY).case.state is state


def test_a_repeated_alarm_attaches_and_is_counted(session: Session) -> None:
    office = Office(session)
    first = office.submit(Source.SENSOR, is_trusted=True)
    again = replace(
        office.sent(Source.SENSOR, is_trusted=True),
        submit_key="key-0000-0002",
        observed_at=MONDAY + timedelta(hours=1),
    )
    second = submit_signal(session, again, SYSTEM, MONDAY + timedelta(hours=1))
    rows, total = inbox(session, SignalsAsked(dispositions=frozenset({Disposition.ATTACHED})))
    case = case_view(session, first.case_id, SYSTEM, MONDAY + timedelta(hours=1)).case

    assert second.case_id == first.case_id
    assert total == 1
    assert rows[0].signal.submit_key == "key-0000-0002"
    assert len(case.signals) == 2
    assert case.last_seen_at == MONDAY + timedelta(hours=1)


def test_an_alarm_after_closing_opens_the_case_again_and_sends_it_to_the_office(
    session: Session,
) -> None:
    office = Office(session)
    office.submit(Source.SENSOR)
    office.version = case_view(session, office.case_id, SYSTEM, office.at).case.version
    office.give_back_from_verifying()
    office.work()
    office.finish(is_source_quiet=True)
    later = office.at + timedelta(days=2)
    alarm = replace(office.sent(Source.SENSOR), submit_key="key-0000-0002", observed_at=later)
    receipt = submit_signal(session, alarm, SYSTEM, later)
    case = case_view(session, receipt.case_id, SYSTEM, later).case

    assert receipt.case_id == office.case_id
    assert case.state is State.DISPATCHED
    assert case.level == 1
    assert counts(session, later).balance.is_kept


def test_who_reported_stands_apart_and_every_look_at_it_is_recorded(session: Session) -> None:
    receipt = Office(session).submit()
    story = timeline(session, receipt.case_id)
    people = open_reporters(session, receipt.case_id, SYSTEM, "核实情况", MONDAY)
    kinds = [entry.kind for entry in records_of(session, f"case/{receipt.case_id}")]

    assert REPORTER not in str(story)
    assert REPORTER not in str(signal_view(session, receipt.signal_id))
    assert people == (REPORTER,)
    assert "reporter.opened" in kinds


def test_a_person_finds_his_own_reports(session: Session) -> None:
    Office(session).submit()
    rows, total = reports_of(session, REPORTER)

    assert total == 1
    assert rows[0].disposition is Disposition.WAITING
    assert reports_of(session, "somebody-else")[1] == 0


def test_another_persons_scope_does_not_see_who_reported(database: Database) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        Office(session).submit()
    staff = Scope(area_prefixes=("9901",), mark=3, person_id="staff-1")
    with database.transaction(staff) as session:
        assert inbox(session, SignalsAsked())[1] == 1
        assert reports_of(session, REPORTER)[1] == 0


def test_nobody_and_other_areas_see_no_signal(database: Database) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        Office(session).submit()
    for scope in (NOBODY, Scope(area_prefixes=("9902",), mark=3), Scope(area_prefixes=("9901",))):
        with database.transaction(scope) as session:
            assert inbox(session, SignalsAsked())[1] == 0


@pytest.mark.parametrize("table", ["casework_signal", "casework_event"])
def test_what_happened_cannot_be_changed_or_taken_away(database: Database, table: str) -> None:
    with database.transaction(SYSTEM_SCOPE) as session:
        Office(session).submit()
    for verb in (f"UPDATE {table} SET mark = 0", f"DELETE FROM {table}"):  # noqa: S608 - two names
        with (
            pytest.raises((ProgrammingError, IntegrityError)),
            database.transaction(SYSTEM_SCOPE) as session,
        ):
            session.execute(text(verb))


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "长" * 201},
        {"text": "长" * 4001},
        {"area_code": "湛江"},
        {"reporter": ""},
        {"mark": 4},
        {"media_sha256": ("xy",)},
        {"observed_at": MONDAY.replace(tzinfo=None)},
        {"submit_key": "short"},
    ],
)
def test_a_signal_that_lacks_something_is_refused_in_chinese(
    session: Session, wrong: dict[str, object]
) -> None:
    signal = replace(Office(session).sent(), **wrong)  # type: ignore[arg-type] # wrong on purpose
    with pytest.raises(MalformedSignal) as caught:
        submit_signal(session, signal, AS_REPORTER, MONDAY)

    assert caught.value.message_zh().startswith("线索不完整")


def test_a_machine_must_say_what_it_watches(session: Session) -> None:
    signal = Office(session).sent(Source.SENSOR, source_ref=None)
    with pytest.raises(MalformedSignal):
        submit_signal(session, signal, SYSTEM, MONDAY)


def test_who_sends_and_our_id_do_not_change_what_was_reported(session: Session) -> None:
    signal = Office(session).sent()

    assert hash_of(signal) == hash_of(replace(signal, reporter="x", signal_id="y"))
    assert hash_of(signal) != hash_of(replace(signal, code=None))
    assert signal.code == CODE
