"""Transactions step down, speak UTC and see only their scope."""

import pytest
from sqlalchemy import func, text

from qinghuan.core.identity import new_id
from qinghuan.infra.database import NOBODY, SYSTEM, Database, Scope, Session
from qinghuan.infra.schema import blob

pytestmark = pytest.mark.db

ROWS = (
    ("990101", 0),
    ("990102", 2),
    ("9902", 1),
    (None, 0),
)


@pytest.fixture
def rows(database: Database) -> Database:
    with database.transaction(SYSTEM) as session:
        for area_code, mark in ROWS:
            session.execute(
                blob.insert().values(
                    id=new_id(),
                    sha256="0" * 64,
                    stored_sha256="0" * 64,
                    size_bytes=1,
                    media_type="text/plain",
                    area_code=area_code,
                    mark=mark,
                    stored_at=func.now(),
                )
            )
    return database


def seen(database: Database, scope: Scope) -> set[tuple[str | None, int]]:
    with database.transaction(scope) as session:
        return {
            (r[0], r[1]) for r in session.execute(text("SELECT area_code, mark FROM infra_blob"))
        }


def test_a_transaction_runs_as_the_app_role_in_utc(session: Session) -> None:
    row = session.execute(text("SELECT current_user, current_setting('TimeZone')")).one()

    assert tuple(row) == ("qinghuan_app", "UTC")


def test_the_system_sees_every_row(rows: Database) -> None:
    assert seen(rows, SYSTEM) == set(ROWS)


def test_nobody_sees_nothing(rows: Database) -> None:
    assert seen(rows, NOBODY) == set()


def test_a_prefix_reaches_the_areas_below_it_and_no_others(rows: Database) -> None:
    assert seen(rows, Scope(area_prefixes=("9901",), mark=3)) == {("990101", 0), ("990102", 2)}


def test_a_mark_hides_what_is_above_it(rows: Database) -> None:
    assert seen(rows, Scope(area_prefixes=("99",), mark=1)) == {("990101", 0), ("9902", 1)}


def test_an_area_less_row_is_the_platforms_alone(rows: Database) -> None:
    assert (None, 0) not in seen(rows, Scope(area_prefixes=("99",), mark=3))
