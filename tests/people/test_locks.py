"""Who is locked out, as an administrator sees it."""

import pytest
from factories.people import HERE, Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import RightMissing
from qinghuan.people.model import Role
from qinghuan.people.rights import scope_of
from qinghuan.people.service.locks import failures_of, locked_until
from qinghuan.people.service.sign_in import sign_in

pytestmark = pytest.mark.db


def fail(town: Town, times: int) -> None:
    for _ in range(times):
        with town.database.transaction(SYSTEM) as session:
            sign_in(session, town.gate, "duty", "wrong", HERE, town.wait(61))


def test_wrong_tries_are_counted_and_lock_in_the_end(town: Town) -> None:
    person = town.plant("duty", Role.DUTY_OFFICER)
    actor = town.actor("security")

    fail(town, 3)
    with town.database.transaction(scope_of(actor)) as session:
        assert failures_of(session, town.gate, actor, person.id).count == 3
        assert locked_until(session, town.gate, actor, person.id, town.at) is None

    fail(town, 17)
    with town.database.transaction(scope_of(actor)) as session:
        until = locked_until(session, town.gate, actor, person.id, town.at)
    assert until is not None
    assert (until - town.at).total_seconds() == town.gate.lockout.locked_for_s


def test_nobody_else_asks_who_is_locked(town: Town) -> None:
    person = town.plant("duty", Role.DUTY_OFFICER)
    actor = town.actor("duty")

    with town.database.transaction(scope_of(actor)) as session, pytest.raises(RightMissing):
        failures_of(session, town.gate, actor, person.id)
