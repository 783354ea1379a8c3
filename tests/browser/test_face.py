"""The face in a real browser: it fits, it can be read by machines, and it stays silent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.db, pytest.mark.slow]

AXE = Path(__file__).parents[2] / "src/qinghuan/web/client/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
WIDTHS = (360, 768, 1024, 1440, 2560)


def _overflow_px(page: Page) -> int:
    """How far the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def _serious(page: Page) -> list[str]:
    """Serious and critical findings of axe, one line each."""
    if not AXE.exists():
        pytest.fail("axe-core is not installed: build the web client first")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {{runOnly: {list(RULES)}}})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]


def _map_is_drawn(page: Page) -> None:
    page.wait_for_selector(".map[data-idle]", timeout=30_000)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_is_wider_than_its_window(
    signed_in: Callable[..., Page], address: str, language: str
) -> None:
    page = signed_in(language=language)
    wide = {}
    for path in ("/cockpit", "/style", "/search?q=河道", "/sign-in", "/nothing-here"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}{path}")
            if over_px := _overflow_px(page):
                wide[path, width] = over_px

    assert {key: px for key, px in wide.items() if px > 0} == {}


@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_axe_finds_nothing_serious(
    signed_in: Callable[..., Page], address: str, theme: str
) -> None:
    page = signed_in(theme=theme)
    _map_is_drawn(page)
    found = {"/cockpit": _serious(page)}
    for path in ("/style", "/search?q=河道", "/sign-in", "/set-up", "/nothing-here"):
        page.goto(f"{address}{path}")
        found[path] = _serious(page)
    page.set_viewport_size({"width": 360, "height": 780})
    for path in ("/cockpit", "/style"):
        page.goto(f"{address}{path}")
        found[f"{path} on a phone"] = _serious(page)

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_axe_would_find_a_picture_without_words(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page()
    page.goto(f"{address}/style")
    page.evaluate("document.querySelector('.ev img').removeAttribute('alt')")

    assert any(fault.startswith("image-alt") for fault in _serious(page))


def test_the_map_is_drawn_without_any_other_host(
    signed_in: Callable[..., Page], address: str
) -> None:
    asked: list[str] = []
    page = signed_in()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/cockpit")
    _map_is_drawn(page)

    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []


def test_the_theme_turns_at_once_and_is_kept(signed_in: Callable[..., Page], address: str) -> None:
    page = signed_in()
    _map_is_drawn(page)
    with page.expect_response(f"{address}/preferences"):
        page.click("form.theme button")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    _map_is_drawn(page)
    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_language_switch_brings_the_page_back_in_english(
    signed_in: Callable[..., Page], address: str
) -> None:
    page = signed_in()
    page.goto(f"{address}/search?q=1")
    page.click("form.lang button[value=en]")

    assert page.url == f"{address}/search?q=1"
    assert "Results for" in page.inner_text("h1")


def test_the_keyboard_reaches_search_and_walks_a_list(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert first != second
    assert page.evaluate("document.activeElement.textContent") == first
    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.name") == "q"


def test_the_stream_says_that_it_is_alive(signed_in: Callable[..., Page]) -> None:
    page = signed_in()

    page.wait_for_selector('.live[data-s="ok"]')
    assert page.inner_text(".live") == "实时"


def test_without_script_every_page_still_works(
    chromium: Any,  # noqa: ANN401  Playwright's browser
    address: str,
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/style")
    page.click("form.lang button[value=en]")

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".tbl tbody tr").count() == 6
    context.close()
