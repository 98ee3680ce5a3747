"""Signs that stand for a state: a glyph, never a colour alone."""

from __future__ import annotations

from tui.console.theme import Ink
from tui.core.events import Level
from tui.core.verdict import Verdict

RUNNING = "●"
CURSOR = "▌"
LIMIT = "╌"
MARK = "┊"
NOTHING = "·"

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
TEST_LINE = "▁▂▃▄▅▆▇█ ━╸─┄╌┊ ⣀⣤⣶⣿ ⠁⠂⠄⡀ ✓ ✗ ● ▌ ╭╮╰╯"


def sign(passed: bool | None) -> tuple[str, Ink]:
    """How a limit stands: held, broken, or not known yet."""
    if passed is None:
        return NOTHING, Ink.MUTE
    return ("✓", Ink.PASS) if passed else ("✗", Ink.FAIL)
