"""What happened, newest first."""

from __future__ import annotations

from tui.console.cells import Canvas, clean, width_of
from tui.console.glyphs import LEVEL
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.header import wall_clock
from tui.console.widgets.plot import next_foot
from tui.core.format import clock
from tui.core.model import LogEntry


def draw_log(canvas: Canvas, scene: Scene) -> None:
    """The panel; a text too long for its row goes on in the next."""
    focused = scene.panel == "log" and not scene.is_narrow
    foot = next_foot(scene) if scene.is_narrow else []
    canvas.frame([("log", Ink.ACCENT if focused else Ink.MUTE, focused)], foot, focused=focused)
    lines = [("!", Ink.WARN, "", text) for text in scene.problems]
    lines += [_line(entry) for entry in reversed(scene.snapshot.log)]
    start = min(scene.scrolled("log"), max(len(lines) - 1, 0))
    if not lines:
        canvas.put(2, 1, "nothing happened yet", Ink.FAINT, end=canvas.width - 1)
    y, bottom = 1, canvas.height - 1
    for glyph, ink, stamp, text in lines[start:]:
        x = 3 + len(stamp) if stamp else 2
        for number, part in enumerate(wrapped(text, canvas.width - 3 - x - 1)):
            if y >= bottom:
                return
            if number == 0:
                canvas.put(2, y, stamp, Ink.FAINT)
                canvas.put(x, y, glyph, ink, True)
            canvas.put(x + 2, y, part, Ink.TEXT, end=canvas.width - 1)
            y += 1


def _line(entry: LogEntry) -> tuple[str, Ink, str, str]:
    glyph, ink = LEVEL[entry.level]
    stamp = wall_clock(entry.at_utc, seconds=False) if entry.run_s is None else clock(entry.run_s)
    return glyph, ink, stamp, entry.text


def wrapped(text: str, width: int, most: int = 3) -> list[str]:
    """The text in rows of at most `width` cells, cut between words where there are any."""
    rows = [""]
    for word in clean(text).split():
        joined = f"{rows[-1]} {word}" if rows[-1] else word
        if width_of(joined) <= width:
            rows[-1] = joined
            continue
        if rows[-1]:
            rows.append("")
        while width_of(word) > width > 0:
            rows[-1], word = word[:width], word[width:]
            rows.append("")
        rows[-1] = word
    return rows[:most]
