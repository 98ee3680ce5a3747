"""What each burner was asked for and reached, and beneath it what came of it: in the endpoints'
place."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, Piece, clean, width_of
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.burner_looks import ink_of, plan_of
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.console.widgets.plot import table_foot
from tui.console.widgets.stress_chart import burner_names, planned_level
from tui.console.widgets.stress_lines import stress_lines
from tui.core.format import count, fixed
from tui.core.stress.burner_words import figures_of
from tui.core.stress.levels import highest, is_stepped, reached_text
from tui.core.stress.plan import burner_text
from tui.core.stress.reach import SHORT_OF
from tui.core.stress.view import BurnerView

Row = list[Piece]
LEVEL = 11
"""`100 / 100 %`."""
GAP = 2
LEAST_NAME = 8
LEAST_FIGURES = 14


def draw_burners(canvas: Canvas, scene: Scene) -> None:
    """The table, then health, way back, faults and limits found, as far as there are rows."""
    focused = scene.panel == "endpoints" and not scene.is_narrow
    room = max(canvas.height - 2, 0)
    rows = _rows(scene, canvas.width - 4)
    if len(rows) > room:
        rows = _rows(scene, canvas.width - 4, is_brief=True)
    hidden = max(len(rows) - room, 0)
    start = min(scene.scrolled("endpoints"), hidden)
    foot: Row = [(f"{hidden} more", Ink.FAINT)] if hidden else []
    foot = table_foot(scene, foot)
    title: Piece = ("burners", Ink.ACCENT if focused else Ink.MUTE, focused)
    canvas.frame([title], foot, focused=focused)
    _draw_head(canvas, scene)
    for y, row in enumerate(rows[start : start + room], 1):
        canvas.pieces(2, y, row, end=canvas.width - 1)


def _rows(scene: Scene, width: int, *, is_brief: bool = False) -> list[Row]:
    """`is_brief`: one row for each burner, whatever finds no room in it."""
    shown, run = scene.shown, scene.run
    stress = shown.stress if shown is not None else None
    view = run.stress if run is not None else None
    told = {each.name: each for each in view.burners} if view is not None else {}
    rows: list[Row] = []
    names = burner_names(stress, view)
    name_width = _name_width(names)
    checked = _checked_width(list(told.values()))
    for name in names:
        head: Piece = (f"{name:<{name_width}} ", ink_of(name), True)
        burner = told.get(name)
        if burner is None:
            level = planned_level(stress, name) if stress is not None else None
            plan = plan_of(stress, name) if stress is not None else None
            text = burner_text(plan).removeprefix(f"{name} ") if plan is not None else ""
            rows.append([head, *_level(None, level), (f"  {text}", Ink.MUTE)])
        else:
            more = _burner_rows(head, burner, width, checked)
            rows += more[:1] if is_brief else more
    if not names:
        rows.append([("no burner: only the way to the service suffers", Ink.FAINT)])
    if run is not None and view is not None:
        rows += stress_lines(run, view, width)
    return rows


def _name_width(names: Sequence[str]) -> int:
    return max(LEAST_NAME, *(width_of(clean(name)) for name in names), 0)


def _checked_width(burners: Sequence[BurnerView]) -> int:
    return max((width_of(count(each.verified)) for each in burners), default=0)


def _level(reached: float | None, asked: float | None) -> Row:
    """`98 / 100 %`, in as many cells whatever it is."""
    now = "–" if reached is None else fixed(reached * 100)
    of = "–" if asked is None else fixed(asked * 100)
    ink = Ink.TEXT
    if reached is not None and asked and reached < SHORT_OF * asked:
        ink = Ink.WARN
    blank = " " * max(LEVEL - len(now) - len(of) - 5, 0)
    return [(f"{blank}{now}", ink, True), (f" / {of} %", Ink.MUTE)]


def _burner_rows(head: Piece, burner: BurnerView, width: int, checked: int) -> list[Row]:
    """One row, and a second of the figures that found no room in it."""
    if burner.why_not:
        return _why_not(head, burner.why_not, width)
    is_over = burner.asked is None
    asked, reached = burner.asked, burner.reached
    if is_over:
        asked, reached = burner.mean_asked, burner.mean_reached
    top = highest(burner) if is_over and is_stepped(burner) else None
    if top is not None:
        asked, reached = top.asked, top.reached
    level = _level(reached, asked)
    left: Row = [head, *level, (" " * GAP, Ink.MUTE)]
    right = _checked(burner, checked)
    room = width - line_width(left) - line_width(right) - GAP
    if room < LEAST_FIGURES:
        right = _bad(burner)
        room = width - line_width(left) - line_width(right) - GAP
    figures = figures_of(burner)
    if top is not None:
        figures.insert(0, f"by step {reached_text(burner)} %")
    if burner.ended_by:
        figures.insert(0, f"ended early: {burner.ended_by}")
    taken = _fitting(figures, room)
    ink = Ink.WARN if burner.ended_by else Ink.TEXT
    text = "  ".join(figures[:taken])
    blank = " " * (room - width_of(clean(text)) + GAP)
    rows: list[Row] = [[*left, (text, ink), (blank, Ink.MUTE), *right]]
    rest = figures[taken:]
    if rest:
        indent = line_width(left)
        taken = _fitting(rest, width - indent)
        rows.append([(" " * indent, Ink.MUTE), ("  ".join(rest[:taken]), Ink.MUTE)])
    return rows


def _why_not(head: Piece, why: str, width: int) -> list[Row]:
    indent = line_width([head])
    first, *rest = wrapped(f"can't burn here: {why}", width - indent)
    rows: list[Row] = [[head, (first, Ink.WARN)]]
    rows += [[(" " * indent, Ink.MUTE), (row, Ink.WARN)] for row in rest]
    return rows


def _fitting(figures: Sequence[str], room: int) -> int:
    """How many fit in a row; one at least, cut if it must be."""
    used = 0
    for number, figure in enumerate(figures):
        used += width_of(clean(figure)) + (GAP if number else 0)
        if used > room:
            return max(number, 1)
    return len(figures)


def _checked(burner: BurnerView, width: int) -> Row:
    return [(f"{count(burner.verified):>{max(width, 8)}}", Ink.MUTE), *_bad(burner)]


def _bad(burner: BurnerView) -> Row:
    ink = Ink.FAIL if burner.bad else Ink.FAINT
    return [(f"{count(burner.bad):>5}", ink, bool(burner.bad))]


def _draw_head(canvas: Canvas, scene: Scene) -> None:
    """In the border: a row more for the burners."""
    run = scene.run
    view = run.stress if run is not None else None
    names = burner_names(scene.shown.stress if scene.shown is not None else None, view)
    if not names:
        return
    end = 2 + _name_width(names) + 1 + LEVEL
    canvas.right(end + 1, 0, " of asked ", Ink.MUTE)
    if view is None or not any(each.verified or each.bad for each in view.burners):
        return
    end = canvas.width - 2
    canvas.right(end + 1, 0, " bad ", Ink.MUTE)
    if _has_checked(canvas.width - 4, names, view.burners):
        canvas.right(end - 5 + 1, 0, " verified ", Ink.MUTE)


def _has_checked(width: int, names: Sequence[str], burners: Sequence[BurnerView]) -> bool:
    """Whether there is room for the column."""
    left = _name_width(names) + 1 + LEVEL + GAP
    right = max(_checked_width(burners), 8) + 5
    return width - left - right - GAP >= LEAST_FIGURES
