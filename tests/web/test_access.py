"""Every route says who may open it, and nobody else does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from factories.people import Town
from factories.web import address_of, house_of
from fastapi import APIRouter, FastAPI

from qinghuan.people.errors import SignInNeeded
from qinghuan.people.model import (
    NOBODY_IN_PARTICULAR,
    Actor,
    HeldRole,
    Role,
    SessionState,
    TokenScope,
)
from qinghuan.web.access import PUBLIC, SIGNED_IN, Caller, access
from qinghuan.web.application import create
from qinghuan.web.classification import RoutesUnclassified
from qinghuan.web.errors import RoleMissing, ScopeMissing, StepMissing
from qinghuan.web.rule import Door, Rule


def actor(*roles: Role, state: SessionState = SessionState.ACTIVE) -> Actor:
    """A person signed in."""
    held = tuple(HeldRole(role=role, area_code="9901") for role in roles)
    return Actor(person_id=UUID(int=1), name_label="值守员 07", roles=held, state=state)


@pytest.mark.parametrize("role", list(Role))
def test_a_route_of_some_roles_opens_to_these_alone(role: Role) -> None:
    rule = Rule(roles=frozenset({Role.ACCEPTOR, Role.DISPATCHER}))

    assert rule.opens_to(actor(role)) == (role in {Role.ACCEPTOR, Role.DISPATCHER})


@pytest.mark.parametrize("state", [s for s in SessionState if s is not SessionState.ACTIVE])
def test_whoever_is_halfway_in_opens_only_what_is_halfway(state: SessionState) -> None:
    halfway = actor(Role.ACCEPTOR, state=state)

    assert Rule(doors=frozenset({Door.HALFWAY})).opens_to(halfway)
    assert not Rule(doors=frozenset({Door.SIGNED_IN})).opens_to(halfway)
    with pytest.raises(StepMissing) as caught:
        Rule(roles=frozenset({Role.ACCEPTOR})).check(halfway)
    assert caught.value.state is state


def test_nobody_opens_the_public_pages_only() -> None:
    assert Rule(doors=frozenset({Door.PUBLIC})).opens_to(NOBODY_IN_PARTICULAR)
    with pytest.raises(SignInNeeded):
        Rule(doors=frozenset({Door.SIGNED_IN})).check(NOBODY_IN_PARTICULAR)


def test_a_token_opens_by_its_scopes_and_never_by_a_person_s_roles() -> None:
    token = replace(
        actor(Role.ACCEPTOR),
        token_id=UUID(int=2),
        token_scopes=frozenset({TokenScope.CASES_READ}),
    )

    assert Rule(scopes=frozenset({TokenScope.CASES_READ})).opens_to(token)
    with pytest.raises(ScopeMissing):
        Rule(roles=frozenset({Role.ACCEPTOR})).check(token)
    with pytest.raises(ScopeMissing):
        Rule(doors=frozenset({Door.SIGNED_IN})).check(token)


def test_a_refusal_names_the_posts_that_would_do() -> None:
    with pytest.raises(RoleMissing) as caught:
        Rule(roles=frozenset({Role.ACCEPTOR})).check(actor(Role.HANDLER))

    assert "受理员" in caught.value.message_zh()


def test_access_for_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="who may come in"):
        access()


@pytest.mark.db
def test_an_application_with_an_unclassified_route_does_not_start(town: Town) -> None:
    router = APIRouter()

    @router.get("/forgotten")
    def forgotten() -> str:
        return "open to all the world"

    with pytest.raises(RoutesUnclassified, match="/forgotten"):
        create(house_of(town), [router])


@pytest.mark.db
def test_a_route_classified_twice_does_not_start_either(town: Town) -> None:
    router = APIRouter()

    @router.get("/both")
    def both(
        _first: Annotated[Caller, access(PUBLIC)], _second: Annotated[Caller, access(SIGNED_IN)]
    ) -> str:
        return "who knows"

    with pytest.raises(RoutesUnclassified, match="/both"):
        create(house_of(town), [router])


@pytest.mark.db
def test_each_route_opens_to_whom_its_rule_says(
    app: FastAPI, browser: httpx.Client, enter: Callable[[str], httpx.Client]
) -> None:
    """Nobody first, then a handler, on every page."""
    gets = [
        route
        for route in app.state.classified
        if "GET" in route.methods and route.path not in {"/events", "/"}
    ]
    for route in gets:
        answer = browser.get(address_of(route))
        if Door.PUBLIC in route.rule.doors:
            assert answer.status_code == 200, route.path
        else:
            assert answer.headers.get("location", "").startswith("/sign-in"), route.path
    handler = enter("handler")
    for route in gets:
        answer = handler.get(address_of(route))
        is_his = (
            route.rule.doors & {Door.PUBLIC, Door.SIGNED_IN, Door.HALFWAY}
            or Role.HANDLER in route.rule.roles
        )
        is_led_away = answer.headers.get("location", "").startswith("/sign-in")
        is_refused = answer.status_code == 403 or is_led_away
        assert is_refused != bool(is_his), route.path
