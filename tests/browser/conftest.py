"""Debian's Chromium, driven by Playwright; skipped plainly where there is none.

`QINGHUAN_REQUIRE_BROWSER=1` turns the skip into a failure: CI sets it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from factories.people import NOON, PASSWORD, SECRET, Town, cheap_gate
from factories.server import serving
from factories.web import house_of
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.model import Role
from qinghuan.people.service.places import found_area
from qinghuan.people.totp import code_at
from qinghuan.web.application import create

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
)
MISSING = "/nothing-here"
CLIENT = Path(__file__).parents[2] / "src" / "qinghuan" / "web" / "static" / "built" / "core.js"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of a file's tests.

    Playwright keeps an event loop running in this thread until it is closed, and while one runs
    no other test may start its own.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    missing = (
        f"no Chromium on PATH (looked for {', '.join(NAMES)}): browser tests are skipped"
        if path is None
        else "the web client is not built: browser tests are skipped"
        if not CLIENT.exists()
        else ""
    )
    if missing and os.environ.get("QINGHUAN_REQUIRE_BROWSER", "0") not in {"", "0"}:
        pytest.fail(missing.replace("are skipped", "may not be skipped here"))
    if missing:
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def town(database: Database) -> Town:
    """An area with a duty officer."""
    town = Town(database=database, gate=cheap_gate())
    with database.transaction(SYSTEM) as session:
        found_area(session, "990101", NOON)
    town.plant("duty", Role.DUTY_OFFICER, area_code="990101")
    return town


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """Where the town's house is served."""
    with serving(create(house_of(town))) as at:
        yield at


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a window of a width, in a theme and language; the console must stay silent."""
    with ExitStack() as stack:
        said: list[str] = []

        def open_window(width: int = 1440, height: int = 900, **cookies: str) -> Page:
            context = stack.enter_context(_context(chromium, width, height, {**cookies}, address))
            page = context.new_page()
            page.on("console", lambda message: _note(said, message))
            page.on("pageerror", lambda error: said.append(str(error)))
            return page

        yield open_window
    assert not said


@pytest.fixture
def signed_in(open_page: Callable[..., Page], address: str, town: Town) -> Callable[..., Page]:
    """A window in which the duty officer has signed in."""

    def sign_in(width: int = 1440, height: int = 900, **cookies: str) -> Page:
        town.wait(61)
        page = open_page(width, height, **cookies)
        page.goto(f"{address}/sign-in")
        page.fill("[name=login_name]", "duty")
        page.fill("[name=password]", PASSWORD)
        page.click("form:has([name=login_name]:not([type=hidden])) button.pri")
        page.fill("[name=code]", code_at(SECRET, town.at))
        page.click("button.pri")
        page.wait_for_url(f"{address}/cockpit")
        return page

    return sign_in


def _note(said: list[str], message: ConsoleMessage) -> None:
    """Keep an error, but for the page that a test asks for because it is missing."""
    if message.type == "error" and not str(message.location.get("url")).endswith(MISSING):
        said.append(message.text)


def _context(
    browser: Browser, width: int, height: int, cookies: dict[str, str], address: str
) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="UTC"
    )
    context.add_cookies(
        [{"name": f"qh_{name}", "value": value, "url": address} for name, value in cookies.items()]
    )
    return context
