"""The audit: everything filtered by its address, nothing to press."""

from collections.abc import Callable

import httpx
import pytest
from factories.administration import add_person
from factories.people import Town

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]

PAGE = "/admin/audit"


def rows(browser: httpx.Client, **questions: str) -> int:
    return browser.get(PAGE, params=questions).text.count("<tr data-row>")


def test_acts_are_filtered_by_kind_person_time_and_outcome(enter: Enter, town: Town) -> None:
    add_person(town, "zhao.wei", "处置员 04")
    browser = enter("audit")

    assert rows(browser, kind="area") == 2
    assert rows(browser, kind="person") == 1
    assert rows(browser, kind="person", who="system 07") == 1
    assert rows(browser, who=f"person/{town.people['audit'].id}") == 1
    assert rows(browser, who="没有此人") == 0
    assert rows(browser, refused="1") == 0
    assert rows(browser, span="1") == rows(browser)
    assert rows(browser, since="2026-03-03") == 0
    assert rows(browser, until="2026-03-01") == 0


def test_several_persons_who_fit_are_offered(enter: Enter, town: Town) -> None:
    add_person(town, "zhao.wei", "处置员 04")
    add_person(town, "qian.li", "处置员 05")

    page = enter("audit").get(PAGE, params={"who": "处置员"}).text

    assert "有多人符合" in page
    assert "处置员 05" in page


def test_a_date_that_is_none_is_said_and_not_guessed(enter: Enter) -> None:
    page = enter("audit").get(PAGE, params={"since": "3月2日"})

    assert page.status_code == 200
    assert "日期请写作 2026-11-19" in page.text


def test_each_act_leads_to_its_record(enter: Enter) -> None:
    browser = enter("audit")
    page = browser.get(PAGE, params={"kind": "area"}).text

    href = page.split('<a class="proof" href="', 1)[1].split('"', 1)[0]

    assert browser.get(href).status_code == 200


def test_the_audit_offers_nothing_to_change(enter: Enter) -> None:
    main = enter("audit").get(PAGE).text.split("<main", 1)[1].split("</main>", 1)[0]

    assert 'method="post"' not in main


def test_acts_and_tries_come_as_csv(enter: Enter) -> None:
    browser = enter("audit")

    acts = browser.get(PAGE, params={"kind": "area", "format": "csv"}).text
    tries = browser.get(f"{PAGE}/sign-ins", params={"format": "csv"}).text

    assert acts.startswith("\ufeff时间,操作人,操作")
    assert len(acts.splitlines()) == 3
    assert ",system 07,添加区域,area.created,区域 990101,area/990101,990101,已办," in acts
    assert ",audit 07,127.0.0.1,登录成功" in tries
