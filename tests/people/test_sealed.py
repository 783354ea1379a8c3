"""Who reaches which rows, tried as the app role with row-level security on."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from qinghuan.infra.database import NOBODY, SYSTEM, Database, Scope
from qinghuan.people.model import Area, Grant, Mark, Person, Role
from qinghuan.people.repository import persons, places
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.tables import keys
from qinghuan.people.tables import persons as person_tables

pytestmark = pytest.mark.db

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LIN, WU, CHEN = (UUID(int=number) for number in (1, 2, 3))
KEPT_FROM_PERSONS = (
    keys.credential,
    keys.former_password,
    keys.factor,
    keys.recovery_code,
    keys.session,
    keys.token,
    keys.failure,
    keys.attempt,
    keys.setup_code,
    keys.act,
)


def person(person_id: UUID, login_name: str, area_code: str) -> Person:
    return Person(
        id=person_id,
        login_name=login_name,
        name="林洁",
        post_label="值守员 07",
        area_code=area_code,
        office_id=None,
        mark=Mark.INTERNAL,
        created_at=NOON,
    )


@pytest.fixture
def town(database: Database) -> Database:
    """Two districts with one person each, and one session."""
    with database.transaction(SYSTEM) as session:
        for code in ("99", "9901", "990101", "990102"):
            places.add_area(session, Area(area_code=code, name=code), NOON)
        for who, name, where in ((LIN, "lin", "990101"), (WU, "wu", "990102")):
            persons.add_person(session, person(who, name, where), None, None)
        session.execute(
            keys.session.insert().values(
                id=UUID(int=9),
                person_id=LIN,
                token_hash=b"hash",
                started_at=NOON,
                last_seen_at=NOON,
                source="10.0.0.7",
            )
        )
    return database


def count(session: Session, table: object) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]  # any of the tables


def test_a_person_is_seen_in_his_area_and_up_to_his_mark(town: Database) -> None:
    seen = {}
    for scope in (
        Scope(area_prefixes=("9901",), mark=1),
        Scope(area_prefixes=("990102",), mark=1),
        Scope(area_prefixes=("9901",), mark=0),
        Scope(person_id=str(LIN)),
        NOBODY,
    ):
        with town.transaction(scope) as session:
            seen[scope] = set(session.scalars(select(person_tables.person.c.login_name)))

    assert list(seen.values()) == [{"lin", "wu"}, {"wu"}, set(), {"lin"}, set()]


def test_areas_are_seen_by_everyone_signed_in_and_by_nobody_else(town: Database) -> None:
    with town.transaction(Scope(person_id=str(LIN))) as session:
        assert places.area_of(session, "990102") is not None
    with town.transaction(NOBODY) as session:
        assert places.area_of(session, "990102") is None


def test_an_area_elsewhere_is_read_but_not_written(town: Database) -> None:
    with town.transaction(Scope(area_prefixes=("990101",), person_id=str(LIN))) as session:
        places.rename_area(session, "990102", "改名", "", NOON)
    with town.transaction(SYSTEM) as session:
        assert places.area_names(session, ["990102"]) == {"990102": "990102"}
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        town.transaction(Scope(area_prefixes=("990101",), person_id=str(LIN))) as session,
    ):
        places.add_area(session, Area(area_code="990103", name="新"), NOON)


def test_no_scope_of_a_person_reaches_what_opens_the_door(town: Database) -> None:
    widest = Scope(area_prefixes=("99",), person_id=str(LIN), mark=3)
    with town.transaction(widest) as session:
        for table in KEPT_FROM_PERSONS:
            assert count(session, table) == 0
            with sealed(session):
                assert count(session, table) == (1 if table is keys.session else 0)
            assert count(session, table) == 0


def test_after_an_error_inside_the_scope_is_the_callers_again(town: Database) -> None:
    with town.transaction(Scope(area_prefixes=("9901",), mark=2)) as session:
        with pytest.raises(LookupError), sealed(session):
            raise LookupError
        assert _setting(session, "areas") == "9901"
        assert _setting(session, "mark") == "2"


def test_a_failed_statement_inside_is_reported_as_itself(town: Database) -> None:
    with (
        pytest.raises(DBAPIError, match="division by zero"),
        town.transaction(Scope(area_prefixes=("9901",))) as session,
        sealed(session),
    ):
        session.execute(text("SELECT 1/0"))


def test_an_act_once_kept_is_neither_changed_nor_deleted(town: Database) -> None:
    for statement in ("DELETE FROM people_act", "UPDATE people_act SET actor = 'nobody'"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            town.transaction(SYSTEM) as session,
        ):
            session.execute(text(statement))


def grant(number: int, role: Role, **facts: object) -> Grant:
    given = {
        "id": UUID(int=number),
        "person_id": LIN,
        "role": role,
        "area_code": "9901",
        "office_id": None,
        "asked_by": WU,
        "asked_at": NOON,
        "reason": "岗位需要",
        "valid_from": NOON,
        "approved_by": CHEN,
        "approved_at": NOON,
    }
    return Grant(**given | facts)  # type: ignore[arg-type]  # the facts of one grant


def test_the_database_itself_refuses_a_grant_that_breaks_the_laws(town: Database) -> None:
    with town.transaction(SYSTEM) as session:
        persons.add_person(session, person(CHEN, "chen", "990101"), None, None)
    broken: tuple[tuple[dict[str, object], str], ...] = (
        ({"asked_by": LIN}, "not_for_oneself"),
        ({"approved_by": LIN}, "approved_by_another"),
        ({"approved_by": WU}, "approved_by_another"),
        ({"approved_by": None}, "two_behind_it"),
        ({"valid_until": NOON}, "period"),
    )
    for facts, rule in broken:
        with pytest.raises(IntegrityError, match=rule), town.transaction(SYSTEM) as session:
            persons.add_grant(session, grant(11, Role.SYSTEM_ADMIN, **facts))


def test_the_database_itself_refuses_a_second_administrator_role(town: Database) -> None:
    with town.transaction(SYSTEM) as session:
        persons.add_person(session, person(CHEN, "chen", "990101"), None, None)
        persons.add_grant(session, grant(11, Role.SYSTEM_ADMIN))
        persons.add_grant(session, grant(12, Role.SYSTEM_ADMIN, area_code="990102"))
    with (
        pytest.raises(IntegrityError, match="one_administrator"),
        town.transaction(SYSTEM) as session,
    ):
        persons.add_grant(session, grant(13, Role.AUDIT_ADMIN))


def _setting(session: Session, name: str) -> str:
    return str(session.scalar(text(f"SELECT current_setting('qinghuan.{name}')")))
