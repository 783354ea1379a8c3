"""Who may open a route. Every route says it; the application does not start otherwise.

    Acceptor = Annotated[Caller, access(Role.ACCEPTOR, Role.DISPATCHER)]

    @router.get("/signals")
    def inbox(caller: Acceptor) -> Response: ...

The dependency finds out who asks, checks the form's token, and opens the one transaction
of the request in that person's scope. It is committed before the answer leaves.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, params
from starlette.datastructures import UploadFile

from qinghuan.core.errors import Refused
from qinghuan.infra.database import SYSTEM, Scope, Session
from qinghuan.people.model import NOBODY_IN_PARTICULAR, Actor, Role, SessionState, TokenScope
from qinghuan.people.rights import POLICIES, scope_of
from qinghuan.people.service.sign_in import actor_of_session
from qinghuan.people.service.tokens import actor_of_token
from qinghuan.web import csrf
from qinghuan.web.errors import FormStale
from qinghuan.web.house import House, RailCount
from qinghuan.web.language import Language
from qinghuan.web.navigation import RailEntry, open_to
from qinghuan.web.preferences import Preferences, preferences_of
from qinghuan.web.rule import HALFWAY, PUBLIC, SIGNED_IN, Door, Rule

__all__ = ["HALFWAY", "PUBLIC", "SIGNED_IN", "Caller", "Door", "Rule", "access", "open_to_all"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
AUTOMATIC_HEADER = "x-automatic"
"""Sent by what a page fetches without its reader: such a request keeps no session alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, in which scope, and how he wants the answer."""

    actor: Actor
    scope: Scope
    session: Session = field(repr=False)
    """The request's transaction, in the caller's scope."""
    at: datetime
    """When the request came. UTC"""
    preferences: Preferences
    csrf: str = field(repr=False)
    request_id: str
    path: str
    """With its query, for the way back after signing in."""
    source: str
    """Address of the other end."""
    rail: tuple[RailEntry, ...] = field(repr=False)
    """Rooms this caller may open."""
    rail_counts: Mapping[str, RailCount] = field(repr=False)
    """What waits for him, by the room's key."""
    notices_href: str = ""
    """Where his notices are, if such a page exists."""
    house: House = field(repr=False)

    @property
    def is_signed_in(self) -> bool:
        """Whether a person is signed in all the way."""
        return self.actor.person_id is not None and self.actor.state is SessionState.ACTIVE

    @property
    def role_names(self) -> tuple[str, ...]:
        """Roles held now, in his language."""
        is_chinese = self.preferences.language is Language.ZH
        return tuple(
            POLICIES[role].zh if is_chinese else POLICIES[role].en for role in sorted(self.roles)
        )

    @property
    def roles(self) -> frozenset[Role]:
        """Roles held now, wherever."""
        return frozenset(held.role for held in self.actor.roles)


async def shown_form_token(request: Request) -> AsyncIterator[str | None]:
    """The token a request shows, in its header or its form; files sent are closed at the end.

    Reading a form is asynchronous; the check itself is `_check_form`.
    """
    try:
        yield await _token_in(request)
    finally:
        await request.close()


async def _token_in(request: Request) -> str | None:
    if request.method in SAFE_METHODS:
        return None
    header = request.headers.get(csrf.HEADER)
    if header is not None:
        return header
    if not request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        return None
    value = (await request.form()).get(csrf.FIELD)
    return None if value is None or isinstance(value, UploadFile) else value


def access(*needs: Role | Door, scopes: tuple[TokenScope, ...] = ()) -> params.Depends:
    """Classify a route and give its handler a `Caller`.

    Args:
        needs: Roles of which one must be held, or `PUBLIC`, `SIGNED_IN`, `HALFWAY`.
        scopes: Scopes of which one lets an API token in.

    Raises:
        ValueError: Nothing was said, so nobody could come in.
    """
    rule = Rule(
        roles=frozenset(need for need in needs if isinstance(need, Role)),
        doors=frozenset(need for need in needs if isinstance(need, Door)),
        scopes=frozenset(scopes),
    )
    if not needs and not scopes:
        raise ValueError("access() must say who may come in")

    def open_transaction(
        request: Request, shown: Annotated[str | None, Depends(shown_form_token)]
    ) -> Iterator[Caller]:
        house: House = request.app.state.house
        at = house.clock.now()
        actor, binding = _identify(request, house, at, is_open=Door.PUBLIC in rule.doors)
        if request.method not in SAFE_METHODS and actor.token_id is None:
            _check_form(house, binding, shown)
        rule.check(actor)
        scope = scope_of(actor)
        with house.database.transaction(scope) as session:
            yield _caller(request, session, scope, Known(actor=actor, binding=binding, at=at))

    open_transaction.rule = rule  # type: ignore[attr-defined]  # read by `classification`
    dependency = Depends(open_transaction, scope="function")
    assert isinstance(dependency, params.Depends)  # noqa: S101  Depends() is typed Any
    return dependency


def open_to_all() -> params.Depends:
    """Classify a route that needs no caller and no transaction: files, health."""

    def pass_through() -> None:
        """Nothing is asked."""

    pass_through.rule = Rule(doors=frozenset({Door.PUBLIC}))  # type: ignore[attr-defined]  # as above
    dependency = Depends(pass_through)
    assert isinstance(dependency, params.Depends)  # noqa: S101  Depends() is typed Any
    return dependency


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a request before its transaction opens."""

    actor: Actor
    binding: str
    """What its forms are bound to: the session's cookie, or the visit's."""
    at: datetime


def _caller(request: Request, session: Session, scope: Scope, known: Known) -> Caller:
    house: House = request.app.state.house
    wants_page = "text/html" in request.headers.get("accept", "") and request.method == "GET"
    is_active = known.actor.person_id is not None and known.actor.state is SessionState.ACTIVE
    return Caller(
        actor=known.actor,
        scope=scope,
        session=session,
        at=known.at,
        preferences=preferences_of(request.cookies),
        csrf=csrf.token_for(house.site.secret, known.binding),
        request_id=request.state.request_id,
        path=_path_of(request),
        source=request.client.host if request.client else "",
        rail=open_to(request.app.state.rail, known.actor),
        rail_counts=(
            house.counter(session, known.actor, known.at) if wants_page and is_active else {}
        ),
        notices_href=request.app.state.notices_href if is_active else "",
        house=house,
    )


def _identify(request: Request, house: House, at: datetime, *, is_open: bool) -> tuple[Actor, str]:
    """Who asks, and what his forms are bound to."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        with house.database.transaction(SYSTEM) as session:
            return actor_of_token(session, secret.strip(), at), ""
    cookie = request.cookies.get(house.site.session_cookie)
    visit = request.cookies.get(csrf.VISIT_COOKIE) or request.state.visit
    if not cookie:
        return NOBODY_IN_PARTICULAR, visit
    try:
        with house.database.transaction(SYSTEM) as session:
            actor = actor_of_session(
                session, house.gate, cookie, at, is_use=not _is_automatic(request)
            )
    except Refused:
        if is_open:
            return NOBODY_IN_PARTICULAR, visit
        raise
    return actor, cookie


def _is_automatic(request: Request) -> bool:
    """Whether the page asks by itself, without its reader."""
    return (
        AUTOMATIC_HEADER in request.headers
        or request.headers.get("accept", "") == "text/event-stream"
    )


def _check_form(house: House, binding: str, shown: str | None) -> None:
    if not csrf.is_right(house.site.secret, binding, shown):
        raise FormStale


def _path_of(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
