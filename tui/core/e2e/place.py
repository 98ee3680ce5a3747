"""Where an answer has something, as files write it."""

from __future__ import annotations

import re

from tui.core.problem import quoted

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}", re.ASCII)
_IN_HEADER = "header:"
_POINTER = re.compile(r"(?:/(?:[^~/]|~0|~1)*)*")
_JSON = "json:"
WHOLE = ("body", "status")
"""What every answer has."""


def is_given_name(text: str) -> bool:
    """Whether an operation may give a part of its answer that name."""
    return _NAME.fullmatch(text) is not None and text not in WHOLE


def is_header_name(text: str) -> bool:
    """Whether a header may have that name."""
    return _HEADER.fullmatch(text) is not None


def is_fixed(place: str) -> bool:
    """Whether it is found without an operation that gives it: `json:/id`, `body`."""
    return place in WHOLE or ":" in place


def wrong_place(place: str) -> str:
    """What is wrong with it; empty where nothing is."""
    if _NAME.fullmatch(place):
        return ""
    if place.startswith(_IN_HEADER) and is_header_name(place.removeprefix(_IN_HEADER)):
        return ""
    if place.startswith(_JSON) and _POINTER.fullmatch(place.removeprefix(_JSON)):
        return ""
    if place.startswith("/"):
        return f'{quoted(place)} is no place in an answer (meant "json:{place}"?)'
    known = 'a name that the operation gives, "json:/id", "header:ETag", "body" or "status"'
    return f"{quoted(place)} is no place in an answer: {known}"


def wrong_record_place(text: str) -> str:
    """What is wrong with where a record has something: a name that the operation gives it, or a
    JSON pointer; empty where nothing is."""
    return "" if is_given_name(text) else wrong_pointer(text)


def wrong_pointer(text: str) -> str:
    """What is wrong with a JSON pointer into a record; empty where nothing is."""
    if _POINTER.fullmatch(text):
        return ""
    meant = f"/{text.removeprefix(_JSON).lstrip('/')}"
    hint = f" (meant {quoted(meant)}?)" if _POINTER.fullmatch(meant) else ""
    return f"{quoted(text)} is no JSON pointer{hint}"
