"""Station pages in a real browser: the chart is drawn, a value opens its way back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from factories.people import Town
from factories.server import serving
from factories.stations import Furnished, furnish_stations
from factories.web import house_of
from playwright.sync_api import Browser, Page

from qinghuan.web.application import create
from qinghuan.web.log import pages as log_pages
from qinghuan.web.stations import pages

pytestmark = [pytest.mark.browser, pytest.mark.db, pytest.mark.slow]

AXE = Path(__file__).parents[2] / "src/qinghuan/web/client/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")


@pytest.fixture
def stations(town: Town) -> Furnished:
    """Stations of the town that have sent for three days."""
    return furnish_stations(town.database, town.at)


@pytest.fixture
def address(town: Town, stations: Furnished) -> Iterator[str]:
    """Where the town's house with its stations is served."""
    assert stations.hour_at < town.at
    with serving(create(house_of(town), routers=(pages.router, log_pages.router))) as at:
        yield at


def paths_of(stations: Furnished) -> dict[str, str]:
    return {
        "list": "/stations",
        "outfall": f"/stations/{stations.outfall.id}?range=3d",
        "air": f"/stations/{stations.air.id}",
        "never": f"/stations/{stations.never.id}",
        "refused": "/stations/refused",
    }


def overflow_px(page: Page) -> int:
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def serious(page: Page) -> list[str]:
    """Serious and critical findings of axe, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {{runOnly: {list(RULES)}}})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]


def wait_until_drawn(page: Page) -> None:
    if page.locator(".chart").count():
        page.wait_for_selector(".chart[data-ready]", timeout=30_000)


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(360, "sun", "zh"), (768, "light", "en"), (1440, "dark", "zh"), (1440, "light", "en")],
)
def test_station_pages_fit_and_can_be_read_by_machines(
    signed_in: Callable[..., Page],
    address: str,
    stations: Furnished,
    width: int,
    theme: str,
    language: str,
) -> None:
    page = signed_in(width, theme=theme, language=language)

    for name, path in paths_of(stations).items():
        page.goto(f"{address}{path}")
        wait_until_drawn(page)
        assert overflow_px(page) <= 0, name
        assert serious(page) == [], name


def test_a_value_of_the_table_opens_its_way_back_and_leads_to_the_frame(
    signed_in: Callable[..., Page], address: str, stations: Furnished
) -> None:
    page = signed_in()
    page.goto(f"{address}/stations/{stations.outfall.id}?range=3d")
    wait_until_drawn(page)
    page.locator("#values a.num").first.click()
    dialog = page.locator("#sheet")
    dialog.locator(".lin").wait_for()

    assert "w01018-Avg=44" in dialog.locator("mark").inner_text()
    assert serious(page) == []
    dialog.get_by_role("link", name="打开报文").click()
    page.wait_for_url("**/frames/**")
    assert "PW=******" in page.locator(".raw").first.inner_text()


def test_without_script_the_values_are_still_there(
    chromium: Browser, signed_in: Callable[..., Page], address: str, stations: Furnished
) -> None:
    state = signed_in().context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(f"{address}/stations/{stations.outfall.id}")

    assert plain.locator(".chart .fallback").is_visible()
    assert plain.locator("#values tbody tr").count() == 24
    plain.locator("#values a.num").first.click()
    assert "PW=******" in plain.locator(".raw").inner_text()
    context.close()
