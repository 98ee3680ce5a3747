"""Who may come in, and for how long: passwords, and the sessions of those who logged in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Literal, get_args

import msgspec

Role = Literal["operator", "viewer"]
"""An account goes by the name of its role. A viewer may read, an operator may do everything."""
ROLES: tuple[Role, ...] = get_args(Role)

MOST_SESSIONS = 1000
LONGEST_S = 3600
USUAL_S = 900


class Session(msgspec.Struct, frozen=True):
    """What a token stands for."""

    role: Role
    ends_s: float
    """Monotonic."""


class Accounts:
    """Passwords by role, none or more, and at most so many sessions. Call it from one thread."""

    def __init__(
        self,
        passwords: Mapping[Role, str],
        most_sessions: int = MOST_SESSIONS,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._passwords = {role: word for role, word in passwords.items() if word}
        self._most_sessions = most_sessions
        self._now_s = now_s
        self._sessions: dict[bytes, Session] = {}
        """By their tokens' digests, oldest first."""

    def role_of_user(self, user: str, password: str) -> Role | None:
        """Whom the password lets in; None: nobody."""
        role = next((role for role in self._passwords if role == user), None)
        # Also for a user that there is not: the time that it takes must not tell who there is.
        expected = self._passwords[role] if role is not None else secrets.token_hex()
        return role if hmac.compare_digest(_bytes(password), _bytes(expected)) else None

    def begin(self, role: Role, lasts_s: int) -> str:
        """The token of a new session; where there are too many, the oldest one ends."""
        while len(self._sessions) >= self._most_sessions:
            del self._sessions[next(iter(self._sessions))]
        token = secrets.token_urlsafe(24)
        self._sessions[_digest(token.encode())] = Session(role, self._now_s() + lasts_s)
        return token

    def role_of_token(self, token: bytes) -> Role | None:
        """Whose session it is; None: it is unknown or over."""
        digest = _digest(token)
        session = self._sessions.get(digest)
        if session is None:
            return None
        if session.ends_s <= self._now_s():
            del self._sessions[digest]
            return None
        return session.role


def _bytes(password: str) -> bytes:
    # The environment may hold what is no text: that fits nothing, and breaks nothing.
    return password.encode(errors="surrogateescape")


def _digest(token: bytes) -> bytes:
    # How long a look-up takes tells something of the digest, which leads to no token.
    return hashlib.sha256(token).digest()
