"""Levels of users and the way to them: what there can be."""

from __future__ import annotations

from math import inf

from tui.core.mistakes import Mistakes

MAX_USERS = 100_000
MAX_SPAWN_RATE = 10_000


def check_users(mistakes: Mistakes, key: str, users: int, *, least: int) -> None:
    """Whether a generator can be so many users."""
    # Numbers that are too large are not repeated: Python refuses to write some of them.
    if users < least:
        load = "load anything" if least else "be fewer than none"
        mistakes.add(key, f"{users} users can't {load} (at least {least})")
    elif users > MAX_USERS:
        mistakes.add(key, f"more users than a generator can be (at most {MAX_USERS})")


def check_spawn_rate(mistakes: Mistakes, key: str, rate: float) -> None:
    """Whether users can start, or stop, so fast."""
    # TOML writes nan and inf as numbers, and no comparison holds for nan.
    if not 0 < rate < inf:
        mistakes.add(key, f"{rate:g} users per second never start (above 0)")
    elif rate > MAX_SPAWN_RATE:
        mistakes.add(key, f"{rate:g} users per second are too many (at most {MAX_SPAWN_RATE})")
