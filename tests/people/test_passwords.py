from datetime import timedelta

import pytest
from factories.people import HERE, PASSWORD, PHONE, Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import OwnRequest, PasswordWeak, RightMissing, SignInNeeded
from qinghuan.people.model import Role, SessionState
from qinghuan.people.rights import scope_of
from qinghuan.people.service.passwords import change_password, reset_password
from qinghuan.people.service.sign_in import SignedIn, actor_of_session, sign_in
from qinghuan.people.service.trying import SignInRefused

pytestmark = pytest.mark.db

NEXT = "Reed-Bed-2906"


def entered(town: Town, name: str, password: str = PASSWORD) -> SignedIn | SignInRefused:
    with town.database.transaction(SYSTEM) as session:
        return sign_in(session, town.gate, name, password, HERE, town.at)


def changed(
    town: Town, signed_in: SignedIn, new: str, present: str = PASSWORD
) -> SignedIn | SignInRefused:
    with town.database.transaction(scope_of(signed_in.actor)) as session:
        return change_password(session, town.gate, signed_in.actor, present, new, town.at)


def test_a_changed_password_opens_and_the_old_does_not(town: Town) -> None:
    other, own = town.enter("system"), town.enter("system")
    after = changed(town, own, NEXT)

    assert isinstance(after, SignedIn)
    assert after.token != own.token
    assert isinstance(entered(town, "system", PASSWORD), SignInRefused)
    assert isinstance(entered(town, "system", NEXT), SignedIn)
    for token in (other.token, own.token):
        with town.database.transaction(SYSTEM) as session, pytest.raises(SignInNeeded):
            actor_of_session(session, town.gate, token, town.at)


def test_the_present_password_is_asked_for_and_a_wrong_one_counts(town: Town) -> None:
    own = town.enter("system")

    assert isinstance(changed(town, own, NEXT, present="Wrong-Marsh-42"), SignInRefused)
    for _ in range(19):
        changed(town, own, NEXT, present="Wrong-Marsh-42")
    assert isinstance(entered(town, "system"), SignInRefused)


def test_a_weak_password_is_refused_and_the_old_stays(town: Town) -> None:
    own = town.enter("system")
    for weak in ("short", f"Reed-{PHONE}", "Reed-Bed-林system", "Password-2906"):
        with pytest.raises(PasswordWeak):
            changed(town, own, weak)

    assert isinstance(entered(town, "system"), SignedIn)


def test_the_present_and_the_last_five_passwords_do_not_come_back(town: Town) -> None:
    town.plant("citizen", Role.CITIZEN, factor=False)
    own = entered(town, "citizen")
    assert isinstance(own, SignedIn)
    used = [PASSWORD]
    for number in range(6):
        after = changed(town, own, f"Reed-Bed-{number}-2906", present=used[-1])
        assert isinstance(after, SignedIn)
        own = after
        used.append(f"Reed-Bed-{number}-2906")
        town.wait(1)

    for former in used[1:]:
        with pytest.raises(PasswordWeak, match="1 rules"):
            changed(town, own, former, present=used[-1])
    assert isinstance(changed(town, own, used[0], present=used[-1]), SignedIn)


def test_a_password_handed_over_opens_only_to_choose_another(town: Town) -> None:
    town.plant("citizen", Role.CITIZEN, factor=False)
    system, citizen = town.actor("system"), town.people["citizen"].id
    with town.database.transaction(scope_of(system)) as session:
        handed = reset_password(session, town.gate, system, citizen, town.at)

    assert isinstance(entered(town, "citizen", PASSWORD), SignInRefused)
    own = entered(town, "citizen", handed)
    assert isinstance(own, SignedIn)
    assert own.actor.state is SessionState.NEEDS_NEW_PASSWORD
    after = changed(town, own, NEXT, present=handed)
    assert isinstance(after, SignedIn)
    assert after.actor.state is SessionState.ACTIVE


def test_a_password_handed_over_runs_out_in_a_week(town: Town) -> None:
    town.plant("citizen", Role.CITIZEN, factor=False)
    system, citizen = town.actor("system"), town.people["citizen"].id
    with town.database.transaction(scope_of(system)) as session:
        handed = reset_password(session, town.gate, system, citizen, town.at)
    town.at += timedelta(days=7)

    assert isinstance(entered(town, "citizen", handed), SignInRefused)


def test_nobody_resets_his_own_password_or_without_the_right(town: Town) -> None:
    system, audit = town.actor("system"), town.actor("audit")
    with town.database.transaction(scope_of(system)) as session:
        with pytest.raises(OwnRequest):
            reset_password(session, town.gate, system, town.people["system"].id, town.at)
        with pytest.raises(RightMissing):
            reset_password(session, town.gate, audit, town.people["security"].id, town.at)


def test_before_the_second_factor_no_password_is_changed(town: Town) -> None:
    own = entered(town, "system")
    assert isinstance(own, SignedIn)

    with pytest.raises(SignInNeeded):
        changed(town, own, NEXT)
