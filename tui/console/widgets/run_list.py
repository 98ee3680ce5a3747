"""The Runs screen: what was kept, newest first."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece, width_of
from tui.console.glyphs import CURSOR, RUNNING, VERDICT
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.listing import first_shown, foot_of, list_title
from tui.core.format import NOTHING, brief_duration, fixed, ms, rate
from tui.core.model import Past

_COLUMNS: tuple[tuple[str, int], ...] = (("when", 9), ("p95", 8), ("rps", 8), ("tj max", 8))
_TARGET = 16


def draw_runs(canvas: Canvas, scene: Scene) -> None:
    """The table; a run in two columns more where there is room for its reason."""
    kept = scene.kept
    title = list_title("runs", kept.find, is_typing=scene.typing is not None)
    canvas.frame(title, foot_of(len(kept.runs), kept.at), focused=True)
    rows = canvas.height - 3
    if not kept.runs or rows < 1:
        canvas.pieces(2, 2, _nothing(scene), end=canvas.width - 1)
        return
    name, reason = _widths(canvas.width, kept.runs)
    _draw_head(canvas, name, reason)
    start = first_shown(kept.at, len(kept.runs), rows)
    for y, past in enumerate(kept.runs[start : start + rows], 2):
        _draw_run(canvas, y, scene, past, name, reason, selected=start + y - 2 == kept.at)


def _widths(width: int, runs: tuple[Past, ...]) -> tuple[int, int]:
    """Of the name, and of the reason; 0 without room for one."""
    figures = sum(size for _, size in _COLUMNS)
    room = width - 6 - 12 - _TARGET - figures
    name = min(max(max(width_of(past.scenario) for past in runs), 8), 28, max(room, 8))
    reason = room - name - 2
    return name, reason if reason >= 20 else 0


def _draw_head(canvas: Canvas, name: int, reason: int) -> None:
    x = 16
    canvas.put(4, 1, "verdict", Ink.FAINT)
    canvas.put(x, 1, "scenario", Ink.FAINT)
    canvas.put(x + name + 2, 1, "target", Ink.FAINT)
    end = x + name + _TARGET
    for word, size in _COLUMNS:
        end += size
        canvas.right(end, 1, word, Ink.FAINT)
    if reason:
        canvas.put(end + 3, 1, "why", Ink.FAINT)


def _draw_run(
    canvas: Canvas, y: int, scene: Scene, past: Past, name: int, reason: int, *, selected: bool
) -> None:
    if selected:
        canvas.fill(1, y, canvas.width - 2, 1, Ink.SELECT)
        canvas.put(1, y, CURSOR, Ink.ACCENT)
    _draw_verdict(canvas, y, scene, past)
    x = 16
    ink = Ink.ACCENT if selected else Ink.TEXT
    canvas.pieces(x, y, [(past.scenario, ink, selected)], end=x + name + 1)
    canvas.pieces(x + name + 2, y, [(past.target, Ink.MUTE)], end=x + name + _TARGET)
    age = f"{brief_duration(max(scene.newest.at_utc - past.started_at, 0))} ago"
    tj = NOTHING if past.tj_max_c is None else fixed(past.tj_max_c, 1)
    texts = (age, ms(past.p95_ms), rate(past.rps or None), tj)
    end = x + name + _TARGET
    for (word, size), text in zip(_COLUMNS, texts, strict=True):
        end += size
        canvas.right(end, y, text, Ink.MUTE if word == "when" else Ink.TEXT, word == "p95")
    if reason:
        canvas.pieces(end + 3, y, [(past.reason, Ink.MUTE)], end=canvas.width - 2)


def _draw_verdict(canvas: Canvas, y: int, scene: Scene, past: Past) -> None:
    run = scene.newest.run
    if past.verdict is not None:
        glyph, ink = VERDICT[past.verdict]
        canvas.put(2, y, glyph, ink, True)
        canvas.put(4, y, past.verdict, ink, True)
    elif run is not None and run.facts.id == past.run_id:
        canvas.put(2, y, RUNNING, Ink.ACCENT, True)
        canvas.put(4, y, "RUN", Ink.ACCENT, True)
    else:
        canvas.put(2, y, f"{RUNNING} elsewhere", Ink.MUTE)


def _nothing(scene: Scene) -> list[Piece]:
    kept = scene.kept
    if kept.trouble:
        return [("! ", Ink.WARN, True), (kept.trouble, Ink.TEXT)]
    if kept.is_reading:
        return [("reading…", Ink.MUTE)]
    if kept.find:
        return [("none matches; ", Ink.MUTE), ("esc", Ink.ACCENT, True), (" shows all", Ink.MUTE)]
    return [
        ("no run is kept yet: ", Ink.MUTE),
        ("1 enter", Ink.ACCENT, True),
        (" runs a scenario", Ink.MUTE),
    ]
