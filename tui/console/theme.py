"""The one place for colours: what each is for, and its xterm-256 index in every theme."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Literal

import msgspec
from rich.color import Color
from rich.style import Style


class Ink(IntEnum):
    """What a colour stands for. Drawing code knows these alone."""

    BG = 0
    STRIP = 1
    SELECT = 2
    LINE = 3
    FAINT = 4
    MUTE = 5
    TEXT = 6
    ACCENT = 7
    AREA = 8
    P50 = 9
    P95 = 10
    P99 = 11
    FAIL = 12
    WARN = 13
    PASS = 14
    INVALID = 15
    FAIL_STRIP = 16
    BADGE = 17


ThemeName = Literal["dark", "sun", "16", "none"]
CHOICES: tuple[ThemeName, ...] = ("dark", "sun", "16")
"""What a user may ask for; `none` is what NO_COLOR asks for."""


class Theme(msgspec.Struct, frozen=True):
    """The colours of every ink."""

    name: ThemeName
    colours: Mapping[Ink, int | None]
    """xterm-256 indices; None is the terminal's own."""
    reversed: frozenset[Ink] = frozenset()
    """Grounds that are shown by reverse video, in their own colour."""


_DARK: dict[Ink, int | None] = {
    Ink.BG: 233,
    Ink.STRIP: 235,
    Ink.SELECT: 237,
    Ink.LINE: 239,
    Ink.FAINT: 243,
    Ink.MUTE: 247,
    Ink.TEXT: 254,
    Ink.ACCENT: 81,
    Ink.AREA: 24,
    Ink.P50: 75,
    Ink.P95: 215,
    Ink.P99: 251,
    Ink.FAIL: 203,
    Ink.WARN: 221,
    Ink.PASS: 78,
    Ink.INVALID: 177,
    Ink.FAIL_STRIP: 52,
    Ink.BADGE: 247,
}
_SUN: dict[Ink, int | None] = {
    Ink.BG: 231,
    Ink.STRIP: 255,
    Ink.SELECT: 189,
    Ink.LINE: 246,
    Ink.FAINT: 241,
    Ink.MUTE: 237,
    Ink.TEXT: 16,
    Ink.ACCENT: 25,
    Ink.AREA: 153,
    Ink.P50: 25,
    Ink.P95: 130,
    Ink.P99: 238,
    Ink.FAIL: 160,
    Ink.WARN: 94,
    Ink.PASS: 22,
    Ink.INVALID: 90,
    # A pink one would leave the red words on it too little contrast.
    Ink.FAIL_STRIP: 255,
    Ink.BADGE: 241,
}
# The terminal's own ground may be light or dark: nothing here relies on either.
_SIXTEEN: dict[Ink, int | None] = {
    **dict.fromkeys(Ink),
    # Lines alone may be bright black: some palettes make it the ground's own colour.
    Ink.LINE: 8,
    Ink.ACCENT: 6,
    Ink.AREA: 4,
    Ink.P50: 12,
    Ink.P95: 3,
    Ink.FAIL: 9,
    Ink.WARN: 11,
    Ink.PASS: 10,
    Ink.INVALID: 13,
}
_BADGES = frozenset({Ink.SELECT, Ink.ACCENT, Ink.BADGE, Ink.FAIL, Ink.WARN, Ink.PASS, Ink.INVALID})
THEMES: dict[ThemeName, Theme] = {
    "dark": Theme("dark", _DARK),
    "sun": Theme("sun", _SUN),
    "16": Theme("16", _SIXTEEN, _BADGES),
    # What is drawn over an area is cut out of it.
    "none": Theme("none", dict.fromkeys(Ink), _BADGES | {Ink.AREA}),
}

# A cell's look in one integer: cells are compared far more often than they are drawn.
GROUND_SHIFT = 8
GROUND_MASK = 0xFF << GROUND_SHIFT
BOLD = 1 << 16
PALETTE = 1 << 17
"""Ink and ground are xterm-256 indices as they are: a pixel's, which no theme changes."""


def look(ink: Ink, ground: Ink, bold: bool = False) -> int:
    """The look of a cell, packed."""
    return int(ink) | ground << GROUND_SHIFT | (BOLD if bold else 0)


def pixels(upper: int, lower: int) -> int:
    """The look of a cell in two xterm-256 colours: of what is drawn in it, and behind that."""
    return upper | lower << GROUND_SHIFT | PALETTE


@lru_cache(maxsize=8192)
def style_of(packed: int, theme: ThemeName = "dark") -> Style:
    """A packed look as the terminal's own colours, whatever the terminal claims to know."""
    if packed & PALETTE:
        upper, lower = packed & 0xFF, packed >> GROUND_SHIFT & 0xFF
        return Style(color=None if upper == lower else _colour(upper), bgcolor=_colour(lower))
    ink, ground = Ink(packed & 0xFF), Ink(packed >> GROUND_SHIFT & 0xFF)
    colours = THEMES[theme].colours
    bold = True if packed & BOLD else None
    if ground in THEMES[theme].reversed:
        # In one colour, whatever stands on it: reversed inks would make patches.
        return Style(color=_colour(colours[ground]), bold=bold, reverse=True)
    return Style(color=_colour(colours[ink]), bgcolor=_colour(colours[ground]), bold=bold)


def _colour(index: int | None) -> Color | None:
    return None if index is None else Color.from_ansi(index)


_CSS_NAMES = {
    "ground": Ink.BG,
    "raised": Ink.STRIP,
    "selected": Ink.SELECT,
    "line": Ink.LINE,
    "faint": Ink.FAINT,
    "mute": Ink.MUTE,
    "words": Ink.TEXT,
    "key": Ink.ACCENT,
}
_ANSI_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def css_variables(theme: ThemeName) -> dict[str, str]:
    """The inks that app.tcss names, as `$jp-NAME`."""
    colours = THEMES[theme].colours
    return {f"jp-{name}": _css_colour(colours[ink]) for name, ink in _CSS_NAMES.items()}


def _css_colour(index: int | None) -> str:
    if index is None:
        return "ansi_default"
    if index < 16:
        return f"ansi_{'bright_' if index > 7 else ''}{_ANSI_NAMES[index % 8]}"
    return Color.from_ansi(index).get_truecolor().hex
