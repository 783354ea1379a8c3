from datetime import timedelta

import pytest
from factories.people import HERE, PASSWORD, SECRET, Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import OwnRequest, RightMissing, SecondFactorNotBegun, SignInNeeded
from qinghuan.people.model import Role, SessionState
from qinghuan.people.rights import scope_of
from qinghuan.people.service.factors import (
    Enrolled,
    begin_enrolment,
    confirm_enrolment,
    reset_factor,
)
from qinghuan.people.service.sign_in import SignedIn, actor_of_session, second_factor, sign_in
from qinghuan.people.service.trying import SignInRefused
from qinghuan.people.totp import code_at

pytestmark = pytest.mark.db


def first_step(town: Town, name: str) -> SignedIn:
    with town.database.transaction(SYSTEM) as session:
        entered = sign_in(session, town.gate, name, PASSWORD, HERE, town.at)
    assert isinstance(entered, SignedIn)
    return entered


def enrolled(town: Town, entered: SignedIn) -> tuple[str, Enrolled]:
    with town.database.transaction(scope_of(entered.actor)) as session:
        begun = begin_enrolment(session, town.gate, entered.actor, town.at)
        code = code_at(begun.secret, town.at)
        done = confirm_enrolment(session, town.gate, entered.actor, code, town.at)
    assert isinstance(done, Enrolled)
    return begun.secret, done


def test_enrolling_makes_the_session_active_under_a_new_token(town: Town) -> None:
    town.plant("lin", Role.DISPATCHER, factor=False)
    entered = first_step(town, "lin")
    _, done = enrolled(town, entered)

    assert done.signed_in.actor.state is SessionState.ACTIVE
    assert [held.role for held in done.signed_in.actor.roles] == [Role.DISPATCHER]
    assert len(set(done.recovery_codes)) == 10
    with town.database.transaction(SYSTEM) as session, pytest.raises(SignInNeeded):
        actor_of_session(session, town.gate, entered.token, town.at)


def test_a_wrong_first_code_enrols_nothing(town: Town) -> None:
    town.plant("lin", Role.DISPATCHER, factor=False)
    entered = first_step(town, "lin")
    with town.database.transaction(scope_of(entered.actor)) as session:
        with pytest.raises(SecondFactorNotBegun):
            confirm_enrolment(session, town.gate, entered.actor, "000000", town.at)
        begin_enrolment(session, town.gate, entered.actor, town.at)
        refused = confirm_enrolment(session, town.gate, entered.actor, "000000", town.at)

    assert isinstance(refused, SignInRefused)
    assert first_step(town, "lin").actor.state is SessionState.NEEDS_ENROLMENT


def test_a_password_alone_does_not_replace_the_authenticator(town: Town) -> None:
    entered = first_step(town, "system")
    with (
        town.database.transaction(scope_of(entered.actor)) as session,
        pytest.raises(SignInNeeded),
    ):
        begin_enrolment(session, town.gate, entered.actor, town.at)


def test_a_new_authenticator_replaces_the_old_and_ends_other_sessions(town: Town) -> None:
    other, entered = town.enter("system"), town.enter("system")
    town.wait(1)
    secret, _ = enrolled(town, entered)
    with town.database.transaction(SYSTEM) as session, pytest.raises(SignInNeeded):
        actor_of_session(session, town.gate, other.token, town.at)

    town.wait(90)
    first = first_step(town, "system")
    with town.database.transaction(SYSTEM) as session:
        old, new = (
            second_factor(session, town.gate, first.token, code_at(each, town.at), HERE, town.at)
            for each in (SECRET, secret)
        )
    assert isinstance(old, SignInRefused)
    assert isinstance(new, SignedIn)


def test_a_recovery_code_opens_once(town: Town) -> None:
    town.plant("lin", Role.DISPATCHER, factor=False)
    _, done = enrolled(town, first_step(town, "lin"))
    code = done.recovery_codes[3]
    outcomes = []
    for typed in (code.lower().replace("-", " "), code):
        first = first_step(town, "lin")
        with town.database.transaction(SYSTEM) as session:
            outcomes.append(second_factor(session, town.gate, first.token, typed, HERE, town.at))

    assert isinstance(outcomes[0], SignedIn)
    assert isinstance(outcomes[1], SignInRefused)


def test_a_recovery_code_of_another_opens_nothing(town: Town) -> None:
    town.plant("lin", Role.DISPATCHER, factor=False)
    _, done = enrolled(town, first_step(town, "lin"))
    first = first_step(town, "system")
    with town.database.transaction(SYSTEM) as session:
        code = done.recovery_codes[0]
        refused = second_factor(session, town.gate, first.token, code, HERE, town.at)

    assert isinstance(refused, SignInRefused)


def test_the_security_administrator_takes_a_lost_authenticator_away(town: Town) -> None:
    entered = town.enter("audit")
    security, system = town.actor("security"), town.actor("system")
    lost = town.people["audit"].id
    with town.database.transaction(scope_of(security)) as session:
        with pytest.raises(RightMissing):
            reset_factor(session, town.gate, system, lost, town.at)
        with pytest.raises(OwnRequest):
            reset_factor(session, town.gate, security, town.people["security"].id, town.at)
        reset_factor(session, town.gate, security, lost, town.at)

    assert first_step(town, "audit").actor.state is SessionState.NEEDS_ENROLMENT
    with town.database.transaction(SYSTEM) as session, pytest.raises(SignInNeeded):
        actor_of_session(session, town.gate, entered.token, town.at + timedelta(seconds=1))
