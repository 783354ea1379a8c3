"""Persons: added with a password shown once, locked and unlocked, each act whose it is."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from factories.administration import add_person, outlive
from factories.people import HERE, PASSWORD, Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import Role
from qinghuan.people.service.sign_in import SignedIn, sign_in

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]
Send = Callable[..., httpx.Response]

PAGE = "/admin/persons"


def add(send: Send, **changes: str) -> httpx.Response:
    fields = {
        "login_name": "zhao.wei",
        "name": "赵伟",
        "post_label": "处置员 04",
        "area_code": "990101",
        **changes,
    }
    return send(PAGE, PAGE, **fields)


def shown_once(answer: httpx.Response) -> str:
    found = re.search(r'data-text="([^"]+)"', answer.text)
    assert found is not None, answer.text
    return found[1]


def lets_in(town: Town, login_name: str, password: str) -> bool:
    with town.database.transaction(SYSTEM) as session:
        came = sign_in(session, town.gate, login_name, password, HERE, town.wait(61))
    return isinstance(came, SignedIn)


def test_a_person_is_added_and_his_password_shown_this_once(
    enter: Enter, send: Send, town: Town
) -> None:
    browser = enter("system")

    answer = add(send, phone="13800000009")

    password = shown_once(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert lets_in(town, "zhao.wei", password)
    listed = browser.get(PAGE, params={"q": "zhao"}).text
    assert "处置员 04" in listed
    assert password not in listed
    assert "13800000009" not in listed


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"login_name": ""}, "请填写"),
        ({"login_name": "赵伟"}, "登录名须为 3 至 32 位小写字母"),
        ({"login_name": "system"}, "登录名 system 已被使用"),
        ({"phone": "12"}, "电话号码不正确"),
        ({"office_id": "x"}, "编号不正确，请从列表中选择"),
        ({"name": "赵" * 41}, "最多 40 个字"),
    ],
)
def test_a_wrong_person_says_how_to_mend_it_and_keeps_what_was_typed(
    enter: Enter, send: Send, changes: dict[str, str], says: str
) -> None:
    enter("system")

    answer = add(send, **changes)

    assert answer.status_code in {409, 422}
    assert says in answer.text
    assert 'value="处置员 04"' in answer.text


def test_what_the_other_administrator_does_is_shown_with_whose_it_is(
    enter: Enter, town: Town
) -> None:
    path = f"{PAGE}/{town.people['duty'].id}"

    by_system, by_security = enter("system").get(path).text, enter("security").get(path).text

    assert "须由安全管理员办理" in by_system
    assert f'action="{path}/factor-reset"' not in by_system
    assert f'action="{path}/factor-reset"' in by_security
    assert f'action="{path}/disablement"' not in by_security


def test_a_locked_person_is_let_in_again(enter: Enter, send: Send, town: Town) -> None:
    for _ in range(20):
        assert not lets_in(town, "duty", "wrong")
    browser = enter("system")
    path = f"{PAGE}/{town.people['duty'].id}"
    assert "已锁定至" in browser.get(path).text

    answer = send(path, f"{path}/unlocking")

    assert answer.status_code == 303
    assert "锁定已解除" in browser.get(answer.headers["location"]).text
    assert lets_in(town, "duty", PASSWORD)


def test_a_person_is_shut_out_and_let_in_again(enter: Enter, send: Send, town: Town) -> None:
    enter("system")
    path = f"{PAGE}/{town.people['duty'].id}"

    send(path, f"{path}/disablement")
    assert not lets_in(town, "duty", PASSWORD)
    send(path, f"{path}/enablement")

    assert lets_in(town, "duty", PASSWORD)


def test_a_reset_password_opens_and_the_old_one_does_not(
    enter: Enter, send: Send, town: Town
) -> None:
    enter("system")
    path = f"{PAGE}/{town.people['duty'].id}"

    password = shown_once(send(path, f"{path}/password-reset"))

    assert not lets_in(town, "duty", PASSWORD)
    assert lets_in(town, "duty", password)


def test_nobody_acts_on_his_own_account(enter: Enter, send: Send, town: Town) -> None:
    enter("system")
    path = f"{PAGE}/{town.people['system'].id}"

    answer = send(path, f"{path}/disablement")

    assert answer.status_code == 403
    assert "不能对本人账号操作" in answer.text


def test_a_stopped_log_stops_the_act_and_leaves_nothing_behind(
    enter: Enter, send: Send, town: Town
) -> None:
    outlive(town, datetime.now(UTC) + timedelta(minutes=5), "late", Role.SYSTEM_ADMIN)
    browser = enter("late")

    answer = add(send)

    assert answer.status_code == 503
    assert "存证日志已停止" in answer.text
    assert "没有符合筛选条件的记录" in browser.get(PAGE, params={"q": "zhao"}).text


def test_persons_come_as_csv(enter: Enter, town: Town) -> None:
    add_person(town, "zhao.wei", "处置员 04")

    text = enter("security").get(PAGE, params={"format": "csv"}).text

    assert text.startswith("\ufeff登录名,姓名,岗位称呼")
    assert "\r\nsecurity,林security,security 07,9901,安全管理员," in text
