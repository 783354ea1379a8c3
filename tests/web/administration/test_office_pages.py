"""Offices: listed, added, changed."""

from collections.abc import Callable

import httpx
import pytest

from qinghuan.people.credit_code import check_character

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]
Send = Callable[..., httpx.Response]

PAGE = "/admin/offices"
BODY = "11440800MB0000001"
CREDIT_CODE = BODY + check_character(BODY)


def add(send: Send, **changes: str) -> httpx.Response:
    fields = {"name": "区水务局", "kind": "department", "area_code": "990101", **changes}
    return send(PAGE, PAGE, **fields)


def test_an_office_is_added_and_found_by_area(enter: Enter, send: Send) -> None:
    browser = enter("system")

    answer = add(send, credit_code=CREDIT_CODE)

    assert answer.status_code == 303
    assert "单位已添加" in browser.get(answer.headers["location"]).text
    assert CREDIT_CODE in browser.get(PAGE, params={"area": "990101"}).text
    assert "没有符合筛选条件的记录" in browser.get(PAGE, params={"area": "990102"}).text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "请填写"),
        ({"kind": "army"}, "请从列表中选择"),
        ({"credit_code": "11440800MB00000010"}, "统一社会信用代码“11440800MB00000010”不正确"),
        ({"credit_code": "1" * 19}, "最多 18 个字"),
        ({"area_code": "990109"}, "本平台没有代码为 990109 的区域"),
    ],
)
def test_a_wrong_office_says_how_to_mend_it(
    enter: Enter, send: Send, changes: dict[str, str], says: str
) -> None:
    enter("system")

    answer = (
        add(send, name_en="Water", **changes) if "name" not in changes else add(send, **changes)
    )

    assert answer.status_code in {404, 422}
    assert says in answer.text


def test_a_credit_code_belongs_to_one_office(enter: Enter, send: Send) -> None:
    enter("system")
    add(send, credit_code=CREDIT_CODE)

    again = add(send, name="另一单位", credit_code=CREDIT_CODE)

    assert again.status_code == 409
    assert "已有单位使用统一社会信用代码" in again.text
    assert 'value="另一单位"' in again.text


def test_an_office_is_written_anew(enter: Enter, send: Send) -> None:
    browser = enter("system")
    add(send)
    href = browser.get(PAGE).text.split('<td><a href="', 1)[1].split('"', 1)[0]

    answer = send(href, href, name="区水利局", kind="department")

    assert answer.status_code == 303
    assert "区水利局" in browser.get(href).text


def test_a_cell_that_would_run_as_a_formula_is_disarmed(enter: Enter, send: Send) -> None:
    browser = enter("system")
    add(send, name="=HYPERLINK(1)")

    assert "\r\n'=HYPERLINK(1),,部门,990101," in browser.get(PAGE, params={"format": "csv"}).text
