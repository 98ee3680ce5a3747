"""The headers that every answer has, whoever made it."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_SNIFF = (b"x-content-type-options", b"nosniff")
NO_STORE = (b"cache-control", b"no-store")
_JSON = (b"content-type", b"application/json")


class SafeHeaders:
    """A browser must not take an answer for something else, and nobody keeps what JSON says: it
    may be a token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                more = (NO_SNIFF, NO_STORE) if _JSON in headers else (NO_SNIFF,)
                message["headers"] = [*headers, *more]
            await send(message)

        await self._app(scope, receive, send_safely)
