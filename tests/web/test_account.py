"""Signing in, step by step, through the pages."""

from collections.abc import Callable

import httpx
import pytest
from factories.people import PASSWORD, SECRET, Town
from factories.web import house_of, token_on

from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import Role
from qinghuan.people.service.set_up import open_house
from qinghuan.people.totp import code_at

pytestmark = pytest.mark.db


def _password(browser: httpx.Client, name: str, password: str, wanted: str = "") -> httpx.Response:
    form = {"csrf": token_on(browser, "/sign-in"), "login_name": name, "password": password}
    return browser.post("/sign-in", data={**form, "next": wanted})


def test_a_visitor_is_led_to_sign_in_and_back_to_where_he_was(
    browser: httpx.Client, town: Town
) -> None:
    first = browser.get("/search?q=河道")
    assert first.status_code == 303
    assert first.headers["location"].startswith("/sign-in?next=%2Fsearch")

    second = _password(browser, "duty", PASSWORD, "/search?q=1")
    assert second.headers["location"] == "/second-factor?next=%2Fsearch%3Fq%3D1"
    assert browser.get("/cockpit").headers["location"].startswith("/second-factor")

    form = {"csrf": token_on(browser, "/second-factor"), "next": "/search?q=1"}
    third = browser.post("/second-factor", data={**form, "code": code_at(SECRET, town.at)})
    assert third.headers["location"] == "/search?q=1"
    assert browser.get("/search?q=1").status_code == 200


def test_a_wrong_password_and_an_unknown_name_read_the_same(
    browser: httpx.Client, town: Town
) -> None:
    wrong = _password(browser, "duty", "not it at all")
    town.wait(120)
    unknown = _password(browser, "nobody-here", "not it at all")

    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert "登录名、密码或动态口令不正确" in answer.text
        assert "qh_session" not in answer.headers.get("set-cookie", "")


def test_the_session_cookie_is_out_of_a_script_s_reach(browser: httpx.Client) -> None:
    cookie = _password(browser, "duty", PASSWORD).headers["set-cookie"]

    assert "qh_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_nobody_is_sent_to_another_site_after_signing_in(browser: httpx.Client) -> None:
    answer = _password(browser, "duty", PASSWORD, "//evil.example/")

    assert answer.headers["location"] == "/second-factor"


def test_a_form_of_before_signing_in_does_not_work_after(
    browser: httpx.Client, enter: Callable[[str], httpx.Client]
) -> None:
    old = token_on(browser, "/sign-in")
    enter("duty")

    assert browser.post("/preferences", data={"csrf": old, "theme": "dark"}).status_code == 403


def test_signing_out_ends_the_session_for_every_window(
    browser: httpx.Client, enter: Callable[[str], httpx.Client]
) -> None:
    enter("duty")
    kept = browser.cookies.get("qh_session")
    answer = browser.post("/sign-out", data={"csrf": token_on(browser, "/cockpit")})

    assert answer.headers["location"] == "/sign-in"
    assert "storage" in answer.headers["clear-site-data"]
    browser.cookies.set("qh_session", kept or "")
    assert browser.get("/cockpit").headers["location"].startswith("/sign-in")


def test_what_a_page_fetches_by_itself_keeps_no_session_alive(
    enter: Callable[[str], httpx.Client], town: Town
) -> None:
    browser = enter("duty")
    answers = []
    for _ in range(4):
        town.wait(240)
        answers.append(browser.get("/cockpit/feed", headers={"x-automatic": "1"}))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 303]
    assert answers[-1].headers["location"].startswith("/sign-in")


def test_staff_without_a_second_factor_get_nothing_but_enrolment(
    browser: httpx.Client, town: Town
) -> None:
    town.plant("fresh", Role.ACCEPTOR, area_code="990101", factor=False)
    assert _password(browser, "fresh", PASSWORD).headers["location"] == "/enrolment"
    assert browser.get("/cockpit").headers["location"].startswith("/enrolment")

    page = browser.get("/enrolment").text
    secret = page.split('data-text="', 1)[1].split('"', 1)[0].replace(" ", "")
    form_token = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    done = browser.post("/enrolment", data={"csrf": form_token, "code": code_at(secret, town.at)})

    assert done.status_code == 200
    assert done.text.count('<li class="mono">') == 10
    assert browser.get("/cockpit").status_code == 200


def test_the_first_administrators_come_in_by_their_codes(browser: httpx.Client, town: Town) -> None:
    with town.database.transaction(SYSTEM) as session:
        codes = open_house(session, town.gate, "99", town.at)
    form = {
        "csrf": token_on(browser, "/set-up"),
        "login_name": "audit.one",
        "name": "林某",
        "post_label": "审计管理员 01",
        "new": "Heron-Over-Water-9",
    }
    wrong = browser.post("/set-up", data={**form, "code": "wrong"})
    right = browser.post("/set-up", data={**form, "code": codes[0].code})

    assert wrong.status_code == 422
    assert "启用码不正确" in wrong.text
    assert right.headers["location"] == "/sign-in"
    assert _password(browser, "audit.one", form["new"]).headers["location"] == "/enrolment"


def test_demo_accounts_are_shown_in_a_demo_only(browser: httpx.Client, town: Town) -> None:
    assert "演示账号" in browser.get("/sign-in").text
    assert house_of(town, is_demo=False).demo_accounts == ()


def test_language_and_theme_are_kept(browser: httpx.Client) -> None:
    form = {"csrf": token_on(browser, "/style"), "next": "/style"}
    answer = browser.post("/preferences", data={**form, "language": "en"})
    assert answer.headers["location"] == "/style"
    browser.post("/preferences", data={**form, "theme": "sun"})
    browser.post("/preferences", data={**form, "wall": "1"})
    page = browser.get("/style").text

    assert '<html lang="en" data-theme="sun" class="wall">' in page
    assert "Design language" in page
