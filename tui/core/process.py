"""How a process of this board is named: `unit:infer.service`, `port:8000`, `pid:1841`, …"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from tui.core.problem import quoted

Kind = Literal["port", "pid", "unit", "name", "container"]
KINDS: tuple[Kind, ...] = ("port", "pid", "unit", "name", "container")
LARGEST_PORT = 65535
LARGEST_PID = 4_194_304
_WORDS: dict[Kind, str] = {
    "unit": r"[\w.@:\\-]{1,255}",
    "name": r"[^/\0\n]{1,255}",
    "container": r"[\w][\w.-]{0,127}",
}


class Process(msgspec.Struct, frozen=True):
    """What to look for; `name` is a number for a port or a pid."""

    kind: Kind
    name: str


def parse_process(text: str) -> Process:
    """The process that a text names. ValueError says what was meant."""
    kind, _, name = text.partition(":")
    if kind == "port" and name.isascii() and name.isdigit() and 1 <= int(name) <= LARGEST_PORT:
        return Process("port", str(int(name)))
    if kind == "pid" and name.isascii() and name.isdigit() and 1 <= int(name) <= LARGEST_PID:
        return Process("pid", str(int(name)))
    for known, pattern in _WORDS.items():
        if kind == known and re.fullmatch(pattern, name, re.ASCII):
            return Process(known, name)
    raise ValueError(
        f'{quoted(text)} names no process (meant as in "unit:infer.service", "port:8000", '
        '"name:infer", "pid:1841" or "container:infer"?)'
    )
