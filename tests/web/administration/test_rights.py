"""Role by route: three posts of three persons, and nobody else."""

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from factories.people import Town

from qinghuan.people.model import ActsAsked
from qinghuan.people.rights import scope_of
from qinghuan.people.service.audit import audit_of

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]

READ_BY = {
    "/admin": {"system", "security", "audit"},
    "/admin/areas": {"system", "security"},
    "/admin/areas/990101": {"system", "security"},
    "/admin/offices": {"system", "security"},
    "/admin/persons": {"system", "security"},
    "/admin/grants": {"system", "security"},
    "/admin/stations": {"system", "security"},
    "/admin/tokens": {"security"},
    "/admin/audit": {"audit"},
    "/admin/audit/sign-ins": {"audit"},
    "/admin/calendars": {"system", "security", "audit"},
    "/log": {"system", "security", "audit", "duty"},
    "/account": {"system", "security", "audit", "duty"},
}
SENT_BY = {
    "/admin/areas": "system",
    "/admin/areas/outlines": "system",
    "/admin/areas/990101": "system",
    "/admin/offices": "system",
    "/admin/persons": "system",
    f"/admin/persons/{UUID(int=1)}/grants": "system",
    f"/admin/persons/{UUID(int=1)}/disablement": "system",
    f"/admin/persons/{UUID(int=1)}/unlocking": "system",
    f"/admin/persons/{UUID(int=1)}/factor-reset": "security",
    f"/admin/persons/{UUID(int=1)}/grants/{UUID(int=2)}/approval": "security",
    f"/admin/persons/{UUID(int=1)}/grants/{UUID(int=2)}/refusal": "security",
    f"/admin/persons/{UUID(int=1)}/grants/{UUID(int=2)}/revocation": "security",
    "/admin/tokens": "security",
    f"/admin/tokens/{UUID(int=1)}/revocation": "security",
    "/admin/stations": "system",
}


@pytest.mark.parametrize("name", ["system", "security", "audit", "duty"])
def test_each_post_opens_its_own_pages_and_no_other(enter: Enter, name: str) -> None:
    browser = enter(name)

    answers = {path: browser.get(path).status_code for path in READ_BY}

    assert answers == {path: 200 if name in who else 403 for path, who in READ_BY.items()}


@pytest.mark.parametrize("name", ["system", "security", "audit", "duty"])
def test_no_post_sends_another_s_forms(enter: Enter, town: Town, name: str) -> None:
    browser = enter(name)
    token = browser.get("/account").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    refused = {
        path: browser.post(path, data={"csrf": token}).status_code
        for path, who in SENT_BY.items()
        if who != name
    }

    assert set(refused.values()) == {403}
    assert _acts(town) == {"area.created", "grant.set-up", "session.opened"}


def test_nobody_is_led_to_sign_in_first(browser: httpx.Client) -> None:
    for path in READ_BY:
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


def test_a_form_without_its_token_does_nothing(enter: Enter, town: Town) -> None:
    browser = enter("system")

    for path in SENT_BY:
        answer = browser.post(path, data={"area_code": "990103", "name": "新区"})
        assert answer.status_code == 403, path

    assert "area.created" in _acts(town)
    assert browser.get("/admin/areas/990103").status_code == 404


def test_the_tabs_show_only_what_opens(enter: Enter) -> None:
    page = enter("audit").get("/admin").text

    tabs = page.split('<nav class="tabs"', 1)[1].split("</nav>", 1)[0]
    assert "/admin/audit" in tabs
    assert "/admin/persons" not in tabs
    assert "由系统管理员、安全管理员查看与办理" in page


def _acts(town: Town) -> set[str]:
    """Kinds of the acts that were done."""
    actor = town.actor("audit")
    with town.database.transaction(scope_of(actor)) as session:
        acts = audit_of(session, actor, ActsAsked()).items
    return {act.kind for act in acts if act.is_done}
