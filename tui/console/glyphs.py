"""Every sign the console writes: what it stands for, and how a poorer terminal shows it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

import msgspec
from rich.cells import get_character_cell_size

from tui.console.theme import Ink
from tui.core.camera.view import Grade
from tui.core.events import Level
from tui.core.verdict import Verdict

RUNNING = "●"
CURSOR = "▌"
LIMIT = "╌"
MARK = "┊"
NOTHING = "·"
FAILED = "╻"
"""A second in which a request failed, on the throughput axis."""

VERDICT: dict[Verdict, tuple[str, Ink]] = {
    "PASS": ("✓", Ink.PASS),
    "FAIL": ("✗", Ink.FAIL),
    "INVALID": ("?", Ink.INVALID),
    "INTERRUPTED": ("–", Ink.MUTE),
    "ABORTED": ("!", Ink.FAIL),
}
LEVEL: dict[Level, tuple[str, Ink]] = {
    "info": (NOTHING, Ink.MUTE),
    "ok": ("✓", Ink.PASS),
    "warn": ("!", Ink.WARN),
    "fail": ("✗", Ink.FAIL),
}
GRADE: dict[Grade, tuple[str, Ink]] = {
    "good": LEVEL["ok"],
    "warn": LEVEL["warn"],
    "fail": LEVEL["fail"],
    "unknown": LEVEL["info"],
}


def sign(passed: bool | None) -> tuple[str, Ink]:
    """How a limit stands: held, broken, or not known yet."""
    if passed is None:
        return NOTHING, Ink.MUTE
    return ("✓", Ink.PASS) if passed else ("✗", Ink.FAIL)


TierName = Literal["full", "blocks", "ascii"]
CHOICES: tuple[TierName, ...] = ("full", "blocks", "ascii")


class Tier(msgspec.Struct, frozen=True):
    """What a terminal can draw. Curves and areas are drawn for it; the rest is spelled anew."""

    name: TierName
    area: str
    """An area's cell by eighths that are filled, nine characters."""
    levels: str
    """A bar's cell, from low to high."""
    p50: str
    """The area, in a legend."""
    p95: str
    """The judged curve, there and where a cell is the finest that can be drawn."""
    p99: str
    spelled: dict[str, str]
    """What a character of the full set becomes, one cell each; what comes of it stays so."""
    is_solid: bool = False
    """Whether a full cell of an area hides its ground."""


_BLOCKS = {
    "●": "■", "✓": "√", "✗": "x", "×": "x", "–": "-", "…": "~",
    "╭": "┌", "╮": "┐", "╰": "└", "╯": "┘", "┃": "║",
    "━": "═", "╸": "═", "┄": "·", "╌": "-", "╍": "≈", "┊": ":", "┈": "·", "╻": "x",
    "▴": "^", "▾": "v", "▸": ">", "◂": "<", "↑": "^", "↓": "v", "←": "<", "→": ">",
    "▏": "_", "›": ">", "▁": "_", "▂": "_", "▃": "_", "▅": "█", "▆": "█", "▇": "█",
}  # fmt: skip
_ASCII = {
    **_BLOCKS,
    "●": "*", "■": "*", "▅": "#", "▆": "#", "▇": "#", "✓": "v", "✗": "X",
    "·": ".", "°": "'", "▌": ">", "▐": "<", "±": "~",
    "┌": "+", "┐": "+", "└": "+", "┘": "+", "╭": "+", "╮": "+", "╰": "+", "╯": "+",
    "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "│": "|", "┃": "|",
    "─": "-", "━": "=", "╸": "=", "┄": ".", "╌": "-", "╍": "~", "┊": "|", "┈": ".",
    "█": "#", "▀": "#", "▄": "#", "░": ":", "▒": ":", "▓": "#", "≤": "<", "≥": ">", "²": "2",
}  # fmt: skip

FULL = Tier("full", " ▁▂▃▄▅▆▇█", "▁▂▃▄▅▆▇█", "■", "━", "─", {}, is_solid=True)
BLOCKS = Tier("blocks", " ░░░▒▒▒▒▒", "_▄█", "▒", "█", "▀", _BLOCKS)
ASCII = Tier("ascii", " ..::::::", "0123456789", ":", "#", "+", _ASCII)
TIERS: dict[TierName, Tier] = {tier.name: tier for tier in (FULL, BLOCKS, ASCII)}
_TEST_LINES: dict[TierName, str] = {
    "full": "▁▂▃▄▅▆▇█ ━╸─┄╌┊ ⣀⣤⣶⣿ ⠁⠂⠄⡀ ✓ ✗ ● ▌ ╭╮╰╯",
    "blocks": "░▒█▄▀ ═─≈·: √ x ■ ▌ ┌┐└┘│",
    "ascii": "=-. #+:. | v X * > +-|",
}


def glyph_tests(tier: TierName) -> list[tuple[TierName, str]]:
    """What a terminal must draw rightly for each tier: this one and those that ask for less."""
    return [(name, _TEST_LINES[name]) for name in CHOICES[CHOICES.index(tier) :]]


def spell(text: str, tier: TierName) -> str:
    """The text in characters that this tier has, in as many cells."""
    if tier == "full" or text.isascii():
        return text
    return "".join([_spelled(character, tier) for character in text])


@lru_cache(maxsize=4096)
def _spelled(character: str, tier: TierName) -> str:
    if character.isascii():
        return character
    known = TIERS[tier].spelled.get(character)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFKD", character)[0]
    for candidate in (character, plain):
        if _has(candidate, tier) and get_character_cell_size(character) == 1:
            return candidate
    return "?" * get_character_cell_size(character)


def _has(character: str, tier: TierName) -> bool:
    try:
        character.encode("cp437" if tier == "blocks" else "ascii")
    except UnicodeEncodeError:
        return False
    return character.isprintable()
