"""The tables in the code are the tables in the migrated database."""

import pytest
from sqlalchemy import inspect

from qinghuan.infra.database import Database, metadata
from qinghuan.people.tables import keys, persons, places

MODULES = (keys, persons, places)
TABLES = sorted(name for name in metadata.tables if name.startswith("people_"))

pytestmark = pytest.mark.db


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_and_keys_the_migration_made(database: Database, name: str) -> None:
    found = inspect(database.engine)
    coded = metadata.tables[name]

    assert {column["name"]: column["nullable"] for column in found.get_columns(name)} == {
        column.name: column.nullable for column in coded.columns
    }
    assert {
        (*key["constrained_columns"], key["referred_table"]) for key in found.get_foreign_keys(name)
    } == {(key.parent.name, key.column.table.name) for key in coded.foreign_keys}


def test_every_table_of_the_room_is_in_the_code(database: Database) -> None:
    found = {
        name for name in inspect(database.engine).get_table_names() if name.startswith("people_")
    }

    assert found == set(TABLES)
    assert MODULES
