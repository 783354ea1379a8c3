"""The loop of one case in real browsers: from a station's frame over TCP to closed and proved."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

import pytest
from factories.server import serving
from playwright.sync_api import Browser, Locator, Page, expect

from qinghuan.demo.check import CHECKER, HANDLER, LEAD, MATTER, OUTFALL, drawn_picture
from qinghuan.demo.opening import City, opened_city
from qinghuan.demo.schedule import Pace
from qinghuan.demo.town import sign_in_accounts
from qinghuan.people.totp import code_at

pytestmark = [pytest.mark.browser, pytest.mark.db, pytest.mark.slow]

PACE = Pace(backlog_hours=30, shown_hours=24, hour_s=0.5)
CASE_WITHIN_S = 60.0
QUIET_WITHIN_S = 45.0
SEALED_WITHIN_S = 20.0
ACCOUNTS = {account.login_name: account for account in sign_in_accounts()}
CLOSED = "已结案"


@pytest.fixture
def city(reachable_tmp: Path) -> Iterator[City]:
    """The demo city, whose stations catch up fast."""
    folder = Path(mkdtemp(prefix="city-", dir=reachable_tmp))
    folder.chmod(0o711)
    with opened_city(folder, pace=PACE) as opened:
        yield opened


@pytest.fixture
def enter(chromium: Browser, city: City) -> Iterator[Callable[[str], Page]]:
    """Sign a demo account in with both factors, in a browser of its own."""
    said: list[str] = []
    with serving(city.app) as address, ExitStack() as stack:

        def sign_in(login_name: str) -> Page:
            context = stack.enter_context(
                chromium.new_context(locale="zh-CN", base_url=address, timezone_id="UTC")
            )
            page = context.new_page()
            page.on("pageerror", lambda error: said.append(str(error)))
            account = ACCOUNTS[login_name]
            page.goto("/sign-in")
            page.locator(".demo-accounts button").filter(has_text=account.label).filter(
                has_text=login_name
            ).click()
            page.locator("[name=code]").fill(code_at(account.totp_secret, datetime.now(UTC)))
            page.get_by_role("button", name="继续").click()
            expect(page).not_to_have_url(re.compile("/sign-in|/second-factor"))
            return page

        yield sign_in
    assert not said


def test_five_accounts_walk_a_frame_to_a_closed_case_and_its_proof(
    enter: Callable[[str], Page],
) -> None:
    """Dispatcher, head, handler, acceptor, checker; each presses only what his page offers."""
    dispatcher = enter("dispatcher02")
    case = _find_case(dispatcher)
    dispatcher.goto(case)
    _act(dispatcher, "dispatch", {"主办单位": LEAD}, {"说明": "请现场核实并处置"})

    head = enter("ecology-head")
    head.goto(case)
    _act(head, "sign", {"责任人": HANDLER})

    handler = enter("ecology04")
    handler.goto(case)
    _give_picture(handler, "处置后", "after")
    _act(handler, "report_done", typed={"": "已更换曝气设备故障部件（演示）"})
    head.goto(case)
    _act(head, "confirm_done")

    acceptor = enter("acceptor03")
    acceptor.goto(case)
    _act(acceptor, "send_check", {"核查员": CHECKER})
    checker = enter("checker05")
    checker.goto(case)
    _give_picture(checker, "核查", "check")
    _act(checker, "check_result", {"核查结果": "通过"}, {"说明": "现场已复核（演示）"})

    _close(acceptor, case)
    expect(acceptor.locator(".head")).to_contain_text(CLOSED)
    _open_proof(acceptor)


def _find_case(page: Page) -> str:
    """Wait until a frame has opened the outfall's case; its address."""
    end_s = monotonic() + CASE_WITHIN_S
    link = page.get_by_role("link", name=f"{OUTFALL.name} {MATTER}").first
    while monotonic() < end_s:
        page.goto(f"/cases?q={OUTFALL.name}")
        if link.count():
            return str(link.get_attribute("href"))
        page.wait_for_timeout(700)
    pytest.fail(f"no case within {CASE_WITHIN_S:.0f} s")


def _act(
    page: Page,
    name: str,
    chosen: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> None:
    """Open an act, fill in its fields by their labels, send it, and see that it was taken."""
    act = _opened(page, name)
    for label, option in (chosen or {}).items():
        act.get_by_label(label, exact=False).first.select_option(label=option)
    for label, text in (typed or {}).items():
        (act.get_by_label(label) if label else act.locator("textarea")).first.fill(text)
    act.locator("form button").click()
    expect(page.get_by_role("status").filter(has_text="已办理")).to_be_visible()


def _opened(page: Page, name: str) -> Locator:
    """The place of an act on the page, opened."""
    act = page.locator(f"#act-{name}")
    details = act.locator("details")
    if details.count() and details.get_attribute("open") is None:
        act.locator("summary").click()
    return act


def _give_picture(page: Page, purpose: str, name: str) -> None:
    """Add a drawn picture, taken where the outfall is."""
    act = _opened(page, "add_evidence")
    act.get_by_label("用途").select_option(label=purpose)
    act.get_by_label("照片或 PDF 文件").set_input_files(
        {
            "name": f"{name}.jpg",
            "mimeType": "image/jpeg",
            "buffer": drawn_picture(name, OUTFALL.place),
        }
    )
    act.get_by_label("拍摄位置").fill(f"{OUTFALL.place.longitude_deg:.5f}")
    act.get_by_label("纬度", exact=True).fill(f"{OUTFALL.place.latitude_deg:.5f}")
    act.get_by_role("button", name="提交证据").click()
    expect(page.locator("#act-add_evidence .err")).to_have_count(0)
    expect(page.locator(".facts-col img").first).to_be_visible()


def _close(page: Page, case: str) -> None:
    """Close the case once the last day has gone by and the value is back under its limit."""
    end_s = monotonic() + QUIET_WITHIN_S
    while True:
        page.goto(case)
        if page.locator("#act-close form").count():
            break
        assert monotonic() < end_s, page.locator("#act-close").inner_text()
        page.wait_for_timeout(700)
    act = _opened(page, "close")
    act.get_by_label("符合结案条件").check()
    act.locator("form button").click()
    expect(page.get_by_role("status").filter(has_text="已办理")).to_be_visible()


def _open_proof(page: Page) -> None:
    """Open the newest sealed record of the story and take its proof away."""
    sealed = page.locator(".story-col .tl a.proof[data-s=ok]")
    end_s = monotonic() + SEALED_WITHIN_S
    while not sealed.count():
        assert monotonic() < end_s, "nothing of the story is sealed"
        page.wait_for_timeout(500)
        page.reload()
    sealed.first.click()
    page.wait_for_url(re.compile("/log/records/"))
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载证明").click()
    proof = Path(coming.value.path()).read_text(encoding="utf-8")
    assert proof.startswith("c2sp.org/tlog-proof@v1")
