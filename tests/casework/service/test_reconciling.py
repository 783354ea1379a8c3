from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from casework.service.office import Office
from factories.casework import MONDAY
from sqlalchemy import Table, create_engine, text

from qinghuan.casework import tables
from qinghuan.casework.model import Source
from qinghuan.casework.service.listing import counts
from qinghuan.casework.service.reconciling import alarms_since, reconcile, verify_case
from qinghuan.infra.database import SYSTEM as SYSTEM_SCOPE
from qinghuan.infra.database import Database, Session, driver_url

pytestmark = pytest.mark.db


@contextmanager
def as_owner(database_url: str) -> Iterator[object]:
    """Somebody who got hold of the database itself, with its triggers off."""
    engine = create_engine(driver_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()


def a_closed_case(database: Database) -> Office:
    with database.transaction(SYSTEM_SCOPE) as session:
        office = Office(session)
        office.submit()
        office.work()
        office.finish()
    return office


def test_a_sound_house_has_nothing_to_mend(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    report = reconcile(session, office.at)

    assert report.is_sound
    assert report.cases == 1
    assert alarms_since(session, MONDAY) == []


def test_a_list_row_that_drifted_is_put_back_and_an_alarm_is_raised(session: Session) -> None:
    office = Office(session)
    office.submit()
    session.execute(text("UPDATE casework_case SET state = 'archived', owner_office = ''"))
    first = reconcile(session, office.at)
    second = reconcile(session, office.at)

    assert [finding.kind for finding in first.findings] == ["projection"]
    assert first.findings[0].is_repaired
    assert second.is_sound
    assert [alarm.kind for alarm in alarms_since(session, MONDAY)] == ["projection"]


def test_a_deadline_that_moved_with_time_alone_is_refreshed_without_alarm(session: Session) -> None:
    office = Office(session)
    office.submit(Source.SENSOR)
    later = office.at + timedelta(days=4)
    report = reconcile(session, later)

    assert report.findings == ()


def test_a_clock_row_that_is_gone_is_put_back(session: Session) -> None:
    office = Office(session)
    office.submit()
    session.execute(text("DELETE FROM casework_clock"))
    report = reconcile(session, office.at)

    assert [finding.kind for finding in report.findings] == ["clock"]
    assert counts(session, office.at).balance.is_kept


def test_a_signal_without_disposition_is_settled(session: Session) -> None:
    office = Office(session)
    office.submit()
    office.work()
    session.execute(text("DELETE FROM casework_disposition"))
    gap = counts(session, office.at).balance.gap
    report = reconcile(session, office.at)

    assert gap == 1
    assert [finding.kind for finding in report.findings] == ["orphan-signal"]
    assert report.balance.is_kept


@pytest.mark.parametrize(
    ("harm", "kinds"),
    [
        (
            """UPDATE casework_event SET body = jsonb_set(body, '{body,text}', '"没干"')
               WHERE type = 'WorkReported'""",
            {"commitment"},
        ),
        ("UPDATE casework_event SET at = at + interval '1 day' WHERE case_seq = 3", {"commitment"}),
        ("DELETE FROM casework_event WHERE case_seq = 4", {"chain"}),
        (
            """UPDATE casework_event SET case_seq = CASE case_seq WHEN 5 THEN 60 ELSE 5 END
               WHERE case_seq IN (5, 6)""",
            {"chain"},
        ),
        (
            "UPDATE casework_event SET record_id = gen_random_uuid() WHERE case_seq = 2",
            {"no-record"},
        ),
        (
            """UPDATE casework_event SET record_id = (
                   SELECT record_id FROM casework_event WHERE case_seq = 1) WHERE case_seq = 2""",
            {"commitment", "chain"},
        ),
    ],
)
def test_an_edit_a_removal_a_swap_or_a_false_record_is_found(
    database: Database, database_url: str, harm: str, kinds: set[str]
) -> None:
    office = a_closed_case(database)
    with as_owner(database_url) as connection:
        connection.execute(text(harm))  # type: ignore[attr-defined] # a Connection
    with database.transaction(SYSTEM_SCOPE) as session:
        found = {finding.kind for finding in verify_case(session, office.case_id)}

    assert kinds <= found


def test_the_tables_are_those_the_migration_makes(database: Database) -> None:
    ours = [table for table in vars(tables).values() if isinstance(table, Table)]
    with database.transaction(SYSTEM_SCOPE) as session:
        for table in ours:
            rows = session.execute(
                text(
                    "SELECT column_name, is_nullable FROM information_schema.columns "
                    "WHERE table_name = :name"
                ),
                {"name": table.name},
            )
            made = {row.column_name: row.is_nullable == "YES" for row in rows}
            assert made == {column.name: column.nullable for column in table.columns}, table.name
