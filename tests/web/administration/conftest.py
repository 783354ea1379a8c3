"""A governed town, and how its people send forms."""

from collections.abc import Callable

import httpx
import pytest
from factories.administration import application, governed_town
from factories.people import Town
from fastapi import FastAPI

from qinghuan.infra.database import Database

Send = Callable[..., httpx.Response]


@pytest.fixture
def town(database: Database) -> Town:
    """Three administrators and two areas."""
    return governed_town(database)


@pytest.fixture
def app(town: Town) -> FastAPI:
    """The application with the administration's pages."""
    return application(town)


@pytest.fixture
def send(browser: httpx.Client) -> Send:
    """Send a form from a page of whoever is signed in."""

    def post(page: str, action: str, **fields: object) -> httpx.Response:
        text = browser.get(page).text
        token = text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        files = fields.pop("files", None)
        return browser.post(action, data={"csrf": token, **fields}, files=files)  # type: ignore[arg-type]  # httpx takes lists too

    return post
