"""Tokens of devices and integrators: issued with a person who answers for them, revoked."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.core.clock import BEIJING
from qinghuan.people.model import Mark, Page, PageAsked, Token
from qinghuan.people.service import persons, places, tokens
from qinghuan.people.service.audit import Deed
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import words
from qinghuan.web.administration.choosing import area_field, person_field
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    attempt,
    filled,
    submit,
)
from qinghuan.web.administration.lists import Asked, Question, everything, listing_of, words_filter
from qinghuan.web.administration.schemas import TokenWanted
from qinghuan.web.administration.sections import SECURITY, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import csv_answer
from qinghuan.web.pages import go
from qinghuan.web.states import State
from qinghuan.web.views import FieldView

router = APIRouter(include_in_schema=False)

Security = Annotated[Caller, access(*SECURITY)]

PATH = "/admin/tokens"
SOON = timedelta(days=14)
"""A token that ends within this is worth a warning."""

NAME = FieldView(
    name="name",
    label=N_("名称"),
    is_required=True,
    maxlength=60,
    hint=N_("哪台设备或哪个系统，如“水务局对接”"),
)


@router.get(PATH)
def tokens_page(caller: Security, asked: Question) -> Response:
    """Tokens, newest first."""
    if asked.is_csv:
        return _csv(caller, asked)
    return _tokens(caller, asked)


@router.post(PATH)
def issue_token(caller: Security, form: Form) -> Response:
    """Issue a token and show its secret, this once."""

    def do(wanted: TokenWanted) -> tokens.NewToken:
        after = wanted.expires_on + timedelta(days=1)
        draft = tokens.TokenDraft(
            person_id=wanted.person_id,
            name=wanted.name,
            scopes=wanted.scopes,
            area_code=wanted.area_code,
            expires_at=datetime.combine(after, time(0), BEIJING),
            mark=wanted.mark,
        )
        return tokens.issue_token(caller.session, caller.house.gate, caller.actor, draft, caller.at)

    came = submit(caller, TokenWanted, form, Deed(kind="token.issued", subject="token/new"), do)
    if isinstance(came, Faults):
        return _tokens(caller, Asked(), typed=form, faults=came)
    return section_page(
        caller,
        "token_secret.html",
        "tokens",
        token=came.token,
        secret_text=came.secret,
        scopes=[words.SCOPES[each] for each in sorted(came.token.scopes)],
    )


@router.post(f"{PATH}/{{token_id}}/revocation")
def revoke_token(caller: Security, token_id: UUID) -> Response:
    """Let a token open nothing more."""
    came = attempt(
        caller,
        Deed(kind="token.revoked", subject=f"token/{token_id}"),
        lambda: tokens.revoke_token(
            caller.session, caller.house.gate, caller.actor, token_id, caller.at
        ),
    )
    if isinstance(came, Faults):
        return _tokens(caller, Asked(), faults=came)
    return go(PATH, {"done": "token-revoked"})


def _tokens(
    caller: Caller, asked: Asked, *, typed: Typed = NOTHING_TYPED, faults: Faults = NO_FAULTS
) -> Response:
    found = tokens.list_tokens(caller.session, caller.actor, asked.page_asked())
    fields = (
        person_field(caller),
        NAME,
        area_field(caller),
        _mark_field(caller),
        _end_field(caller),
    )
    return section_page(
        caller,
        "tokens.html",
        "tokens",
        done=asked.done,
        status=faults.status,
        fault=faults.whole,
        listing=listing_of(PATH, found, asked, (words_filter(asked, N_("名称或区域代码")),)),
        labels=persons.labels_of(caller.session, tuple(each.person_id for each in found.items)),
        areas=places.area_names(caller.session, tuple(each.area_code for each in found.items)),
        states={each.id: _state(each, caller.at) for each in found.items},
        scope_words=words.SCOPES,
        ticked=typed.lists.get("scopes", ()),
        scopes_fault=faults.fields.get("scopes", ""),
        fields=filled(fields, typed, faults),
    )


def _state(token: Token, at: datetime) -> tuple[State, str]:
    if token.revoked_at is not None:
        return State.IDLE, N_("已吊销")
    if not token.is_live(at):
        return State.IDLE, N_("已过期")
    return (State.WARN, N_("即将到期")) if token.expires_at - at < SOON else (State.OK, N_("有效"))


def _mark_field(caller: Caller) -> FieldView:
    return FieldView(
        name="mark",
        label=N_("可见密级"),
        value=str(int(Mark.PUBLIC)),
        is_required=True,
        choices=tuple(
            (str(int(each)), words.say(caller, word)) for each, word in words.MARKS.items()
        ),
    )


def _end_field(caller: Caller) -> FieldView:
    half = caller.at.astimezone(BEIJING).date() + timedelta(days=180)
    return FieldView(
        name="expires_on",
        label=N_("有效至"),
        kind="date",
        value=half.isoformat(),
        is_required=True,
        hint=N_("含当日，最长一年"),
    )


def _csv(caller: Caller, asked: Asked) -> Response:
    def fetch(page: PageAsked) -> Page[Token]:
        return tokens.list_tokens(caller.session, caller.actor, page)

    header = (
        N_("名称"),
        N_("负责人"),
        N_("用途"),
        N_("区域代码"),
        N_("可见密级"),
        N_("签发时间"),
        N_("有效至"),
        N_("最近使用"),
        N_("状态"),
    )
    found = list(everything(fetch, asked))
    labels = persons.labels_of(caller.session, tuple({each.person_id for each in found}))
    rows = [
        (
            each.name,
            labels.get(each.person_id, ""),
            " ".join(sorted(each.scopes)),
            each.area_code,
            words.say(caller, words.MARKS[each.mark]),
            words.csv_moment(each.created_at),
            words.csv_moment(each.expires_at),
            words.csv_moment(each.last_used_at),
            words.say(caller, _state(each, caller.at)[1]),
        )
        for each in found
    ]
    return csv_answer(
        words.say(caller, N_("令牌")), [words.say(caller, each) for each in header], rows
    )
