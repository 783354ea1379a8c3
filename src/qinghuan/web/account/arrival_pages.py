"""Pages seen once: enrolling an authenticator, and becoming one of the first administrators."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from qinghuan.core.errors import QinghuanError
from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import SessionState
from qinghuan.people.service import factors, set_up
from qinghuan.people.service.persons import PersonDraft
from qinghuan.people.service.trying import SignInRefused
from qinghuan.web.access import Caller
from qinghuan.web.account import fields
from qinghuan.web.account.door import elsewhere, reason, with_cookie
from qinghuan.web.account.pages import (
    Anyone,
    Arriving,
    Code,
    Next,
    NextField,
    Password,
)
from qinghuan.web.account.qr import qr_svg
from qinghuan.web.destination import safe_destination
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.language import translate
from qinghuan.web.pages import go, page

router = APIRouter(include_in_schema=False)

CODE_WRONG = N_("口令不正确或已过期，密钥已更换，请重新扫描")
Words = Annotated[str, Form(max_length=100)]


@router.get("/enrolment")
def enrolment_page(caller: Arriving, wanted: Next = "") -> Response:
    """The code to scan."""
    return elsewhere(caller, SessionState.NEEDS_ENROLMENT, wanted) or _enrolment(caller, wanted)


@router.post("/enrolment")
def finish_enrolment(caller: Arriving, code: Code, wanted: NextField = "") -> Response:
    """Take the first code and show the recovery codes, once."""
    house = caller.house
    with house.database.transaction(SYSTEM) as session:
        came = factors.confirm_enrolment(session, house.gate, caller.actor, code.strip(), caller.at)
    if isinstance(came, SignInRefused):
        return _enrolment(caller, wanted, translate(CODE_WRONG, caller.preferences.language))
    answer = page(
        caller,
        "account/recovery.html",
        fault="",
        recovery_codes=came.recovery_codes,
        next=safe_destination(wanted),
    )
    return with_cookie(caller, answer, came.signed_in.token)


@router.get("/set-up")
def set_up_page(caller: Anyone) -> Response:
    """The form for a set-up code."""
    return _set_up(caller)


@router.post("/set-up")
def claim_set_up(
    caller: Anyone, code: Code, login_name: Words, name: Words, post_label: Words, new: Password
) -> Response:
    """Become an administrator; signing in follows."""
    house = caller.house
    draft = PersonDraft(
        login_name=login_name,
        name=name,
        post_label=post_label,
        area_code=house.site.root_area_code,
    )
    try:
        with house.database.transaction(SYSTEM) as session:
            set_up.claim_set_up(session, house.gate, code.strip(), draft, new, caller.at)
    except QinghuanError as error:
        return _set_up(caller, reason(caller, error), draft)
    return go("/sign-in")


def _enrolment(caller: Caller, wanted: str, fault: str = "") -> Response:
    house = caller.house
    with house.database.transaction(SYSTEM) as session:
        enrolment = factors.begin_enrolment(session, house.gate, caller.actor, caller.at)
    label = translate(N_("动态口令密钥的二维码"), caller.preferences.language)
    secret = enrolment.secret
    return page(
        caller,
        "account/enrolment.html",
        status=422 if fault else 200,
        fault=fault,
        next=safe_destination(wanted, ""),
        code_field=fields.CODE,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        qr=qr_svg(enrolment.uri, label),
    )


def _set_up(caller: Caller, fault: str = "", draft: PersonDraft | None = None) -> Response:
    return page(
        caller,
        "account/set_up.html",
        status=422 if fault else 200,
        fault=fault,
        fields=(
            fields.SET_UP_CODE,
            fields.filled(fields.LOGIN, draft.login_name if draft else ""),
            fields.filled(fields.NAME, draft.name if draft else ""),
            fields.filled(fields.POST, draft.post_label if draft else ""),
            fields.NEW,
        ),
    )
