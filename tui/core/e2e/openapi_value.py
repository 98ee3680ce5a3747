"""The least number and the plainest text that a schema of OpenAPI allows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tui.core.e2e.number import finite
from tui.core.e2e.openapi_document import Unreadable
from tui.core.e2e.openapi_pattern import UNREADABLE, may_search
from tui.core.problem import quoted

MOST_CHARACTERS = 10_000
UNIQUE = "{round.id}"
"""Stands in names, so that what a run makes is known by it, and no name is taken twice."""
_UNIQUE_LENGTH = 80
"""Characters that it may come to."""
_NAMES = re.compile(r"(?:^|[_a-z])(?:name|title|label|slug|key|login|username|reference)$", re.I)
BY_FORMAT: dict[str, str] = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "duration": "PT1S",
    "uuid": "6f1c2b1e-6d0b-4b7e-9b3e-0a6d2c7a4f10",
    "email": "jetproof@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "anBn",
    "password": "Jetproof-2026!",
    "json-pointer": "/",
}
_TRIED = (
    "jetproof", "a", "A", "0", "1", "abc", "ABC", "a1", "A1", "abc-123", "ABC-123", "en", "EN",
    "en-US", "DE", "EUR", "1.0.0", "v1", "#000000", "000000", "00000", "+490000000000",
    "0123456789abcdef", "0" * 24, "0" * 32, "0" * 40, "0" * 64, "/", "a/b", *BY_FORMAT.values(),
)  # fmt: skip
"""For patterns: the first that matches."""


def count_of(schema: Mapping[str, Any], key: str) -> int:
    value = schema.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def _bound(schema: Mapping[str, Any], key: str, exclusive: str) -> tuple[float | None, bool]:
    """A bound, and whether it is no value itself: OpenAPI 3.0 says so beside it, 3.1 by another."""
    plain, other = finite(schema.get(key)), schema.get(exclusive)
    beyond = finite(other)
    return (plain, other is True) if beyond is None else (beyond, True)


def least_number(schema: Mapping[str, Any], *, is_whole: bool) -> float:
    least, is_above = _bound(schema, "minimum", "exclusiveMinimum")
    most, is_below = _bound(schema, "maximum", "exclusiveMaximum")
    step = finite(schema.get("multipleOf"))
    step = step if step is not None and step > 0 else (1 if is_whole else None)
    value: float = 1
    if least is not None and (value < least or (is_above and value <= least)):
        value = least + (step or 1) if is_above else least
    if most is not None and (value > most or (is_below and value >= most)):
        value = most - (step or 1) if is_below else most
        if least is not None and (value < least or (is_above and value <= least)):
            value = (least + most) / 2
    if step is not None and math.isfinite(value / step):
        multiple = math.ceil(value / step) * step
        value = multiple if most is None or multiple <= most else math.floor(value / step) * step
    return int(value) if is_whole else value


def plain_text(schema: Mapping[str, Any], name: str) -> str:
    pattern, form = schema.get("pattern"), f"{schema.get('format')}"
    least, most = count_of(schema, "minLength"), schema.get("maxLength")
    most = most if isinstance(most, int) else None
    if least > MOST_CHARACTERS:
        raise Unreadable(f"a text of {least} characters is too long")
    if isinstance(pattern, str):
        return _matching(pattern, least, most)
    if form in BY_FORMAT:
        return BY_FORMAT[form]
    if _NAMES.search(name) and (most is None or most >= _UNIQUE_LENGTH):
        return UNIQUE.ljust(least, "x")
    return "jetproof".ljust(least, "x")[: most if most is not None else None]


def _matching(pattern: str, least: int, most: int | None) -> str:
    if not may_search(pattern, least):
        raise Unreadable(f"nothing is tried on the pattern {quoted(pattern)}: give an example")
    try:
        wanted = re.compile(pattern)
    except UNREADABLE:
        raise Unreadable(f"the pattern {quoted(pattern)} can't be read") from None
    for text in _candidates(least, most):
        is_right = least <= len(text) and (most is None or len(text) <= most)
        if is_right and may_search(pattern, len(text)) and wanted.search(text):
            return text
    raise Unreadable(f"nothing known matches the pattern {quoted(pattern)}")


def _candidates(least: int, most: int | None) -> Iterator[str]:
    yield from _TRIED
    for length in dict.fromkeys((least, most or 8)):
        for letter in ("a", "A", "0"):
            yield letter * min(length, MOST_CHARACTERS)
