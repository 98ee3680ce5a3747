"""Patterns of an OpenAPI document: whether one may be tried on a text.

Nobody knows who wrote them, and a search that never ends holds up the whole process.
"""

from __future__ import annotations

import re
from math import inf, log

UNREADABLE = (re.error, OverflowError, RecursionError)
"""What comes of a pattern that Python can't read: they are written for JavaScript."""
MOST_CHARACTERS = 1000
"""Of a pattern."""
_MOST_STEPS = 2e7
"""Some tenths of a second."""
_QUANTIFIER = re.compile(r"[*+?]|\{(?=[0-9,])([0-9]*)(,?)([0-9]*)\}", re.ASCII)
_CLASS = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_UNCOUNTED = re.compile(r"\\[1-9]|\(\?(?:P=|\(|#|[a-zA-Z]*x)", re.ASCII)
"""References back, conditions and comments."""


def may_search(pattern: str, length: int) -> bool:
    """Whether a search in a text of so many characters ends soon, whatever they are."""
    if len(pattern) > MOST_CHARACTERS or _UNCOUNTED.search(pattern):
        return False
    is_anchored = pattern.startswith("^") and "|" not in pattern
    return _ways(pattern, length) * (1 if is_anchored else length + 1) <= _MOST_STEPS


class _Group:
    """In how many ways it may match from one place on: the product of its parts, summed up over its
    alternatives."""

    def __init__(self) -> None:
        self.before = 0.0
        """Of the alternatives that are over."""
        self.now = 1.0

    @property
    def ways(self) -> float:
        return self.before + self.now


def _ways(pattern: str, length: int) -> float:
    """Never too few; infinite where a repetition without an end repeats what has several ways."""
    groups = [_Group()]
    last = 1.0  # of the part that a quantifier would repeat
    place = 0
    while place < len(pattern):
        sign, quantifier = pattern[place], _QUANTIFIER.match(pattern, place)
        part = _CLASS.match(pattern, place) if sign == "[" else None
        if quantifier is not None:
            place = quantifier.end()
            # Of a part with several ways one is counted already.
            groups[-1].now *= _repeated(last, quantifier, length) / last
            place += pattern[place : place + 1] in ("?", "+")
            last = 1.0
            continue
        place = part.end() if part is not None else place + (2 if sign == "\\" else 1)
        last = 1.0
        if sign == "(":
            groups.append(_Group())
            place += pattern[place : place + 1] == "?"
        elif sign == ")" and len(groups) > 1:
            last = groups.pop().ways
            groups[-1].now *= last
        elif sign == "|":
            groups[-1].before += groups[-1].now
            groups[-1].now = 1.0
    return sum(group.ways for group in groups)


def _repeated(ways: float, quantifier: re.Match[str], length: int) -> float:
    least, most = _bounds(quantifier)
    if ways > 1 and (most == inf or min(most, length) * log(ways) > 100):
        return inf
    return (min(most - least, length) + 1) * ways ** (min(most, length) if ways > 1 else 1)


def _bounds(quantifier: re.Match[str]) -> tuple[float, float]:
    sign = quantifier[0]
    if sign in "*+?":
        return (1 if sign == "+" else 0), (1 if sign == "?" else inf)
    least, comma, most = quantifier.groups()
    if not comma:
        return int(least), int(least)
    return int(least or 0), (int(most) if most else inf)
