"""API tokens for devices and integrators: each with a person who answers for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.people.area import contains, short_code
from qinghuan.people.errors import (
    NameMissing,
    OwnRequest,
    PersonUnknown,
    TokenLimitsWrong,
    TokenRefused,
    TokenUnknown,
)
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, HeldRole, Mark, Page, PageAsked, Right, Token, TokenScope
from qinghuan.people.repository import keys, persons, tokens
from qinghuan.people.rights import ADMINISTRATORS, POLICIES, areas_of_right, require
from qinghuan.people.secret import TOKEN_BYTES, api_token, fingerprint, is_api_token
from qinghuan.people.service.audit import Deed, act
from qinghuan.people.service.standing import label_of, roles_of

LONGEST_NAME = 60
LONGEST_DAYS = 366
"""A token ends within a year; a new one is issued then."""

USED_EVERY_S = 60.0
"""Use is noted to the minute, so that a busy device does not write at every request. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDraft:
    """What a token is to do, and who answers for it."""

    person_id: UUID
    name: str
    scopes: frozenset[TokenScope]
    area_code: str
    expires_at: datetime
    mark: Mark = Mark.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token just issued; its secret is shown once."""

    token: Token
    secret: str


def issue_token(
    session: Session, gate: Gate, actor: Actor, draft: TokenDraft, at: datetime
) -> NewToken:
    """Issue a token that reaches no further than the person who answers for it.

    Raises:
        RightMissing: The actor is not security administrator there.
        PersonUnknown: No such person in reach.
        OwnRequest: The actor would answer for it himself.
        TokenLimitsWrong: No scope, too long, or beyond what the person sees.
        NameMissing: The name is empty or too long.
        LogStopped: The log stands still.
    """
    code = short_code(draft.area_code)
    require(actor, Right.ISSUE_TOKEN, code)
    if actor.person_id is None or draft.person_id == actor.person_id:
        raise OwnRequest
    if persons.person_of(session, draft.person_id) is None:
        raise PersonUnknown
    name = " ".join(draft.name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NameMissing(LONGEST_NAME)
    _check_limits(draft, code, roles_of(session, draft.person_id, at), at)
    token = Token(
        id=new_id(),
        person_id=draft.person_id,
        name=name,
        scopes=draft.scopes,
        area_code=code,
        mark=draft.mark,
        created_at=at,
        expires_at=draft.expires_at,
    )
    secret = api_token(gate.entropy(TOKEN_BYTES))
    act(session, gate, actor, _deed("token.issued", token), at)
    tokens.add_token(session, token, fingerprint(secret), actor.person_id)
    return NewToken(token=token, secret=secret)


def revoke_token(session: Session, gate: Gate, actor: Actor, token_id: UUID, at: datetime) -> None:
    """Let a token open nothing more: by who issues tokens there, or who answers for it.

    Raises:
        TokenUnknown: No such token.
        RightMissing: The actor neither issues tokens there nor answers for it.
        LogStopped: The log stands still.
    """
    token = tokens.token_of(session, token_id)
    if token is None:
        raise TokenUnknown
    answers = actor.token_id is None and actor.person_id == token.person_id
    if not answers:
        require(actor, Right.ISSUE_TOKEN, token.area_code)
    act(session, gate, actor, _deed("token.revoked", token), at)
    tokens.revoke_token(session, token_id, actor.person_id, at)


def actor_of_token(session: Session, secret: str, at: datetime) -> Actor:
    """Who a token stands for: its own scopes, area and mark, and no role.

    It dies with what it stood on: when the person who answers for it is let in no more, or
    sees that area no more.

    Raises:
        TokenRefused: Unknown, expired, revoked, or its person lost the area.
    """
    token = tokens.token_by_hash(session, fingerprint(secret)) if is_api_token(secret) else None
    if token is None or not token.is_live(at):
        raise TokenRefused
    credential = keys.credential_of(session, token.person_id)
    if credential is None or credential.is_disabled:
        raise TokenRefused
    if not _reaches(roles_of(session, token.person_id, at), token.area_code, token.mark):
        raise TokenRefused
    if token.last_used_at is None or (at - token.last_used_at).total_seconds() >= USED_EVERY_S:
        tokens.touch_token(session, token.id, at)
    return Actor(
        person_id=token.person_id,
        name_label=f"{token.name}（{label_of(session, token.person_id)}）",
        token_id=token.id,
        token_scopes=token.scopes,
        token_area_code=token.area_code,
        token_mark=token.mark,
    )


def list_tokens(session: Session, actor: Actor, asked: PageAsked) -> Page[Token]:
    """Tokens in the areas of who issues them, newest first.

    Raises:
        RightMissing: The actor issues tokens nowhere.
    """
    return tokens.token_page(session, asked, areas_of_right(actor, Right.ISSUE_TOKEN))


def _check_limits(
    draft: TokenDraft, area_code: str, roles: tuple[HeldRole, ...], at: datetime
) -> None:
    """Refuse a token that does nothing, lasts too long, or outgrows its person."""
    if not draft.scopes:
        raise TokenLimitsWrong("至少选择一项用途")
    if not at < draft.expires_at <= at + timedelta(days=LONGEST_DAYS):
        raise TokenLimitsWrong(f"有效期须在 {LONGEST_DAYS} 天以内")
    if any(held.role in ADMINISTRATORS for held in roles):
        raise TokenLimitsWrong("三员账号不能持有令牌")
    if not _reaches(roles, area_code, draft.mark):
        raise TokenLimitsWrong("负责人在该区域没有相应的权限")


def _reaches(roles: tuple[HeldRole, ...], area_code: str, mark: Mark) -> bool:
    """Whether one of the roles sees an area up to a mark."""
    return any(
        contains(held.area_code, area_code) and mark <= POLICIES[held.role].mark
        for held in roles
        if held.role not in ADMINISTRATORS
    )


def _deed(kind: str, token: Token) -> Deed:
    """A deed about a token."""
    return Deed(
        kind=kind,
        subject=f"token/{token.id}",
        area_code=token.area_code,
        data={
            "person": str(token.person_id),
            "name": token.name,
            "scopes": [*sorted(token.scopes)],
            "area_code": token.area_code,
            "mark": int(token.mark),
            "expires_at": token.expires_at.isoformat(),
        },
    )
