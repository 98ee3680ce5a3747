"""Who may do what: an API key, and sessions of accounts with a role."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Literal, NamedTuple

Role = Literal["operator", "viewer"]

API_KEY = "k3y-0f-the-l1ne"
PASSWORDS = {"otto": "0perat0r-pw", "vera": "v1ewer-pw"}
ROLES: dict[str, Role] = {"otto": "operator", "vera": "viewer"}
LONGEST_S = 3600.0


class Session(NamedTuple):
    """Somebody's, until it is over."""

    token: str
    role: Role
    ends_s: float
    """On the monotonic clock."""


class Accounts:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, login: str, password: str, ttl_s: float) -> Session | None:
        """A new session; None for a wrong name or password."""
        if not password or PASSWORDS.get(login) != password:
            return None
        session = Session(secrets.token_urlsafe(24), ROLES[login], time.monotonic() + ttl_s)
        with self._lock:
            self._sessions[session.token] = session
        return session

    def role(self, authorization: str) -> Role | None:
        """Of who sends this header; None: nobody that is known."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        if token == API_KEY:
            return "operator"
        with self._lock:
            session = self._sessions.get(token)
        return session.role if session is not None and time.monotonic() < session.ends_s else None
