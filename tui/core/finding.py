"""One line of what an examination of the surroundings found."""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["ok", "unknown", "warn", "fail"]


class Finding(msgspec.Struct, frozen=True):
    """One line of the examination."""

    name: str
    state: State
    said: str
    advice: str = ""
    """What to do; empty where there is nothing to be done."""
