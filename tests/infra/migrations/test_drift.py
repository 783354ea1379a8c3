"""What the rooms' tables say is what the revisions built."""

import importlib
import pkgutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import qinghuan
from qinghuan.infra.database import Database, metadata

pytestmark = pytest.mark.db

SHAPE = {"add_table", "remove_table", "add_column", "remove_column"}
"""Indexes and constraints are the revision's own business: no query names them."""


def test_every_table_of_a_room_is_built_as_it_is_declared(database: Database) -> None:
    for module in pkgutil.walk_packages(qinghuan.__path__, "qinghuan."):
        if ".tables" in module.name or module.name == "qinghuan.infra.schema":
            importlib.import_module(module.name)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": False,
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or name in metadata.tables
                ),
            },
        )
        differences = compare_metadata(context, metadata)

    assert [what for what in differences if what[0] in SHAPE] == []
