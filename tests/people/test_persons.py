from dataclasses import replace
from uuid import uuid4

import pytest
from factories.people import HERE, NOON, PASSWORD, PHONE, Town
from sqlalchemy.orm import Session

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import (
    AreaUnknown,
    LoginNameMalformed,
    LoginNameTaken,
    NameMissing,
    OfficeUnknown,
    OwnRequest,
    PersonUnknown,
    PhoneMalformed,
    ReasonMissing,
    RightMissing,
    SealBroken,
    SignInNeeded,
)
from qinghuan.people.model import NOBODY_IN_PARTICULAR, ActsAsked, PageAsked, Role
from qinghuan.people.rights import scope_of
from qinghuan.people.service.audit import audit_of
from qinghuan.people.service.persons import (
    PersonDraft,
    change_person,
    correct_my_phone,
    create_person,
    disable_person,
    enable_person,
    labels_of,
    list_persons,
    my_data,
    open_phone,
    person_of,
)
from qinghuan.people.service.sign_in import SignedIn, actor_of_session, sign_in
from qinghuan.people.vault import Vault

pytestmark = pytest.mark.db

DRAFT = PersonDraft(
    login_name="Wu.Ting", name="吴婷", post_label="网格员 12", area_code="990101", phone=PHONE
)


def test_a_new_person_has_no_role_and_a_password_to_hand_over(town: Town) -> None:
    system = town.actor("system")
    with town.database.transaction(scope_of(system)) as session:
        new = create_person(session, town.gate, system, DRAFT, town.at)
    with town.database.transaction(SYSTEM) as session:
        entered = sign_in(session, town.gate, "wu.ting", new.first_password, HERE, town.at)

    assert new.person.login_name == "wu.ting"
    assert isinstance(entered, SignedIn)
    assert entered.actor.roles == ()
    assert entered.actor.name_label == "网格员 12"


def test_a_draft_that_will_not_do_is_refused(town: Town, as_system: Session) -> None:
    for draft, refusal in (
        (replace(DRAFT, login_name="a"), LoginNameMalformed),
        (replace(DRAFT, login_name="名字"), LoginNameMalformed),
        (replace(DRAFT, login_name="system"), LoginNameTaken),
        (replace(DRAFT, name="  "), NameMissing),
        (replace(DRAFT, post_label="长" * 41), NameMissing),
        (replace(DRAFT, area_code="990109"), AreaUnknown),
        (replace(DRAFT, area_code="9902"), RightMissing),
        (replace(DRAFT, office_id=uuid4()), OfficeUnknown),
        (replace(DRAFT, phone="110"), PhoneMalformed),
    ):
        with pytest.raises(refusal):
            create_person(as_system, town.gate, town.actor("system"), draft, NOON)


def test_only_who_manages_persons_adds_or_changes_one(town: Town, as_system: Session) -> None:
    security = town.actor("security")
    with pytest.raises(RightMissing):
        create_person(as_system, town.gate, security, DRAFT, NOON)
    audit = town.people["audit"]
    with pytest.raises(RightMissing):
        change_person(as_system, town.gate, security, replace(audit, name="改"), NOON)
    changed = change_person(
        as_system, town.gate, town.actor("system"), replace(audit, post_label="审计 1"), NOON
    )
    assert person_of(as_system, town.actor("system"), audit.id) == changed
    with pytest.raises(PersonUnknown):
        person_of(as_system, town.actor("system"), uuid4())


def test_a_person_let_in_no_more_is_out_at_once(town: Town) -> None:
    town.plant("lin", Role.HANDLER, area_code="990101")
    entered, system = town.enter("lin"), town.actor("system")
    with town.database.transaction(scope_of(system)) as session:
        disable_person(session, town.gate, system, town.people["lin"].id, town.at)
        with pytest.raises(OwnRequest):
            disable_person(session, town.gate, system, town.people["system"].id, town.at)
    with town.database.transaction(SYSTEM) as session:
        with pytest.raises(SignInNeeded):
            actor_of_session(session, town.gate, entered.token, town.at)
        refused = sign_in(session, town.gate, "lin", PASSWORD, HERE, town.at)
    assert not isinstance(refused, SignedIn)

    with town.database.transaction(scope_of(system)) as session:
        enable_person(session, town.gate, system, town.people["lin"].id, town.at)
    town.enter("lin")


def test_a_phone_is_opened_with_a_reason_by_posts_that_call_people(town: Town) -> None:
    town.plant("lin", Role.GRID_WORKER, area_code="990101")
    town.plant("duty", Role.DUTY_OFFICER, area_code="9901")
    duty, lin = town.actor("duty"), town.people["lin"].id
    with town.database.transaction(scope_of(duty)) as session:
        with pytest.raises(ReasonMissing):
            open_phone(session, town.gate, duty, lin, " ", town.at)
        assert open_phone(session, town.gate, duty, lin, "核实火情", town.at) == PHONE
        with pytest.raises(RightMissing):
            open_phone(session, town.gate, town.actor("system"), lin, "看看", town.at)

    audit = town.actor("audit")
    with town.database.transaction(scope_of(audit)) as session:
        (opened,) = audit_of(session, audit, ActsAsked(kind="phone")).items
    assert opened.kind == "phone.opened"
    assert opened.reason == "核实火情"
    assert opened.actor == f"person/{town.people['duty'].id}"
    assert opened.subject == f"person/{lin}"


def test_a_phone_does_not_open_with_another_key(town: Town) -> None:
    town.plant("duty", Role.DUTY_OFFICER, area_code="9901")
    duty = town.actor("duty")
    other = replace(town.gate, vault=Vault(b"k" * 32))
    with town.database.transaction(scope_of(duty)) as session, pytest.raises(SealBroken):
        open_phone(session, other, duty, town.people["system"].id, "核实", town.at)


def test_everyone_sees_and_corrects_his_own_data(town: Town) -> None:
    town.plant("citizen", Role.CITIZEN, area_code="990101", factor=False)
    with town.database.transaction(SYSTEM) as session:
        entered = sign_in(session, town.gate, "citizen", PASSWORD, HERE, town.at)
    assert isinstance(entered, SignedIn)
    with town.database.transaction(scope_of(entered.actor)) as session:
        own = my_data(session, town.gate, entered.actor)
        correct_my_phone(session, town.gate, entered.actor, "0759-1234567", town.at)
        corrected = my_data(session, town.gate, entered.actor)
        correct_my_phone(session, town.gate, entered.actor, "", town.at)
        with pytest.raises(PhoneMalformed):
            correct_my_phone(session, town.gate, entered.actor, "12", town.at)
        without = my_data(session, town.gate, entered.actor)

    assert (own.phone, corrected.phone, without.phone) == (PHONE, "0759-1234567", "")
    assert own.person.login_name == "citizen"
    assert [one.source for one in own.sessions] == [HERE]
    assert [one.role for one in own.grants] == [Role.CITIZEN]
    assert [one.outcome for one in own.attempts] == ["signed-in"]


def test_nobody_in_particular_has_no_data(town: Town, as_system: Session) -> None:
    with pytest.raises(SignInNeeded):
        my_data(as_system, town.gate, NOBODY_IN_PARTICULAR)


def test_persons_are_listed_in_the_administrators_areas(town: Town) -> None:
    town.plant("local", Role.SYSTEM_ADMIN, area_code="990101")
    town.plant("near", area_code="990101")
    town.plant("far", area_code="990102")
    local, near = town.actor("local"), town.actor("near")
    with town.database.transaction(scope_of(local)) as session:
        page = list_persons(session, local, PageAsked())
        found = list_persons(session, local, PageAsked(text="林NEAR 07"))
        labels = labels_of(session, (town.people["far"].id,))
        with pytest.raises(RightMissing):
            list_persons(session, near, PageAsked())

    assert [person.login_name for person in page.items] == ["local", "near"]
    assert [person.login_name for person in found.items] == ["near"]
    assert labels == {town.people["far"].id: "far 07"}
