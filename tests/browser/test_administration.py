"""The administration in a real browser: it fits, axe is content, one asks and another decides."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from factories.administration import add_person, application, governed_town, seal
from factories.people import PASSWORD, SECRET, Town
from factories.server import serving
from factories.stations import Furnished, furnish_stations
from playwright.sync_api import Page

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.totp import code_at
from qinghuan.sensing.service.stations import datastreams_of
from qinghuan.trace.model import RecordsAsked
from qinghuan.trace.service.reading import browse

pytestmark = [pytest.mark.browser, pytest.mark.db, pytest.mark.slow]

AXE = Path(__file__).parents[2] / "src/qinghuan/web/client/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
WIDTHS = (360, 768, 1024, 1440, 2560)

Open = Callable[..., Page]


@pytest.fixture
def town(database: Database) -> Town:
    """Three administrators, areas, and a person without any role."""
    town = governed_town(database)
    add_person(town, "zhao.wei", "处置员 04")
    return town


@pytest.fixture
def stations(town: Town) -> Furnished:
    """Stations with datastreams and limits."""
    made = furnish_stations(town.database, town.at)
    seal(town)
    return made


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """Where the town's house is served, with its administration."""
    with serving(application(town)) as at:
        yield at


@pytest.fixture
def enter(open_page: Open, address: str, town: Town) -> Open:
    """A window in which somebody has signed in."""

    def sign_in(name: str, width: int = 1440, height: int = 900, **cookies: str) -> Page:
        town.wait(61)
        page = open_page(width, height, **cookies)
        page.goto(f"{address}/sign-in")
        page.fill("[name=login_name]:not([type=hidden])", name)
        page.fill("[name=password]:not([type=hidden])", PASSWORD)
        page.click("form:has([name=login_name]:not([type=hidden])) button.pri")
        page.fill("[name=code]", code_at(SECRET, town.at))
        page.click("button.pri")
        page.wait_for_load_state()
        return page

    return sign_in


def paths_of(town: Town, stations: Furnished) -> dict[str, tuple[str, ...]]:
    """Every page, by who opens it."""
    with town.database.transaction(SYSTEM) as session:
        record = browse(session, RecordsAsked(kind="area"))[0][0]
        stream = datastreams_of(session, stations.outfall.id)[0]
    person = f"/admin/persons/{town.people['duty'].id}"
    return {
        "system": (
            "/admin",
            "/admin/areas?find=湛江",
            "/admin/areas/990101",
            "/admin/offices",
            "/admin/persons",
            person,
            "/admin/stations",
            f"/admin/stations/{stations.outfall.id}",
            f"/admin/datastreams/{stream.id}",
            "/admin/calendars",
            "/account",
        ),
        "security": ("/admin/grants", person, "/admin/tokens"),
        "audit": ("/admin/audit", "/admin/audit/sign-ins", "/log", f"/log/records/{record.id}"),
    }


def _serious(page: Page) -> list[str]:
    """Serious and critical findings of axe, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {{runOnly: {list(RULES)}}})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_is_wider_than_its_window(
    enter: Open, address: str, town: Town, stations: Furnished, language: str
) -> None:
    wide = {}
    for name, paths in paths_of(town, stations).items():
        page = enter(name, language=language)
        for path in paths:
            page.goto(f"{address}{path}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                over_px = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                if over_px > 0:
                    wide[path, width] = over_px

    assert wide == {}


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("sun", 360)])
def test_axe_finds_nothing_serious(
    enter: Open, address: str, town: Town, stations: Furnished, theme: str, width: int
) -> None:
    found = {}
    for name, paths in paths_of(town, stations).items():
        page = enter(name, width, theme=theme)
        for path in paths:
            page.goto(f"{address}{path}")
            if faults := _serious(page):
                found[path] = faults

    assert found == {}


def test_one_asks_for_a_role_and_another_approves_it(enter: Open, address: str, town: Town) -> None:
    seal(town)
    page = enter("system")
    page.goto(f"{address}/admin/persons?q=zhao")
    page.click("text=处置员 04")
    page.select_option("[name=role]", "handler")
    page.fill("[name=reason]", "接替原处置员")
    page.click("text=提交申请")
    page.wait_for_selector("text=申请已提交，等待安全管理员审批")
    assert page.is_disabled("button:has-text('重置第二因素')")
    seal(town)

    page = enter("security")
    page.goto(f"{address}/admin")
    page.click("text=1 件待审批")
    page.click("button:has-text('批准')")
    page.wait_for_selector("text=已批准，本人重新登录后生效")

    assert page.is_visible("text=生效中")


def test_a_first_password_is_shown_copied_and_gone(enter: Open, address: str, town: Town) -> None:
    seal(town)
    page = enter("system")
    page.goto(f"{address}/admin/persons")
    page.fill("[name=login_name]", "li.na")
    page.fill("[name=name]", "李娜")
    page.fill("[name=post_label]", "派遣员 05")
    page.click("button:has-text('添加人员')")
    password = page.get_attribute("[data-controller=copy]", "data-text")
    assert password
    page.click("text=下一步：申请岗位")

    assert password not in page.content()
    assert page.is_visible("h1:has-text('派遣员 05')")
