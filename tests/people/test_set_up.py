from datetime import timedelta

import pytest
from factories.people import HERE, NOON, PASSWORD, cheap_gate

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.errors import (
    LoginNameTaken,
    PasswordWeak,
    PlantingRefused,
    RolesExclusive,
    SetUpClosed,
)
from qinghuan.people.gate import Gate
from qinghuan.people.model import Role, SessionState
from qinghuan.people.service.persons import PersonDraft
from qinghuan.people.service.places import area_of
from qinghuan.people.service.planting import Planted, plant_person
from qinghuan.people.service.set_up import SetUpCode, claim_set_up, open_house
from qinghuan.people.service.sign_in import SignedIn, sign_in
from qinghuan.people.service.standing import acting_person

pytestmark = pytest.mark.db


def draft(login_name: str) -> PersonDraft:
    return PersonDraft(login_name=login_name, name="陈工", post_label=login_name, area_code="44")


@pytest.fixture
def codes(database: Database, gate: Gate) -> dict[Role, SetUpCode]:
    with database.transaction(SYSTEM) as session:
        return {each.role: each for each in open_house(session, gate, "440800", NOON)}


def test_a_new_house_has_three_codes_and_no_account(
    database: Database, gate: Gate, codes: dict[Role, SetUpCode]
) -> None:
    assert set(codes) == {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    with database.transaction(SYSTEM) as session:
        assert area_of(session, "4408").name == "湛江市"
        for name in ("admin", "root", "system"):
            refused = sign_in(session, gate, name, "admin", HERE, NOON)
            assert not isinstance(refused, SignedIn)


def test_three_persons_claim_three_codes_and_the_house_is_open(
    database: Database, gate: Gate, codes: dict[Role, SetUpCode]
) -> None:
    for number, (role, each) in enumerate(codes.items()):
        with database.transaction(SYSTEM) as session:
            person = claim_set_up(
                session, gate, each.code.lower(), draft(f"chief-{number}"), PASSWORD, NOON
            )
            roles = acting_person(session, person.id, NOON).roles
            entered = sign_in(session, gate, f"chief-{number}", PASSWORD, HERE, NOON)
        assert [(held.role, held.area_code) for held in roles] == [(role, "4408")]
        assert isinstance(entered, SignedIn)
        assert entered.actor.state is SessionState.NEEDS_ENROLMENT

    with database.transaction(SYSTEM) as session:
        assert open_house(session, gate, "4408", NOON) == ()


def test_a_code_makes_one_administrator_only(
    database: Database, gate: Gate, codes: dict[Role, SetUpCode]
) -> None:
    code = codes[Role.SYSTEM_ADMIN].code
    with database.transaction(SYSTEM) as session:
        claim_set_up(session, gate, code, draft("chief"), PASSWORD, NOON)
    for wrong in (code, "AAAA-AAAA-AAAA-AAAA", ""):
        with database.transaction(SYSTEM) as session, pytest.raises(SetUpClosed):
            claim_set_up(session, gate, wrong, draft("other"), PASSWORD, NOON)
    code = codes[Role.AUDIT_ADMIN].code
    with database.transaction(SYSTEM) as session, pytest.raises(LoginNameTaken):
        claim_set_up(session, gate, code, draft("chief"), PASSWORD, NOON)


def test_a_code_runs_out_and_a_new_start_prints_new_ones(
    database: Database, gate: Gate, codes: dict[Role, SetUpCode]
) -> None:
    code = codes[Role.SYSTEM_ADMIN].code
    tomorrow = NOON + timedelta(hours=24)
    with database.transaction(SYSTEM) as session, pytest.raises(SetUpClosed):
        claim_set_up(session, gate, code, draft("chief"), PASSWORD, tomorrow)
    with database.transaction(SYSTEM) as session:
        again = open_house(session, gate, "4408", NOON)
    with database.transaction(SYSTEM) as session, pytest.raises(SetUpClosed):
        claim_set_up(session, gate, code, draft("chief"), PASSWORD, NOON)
    assert len(again) == 3


def test_a_weak_password_leaves_the_code_usable(
    database: Database, gate: Gate, codes: dict[Role, SetUpCode]
) -> None:
    code = codes[Role.SYSTEM_ADMIN].code
    with pytest.raises(PasswordWeak), database.transaction(SYSTEM) as session:
        claim_set_up(session, gate, code, draft("chief"), "weak", NOON)
    with database.transaction(SYSTEM) as session:
        claim_set_up(session, gate, code, draft("chief"), PASSWORD, NOON)


def test_known_accounts_are_planted_in_no_production(
    database: Database, codes: dict[Role, SetUpCode]
) -> None:
    assert codes
    gate = cheap_gate()
    production = Gate(vault=gate.vault, passwords=gate.passwords)
    planted = Planted(draft=draft("demo"), roles=(Role.HANDLER,), password=PASSWORD)
    both = Planted(
        draft=draft("demo"), roles=(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN), password=PASSWORD
    )
    with database.transaction(SYSTEM) as session:
        with pytest.raises(PlantingRefused):
            plant_person(session, production, planted, NOON)
        with pytest.raises(RolesExclusive):
            plant_person(session, gate, both, NOON)
