"""A site's own server is judged before anything is changed on it."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from qinghuan.infra.errors import ServerUnfit, ServerUnreachable
from qinghuan.infra.postgres.external import ServerFacts, check_server, lacks

FIT = ServerFacts(
    major=15,
    version="15.8",
    encoding="UTF8",
    is_superuser=False,
    may_create_roles=True,
    has_app_role=False,
    is_member=False,
    may_create_tables=True,
)


def test_a_plain_owner_who_may_create_roles_is_enough() -> None:
    assert lacks(FIT) == []


def test_a_superuser_needs_nothing_granted() -> None:
    facts = replace(FIT, is_superuser=True, may_create_roles=False, may_create_tables=False)

    assert lacks(facts) == []


def test_a_role_made_by_the_administrator_is_enough_once_granted() -> None:
    facts = replace(FIT, may_create_roles=False, has_app_role=True, is_member=True)

    assert lacks(facts) == []


def test_since_release_16_a_role_made_by_another_must_be_granted() -> None:
    assert lacks(replace(FIT, has_app_role=True)) == []
    assert len(lacks(replace(FIT, has_app_role=True, major=16))) == 1


def test_every_lack_is_told_at_once_in_both_languages() -> None:
    facts = replace(
        FIT,
        major=9,
        version="9.2.4",
        encoding="SQL_ASCII",
        may_create_roles=False,
        may_create_tables=False,
    )

    found = lacks(facts)

    assert len(found) == 4
    assert "9.2.4" in found[0][0]
    assert "过旧" in found[0][1]


@pytest.mark.db
def test_the_embedded_server_would_pass(database_url: str) -> None:
    assert check_server(database_url).major == 18


@pytest.mark.db
def test_the_driver_named_by_sqlalchemy_is_understood(database_url: str) -> None:
    assert check_server(database_url.replace("postgresql:", "postgresql+psycopg:")).encoding


@pytest.fixture
def guest_url(database_url: str) -> Iterator[str]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
        yield database_url.replace("qinghuan@", "guest@")
        connection.execute("DROP ROLE guest")


@pytest.mark.db
def test_a_guest_is_refused_with_the_statements_that_would_help(guest_url: str) -> None:
    with pytest.raises(ServerUnfit) as caught:
        check_server(guest_url)

    assert len(caught.value.reasons) == 2
    assert "GRANT qinghuan_app TO" in caught.value.message_zh()
    assert "GRANT CREATE ON SCHEMA public" in str(caught.value)


@pytest.mark.db
def test_a_database_in_another_encoding_is_refused(postgres_url: str) -> None:
    admin = postgres_url.replace("@/qinghuan?", "@/postgres?")
    latin = postgres_url.replace("@/qinghuan?", "@/latin?")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' "
            "LOCALE_PROVIDER libc LOCALE 'C'"
        )
        try:
            with pytest.raises(ServerUnfit, match="LATIN1"):
                check_server(latin)
        finally:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


def test_a_silent_server_is_told_without_the_password() -> None:
    with pytest.raises(ServerUnreachable) as caught:
        check_server("postgresql://someone:hunter2@127.0.0.1:1/nowhere")

    assert "hunter2" not in str(caught.value)
    assert "连不上" in caught.value.message_zh()
