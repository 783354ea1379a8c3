from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.model import Mark
from qinghuan.people.register import (
    HINTS,
    Basis,
    Declaration,
    PersonalField,
    faults_of,
    page_of,
    person_reference,
)

from .write_personal_fields import PAGE, declarations

PHONE = PersonalField(
    column="room_thing.phone",
    what="电话",
    purpose="联络",
    basis=Basis.CONSENT,
    kept="办结后 30 天",
    seen_by="受理员",
)
ROOM = Declaration(room="room", personal=(PHONE,), ordinary=("room_thing.*", "room_thing.name"))
COLUMNS = ("room_thing.id", "room_thing.phone", "room_thing.name", "room_thing.level")


@pytest.mark.db
def test_every_column_of_the_house_is_declared(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        columns = session.scalars(
            text(
                "SELECT c.relname || '.' || a.attname FROM pg_attribute a "
                "JOIN pg_class c ON c.oid = a.attrelid "
                "JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
                "AND a.attnum > 0 AND NOT a.attisdropped"
            )
        ).all()
    faults = faults_of(columns, declarations())

    assert not faults, "\n".join(fault.line() for fault in faults)


def test_the_page_is_written_from_the_register() -> None:
    written = PAGE.read_text(encoding="utf-8")

    assert written == page_of(declarations()), (
        "run: uv run python tests/people/write_personal_fields.py"
    )


def test_a_well_declared_room_has_no_fault() -> None:
    assert faults_of(COLUMNS, [ROOM]) == ()
    assert "`room_thing.phone`" in page_of([ROOM])


@pytest.mark.parametrize(
    ("columns", "declaration", "column"),
    [
        ((*COLUMNS, "room_other.id"), ROOM, "room_other.id"),
        ((*COLUMNS, "room_thing.owner_mobile"), ROOM, "room_thing.owner_mobile"),
        ((*COLUMNS, "room_thing.handled_by"), ROOM, "room_thing.handled_by"),
        ((*COLUMNS, "room_thing.remark"), ROOM, "room_thing.remark"),
        (COLUMNS[:1], ROOM, "room_thing.phone"),
        (COLUMNS, replace(ROOM, personal=(PHONE, PHONE)), "room_thing.phone"),
        (COLUMNS, replace(ROOM, personal=(replace(PHONE, kept=""),)), "room_thing.phone"),
        (COLUMNS, replace(ROOM, personal=(replace(PHONE, mark=Mark.PUBLIC),)), "room_thing.phone"),
        (
            COLUMNS,
            replace(ROOM, ordinary=(*ROOM.ordinary, "room_thing.phone")),
            "room_thing.phone",
        ),
    ],
)
def test_what_is_undeclared_stale_double_or_incomplete_is_found(
    columns: tuple[str, ...], declaration: Declaration, column: str
) -> None:
    assert column in {fault.column for fault in faults_of(columns, [declaration])}


def test_a_reference_to_a_person_is_a_personal_field() -> None:
    assert person_reference("room_thing.made_by", "录入人").basis is Basis.DUTY


@given(word=st.from_regex(HINTS, fullmatch=False))
def test_no_pattern_covers_a_name_that_hints_at_a_person(word: str) -> None:
    column = f"room_thing.{word}".replace("\n", "")
    widest = Declaration(room="room", ordinary=("*.*", "room_*.*"))
    if HINTS.search(column.partition(".")[2]):
        assert faults_of([column], [widest])
