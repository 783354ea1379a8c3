"""One's own account: sessions, posts held, tries at signing in, and the data to take away.

Source:
    个人信息保护法, Art. 45 (view and copy) and 46 (correct).
"""

import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from qinghuan.core.errors import QinghuanError
from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import Grant
from qinghuan.people.rights import needs_second_factor
from qinghuan.people.service import persons, places, sign_in
from qinghuan.web.access import SIGNED_IN, Caller, access
from qinghuan.web.account.door import reason
from qinghuan.web.administration.sections import notice_of
from qinghuan.web.administration.words import OUTCOMES, grant_state, role_name
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.pages import go, page
from qinghuan.web.views import FieldView

router = APIRouter(include_in_schema=False)

Self = Annotated[Caller, access(SIGNED_IN)]
Phone = Annotated[str, Form(max_length=40)]

PATH = "/account"
TRIES_SHOWN = 10


@router.get(PATH)
def account_page(caller: Self, done: str = "") -> Response:
    """Everything a person may see and do about himself."""
    return _account(caller, done=done)


@router.post(f"{PATH}/session-end")
def end_all_sessions(caller: Self) -> Response:
    """Sign out everywhere, here too."""
    house, person_id = caller.house, caller.actor.person_id
    assert person_id is not None  # noqa: S101  the door lets only persons in
    with house.database.transaction(SYSTEM) as session:
        sign_in.sign_out_everywhere(session, house.gate, caller.actor, person_id, caller.at)
    answer = go("/sign-in")
    answer.delete_cookie(
        house.site.session_cookie, path="/", secure=house.site.is_secure, httponly=True
    )
    return answer


@router.post(f"{PATH}/phone")
def correct_phone(caller: Self, phone: Phone = "") -> Response:
    """Correct one's own phone number, or take it away."""
    try:
        with caller.session.begin_nested():
            persons.correct_my_phone(
                caller.session, caller.house.gate, caller.actor, phone, caller.at
            )
    except QinghuanError as error:
        return _account(caller, phone=phone, fault=reason(caller, error))
    return go(PATH, {"done": "phone-corrected"})


@router.get(f"{PATH}/data")
def my_data(caller: Self) -> Response:
    """Everything kept about the person, as a file to take away."""
    own = persons.my_data(caller.session, caller.house.gate, caller.actor)
    document = {
        "person": {
            "id": str(own.person.id),
            "login_name": own.person.login_name,
            "name": own.person.name,
            "post_label": own.person.post_label,
            "area_code": own.person.area_code,
            "phone": own.phone,
            "created_at": _moment(own.person.created_at),
        },
        "grants": [_grant(each) for each in own.grants],
        "sessions": [
            {
                "started_at": _moment(each.started_at),
                "last_seen_at": _moment(each.last_seen_at),
                "source": each.source,
            }
            for each in own.sessions
        ],
        "tokens": [
            {
                "name": each.name,
                "scopes": sorted(each.scopes),
                "expires_at": _moment(each.expires_at),
            }
            for each in own.tokens
        ],
        "attempts": [
            {"at": _moment(each.at), "source": each.source, "outcome": each.outcome}
            for each in own.attempts
        ],
        "recovery_codes_left": own.recovery_codes_left,
        "exported_at": _moment(caller.at),
    }
    return Response(
        json.dumps(document, ensure_ascii=False, indent=2),
        media_type="application/json; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="qinghuan-my-data.json"'},
    )


def _account(
    caller: Caller, *, done: str = "", phone: str | None = None, fault: str = ""
) -> Response:
    own = persons.my_data(caller.session, caller.house.gate, caller.actor)
    return page(
        caller,
        "account/own.html",
        status=422 if fault else 200,
        notice=notice_of(done),
        own=own,
        needs_factor=needs_second_factor(caller.actor.roles),
        has_factor=own.recovery_codes_left > 0 or needs_second_factor(caller.actor.roles),
        present=caller.actor.session_id,
        grants=[
            (each, role_name(caller, each.role), *grant_state(each, each.is_live(caller.at)))
            for each in reversed(own.grants)
        ],
        areas=places.area_names(caller.session, tuple(each.area_code for each in own.grants)),
        attempts=own.attempts[:TRIES_SHOWN],
        outcomes=OUTCOMES,
        phone_field=FieldView(
            name="phone",
            label=N_("电话"),
            kind="tel",
            value=own.phone if phone is None else phone,
            fault=fault,
            maxlength=40,
            autocomplete="tel",
            hint=N_("加密保存；值守与派遣人员查看时须写理由，并留存证"),
        ),
    )


def _grant(grant: Grant) -> dict[str, str]:
    return {
        "role": grant.role.value,
        "area_code": grant.area_code,
        "asked_at": _moment(grant.asked_at),
        "reason": grant.reason,
        "valid_from": _moment(grant.valid_from),
        "valid_until": _moment(grant.valid_until),
        "approved_at": _moment(grant.approved_at),
        "declined_at": _moment(grant.declined_at),
        "revoked_at": _moment(grant.revoked_at),
    }


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
