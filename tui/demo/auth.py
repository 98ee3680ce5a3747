"""Bearer tokens before the routes: whether a request may come in, and as whom."""

from __future__ import annotations

import hmac

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tui.demo.accounts import Accounts, Role

LOGIN_PATH = "/login"
OPEN_PATHS = ("/health", "/openapi.json")
READING = ("GET", "HEAD")
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="jetproof demo"'}


class BearerAuth:
    """Answers 401 to every token that it does not know, also where none is needed: on an open
    path, and everywhere while the service has no token of its own. Only a log-in may bear any.

    A viewer gets 403 for all that is not reading.
    """

    def __init__(self, app: ASGIApp, token: str | None, accounts: Accounts) -> None:
        self._app = app
        self._expected = None if token is None else token.encode()
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        path = scope["path"]
        if path == LOGIN_PATH:
            return None
        given = dict(scope["headers"]).get(b"authorization")
        if given is None:
            if self._expected is None or path in OPEN_PATHS:
                return None
            return _refused(401, "a valid bearer token is needed")
        role = self._role_of(given)
        if role is None:
            return _refused(401, "the bearer token is unknown or has expired")
        if role == "viewer" and scope["method"] not in READING:
            return _refused(403, "a viewer may only read")
        return None

    def _role_of(self, given: bytes) -> Role | None:
        scheme, _, rest = given.partition(b" ")
        token = rest.strip()
        if scheme.lower() != b"bearer":
            return None
        # An ordinary comparison would tell by its time how much of a guess was right.
        if self._expected is not None and hmac.compare_digest(token, self._expected):
            return "operator"
        return self._accounts.role_of_token(token)


def _refused(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status, CHALLENGE if status == 401 else None)
