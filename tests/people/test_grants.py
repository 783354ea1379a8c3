"""Granting through the front door of the room, in the actors' own scopes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from factories.people import Town

from qinghuan.infra.database import SYSTEM, Session
from qinghuan.people.errors import (
    AreaUnknown,
    GrantUnknown,
    OfficeUnknown,
    OwnRequest,
    PersonUnknown,
    ReasonMissing,
    RightMissing,
    RolesExclusive,
    SignInNeeded,
)
from qinghuan.people.granting import GrantAsked
from qinghuan.people.model import Actor, Grant, PageAsked, Role
from qinghuan.people.rights import scope_of
from qinghuan.people.service.grants import (
    approve_grant,
    decline_grant,
    grants_of,
    holders_of,
    list_grants,
    request_grant,
    revoke_grant,
)
from qinghuan.people.service.sign_in import actor_of_session

pytestmark = pytest.mark.db


def acting(town: Town, name: str, do: Callable[[Session, Actor], Grant]) -> Grant:
    actor = town.actor(name)
    with town.database.transaction(scope_of(actor)) as session:
        return do(session, actor)


def asked(
    town: Town, person: str, role: Role, area_code: str = "990101", *, by: str = "system"
) -> Grant:
    wish = GrantAsked(
        person_id=town.people[person].id, role=role, area_code=area_code, valid_from=town.at
    )
    return acting(
        town, by, lambda s, who: request_grant(s, town.gate, who, wish, "岗位需要", town.at)
    )


def approved(town: Town, grant: Grant, *, by: str = "security") -> Grant:
    return acting(town, by, lambda s, who: approve_grant(s, town.gate, who, grant.id, town.at))


def test_a_role_is_held_once_another_has_approved_it(town: Town) -> None:
    town.plant("lin", area_code="990101")
    grant = asked(town, "lin", Role.HANDLER)
    assert town.actor("lin").roles == ()

    approved(town, grant)
    assert [held.role for held in town.actor("lin").roles] == [Role.HANDLER]


def test_a_declined_request_gives_nothing(town: Town) -> None:
    town.plant("lin", area_code="990101")
    grant = asked(town, "lin", Role.HANDLER)
    acting(town, "security", lambda s, who: decline_grant(s, town.gate, who, grant.id, town.at))

    assert town.actor("lin").roles == ()


def test_a_revoked_role_is_gone_at_once_and_the_session_with_it(town: Town) -> None:
    town.plant("lin", area_code="990101")
    grant = approved(town, asked(town, "lin", Role.HANDLER))
    entered = town.enter("lin")
    acting(
        town,
        "security",
        lambda s, who: revoke_grant(s, town.gate, who, grant.id, "调离岗位", town.at),
    )

    assert town.actor("lin").roles == ()
    with town.database.transaction(SYSTEM) as session, pytest.raises(SignInNeeded):
        actor_of_session(session, town.gate, entered.token, town.at)


def test_neither_asker_nor_subject_nor_auditor_approves(town: Town) -> None:
    town.plant("lin", area_code="990101")
    grant = asked(town, "lin", Role.HANDLER)
    for name in ("system", "audit", "lin"):
        with pytest.raises((RightMissing, GrantUnknown)):
            approved(town, grant, by=name)


def test_two_administrators_in_one_person_are_refused(town: Town) -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.HANDLER):
        with pytest.raises(RolesExclusive):
            asked(town, "audit", role)


def test_nobody_asks_for_himself(town: Town) -> None:
    with pytest.raises(OwnRequest):
        asked(town, "system", Role.HANDLER)


def test_what_is_not_there_cannot_be_granted_or_decided(town: Town) -> None:
    town.plant("lin", area_code="990101")
    with pytest.raises(AreaUnknown):
        asked(town, "lin", Role.HANDLER, "990109")
    wish = GrantAsked(
        person_id=town.people["lin"].id,
        role=Role.HANDLER,
        area_code="990101",
        valid_from=town.at,
        office_id=uuid4(),
    )
    with pytest.raises(OfficeUnknown):
        acting(town, "system", lambda s, w: request_grant(s, town.gate, w, wish, "岗位", town.at))
    with pytest.raises(ReasonMissing):
        acting(
            town,
            "system",
            lambda s, w: request_grant(
                s,
                town.gate,
                w,
                GrantAsked(
                    person_id=town.people["lin"].id,
                    role=Role.HANDLER,
                    area_code="990101",
                    valid_from=town.at,
                ),
                " ",
                town.at,
            ),
        )
    with pytest.raises(GrantUnknown):
        acting(town, "security", lambda s, who: approve_grant(s, town.gate, who, uuid4(), town.at))


def test_an_administrator_of_a_district_does_not_reach_the_next(town: Town) -> None:
    town.plant("local", Role.SYSTEM_ADMIN, area_code="990101")
    town.plant("near", area_code="990101")
    town.plant("far", area_code="990102")

    asked(town, "near", Role.HANDLER, by="local")
    with pytest.raises(RightMissing):
        asked(town, "near", Role.HANDLER, "990102", by="local")
    with pytest.raises(PersonUnknown):
        asked(town, "far", Role.HANDLER, by="local")


def test_a_role_ends_by_itself(town: Town) -> None:
    town.plant("lin", area_code="990101")
    wish = GrantAsked(
        person_id=town.people["lin"].id,
        role=Role.HANDLER,
        area_code="990101",
        valid_from=town.at,
        valid_until=town.at + timedelta(days=1),
    )
    approved(
        town,
        acting(town, "system", lambda s, w: request_grant(s, town.gate, w, wish, "代班", town.at)),
    )
    assert town.actor("lin").roles
    town.at += timedelta(days=1)
    assert town.actor("lin").roles == ()


def test_waiting_requests_are_listed_for_administrators_only(town: Town) -> None:
    town.plant("lin", area_code="990101")
    first, second = asked(town, "lin", Role.HANDLER), asked(town, "lin", Role.CHECKER)
    approved(town, first)
    security, lin = town.actor("security"), town.actor("lin")
    with town.database.transaction(scope_of(security)) as session:
        waiting = list_grants(session, security, PageAsked(), waiting_only=True)
        everything = list_grants(session, security, PageAsked(size=2))
        assert len(grants_of(session, security, town.people["lin"].id)) == 2
    with town.database.transaction(scope_of(lin)) as session:
        with pytest.raises(RightMissing):
            list_grants(session, lin, PageAsked())
        assert len(grants_of(session, lin, town.people["lin"].id)) == 2
        with pytest.raises(RightMissing):
            grants_of(session, lin, town.people["system"].id)

    assert [grant.id for grant in waiting.items] == [second.id]
    assert (everything.total, len(everything.items)) == (5, 2)


def test_the_nearest_holder_of_a_role_comes_first(town: Town) -> None:
    town.plant("county", Role.DISPATCHER, area_code="990101")
    town.plant("city", Role.DISPATCHER, area_code="9901")
    town.plant("other", Role.DISPATCHER, area_code="990102")
    with town.database.transaction(SYSTEM) as session:
        found = holders_of(session, Role.DISPATCHER, "990101001", town.at)

    assert [each.post_label for each in found] == ["county 07", "city 07"]
