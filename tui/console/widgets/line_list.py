"""The Log screen: everything that happened, one line each, newest first."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.entries import Entry, counts_of, entries_of, kind_word
from tui.console.glyphs import CURSOR, LEVEL
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.header import wall_clock
from tui.console.widgets.limits import line_width
from tui.console.widgets.listing import first_shown, foot_of, list_title
from tui.core.format import clock

_TEXT_AT = 23


def draw_lines(canvas: Canvas, scene: Scene) -> None:
    """The list; what is hidden stands in its upper border."""
    lines = scene.lines
    title = list_title("log", lines.find, is_typing=scene.typing is not None)
    canvas.frame([*title, *_hidden(scene)], foot_of(len(lines.entries), lines.at), focused=True)
    rows = canvas.height - 2
    if not lines.entries:
        text = "nothing happened yet: 1 enter runs a scenario"
        if lines.find or lines.hidden:
            text = "no line is left to show; esc shows all"
        canvas.pieces(2, 1, [(text, Ink.MUTE)], end=canvas.width - 1)
        return
    start = first_shown(lines.at, len(lines.entries), rows)
    for y, entry in enumerate(lines.entries[start : start + rows], 1):
        _draw_entry(canvas, y, entry, selected=start + y - 1 == lines.at)


def _hidden(scene: Scene) -> list[Piece]:
    if not scene.lines.hidden:
        return []
    counts = counts_of(entries_of(scene.snapshot, scene.problems))
    words = [kind_word(kind, counts[kind]) for kind in counts if kind in scene.lines.hidden]
    return [(f"  without {', '.join(words)}", Ink.WARN)]


def _draw_entry(canvas: Canvas, y: int, entry: Entry, *, selected: bool) -> None:
    if selected:
        canvas.fill(1, y, canvas.width - 2, 1, Ink.SELECT)
        canvas.put(1, y, CURSOR, Ink.ACCENT)
    canvas.put(3, y, wall_clock(entry.at_utc, seconds=True), Ink.FAINT)
    if entry.run_s is not None:
        canvas.right(19, y, clock(entry.run_s), Ink.MUTE)
    glyph, ink = LEVEL[entry.level]
    canvas.put(21, y, glyph, ink, True)
    end = canvas.width - 2
    opens = entry.failure is not None or entry.slow is not None
    more: list[Piece] = [("enter opens", Ink.FAINT)] if opens and selected else []
    if more and end - _TEXT_AT - line_width(more) > 40:
        end = canvas.pieces(end - line_width(more), y, more) - line_width(more) - 2
    ink = Ink.ACCENT if selected else Ink.TEXT
    canvas.pieces(_TEXT_AT, y, [(entry.text, ink, selected)], end=end)
