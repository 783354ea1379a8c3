"""The demo city in the database: whole, once, and open to everybody who has a post there."""

from datetime import UTC, datetime

import pytest
from factories.people import cheap_gate

from qinghuan.demo import town
from qinghuan.demo.geography import atlas
from qinghuan.demo.hours.stations import STATIONS
from qinghuan.demo.seed import Seeded, seed
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.errors import PlantingRefused
from qinghuan.people.gate import Gate
from qinghuan.people.model import PageAsked, Role, SessionState
from qinghuan.people.service.places import area_of, list_areas, list_offices, outlines_for_map
from qinghuan.people.service.sign_in import SignedIn, second_factor, sign_in
from qinghuan.people.totp import code_at
from qinghuan.sensing.service.stations import station_by_mn

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
AREAS = len(list(atlas.demo_areas()))

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def gate() -> Gate:
    return cheap_gate()


def test_seeding_enters_everything_once_and_nothing_again(database: Database, gate: Gate) -> None:
    first = seed(database, gate, AT)
    second = seed(database, gate, AT)

    assert first == Seeded(
        areas=AREAS + 1,
        offices=len(town.OFFICES),
        posts=len(town.POSTS),
        stations=len(STATIONS),
    )
    assert second == Seeded()
    with database.transaction(SYSTEM) as session:
        assert list_areas(session, PageAsked(), ("99",)).total == AREAS + 1
        assert list_offices(session, PageAsked(), ("99",)).total == len(town.OFFICES)


def test_areas_have_outlines_and_both_names_and_stations_stand_in_them(
    database: Database, gate: Gate
) -> None:
    seed(database, gate, AT)

    with database.transaction(SYSTEM) as session:
        assert len(outlines_for_map(session, ("9901",))["features"]) == AREAS
        district = area_of(session, "990101")
        assert (district.name, district.name_en) == ("滨海区", "Binhai District")
        assert area_of(session, "99").name == "演示省"
        for station in STATIONS:
            assert station_by_mn(session, station.mn).area_code == station.area_code


def test_every_account_of_the_sign_in_page_comes_in_with_what_is_written_there(
    database: Database, gate: Gate
) -> None:
    seed(database, gate, AT)

    for account in town.sign_in_accounts():
        with database.transaction(SYSTEM) as session:
            entered = sign_in(session, gate, account.login_name, account.password, "::1", AT)
            assert isinstance(entered, SignedIn)
            if entered.actor.state is SessionState.NEEDS_SECOND_FACTOR:
                code = code_at(account.totp_secret, AT)
                entered = second_factor(session, gate, entered.token, code, "::1", AT)
            assert isinstance(entered, SignedIn)
            assert entered.actor.state is SessionState.ACTIVE, account.label
            assert entered.actor.name_label == account.label


def test_a_production_house_takes_no_account_that_everybody_knows(database: Database) -> None:
    strict = Gate(vault=cheap_gate().vault, passwords=cheap_gate().passwords, is_production=True)

    with pytest.raises(PlantingRefused):
        seed(database, strict, AT)


def test_every_role_but_the_public_has_a_post() -> None:
    held = {role for post in town.POSTS for role in post.roles}

    assert held == set(Role) - {Role.PUBLIC}


def test_checkers_work_in_another_office_than_handlers() -> None:
    def offices(role: Role) -> set[str]:
        return {post.office for post in town.POSTS if role in post.roles}

    assert not offices(Role.CHECKER) & offices(Role.HANDLER)


def test_every_handler_has_a_head_in_the_same_office() -> None:
    heads = {post.office for post in town.POSTS if Role.OFFICE_HEAD in post.roles}

    assert {post.office for post in town.POSTS if Role.HANDLER in post.roles} <= heads
