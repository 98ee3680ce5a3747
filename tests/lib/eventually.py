"""Waiting for what must come true, instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LIMIT_S = 30.0
"""Generous: the machine may be busy. A test that passes never waits so long."""


def eventually(condition: Callable[[], T], what: str = "", *, limit_s: float = LIMIT_S) -> T:
    """The first truthy value of `condition`; AssertionError when none comes in time."""
    ends_s = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < ends_s, what or f"nothing came true within {limit_s:g} s"
        time.sleep(0.01)
