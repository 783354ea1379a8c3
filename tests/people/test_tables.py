"""The tables in the code are the tables in the migrated database."""

import pytest
from sqlalchemy import inspect

from qinghuan.infra.database import Database
from qinghuan.people.tables import keys, persons, places

pytestmark = pytest.mark.db

TABLES = {
    table.name: table
    for module in (keys, persons, places)
    for table in module.metadata.tables.values()
    if table.name.startswith("people_")
}


def test_every_table_has_the_columns_and_keys_the_migration_made(database: Database) -> None:
    found = inspect(database.engine)
    for name, coded in TABLES.items():
        assert {column["name"]: column["nullable"] for column in found.get_columns(name)} == {
            column.name: column.nullable for column in coded.columns
        }, name
        assert {
            (*key["constrained_columns"], key["referred_table"])
            for key in found.get_foreign_keys(name)
        } == {(key.parent.name, key.column.table.name) for key in coded.foreign_keys}, name
    assert {name for name in found.get_table_names() if name.startswith("people_")} == set(TABLES)
