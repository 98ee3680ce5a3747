"""Failures sorted into classes, and messages made comparable."""

from __future__ import annotations

import re
from typing import Literal

FailureClass = Literal["connect", "timeout", "4xx", "5xx", "payload", "integrity", "user"]

_QUOTED_URL = re.compile(r"https?://[^\s'\"]+")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_HEX = re.compile(r"\b(?=[0-9a-fA-F-]*\d)[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*\b")
_LONG_NUMBER = re.compile(r"\b\d{4,}\b|\b\d+\.\d+\b")
_ERRNO = re.compile(r"\[Errno -?\d+\] ?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
UNSEEN = "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff"
"""Turns a text around or has no width: what is seen is not what is there. For a character class."""
_UNSEEN = re.compile(f"[{UNSEEN}]")
MESSAGE_CHARACTERS = 160
SAMPLE_CHARACTERS = 500

_TIMEOUT_NAMES = ("timeout", "timedout", "timed out")
_CONNECT_NAMES = (
    "connection",
    "gaierror",
    "nodename",
    "name or service",
    "unreachable",
    "ssl",
    "certificate",
    "remotedisconnected",
    "broken pipe",
)


def classify(status: int, type_name: str, message: str) -> FailureClass:
    """The class of a failure by HTTP status (0: no answer), exception type and message."""
    lowered = f"{type_name} {message}".lower()
    if "integrity" in lowered:
        return "integrity"
    if 400 <= status < 500:
        return "4xx"
    if status >= 500:
        return "5xx"
    if status:
        return "payload"
    if "incomplete" in lowered:
        return "payload"
    if any(name in lowered for name in _TIMEOUT_NAMES):
        return "timeout"
    if any(name in lowered for name in _CONNECT_NAMES) or type_name == "OSError":
        return "connect"
    return "payload"


def normalise(message: str) -> str:
    """The message without what differs from request to request, on one line, bounded."""
    text = _ERRNO.sub("", printable(message)).rstrip(".")
    text = _QUOTED_URL.sub("URL", text)
    text = _ADDRESS.sub("0x…", text)
    text = _HEX.sub("…", text)
    text = _LONG_NUMBER.sub("…", text)
    return text[:MESSAGE_CHARACTERS]


def printable(text: str) -> str:
    """One line that can't move a cursor nor show another text than it is, a mark for each character
    that would: what a target sends is never trusted on a screen."""
    # A lone surrogate can't be sent or stored.
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return _UNSEEN.sub("\ufffd", _CONTROL.sub(" ", encodable)).strip()
