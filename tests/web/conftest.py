"""A house on a real database, and browsers of several people in it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from factories.people import NOON, PASSWORD, SECRET, Town, cheap_gate
from factories.server import serving
from factories.web import house_of, token_on
from fastapi import FastAPI

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.model import Role
from qinghuan.people.service.places import found_area
from qinghuan.people.totp import code_at
from qinghuan.web.application import create
from qinghuan.web.house import House


@pytest.fixture
def town(database: Database) -> Town:
    """An area with a duty officer, a handler and a system administrator."""
    town = Town(database=database, gate=cheap_gate())
    with database.transaction(SYSTEM) as session:
        found_area(session, "990101", NOON)
    town.plant("duty", Role.DUTY_OFFICER, area_code="990101")
    town.plant("handler", Role.HANDLER, area_code="990101")
    town.plant("system", Role.SYSTEM_ADMIN, area_code="9901")
    return town


@pytest.fixture
def house(town: Town) -> House:
    """The town's house, as a demo."""
    return house_of(town)


@pytest.fixture
def app(house: House) -> FastAPI:
    """The application of the house; its broker listens while it is served."""

    @asynccontextmanager
    async def listening(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(house.broker.run())
        await asyncio.wait_for(house.broker.listening.wait(), 10)
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return create(house, lifespan=listening)


@pytest.fixture
def browser(app: FastAPI) -> Iterator[httpx.Client]:
    """A browser nobody has signed in with."""
    with (
        serving(app) as address,
        httpx.Client(base_url=address, headers={"accept": "text/html"}, timeout=20) as client,
    ):
        yield client


@pytest.fixture
def enter(browser: httpx.Client, town: Town) -> Callable[[str], httpx.Client]:
    """Sign somebody in through the pages, with both factors."""

    def sign_in(name: str) -> httpx.Client:
        town.wait(61)
        form_token = token_on(browser, "/sign-in")
        answer = browser.post(
            "/sign-in", data={"csrf": form_token, "login_name": name, "password": PASSWORD}
        )
        assert answer.status_code == 303, answer.text
        form_token = token_on(browser, "/second-factor")
        answer = browser.post(
            "/second-factor", data={"csrf": form_token, "code": code_at(SECRET, town.at)}
        )
        assert answer.status_code == 303, answer.text
        return browser

    return sign_in
