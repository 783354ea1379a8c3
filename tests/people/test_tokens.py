from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from factories.people import NOON, Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import (
    NameMissing,
    OwnRequest,
    PersonUnknown,
    RightMissing,
    TokenLimitsWrong,
    TokenRefused,
    TokenUnknown,
)
from qinghuan.people.model import Actor, Mark, PageAsked, Role, TokenScope
from qinghuan.people.rights import scope_of
from qinghuan.people.service.persons import disable_person
from qinghuan.people.service.tokens import (
    NewToken,
    TokenDraft,
    actor_of_token,
    issue_token,
    list_tokens,
    revoke_token,
)

pytestmark = pytest.mark.db


@pytest.fixture
def analyst(town: Town) -> UUID:
    return town.plant("analyst", Role.CARBON_ANALYST, area_code="990101").id


def draft(person_id: UUID, area_code: str = "990101", mark: Mark = Mark.INTERNAL) -> TokenDraft:
    return TokenDraft(
        person_id=person_id,
        name="机房采集",
        scopes=frozenset({TokenScope.OBSERVATIONS_WRITE, TokenScope.CASES_READ}),
        area_code=area_code,
        mark=mark,
        expires_at=NOON + timedelta(days=30),
    )


def issued(town: Town, wish: TokenDraft, by: str = "security") -> NewToken:
    actor = town.actor(by)
    with town.database.transaction(scope_of(actor)) as session:
        return issue_token(session, town.gate, actor, wish, town.at)


def opened(town: Town, secret: str) -> Actor:
    with town.database.transaction(SYSTEM) as session:
        return actor_of_token(session, secret, town.at)


def test_a_token_acts_in_its_own_area_mark_and_scopes(town: Town, analyst: UUID) -> None:
    new = issued(town, draft(analyst))
    actor = opened(town, new.secret)

    assert new.secret.startswith("qht_")
    assert actor.token_scopes == {TokenScope.OBSERVATIONS_WRITE, TokenScope.CASES_READ}
    assert actor.roles == ()
    assert (scope_of(actor).area_prefixes, scope_of(actor).mark) == (("990101",), 1)
    with town.database.transaction(SYSTEM) as session:
        (listed,) = list_tokens(session, town.actor("security"), PageAsked()).items
    assert listed.last_used_at == town.at


def test_a_token_beyond_its_person_is_refused(town: Town, analyst: UUID) -> None:
    own = draft(analyst)
    for wish, refusal in (
        (replace(own, scopes=frozenset()), TokenLimitsWrong),
        (replace(own, mark=Mark.SENSITIVE), TokenLimitsWrong),
        (replace(own, area_code="990102"), TokenLimitsWrong),
        (replace(own, expires_at=NOON), TokenLimitsWrong),
        (replace(own, expires_at=NOON + timedelta(days=400)), TokenLimitsWrong),
        (replace(own, name=""), NameMissing),
        (replace(own, person_id=uuid4()), PersonUnknown),
        (replace(own, area_code="9902"), RightMissing),
    ):
        with pytest.raises(refusal):
            issued(town, wish)


def test_an_administrator_issues_no_token_to_himself_or_to_another(town: Town) -> None:
    with pytest.raises(OwnRequest):
        issued(town, draft(town.people["security"].id))
    with pytest.raises(TokenLimitsWrong):
        issued(town, draft(town.people["audit"].id))


def test_only_the_security_administrator_issues(town: Town, analyst: UUID) -> None:
    for name in ("system", "audit", "analyst"):
        with pytest.raises(RightMissing):
            issued(town, draft(analyst), by=name)


def test_a_token_ends_by_time_by_revocation_and_with_its_person(town: Town, analyst: UUID) -> None:
    by_time, revoked, orphan = (issued(town, draft(analyst)) for _ in range(3))
    own, security, system = (town.actor(name) for name in ("analyst", "security", "system"))
    with town.database.transaction(scope_of(own)) as session:
        revoke_token(session, town.gate, own, revoked.token.id, town.at)
    with town.database.transaction(scope_of(security)) as session, pytest.raises(TokenUnknown):
        revoke_token(session, town.gate, security, uuid4(), town.at)
    with pytest.raises(TokenRefused):
        opened(town, revoked.secret)

    opened(town, orphan.secret)
    with town.database.transaction(scope_of(system)) as session:
        with pytest.raises(RightMissing):
            revoke_token(session, town.gate, system, orphan.token.id, town.at)
        disable_person(session, town.gate, system, analyst, town.at)
    with pytest.raises(TokenRefused):
        opened(town, orphan.secret)
    town.at += timedelta(days=30)
    with pytest.raises(TokenRefused):
        opened(town, by_time.secret)


def test_what_is_no_token_opens_nothing(town: Town) -> None:
    for secret in ("", "qht_", "qht_" + "x" * 43, "x" * 43):
        with pytest.raises(TokenRefused):
            opened(town, secret)
