"""What the environment says of the terminal, and what Textual reads from it once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.console.appearance import Appearance
    from tui.console.glyphs import TierName
    from tui.console.theme import ThemeName

_UTF8 = ("utf8", "utf-8")
# They have 256 colours whether or not this machine knows their names.
_RICH_TERMS = (
    "256color",
    "direct",
    "truecolor",
    "kitty",
    "alacritty",
    "foot",
    "ghostty",
    "wezterm",
)


def prepare_environment() -> None:
    """Call before textual is imported: it reads these once."""
    settings = {
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        # COLORTERM does not travel over SSH, so nobody gets more than this.
        "TEXTUAL_COLOR_SYSTEM": "256",
        # An arrow key torn by a slow link would otherwise read as esc, `[`, `A`.
        "ESCDELAY": "500",
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def appearance(theme: ThemeName | None, glyphs: TierName | None) -> Appearance:
    """What was asked for, else what suits this terminal.

    A theme that was asked for overrides NO_COLOR, which Textual would obey even when it is empty.
    """
    from tui.console.appearance import Appearance

    if theme or not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)
    environment = {**os.environ, **_locale_at_start()}
    worn = Appearance(theme or suited_theme(environment), glyphs or suited_glyphs(environment))
    if worn.theme == "none":
        # For Textual's own widgets, also where it is the terminal that has no colours.
        os.environ["NO_COLOR"] = "1"
    return worn


def suited_theme(environment: Mapping[str, str]) -> ThemeName:
    """Dark where there are 256 colours; fewer get a theme of their own, none get none."""
    if environment.get("NO_COLOR"):
        return "none"
    term = environment.get("TERM", "")
    if term == "linux":
        return "16"
    if any(part in term for part in _RICH_TERMS) or environment.get("COLORTERM"):
        return "dark"
    colours = _colours(term)
    return "dark" if colours >= 256 else "16" if colours >= 8 else "none"


def _colours(term: str) -> int:
    """How many colours terminfo gives this terminal; 8 where it does not know it."""
    try:
        import curses

        curses.setupterm(term, 1)
        return curses.tigetnum("colors")
    except Exception:  # no terminfo on this machine, or no such entry
        return 8


def suited_glyphs(environment: Mapping[str, str]) -> TierName:
    """ASCII where the locale is not UTF-8, CP437 on the kernel's own console, else everything."""
    # The first that is set decides. Nothing set says nothing: containers have no locale at all.
    locale = next(
        (environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), ""
    )
    encoding = locale.partition(".")[2].partition("@")[0].lower()
    if locale and encoding not in _UTF8:
        return "ascii"
    return "blocks" if environment.get("TERM") == "linux" else "full"


def _locale_at_start() -> dict[str, str]:
    """The locale as the user set it: Python changes LC_CTYPE from C to C.UTF-8 (PEP 538)."""
    try:
        started = Path("/proc/self/environ").read_bytes().decode(errors="replace")
    except OSError:
        return {}
    entries = dict(entry.partition("=")[::2] for entry in started.split("\0") if "=" in entry)
    return {name: entries.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")}
