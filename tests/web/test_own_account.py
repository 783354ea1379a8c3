"""One's own account: seen, corrected, taken away, left everywhere."""

import json
from collections.abc import Callable

import httpx
import pytest
from factories.people import Town

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]


def send(browser: httpx.Client, action: str, **fields: str) -> httpx.Response:
    token = browser.get("/account").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    return browser.post(action, data={"csrf": token, **fields})


def test_a_person_sees_his_sessions_and_posts_and_takes_his_data_away(
    enter: Enter, town: Town
) -> None:
    browser = enter("duty")

    page = browser.get("/account").text
    data = browser.get("/account/data")

    assert "本次" in page
    assert "值守员" in page
    assert "attachment" in data.headers["content-disposition"]
    document = json.loads(data.content)
    assert document["person"]["login_name"] == "duty"
    assert [each["role"] for each in document["grants"]] == ["duty_officer"]
    assert str(town.people["handler"].id) not in data.text


def test_a_phone_is_corrected_or_refused_beside_its_field(enter: Enter) -> None:
    browser = enter("duty")

    wrong = send(browser, "/account/phone", phone="12")
    right = send(browser, "/account/phone", phone="13900000001")

    assert wrong.status_code == 422
    assert "电话号码不正确" in wrong.text
    assert 'value="12"' in wrong.text
    assert right.status_code == 303
    assert 'value="13900000001"' in browser.get("/account").text


def test_signing_out_everywhere_ends_the_other_browser_too(
    enter: Enter, browser: httpx.Client
) -> None:
    enter("duty")
    before = dict(browser.cookies)
    enter("duty")

    assert send(browser, "/account/session-end").status_code == 303

    browser.cookies.clear()
    browser.cookies.update(before)
    assert browser.get("/account").status_code == 303


def test_without_the_form_s_token_nothing_ends(enter: Enter) -> None:
    browser = enter("duty")

    assert browser.post("/account/session-end").status_code == 403
    assert browser.get("/account").status_code == 200
