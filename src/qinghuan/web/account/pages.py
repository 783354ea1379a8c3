"""Pages of signing in: password, second factor, new password, out."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from qinghuan.infra.database import SYSTEM
from qinghuan.infra.metrics import SIGN_INS
from qinghuan.people.errors import PasswordWeak
from qinghuan.people.model import SessionState
from qinghuan.people.service import passwords, sign_in
from qinghuan.people.service.trying import SignInRefused
from qinghuan.people.totp import code_at
from qinghuan.web.access import HALFWAY, PUBLIC, Caller, access
from qinghuan.web.account import fields
from qinghuan.web.account.door import elsewhere, let_in, reason, refusal
from qinghuan.web.destination import safe_destination
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.language import translate
from qinghuan.web.pages import go, page

router = APIRouter(include_in_schema=False)

Anyone = Annotated[Caller, access(PUBLIC)]
Arriving = Annotated[Caller, access(HALFWAY)]
Next = Annotated[str, Query(alias="next", max_length=2_000)]
NextField = Annotated[str, Form(alias="next", max_length=2_000)]
Code = Annotated[str, Form(max_length=60)]
Password = Annotated[str, Form(max_length=256)]

DIFFERENT = N_("两次输入的新密码不一致")


@router.get("/sign-in")
def sign_in_page(caller: Anyone, wanted: Next = "") -> Response:
    """The sign-in form."""
    return _sign_in(caller, wanted)


@router.post("/sign-in")
def open_session(
    caller: Anyone,
    login_name: Annotated[str, Form(max_length=256)],
    password: Password,
    wanted: NextField = "",
) -> Response:
    """Try a password; the try is kept whatever comes of it."""
    house = caller.house
    with house.database.transaction(SYSTEM) as session:
        came = sign_in.sign_in(session, house.gate, login_name, password, caller.source, caller.at)
    SIGN_INS.labels("refused" if isinstance(came, SignInRefused) else "opened").inc()
    if isinstance(came, SignInRefused):
        return _sign_in(caller, wanted, fault=refusal(caller, came), login_name=login_name)
    return let_in(caller, came, wanted)


@router.get("/second-factor")
def second_factor_page(caller: Arriving, wanted: Next = "") -> Response:
    """The form for a one-time code."""
    return elsewhere(caller, SessionState.NEEDS_SECOND_FACTOR, wanted) or _second_factor(
        caller, wanted
    )


@router.post("/second-factor")
def show_code(request: Request, caller: Arriving, code: Code, wanted: NextField = "") -> Response:
    """Show a one-time code, or a recovery code."""
    house = caller.house
    token = request.cookies.get(house.site.session_cookie, "")
    with house.database.transaction(SYSTEM) as session:
        came = sign_in.second_factor(
            session, house.gate, token, code.strip(), caller.source, caller.at
        )
    if isinstance(came, SignInRefused):
        return _second_factor(caller, wanted, refusal(caller, came))
    return let_in(caller, came, wanted)


@router.get("/new-password")
def new_password_page(caller: Arriving, wanted: Next = "") -> Response:
    """The form for a new password."""
    return _new_password(caller, wanted)


@router.post("/new-password")
def change_password(
    caller: Arriving, old: Password, new: Password, again: Password, wanted: NextField = ""
) -> Response:
    """Change one's own password."""
    house = caller.house
    if new != again:
        return _new_password(caller, wanted, translate(DIFFERENT, caller.preferences.language))
    try:
        with house.database.transaction(SYSTEM) as session:
            came = passwords.change_password(session, house.gate, caller.actor, old, new, caller.at)
    except PasswordWeak as error:
        return _new_password(caller, wanted, reason(caller, error))
    if isinstance(came, SignInRefused):
        return _new_password(caller, wanted, refusal(caller, came))
    return let_in(caller, came, wanted)


@router.post("/sign-out")
def sign_out(caller: Arriving) -> Response:
    """End the session; the browser forgets what it kept of this site."""
    house = caller.house
    with house.database.transaction(SYSTEM) as session:
        sign_in.sign_out(session, caller.actor, caller.at)
    answer = go("/sign-in")
    answer.delete_cookie(
        house.site.session_cookie, path="/", secure=house.site.is_secure, httponly=True
    )
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def _sign_in(caller: Caller, wanted: str, *, fault: str = "", login_name: str = "") -> Response:
    return page(
        caller,
        "account/sign_in.html",
        status=422 if fault else 200,
        fault=fault,
        next=safe_destination(wanted, ""),
        login_field=fields.filled(fields.LOGIN, login_name),
        password_field=fields.PASSWORD,
        demo_accounts=caller.house.demo_accounts,
    )


def _second_factor(caller: Caller, wanted: str, fault: str = "") -> Response:
    demo_code = _demo_code(caller)
    return page(
        caller,
        "account/second_factor.html",
        status=422 if fault else 200,
        fault=fault,
        next=safe_destination(wanted, ""),
        code_field=fields.filled(fields.CODE, demo_code),
        demo_code=demo_code,
    )


def _new_password(caller: Caller, wanted: str, fault: str = "") -> Response:
    is_due = caller.actor.state is SessionState.NEEDS_NEW_PASSWORD
    return page(
        caller,
        "account/new_password.html",
        status=422 if fault else 200,
        fault=fault,
        is_due=is_due,
        next=safe_destination(wanted, ""),
        fields=(fields.OLD, fields.NEW, fields.AGAIN),
    )


def _demo_code(caller: Caller) -> str:
    """The code of the moment of a demo's account, by the post it shows."""
    known = {account.label: account.totp_secret for account in caller.house.demo_accounts}
    secret = known.get(caller.actor.name_label, "")
    return code_at(secret, caller.at) if secret else ""
