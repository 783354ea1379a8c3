"""Tokens: issued with somebody who answers, shown once, revoked."""

import re
from collections.abc import Callable

import httpx
import pytest
from factories.administration import seal
from factories.people import Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import TokenRefused
from qinghuan.people.service.tokens import actor_of_token

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]
Send = Callable[..., httpx.Response]

PAGE = "/admin/tokens"


def issue(send: Send, town: Town, **changes: object) -> httpx.Response:
    fields: dict[str, object] = {
        "person_id": str(town.people["duty"].id),
        "name": "市数据平台对接",
        "scopes": ["observations:read", "cases:read"],
        "area_code": "990101",
        "mark": "1",
        "expires_on": "2026-08-31",
        **changes,
    }
    return send(PAGE, PAGE, **fields)


def test_a_token_is_shown_once_works_and_dies(enter: Enter, send: Send, town: Town) -> None:
    browser = enter("security")

    answer = issue(send, town)

    found = re.search(r'data-text="([^"]+)"', answer.text)
    assert found is not None, answer.text
    secret = found[1]
    with town.database.transaction(SYSTEM) as session:
        assert actor_of_token(session, secret, town.at).token_area_code == "990101"
    listed = browser.get(PAGE).text
    assert secret not in listed
    seal(town)

    action = listed.split(f'action="{PAGE}/', 1)[1].split('"', 1)[0]
    assert send(PAGE, f"{PAGE}/{action}").status_code == 303
    with town.database.transaction(SYSTEM) as session, pytest.raises(TokenRefused):
        actor_of_token(session, secret, town.at)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scopes": []}, "至少选 1 项"),
        ({"scopes": ["root"]}, "请从列表中选择"),
        ({"person_id": ""}, "请填写"),
        ({"expires_on": "2027-08-31"}, "有效期须在 366 天以内"),
        ({"expires_on": "2026-01-01"}, "有效期须在 366 天以内"),
        ({"name": " "}, "请填写"),
        ({"mark": "9"}, "请从列表中选择"),
    ],
)
def test_a_wrong_token_says_how_to_mend_it_and_keeps_the_boxes(
    enter: Enter, send: Send, town: Town, changes: dict[str, object], says: str
) -> None:
    enter("security")

    answer = issue(send, town, **changes)

    assert answer.status_code == 422
    assert says in answer.text
    if "scopes" not in changes:
        assert 'value="cases:read" checked' in answer.text


def test_an_administrator_answers_for_no_token(enter: Enter, send: Send, town: Town) -> None:
    enter("security")

    answer = issue(send, town, person_id=str(town.people["system"].id))

    assert answer.status_code == 422
    assert "三员账号不能持有令牌" in answer.text


def test_a_token_unknown_is_said_so(enter: Enter, send: Send) -> None:
    enter("security")

    answer = send(PAGE, f"{PAGE}/00000000-0000-0000-0000-000000000001/revocation")

    assert answer.status_code == 404
    assert "没有这个令牌" in answer.text
