"""The URL that a target is found at."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec


class BaseUrl(msgspec.Struct, frozen=True):
    """A base URL, understood."""

    text: str
    """http(s), without a trailing slash."""
    host: str
    netloc: str


def parse_base_url(text: str) -> BaseUrl:
    """ValueError says what is wrong, and repeats nothing that may be a secret."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        # The error quotes what it could not read, which may be half of a password.
        why = "" if "@" in text else f": {error}"
        raise ValueError(f'"{without_secrets(text)}" is not a URL{why}') from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{without_secrets(text)}" is not an http:// or https:// URL')
    if port == 0:
        raise ValueError("a service's port is 1 to 65535")
    if parts.username or parts.password:
        raise ValueError('a password in a URL ends up in logs; use token = "env:NAME"')
    if parts.query or parts.fragment:
        raise ValueError("a target is a base URL, without ? or #")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None else f"{host}:{port}"
    return BaseUrl(f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}", parts.hostname, netloc)


def without_secrets(url: str) -> str:
    """What stands behind a user's name and password, if it has any."""
    return url.rpartition("@")[2]
