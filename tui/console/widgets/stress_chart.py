"""What each burner was asked for and reached over the run, in percent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui.console.cells import Canvas, Piece, width_of
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.axis import draw_time_axis
from tui.console.widgets.braille import Dots, curve, glyph, grid_of
from tui.console.widgets.burner_looks import ink_of, letter_of, plan_of, short_name
from tui.console.widgets.fault_bars import draw_faults
from tui.console.widgets.limits import line_width
from tui.console.widgets.marks import draw_mark_labels, draw_mark_lines
from tui.console.widgets.plot import Plot, apart, chart_foot, plot_for, put_dot
from tui.console.widgets.series import spread_shares
from tui.console.widgets.stress_parts import Span, burnt_points, spans_of
from tui.core.format import fixed
from tui.core.model import Mark
from tui.core.stress.plan import Stress, name_of
from tui.core.stress.view import BurnerView, StressPoint, StressView

TOP = 1.15
"""A little above all that can be asked, so that a full level is no edge."""
ROOMY_ROWS = 8


def draw_stress(canvas: Canvas, scene: Scene) -> None:
    """The chart of a run with a stress, or the plan of one that could be started."""
    shown = scene.shown
    stress = shown.stress if shown is not None else None
    view = scene.run.stress if scene.run is not None else None
    names = burner_names(stress, view)
    canvas.frame(_legend(canvas, names, canvas.width - 7), chart_foot(scene))
    if canvas.height < 5 or canvas.width < 30 or stress is None:
        return
    plot = plot_for(canvas, scene, TOP)
    has_levels = bool(names)
    _draw_axes(canvas, plot, has_levels=has_levels)
    spans = spans_of(scene)
    _draw_spans(canvas, plot, spans)
    marks = _marks(scene.run.marks if scene.run is not None else (), stress)
    draw_mark_lines(canvas, plot, marks)
    if not has_levels:
        draw_faults(canvas, plot, stress, view, spans)
    _draw_plan(canvas, plot, stress, spans, is_idle=scene.run is None)
    if view is not None:
        _draw_levels(canvas, plot, view, names)
    if plot.rows >= ROOMY_ROWS and has_levels:
        draw_mark_labels(canvas, plot, marks)
    _draw_words(canvas, plot, scene, names)


def _marks(marks: Sequence[Mark], stress: Stress) -> list[Mark]:
    """Without those that say what the chart is of: its steps; the parts lose their words."""
    steps = {step.text for step in stress.steps}
    faults = {step.text for step in stress.steps if step.toxics is not None}
    bare = {"stress": "", "stress over": ""}
    return [
        Mark(mark.at_s, bare.get(mark.label, mark.label), mark.level)
        for mark in marks
        if mark.label not in faults and (mark.level != "info" or mark.label not in steps)
    ]


def burner_names(stress: Stress | None, view: StressView | None) -> list[str]:
    """In the scenario's order, then whatever else was told of."""
    planned = [name_of(plan) for plan in stress.burners] if stress is not None else []
    told = [each.name for each in view.burners] if view is not None else []
    return list(dict.fromkeys((*planned, *told)))


def _legend(canvas: Canvas, names: Sequence[str], width: int) -> list[Piece]:
    if not names:
        # Nothing burns: only the way to the service suffers.
        bar = canvas.tier.p95
        return [
            ("faults", Ink.MUTE),
            (f"   {bar} now", Ink.WARN, True),
            (f"  {bar} over", Ink.MUTE),
            ("  ─ planned", Ink.FAINT),
        ]
    pieces: list[Piece] = [("level %", Ink.MUTE)]
    is_ascii = canvas.tier.name == "ascii"
    for number, name in enumerate(names):
        mark = letter_of(name) if is_ascii else canvas.tier.p95
        gap = "   " if number == 0 else "  "
        item: Piece = (f"{gap}{mark} {name}", ink_of(name), True)
        if line_width([*pieces, item]) > width:
            break
        pieces.append(item)
    asked: Piece = ("  ┈ asked", Ink.FAINT)
    return [*pieces, asked] if line_width([*pieces, asked]) <= width else pieces


def _draw_axes(canvas: Canvas, plot: Plot, *, has_levels: bool) -> None:
    every = (100, 75, 50, 25) if plot.rows >= ROOMY_ROWS else (100, 50)
    for percent in every if has_levels else ():
        canvas.right(plot.x - 1, plot.row_of(percent / 100), str(percent), Ink.FAINT)
    bottom = plot.y + plot.rows
    if has_levels:
        canvas.right(plot.x - 1, bottom, "0", Ink.FAINT)
    draw_time_axis(canvas, plot.x, bottom, plot.columns, plot.total_s, None, plot.from_s)


def _draw_spans(canvas: Canvas, plot: Plot, spans: Sequence[Span]) -> None:
    """The parts' names along the upper edge, and on the axis a thicker line under the stress."""
    bottom = plot.y + plot.rows
    for span in spans:
        left, right = _columns(plot, span)
        if right <= left:
            continue
        ink = Ink.FAINT if span.is_planned else Ink.MUTE
        x = left if left == plot.x else left + 1
        if right - x >= len(span.part):
            canvas.put(x, plot.y, span.part, ink)
        if span.part == "stress":
            for x in range(left, right):
                if canvas.chars[bottom][x] == "─":
                    canvas.put(x, bottom, "━", Ink.LINE if span.is_planned else Ink.FAINT)


def _columns(plot: Plot, span: Span) -> tuple[int, int]:
    edges = [
        plot.x + round((at_s - plot.from_s) / plot.total_s * plot.columns)
        for at_s in (span.from_s, span.until_s)
    ]
    left, right = (min(max(edge, plot.x), plot.x + plot.columns) for edge in edges)
    return left, right


def _draw_plan(
    canvas: Canvas, plot: Plot, stress: Stress, spans: Sequence[Span], *, is_idle: bool
) -> None:
    """What is yet to be asked for."""
    span = next((each for each in spans if each.part == "stress"), None)
    if span is None:
        return
    across = grid_of(canvas.tier.name).across
    head_s = _head_s(spans, is_idle=is_idle)
    for level in sorted({plan.level for plan in stress.burners}):
        shares: list[float | None] = []
        for dot in range(plot.columns * across):
            at_s = plot.from_s + (dot + 0.5) / across * plot.total_s / plot.columns
            is_asked = max(head_s, span.from_s) <= at_s < span.until_s
            share = stress.share_at(at_s - span.from_s) if is_asked else None
            shares.append(None if share is None else share * level / TOP)
        _draw_dots(canvas, plot, curve(shares, plot.rows, 1, canvas.tier.name), ".", Ink.LINE)


def _head_s(spans: Sequence[Span], *, is_idle: bool) -> float:
    return (
        0.0 if is_idle else max((each.from_s for each in spans if not each.is_planned), default=0.0)
    )


def _draw_levels(canvas: Canvas, plot: Plot, view: StressView, names: Sequence[str]) -> None:
    tier = canvas.tier.name
    dots = plot.columns * grid_of(tier).across
    points = burnt_points(view.points)
    lines: list[tuple[str, list[float | None]]] = []
    for name in names:
        asked = _shares(points, lambda point: point.asked, name, plot.total_s, dots)
        _draw_dots(canvas, plot, curve(asked, plot.rows, 1, tier), ".", Ink.FAINT)
        reached = _shares(points, lambda point: point.reached, name, plot.total_s, dots)
        lines.append((name, reached))
    thickness = 2 if tier != "ascii" and plot.rows >= ROOMY_ROWS and len(lines) < 3 else 1
    for name, values in lines[::-1]:
        line = curve(values, plot.rows, thickness, tier)
        _draw_dots(canvas, plot, line, letter_of(name), ink_of(name))


def _shares(
    points: Sequence[tuple[float, float, StressPoint]],
    of: Callable[[StressPoint], Mapping[str, float]],
    name: str,
    total_s: float,
    dots: int,
) -> list[float | None]:
    """As shares of the plot's height."""
    values = spread_shares(points, lambda point: of(point).get(name), total_s, dots)
    return [None if value is None else value / TOP for value in values]


def _draw_dots(canvas: Canvas, plot: Plot, dots: Dots, mark: str, ink: Ink) -> None:
    for cell, bits in dots.items():
        put_dot(canvas, plot, cell, glyph(bits, canvas.tier.name, mark), ink)


def _draw_words(canvas: Canvas, plot: Plot, scene: Scene, names: Sequence[str]) -> None:
    """The newest figures behind the curves; before there are any, what is waited for."""
    run = scene.run
    view = run.stress if run is not None else None
    burning = [each for each in view.burners if each.reached is not None] if view else []
    if view is None or not burning:
        _draw_hint(canvas, plot, scene)
    elif view.part == "stress" and view.points and _is_newest(plot, scene, view):
        _draw_heads(canvas, plot, view, sorted(burning, key=lambda each: names.index(each.name)))


def _is_newest(plot: Plot, scene: Scene, view: StressView) -> bool:
    """Whether the levels end where the figures are of: read back, they may go on."""
    back = scene.back
    return back is None or plot.from_s + view.points[-1].at_s <= back.at_s + 1.5


def _draw_heads(
    canvas: Canvas, plot: Plot, view: StressView, burning: Sequence[BurnerView]
) -> None:
    behind_s = view.points[-1].at_s
    x = plot.x + min(int(behind_s / plot.total_s * plot.columns + 0.999), plot.columns) + 1
    highest = sorted(burning[: plot.rows], key=lambda each: -(each.reached or 0.0))
    heads = [(plot.row_of(each.reached or 0.0), each) for each in highest]
    rows = apart([row for row, _ in heads], plot.y, plot.y + plot.rows - 1)
    for y, (_, each) in zip(rows, heads, strict=True):
        figure = f"{fixed((each.reached or 0.0) * 100)} %"
        text = f"{short_name(each.name)} {figure}"
        room = canvas.width - 1 - x
        text = text if width_of(text) <= room else figure
        canvas.put(x, y, f"{text} ", ink_of(each.name), True, end=canvas.width - 1)


def _draw_hint(canvas: Canvas, plot: Plot, scene: Scene) -> None:
    shown, run = scene.shown, scene.run
    pieces: list[Piece] = []
    if shown is not None and run is None:
        name = scene.campaign.id if scene.campaign else shown.id
        pieces = [("enter", Ink.ACCENT, True), (" runs ", Ink.TEXT), (name, Ink.TEXT, True)]
        if scene.snapshot.preparing:
            pieces = [("asking the target", Ink.MUTE)]
    elif run is not None and not run.is_over and run.stress is not None:
        if run.stress.part == "stress" and run.facts.scenario.stress is not None:
            if run.facts.scenario.stress.burners:
                pieces = [("burners are starting", Ink.FAINT)]
        elif run.stress.part == "before":
            pieces = [("the board as it was: nothing burns yet", Ink.FAINT)]
        elif run.phase == "warm-up":
            pieces = [("the load warms up first", Ink.FAINT)]
    # Beneath whatever is planned.
    x = plot.x + max((plot.columns - line_width(pieces)) // 2, 0)
    canvas.pieces(x, plot.y + plot.rows - 1, pieces, end=canvas.width - 1)


def planned_level(stress: Stress, name: str) -> float | None:
    """The share that a burner's plan asks for at most."""
    plan = plan_of(stress, name)
    if plan is None:
        return None
    return plan.level * max(step.share for step in stress.steps)
