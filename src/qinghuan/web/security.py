"""What every answer carries and every request must pass, before any route sees it.

One ASGI layer: request id, size limit, cross-site check, rate limit, security headers.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qinghuan.core.errors import QinghuanError
from qinghuan.core.identity import new_id
from qinghuan.web import csrf
from qinghuan.web.errors import BodyTooLarge, CrossSite
from qinghuan.web.house import House

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
VISIT_S = 31_536_000
"""A year. [s]"""

CONTENT_POLICY = "; ".join(  # noqa: FLY002  one directive a line
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
"""No inline script, no inline style, no evaluation, nothing from another host.

`blob:` pictures are MapLibre's decoded images and a phone's photo before it is sent.
"""

HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
Answer = Callable[[Scope, QinghuanError], ASGIApp]


class Doorway:
    """The layer around the application."""

    def __init__(self, app: ASGIApp, *, house: House, answer: Answer) -> None:
        """Wrap an application.

        Args:
            app: What is wrapped.
            house: The parts.
            answer: Turns an error into an answer in the caller's language.
        """
        self.app = app
        self.house = house
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = _request_id(headers)
        state["visit"] = "" if csrf.VISIT_COOKIE in _cookies(headers) else csrf.new_visit()
        guarded = _Sender(send, self.house, state)
        try:
            self._check(scope, headers)
        except QinghuanError as error:
            await self.answer(scope, error)(scope, receive, guarded)
            return
        await self.app(scope, _limited(receive, self.house.site.body_bytes, state), guarded)

    def _check(self, scope: Scope, headers: Headers) -> None:
        """Refuse what is too large, from another site, or too much."""
        length = headers.get("content-length", "0")
        limit = self.house.site.body_bytes
        if not length.isdigit() or int(length) > limit:
            raise BodyTooLarge(limit)
        if scope["method"] not in SAFE_METHODS:
            check_same_site(headers, self.house.site.public_url)
        if not scope["path"].startswith("/static/") and scope.get("client"):
            self.house.limiter.take(str(scope["client"][0]), self.house.clock.now())


def check_same_site(headers: Headers, public_url: str) -> None:
    """Refuse a changing request that another site's page sent.

    Args:
        headers: The request's.
        public_url: The address people type, if set; else the request's own host counts.

    Raises:
        CrossSite: It says, or shows, that it comes from elsewhere.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise CrossSite
    claimed = headers.get("origin")
    if claimed is None:
        return
    own_host = urlsplit(public_url).netloc if public_url else headers.get("host", "")
    if urlsplit(claimed).netloc != own_host:
        raise CrossSite


class _Sender:
    """Adds the headers to the answer."""

    def __init__(self, send: Send, house: House, state: MutableMapping[str, Any]) -> None:
        self.send = send
        self.house = house
        self.state = state

    def __call__(self, message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
            headers["x-request-id"] = self.state["request_id"]
            if self.house.site.is_secure:
                headers["strict-transport-security"] = STRICT_TRANSPORT
            if self.state["visit"] and headers.get("content-type", "").startswith("text/html"):
                headers.append("set-cookie", self._visit_cookie())
        return self.send(message)

    def _visit_cookie(self) -> str:
        secure = "; Secure" if self.house.site.is_secure else ""
        return (
            f"{csrf.VISIT_COOKIE}={self.state['visit']}; Path=/; Max-Age={VISIT_S}; "
            f"HttpOnly; SameSite=Lax{secure}"
        )


def _limited(receive: Receive, limit_bytes: int, state: MutableMapping[str, Any]) -> Receive:
    """Stop a body that grows past the limit without having said so.

    The mark in the state survives when a parser below wraps the error.
    """
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit_bytes:
            state["is_too_large"] = True
            raise BodyTooLarge(limit_bytes)
        return message

    return counted


def _request_id(headers: Headers) -> str:
    """The id a proxy gave, if it is one; else a new one."""
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else str(new_id())


def _cookies(headers: Headers) -> SimpleCookie:
    jar = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except ValueError:
        return SimpleCookie()
    return jar
