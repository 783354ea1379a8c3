"""Measures how long each answer took, by route and never by address."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qinghuan.infra.metrics import HTTP_REQUEST_SECONDS


class Stopwatch:
    """The layer that measures."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note its time until the answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started_s = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "unknown")
                HTTP_REQUEST_SECONDS.labels(scope["method"], route, str(message["status"])).observe(
                    time.perf_counter() - started_s
                )
            await send(message)

        await self.app(scope, receive, noted)
