"""The last stand around the web: what nobody expected is told without its sentence, which may hold an address (P1)."""

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Broken(Exception):
    """An answer that ended early; the server cuts the connection, and logs this and nothing of the reason."""


class LastStand:
    """Keeps an error from the server below us, which would log its sentence."""

    def __init__(self, app: ASGIApp, *, report: Callable[[str, Exception], None]) -> None:
        self.app = app
        self.report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":  # why a process cannot start is for its operator
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:  # noqa: BLE001 - whatever it was
            self.report("a request failed", error)
            if begun:
                raise Broken("it ended early") from None
            await PlainTextResponse("Something went wrong on our side.", status_code=500)(scope, receive, send_noting)
