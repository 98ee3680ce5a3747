"""Faults on the way to the service, one beneath the other: planned, done, and what holds now."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, width_of
from tui.console.theme import Ink
from tui.console.widgets.plot import HEADS, Plot
from tui.console.widgets.stress_parts import Span
from tui.core.stress.plan import Stress
from tui.core.stress.view import StressView

BAR, PLANNED = "━", "─"


def draw_faults(
    canvas: Canvas, plot: Plot, stress: Stress, view: StressView | None, spans: Sequence[Span]
) -> None:
    """A bar for each step that does harm, as far as there are rows."""
    span = next((each for each in spans if each.part == "stress"), None)
    begin_s = span.from_s if span is not None else 0.0
    steps = [step for step in stress.steps if step.toxics is not None]
    room = plot.rows - 2
    apart = max(room // max(len(steps), 1), 1)
    at_s = begin_s
    for number, step in enumerate(steps[:room]):
        y = plot.y + 1 + number * apart
        done = _done(view, step.text, number)
        from_s, until_s, ink = at_s, at_s + step.duration_s, Ink.LINE
        if done is not None and view is not None:
            fault = view.faults[done]
            from_s, ink = fault.from_s, Ink.FAIL if fault.trouble else Ink.MUTE
            # What holds now is drawn up to its planned end.
            until_s = until_s if fault.until_s is None else fault.until_s
            ink = Ink.WARN if fault.until_s is None else ink
        _draw_bar(canvas, plot, y, from_s, until_s, step.text, ink)
        at_s += step.duration_s


def _done(view: StressView | None, text: str, number: int) -> int | None:
    """The fault that a step did; two steps may say the same."""
    faults = view.faults if view is not None else ()
    if number < len(faults) and faults[number].text == text:
        return number
    return next((place for place, fault in enumerate(faults) if fault.text == text), None)


def _draw_bar(
    canvas: Canvas, plot: Plot, y: int, from_s: float, until_s: float, text: str, ink: Ink
) -> None:
    edges = [
        plot.x + round((at_s - plot.from_s) / plot.total_s * plot.columns)
        for at_s in (from_s, until_s)
    ]
    left, right = (min(max(edge, plot.x), plot.x + plot.columns) for edge in edges)
    for x in range(left, right):
        canvas.put(x, y, PLANNED if ink is Ink.LINE else BAR, ink)
    word_ink = Ink.FAINT if ink is Ink.LINE else Ink.TEXT
    end = plot.x + plot.columns + HEADS
    size = width_of(text)
    if right + 1 + size <= end:
        canvas.put(right + 1, y, text, word_ink)
    elif left - 1 - size >= plot.x:
        canvas.put(left - 1 - size, y, text, word_ink)
    else:
        canvas.pieces(right + 1, y, [(text, word_ink)], end=end)
