"""The schema walks up from empty, once, whoever asks and however many at a time."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from qinghuan.infra.migrations.runner import current, migrate, newest

pytestmark = pytest.mark.db


def test_an_empty_database_is_brought_to_the_newest_revision(empty_database_url: str) -> None:
    assert migrate(empty_database_url) == (None, newest())
    assert current(empty_database_url) == newest()


def test_a_second_walk_changes_nothing(database_url: str) -> None:
    assert migrate(database_url) == (newest(), newest())


def test_processes_that_start_together_take_turns(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        walks = list(pool.map(migrate, [empty_database_url] * 4))

    assert sorted(walks, key=str) == sorted(
        [(None, newest()), *[(newest(), newest())] * 3], key=str
    )


def test_a_walk_gives_up_when_a_table_stays_locked(empty_database_url: str) -> None:
    migrate(empty_database_url, target="0001_infra")
    with psycopg.connect(empty_database_url) as holder:
        holder.execute("LOCK TABLE alembic_version")

        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(empty_database_url)


def test_an_owner_who_is_no_superuser_can_walk_and_step_down(postgres_url: str) -> None:
    admin = postgres_url.replace("@/qinghuan?", "@/postgres?")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain_owner LOGIN CREATEROLE")
        connection.execute("GRANT qinghuan_app TO plain_owner WITH ADMIN OPTION")
        connection.execute("CREATE DATABASE plain OWNER plain_owner")
        try:
            url = postgres_url.replace("qinghuan@/qinghuan?", "plain_owner@/plain?")
            assert migrate(url) == (None, newest())
            with psycopg.connect(url) as owner:
                owner.execute("SET ROLE qinghuan_app")
        finally:
            connection.execute("DROP DATABASE plain WITH (FORCE)")
            connection.execute("REVOKE qinghuan_app FROM plain_owner")
            connection.execute("DROP ROLE plain_owner")
