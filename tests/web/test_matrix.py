"""The whole application, every route of it, asked by every role: deny by default."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from factories.application import Matrix, application_of, kept_matrix, matrix_of
from factories.people import HERE, PASSWORD, SECRET, Town
from factories.server import serving
from factories.web import TownClock
from fastapi import FastAPI

from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import Role, SessionState
from qinghuan.people.service.sign_in import SignedIn, second_factor, sign_in
from qinghuan.people.totp import code_at
from qinghuan.web import csrf

pytestmark = pytest.mark.db

ENDLESS = "GET /events"
"""A stream that goes on while its reader listens: asked only by whom it refuses."""

NOT_YET = "GET /log/checkpoint"
"""A page that is not there until a sequencer has run."""

ENDING = ("POST /sign-out", "POST /account/session-end")
"""They end the session that asks, so each is asked in a walk of its own."""

UNKNOWN_ID = "01890000-0000-7000-8000-000000000000"
WELL_FORMED = {"version": "x", "name": "assign", "code": "990199", "path": "0/000"}
REFUSALS = {"people.sign-in-needed", "web.role-missing", "web.scope-missing"}
FORM_STALE = "web.form-stale"
JSON = {"accept": "application/json"}
HTML = {"accept": "text/html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody with a browser."""

    name: str
    openings: frozenset[str]
    """What in a route's line of the matrix lets him in."""
    client: httpx.Client
    form_token: str


@pytest.fixture
def whole(town: Town, tmp_path: Path) -> FastAPI:
    """The application of every room."""
    return application_of(town.database, town.gate, TownClock(town), tmp_path)


@pytest.fixture
def askers(whole: FastAPI, town: Town) -> Iterator[tuple[Asker, ...]]:
    """Nobody, somebody without his second factor, and one person of each role."""
    with serving(whole) as address, ExitStack() as stack:

        def asker(name: str, openings: set[str], cookie: str = "") -> Asker:
            client = stack.enter_context(httpx.Client(base_url=address, timeout=20))
            client.cookies.set(csrf.VISIT_COOKIE, "a-visit")
            house = whole.state.house
            if cookie:
                client.cookies.set(house.site.session_cookie, cookie)
            form_token = csrf.token_for(house.site.secret, cookie or "a-visit")
            return Asker(
                name=name, openings=frozenset(openings), client=client, form_token=form_token
            )

        for role in Role:
            town.plant(f"one-{role}", role, area_code="9901")
        cookies = {role: _token(town, f"one-{role}") for role in Role}
        half = _token(town, f"one-{Role.ACCEPTOR}", is_half=True)
        yield (
            asker("nobody", {"door:public"}),
            asker("halfway", {"door:public", "door:halfway"}, half),
            *(
                asker(role, {"door:public", "door:halfway", "door:signed_in", role}, cookie)
                for role, cookie in cookies.items()
            ),
        )


def _token(town: Town, name: str, *, is_half: bool = False) -> str:
    """A session by direct calls, with the second factor or waiting for it."""
    with town.database.transaction(SYSTEM) as session:
        first = sign_in(session, town.gate, name, PASSWORD, HERE, town.at)
        assert isinstance(first, SignedIn), first
        if is_half:
            assert first.actor.state is SessionState.NEEDS_SECOND_FACTOR
            return first.token
        if first.actor.state is SessionState.ACTIVE:
            return first.token
        code = code_at(SECRET, town.at)
        second = second_factor(session, town.gate, first.token, code, HERE, town.at)
    assert isinstance(second, SignedIn), second
    assert second.actor.state is SessionState.ACTIVE
    return second.token


def test_the_matrix_is_the_one_that_was_reviewed(whole: FastAPI) -> None:
    found = matrix_of(whole.state.classified)

    assert found == kept_matrix(), "see tests/golden/web/SOURCE.md"
    assert all(found.values())


def test_no_administrator_opens_a_case_and_no_worker_opens_administration() -> None:
    administrators = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    for route, who in kept_matrix().items():
        path = route.split()[1]
        if path.startswith(("/cases", "/signals", "/tasks")):
            assert administrators.isdisjoint(who), route
        if path.startswith("/admin"):
            assert administrators.issuperset(who), route


@pytest.mark.slow
def test_every_route_opens_to_whom_the_matrix_names_and_to_nobody_else(
    askers: tuple[Asker, ...],
) -> None:
    matrix = kept_matrix()

    walked = [route for route in matrix if route not in ENDING]
    faults = [fault for asker in askers for fault in _walk(asker, matrix, walked)]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("route", ENDING)
def test_a_session_ends_for_whom_the_matrix_names(askers: tuple[Asker, ...], route: str) -> None:
    faults = [fault for asker in askers for fault in _walk(asker, kept_matrix(), [route])]

    assert not faults, "\n".join(faults)


def test_no_form_is_taken_without_its_session_s_token(askers: tuple[Asker, ...]) -> None:
    posts = [route for route in kept_matrix() if not route.startswith("GET ")]
    assert posts
    stranger = askers[-1].form_token

    for asker in askers[:4]:
        for route in posts:
            for form in ({}, {csrf.FIELD: stranger}):
                answer = asker.client.post(_address(route), data=form, headers=JSON)
                assert (answer.status_code, answer.json()["code"]) == (403, FORM_STALE), (
                    f"{asker.name} {route}"
                )


def test_whoever_is_not_in_is_led_to_his_next_step(askers: tuple[Asker, ...]) -> None:
    for asker, step in zip(askers, ("/sign-in", "/second-factor"), strict=False):
        for route, who in kept_matrix().items():
            if route.startswith("GET ") and asker.openings.isdisjoint(who):
                answer = asker.client.get(_address(route), headers=HTML)
                assert answer.status_code == 303, f"{asker.name} {route}"
                assert answer.headers["location"].split("?")[0] == step, f"{asker.name} {route}"


def _walk(asker: Asker, matrix: Matrix, routes: Iterable[str]) -> Iterator[str]:
    """Ask each route once; say what is not as the matrix has it."""
    for route in routes:
        is_admitted = not asker.openings.isdisjoint(matrix[route])
        if route == ENDLESS and is_admitted:
            continue
        method, _ = route.split()
        data = None if method == "GET" else {csrf.FIELD: asker.form_token}
        answer = asker.client.request(method, _address(route), data=data, headers=JSON)
        said = answer.headers.get("content-type", "").startswith("application/problem+json")
        code = answer.json()["code"] if said else ""
        if is_admitted != _is_let_in(route, answer.status_code, code):
            yield f"{asker.name} {route}: {answer.status_code} {code}"
        if not is_admitted and code not in REFUSALS:
            yield f"{asker.name} {route}: refused for another reason, {answer.status_code} {code}"


def _is_let_in(route: str, status: int, code: str) -> bool:
    """Whether an answer is the route's own: its page, or that the thing or the field is wrong."""
    if code in REFUSALS:
        return False
    is_page = route.startswith("GET ") and "{" not in route and route != NOT_YET
    return status < 400 or (status in {404, 409, 422} and not is_page)


def _address(route: str) -> str:
    """The route's address, with a well-formed id of nothing for each parameter."""
    path = route.split()[1].replace(":path}", "}")
    return re.sub(r"{(\w+)}", lambda found: WELL_FORMED.get(found[1], UNKNOWN_ID), path)
