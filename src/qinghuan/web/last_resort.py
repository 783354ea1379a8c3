"""What nobody foresaw is caught here, inside the doorway, so that its answer is guarded too."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class LastResort:
    """The layer that catches everything."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Scope, Exception], ASGIApp]) -> None:
        """Wrap an application.

        Args:
            app: What is wrapped.
            answer: Records a fault and gives its answer.
        """
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a fault is answered unless an answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  the edge: recorded, and never shown
            answer = self.answer(scope, error)
            if not has_begun:
                await answer(scope, receive, send)
