"""`POST /login`: a name and a password for a token."""

from __future__ import annotations

from typing import Annotated

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tui.demo.accounts import LONGEST_S, USUAL_S, Accounts
from tui.demo.auth import CHALLENGE
from tui.demo.upload import read_body

MOST_BYTES = 4096


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    user: str
    password: str
    expires_in: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_S)] = USUAL_S


class Login:
    """The endpoint; without accounts nobody gets in."""

    def __init__(self, accounts: Accounts, body_timeout_s: float) -> None:
        self._accounts = accounts
        self._body_timeout_s = body_timeout_s

    async def login(self, request: Request) -> Response:
        """A token and the role that it stands for; HTTPException 401, 408, 413 or 422."""
        body = await read_body(request, MOST_BYTES, self._body_timeout_s)
        try:
            asked = msgspec.json.decode(body, type=_Asked)
        except msgspec.DecodeError as error:
            raise HTTPException(422, f"the body: {error}") from None
        role = self._accounts.role_of_user(asked.user, asked.password)
        if role is None:
            raise HTTPException(401, "the user or the password is wrong", CHALLENGE)
        token = self._accounts.begin(role, asked.expires_in)
        return JSONResponse({"token": token, "role": role, "expires_in": asked.expires_in})
