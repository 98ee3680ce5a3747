"""Where an answer has something, as files write it."""

from __future__ import annotations

import re

from tui.core.problem import quoted

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
_HEADER = re.compile(r"header:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}", re.ASCII)
_POINTER = re.compile(r"json:(?:/(?:[^~/]|~0|~1)*)*")
WHOLE = ("body", "status")
"""What every answer has."""


def is_given_name(text: str) -> bool:
    """Whether an operation may give a part of its answer that name."""
    return _NAME.fullmatch(text) is not None and text not in WHOLE


def is_fixed(place: str) -> bool:
    """Whether it is found without an operation that gives it: `json:/id`, `body`."""
    return place in WHOLE or ":" in place


def wrong_place(place: str) -> str:
    """What is wrong with it; empty where nothing is."""
    if _NAME.fullmatch(place) or _HEADER.fullmatch(place) or _POINTER.fullmatch(place):
        return ""
    if place.startswith("/"):
        return f'{quoted(place)} is no place in an answer (meant "json:{place}"?)'
    known = 'a name that the operation gives, "json:/id", "header:ETag", "body" or "status"'
    return f"{quoted(place)} is no place in an answer: {known}"
