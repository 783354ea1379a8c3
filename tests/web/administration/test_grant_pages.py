"""Grants through the pages: one asks, another decides, the reason stands beside."""

from collections.abc import Callable

import httpx
import pytest
from factories.administration import add_person, seal
from factories.people import Town

from qinghuan.people.model import ActsAsked, Person
from qinghuan.people.rights import scope_of
from qinghuan.people.service.audit import audit_of

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]
Send = Callable[..., httpx.Response]


@pytest.fixture
def worker(town: Town) -> Person:
    """A person without any role."""
    found = add_person(town, "zhao.wei", "处置员 04")
    seal(town)
    return found


def ask(send: Send, worker: Person, **changes: str) -> httpx.Response:
    fields = {"role": "handler", "area_code": "990101", "reason": "接替原处置员", **changes}
    path = f"/admin/persons/{worker.id}"
    return send(path, f"{path}/grants", **fields)


def href_of(browser: httpx.Client) -> str:
    page = browser.get("/admin/grants", params={"state": "waiting"}).text
    return page.split('<td class="nw"><a href="', 1)[1].split('"', 1)[0]


def test_a_role_is_asked_by_one_and_approved_by_another(
    enter: Enter, send: Send, town: Town, worker: Person
) -> None:
    browser = enter("system")
    assert ask(send, worker, valid_until="2026-12-31").status_code == 303
    href = href_of(browser)
    assert "须由安全管理员办理" in browser.get(href).text
    seal(town)

    enter("security")
    assert f'action="{href}/approval"' in browser.get("/admin/grants").text
    answer = send(href, f"{href}/approval")

    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "已批准，本人重新登录后生效" in page
    assert "生效中" in page
    assert "2027-01-01 周五 00:00:00" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"role": ""}, "请填写"),
        ({"role": "emperor"}, "请从列表中选择"),
        ({"role": "public"}, "“公众”无须授予"),
        ({"reason": "想"}, "请写明理由"),
        ({"valid_until": "明天"}, "请填日期，如 2026-11-19"),
        ({"valid_until": "2026-01-01"}, "授权的截止时间须晚于开始时间"),
        ({"area_code": "4408"}, "须由系统管理员办理"),
    ],
)
def test_a_wrong_request_says_how_to_mend_it(
    enter: Enter, send: Send, worker: Person, changes: dict[str, str], says: str
) -> None:
    enter("system")

    answer = ask(send, worker, **changes)

    assert answer.status_code in {403, 404, 422}
    assert says in answer.text


def test_three_posts_are_never_one_person_s(enter: Enter, send: Send, town: Town) -> None:
    enter("system")

    answer = ask(send, town.people["security"], role="audit_admin", area_code="9901")

    assert answer.status_code == 403
    assert "三员互斥" in answer.text


def test_nobody_asks_for_himself_and_the_try_is_kept(enter: Enter, send: Send, town: Town) -> None:
    browser = enter("system")
    path = f"/admin/persons/{town.people['system'].id}"
    assert "不能为本人申请岗位" in browser.get(path).text

    answer = send(path, f"{path}/grants", role="handler", area_code="9901", reason="自己用")

    assert answer.status_code == 403
    auditor = town.actor("audit")
    with town.database.transaction(scope_of(auditor)) as session:
        (kept,) = audit_of(session, auditor, ActsAsked(refused_only=True)).items
    assert (kept.kind, kept.actor) == ("grant.asked", f"person/{town.people['system'].id}")


def test_a_role_is_taken_away_only_with_a_reason(
    enter: Enter, send: Send, town: Town, worker: Person
) -> None:
    browser = enter("system")
    ask(send, worker)
    href = href_of(browser)
    seal(town)
    enter("security")
    send(href, f"{href}/approval")
    seal(town)

    without = send(href, f"{href}/revocation")
    taken = send(href, f"{href}/revocation", reason="调离岗位")

    assert without.status_code == 422
    assert "请填写" in without.text
    assert taken.status_code == 303
    assert "已撤销" in browser.get(href).text


def test_a_request_is_declined_once(enter: Enter, send: Send, town: Town, worker: Person) -> None:
    browser = enter("system")
    ask(send, worker)
    href = href_of(browser)
    seal(town)
    enter("security")

    first = send(href, f"{href}/refusal")
    seal(town)
    second = send("/account", f"{href}/refusal")

    assert first.status_code == 303
    assert second.status_code == 409
    assert "该申请已处理" in second.text


def test_another_person_s_path_does_not_lead_to_a_grant(
    enter: Enter, send: Send, town: Town, worker: Person
) -> None:
    browser = enter("system")
    ask(send, worker)
    grant_id = href_of(browser).rsplit("/", 1)[1]

    answer = browser.get(f"/admin/persons/{town.people['duty'].id}/grants/{grant_id}")

    assert answer.status_code == 404


def test_grants_come_as_csv_under_their_filter(enter: Enter, send: Send, worker: Person) -> None:
    browser = enter("system")
    ask(send, worker)

    text = browser.get("/admin/grants", params={"state": "waiting", "format": "csv"}).text

    assert len(text.splitlines()) == 2
    assert "\r\n处置员 04,处置员,990101,待审批,system 07," in text
