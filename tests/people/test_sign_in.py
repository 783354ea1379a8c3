from datetime import timedelta

import pytest
from factories.people import HERE, NOON, PASSWORD, SECRET, Town
from sqlalchemy import select
from sqlalchemy.orm import Session

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import OwnRequest, RightMissing, SignInNeeded
from qinghuan.people.model import Act, ActsAsked, PageAsked, Role, SessionState
from qinghuan.people.rights import scope_of
from qinghuan.people.service.audit import attempts_of, audit_of
from qinghuan.people.service.sign_in import (
    SignedIn,
    actor_of_session,
    second_factor,
    sign_in,
    sign_out,
    sign_out_everywhere,
    unlock,
)
from qinghuan.people.service.trying import Outcome, SignInRefused
from qinghuan.people.tables import keys
from qinghuan.people.totp import code_at

pytestmark = pytest.mark.db


def tried(town: Town, name: str, password: str, source: str = HERE) -> SignedIn | SignInRefused:
    with town.database.transaction(SYSTEM) as session:
        return sign_in(session, town.gate, name, password, source, town.at)


def shown(town: Town, token: str, code: str) -> SignedIn | SignInRefused:
    with town.database.transaction(SYSTEM) as session:
        return second_factor(session, town.gate, token, code, HERE, town.at)


def looked_up(town: Town, token: str) -> SignedIn:
    with town.database.transaction(SYSTEM) as session:
        return SignedIn(token=token, actor=actor_of_session(session, town.gate, token, town.at))


def test_a_password_alone_gives_staff_a_session_without_any_right(town: Town) -> None:
    signed_in = tried(town, "system", PASSWORD)

    assert isinstance(signed_in, SignedIn)
    assert signed_in.actor.state is SessionState.NEEDS_SECOND_FACTOR
    assert signed_in.actor.roles == ()
    assert scope_of(signed_in.actor).area_prefixes == ()


def test_staff_without_a_factor_gets_nothing_but_enrolment(town: Town) -> None:
    town.plant("lin", Role.DISPATCHER, factor=False)
    signed_in = tried(town, "lin", PASSWORD)

    assert isinstance(signed_in, SignedIn)
    assert signed_in.actor.state is SessionState.NEEDS_ENROLMENT
    assert signed_in.actor.roles == ()


def test_a_citizen_needs_no_second_factor(town: Town) -> None:
    town.plant("citizen", Role.CITIZEN, factor=False)
    signed_in = tried(town, "citizen", PASSWORD)

    assert isinstance(signed_in, SignedIn)
    assert signed_in.actor.state is SessionState.ACTIVE
    assert [held.role for held in signed_in.actor.roles] == [Role.CITIZEN]


def test_the_second_factor_opens_the_session_under_a_new_token(town: Town) -> None:
    first = tried(town, "system", PASSWORD)
    assert isinstance(first, SignedIn)
    second = shown(town, first.token, code_at(SECRET, town.at))

    assert isinstance(second, SignedIn)
    assert second.actor.state is SessionState.ACTIVE
    assert [held.role for held in second.actor.roles] == [Role.SYSTEM_ADMIN]
    assert looked_up(town, second.token).actor == second.actor
    with pytest.raises(SignInNeeded):
        looked_up(town, first.token)


def test_a_code_opens_once(town: Town) -> None:
    code = code_at(SECRET, town.at)
    for expected in (SignedIn, SignInRefused):
        first = tried(town, "system", PASSWORD)
        assert isinstance(first, SignedIn)
        assert isinstance(shown(town, first.token, code), expected)


def test_a_session_is_dead_at_fifteen_idle_minutes(town: Town) -> None:
    entered = town.enter("system")

    town.wait(899)
    looked_up(town, entered.token)
    town.wait(899)
    looked_up(town, entered.token)
    town.wait(900)
    with pytest.raises(SignInNeeded):
        looked_up(town, entered.token)


def test_a_page_that_polls_does_not_keep_a_session_awake(town: Town) -> None:
    entered = town.enter("system")
    for _ in range(3):
        town.wait(299)
        with town.database.transaction(SYSTEM) as session:
            actor_of_session(session, town.gate, entered.token, town.at, is_use=False)
    town.wait(3)

    with pytest.raises(SignInNeeded):
        looked_up(town, entered.token)


def test_a_session_is_dead_at_twelve_hours_however_busy(town: Town) -> None:
    entered = town.enter("system")
    for _ in range(71):
        town.wait(600)
        looked_up(town, entered.token)
    town.wait(600)

    with pytest.raises(SignInNeeded):
        looked_up(town, entered.token)


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(town: Town) -> None:
    outcomes = []
    for number in range(25):
        wrong = tried(town, "system", "Wrong-Marsh-42", source=f"10.0.1.{number}")
        unknown = tried(town, "nobody-here", "Wrong-Marsh-42", source=f"10.0.2.{number}")
        assert wrong == unknown
        assert isinstance(wrong, SignInRefused)
        outcomes.append(wrong.outcome)
    assert outcomes[0] is Outcome.WRONG
    assert outcomes[-1] is Outcome.LOCKED


def test_twenty_wrong_tries_lock_even_the_right_password_out(town: Town) -> None:
    for _ in range(19):
        town.wait(61)
        tried(town, "system", "Wrong-Marsh-42")
    town.wait(61)
    refused = tried(town, "system", "Wrong-Marsh-42")
    assert isinstance(refused, SignInRefused)
    assert refused.outcome is Outcome.LOCKED
    assert "锁定" in refused.message_zh()

    town.wait(61)
    assert tried(town, "system", PASSWORD) == SignInRefused(
        outcome=Outcome.LOCKED, wait_s=1_800 - 61
    )
    town.wait(1_800)
    assert isinstance(tried(town, "system", PASSWORD), SignedIn)


def test_wrong_codes_count_too_and_the_password_does_not_wipe_them(town: Town) -> None:
    for _ in range(20):
        town.wait(61)
        first = tried(town, "system", PASSWORD)
        if isinstance(first, SignedIn):
            refused = shown(town, first.token, "000000")
            assert isinstance(refused, SignInRefused)
    town.wait(61)

    locked = tried(town, "system", PASSWORD)
    assert isinstance(locked, SignInRefused)
    assert locked.outcome is Outcome.LOCKED


def test_a_lock_stands_in_the_log_and_an_administrator_opens_it(town: Town) -> None:
    for _ in range(20):
        tried(town, "audit", "Wrong-Marsh-42")
    system = town.actor("system")
    with town.database.transaction(scope_of(system)) as session:
        unlock(session, town.gate, system, town.people["audit"].id, town.at)
    assert isinstance(tried(town, "audit", PASSWORD), SignedIn)

    with town.database.transaction(SYSTEM) as session:
        kinds = [act.kind for act in _acts(session, town)]
    assert kinds.count("person.locked") == 1
    assert kinds.count("person.unlocked") == 1


def test_nobody_unlocks_himself_or_without_the_right(town: Town, as_system: Session) -> None:
    system, security = town.actor("system"), town.actor("security")
    with pytest.raises(OwnRequest):
        unlock(as_system, town.gate, system, town.people["system"].id, NOON)
    with pytest.raises(RightMissing):
        unlock(as_system, town.gate, security, town.people["audit"].id, NOON)


def test_one_address_that_tries_many_names_is_stopped(town: Town) -> None:
    for number in range(100):
        tried(town, f"name-{number}", "Wrong-Marsh-42", source="10.9.9.9")

    stopped = tried(town, "system", PASSWORD, source="10.9.9.9")
    assert isinstance(stopped, SignInRefused)
    assert stopped.outcome is Outcome.SOURCE_BUSY
    assert isinstance(tried(town, "system", PASSWORD), SignedIn)


def test_signing_out_ends_the_session_and_everywhere_ends_them_all(town: Town) -> None:
    first, second = town.enter("system"), town.enter("system")
    with town.database.transaction(SYSTEM) as session:
        sign_out(session, first.actor, town.at)
    with pytest.raises(SignInNeeded):
        looked_up(town, first.token)

    third = town.enter("system")
    with town.database.transaction(scope_of(third.actor)) as session:
        own = town.people["system"].id
        assert sign_out_everywhere(session, town.gate, third.actor, own, town.at) == 2
    for token in (second.token, third.token):
        with pytest.raises(SignInNeeded):
            looked_up(town, token)


def test_what_is_no_token_opens_nothing(town: Town) -> None:
    for token in ("", "x", "x" * 43, "' OR 1=1 --", "é" * 43):
        with pytest.raises(SignInNeeded):
            looked_up(town, token)


def test_only_a_fingerprint_of_the_token_is_kept(town: Town) -> None:
    entered = town.enter("system")
    with town.database.transaction(SYSTEM) as session:
        kept = session.scalars(select(keys.session.c.token_hash)).all()

    assert all(entered.token.encode() not in each and len(each) == 32 for each in kept)


def test_each_try_is_kept_for_the_auditor_and_its_owner(town: Town) -> None:
    tried(town, "system", "Wrong-Marsh-42")
    town.enter("system")
    audit, system = town.actor("audit"), town.actor("system")
    with town.database.transaction(scope_of(audit)) as session:
        outcomes = [each.outcome for each in attempts_of(session, audit, PageAsked()).items]
    with town.database.transaction(scope_of(system)) as session:
        assert system.person_id is not None
        own = attempts_of(session, system, PageAsked(), system.person_id)
        with pytest.raises(RightMissing):
            attempts_of(session, system, PageAsked())

    assert sorted(outcomes) == ["password-right", "signed-in", "wrong"]
    assert own.total == 3


def test_an_old_password_must_be_changed(town: Town) -> None:
    town.plant("citizen", Role.CITIZEN, factor=False)
    town.at += timedelta(days=180)
    signed_in = tried(town, "citizen", PASSWORD)

    assert isinstance(signed_in, SignedIn)
    assert signed_in.actor.state is SessionState.NEEDS_NEW_PASSWORD
    assert signed_in.actor.roles == ()


def _acts(session: Session, town: Town) -> list[Act]:
    audit = town.actor("audit")
    return list(audit_of(session, audit, ActsAsked(), PageAsked(size=200)).items)
