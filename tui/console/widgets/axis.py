"""Axes of the charts: steps of 1, 2 and 5 upwards, round times along."""

from __future__ import annotations

from math import ceil, floor, log10

from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.core.format import count, fixed, short_clock

CALM_S = 30.0
LEAST_S = 10.0
_TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def nice_top(needed: float, ticks: int) -> tuple[float, float]:
    """The end of an axis that holds `needed`, and its step: 1, 2 or 5 times a power of ten."""
    needed = max(needed, 1e-3)
    power = 10.0 ** floor(log10(needed / max(ticks, 1)))
    for factor in (1, 2, 5, 10):
        step = factor * power
        if ceil(needed / step - 1e-9) <= ticks:
            return ceil(needed / step - 1e-9) * step, step
    return needed, needed


class Scale:
    """An axis that grows at once and shrinks only after a while, so that it does not twitch."""

    def __init__(self) -> None:
        self._key = ""
        self._held = 0.0
        self._low_since_s: float | None = None

    def fit(self, key: str, needed: float, ticks: int, at_s: float) -> tuple[float, float]:
        """Top and step now; another `key` starts afresh."""
        if key != self._key:
            self._key, self._held, self._low_since_s = key, needed, None
        top, _ = nice_top(self._held, ticks)
        wanted, _ = nice_top(needed, ticks)
        if wanted >= top:
            self._low_since_s = None
            if wanted > top:
                self._held = needed
        elif self._low_since_s is None:
            self._low_since_s = at_s
        elif at_s - self._low_since_s >= CALM_S:
            self._held, self._low_since_s = needed, None
        return nice_top(self._held, ticks)


def value_labels(top: float, step: float) -> list[tuple[float, str]]:
    """Labels from the top down, without the zero."""
    steps = round(top / step)
    decimals = 0 if step >= 1 else min(-floor(log10(step)), 3)
    values = [step * number for number in range(steps, 0, -1)]
    return [(value, count(value) if not decimals else fixed(value, decimals)) for value in values]


def axis_total_s(planned_s: float, total_s: float) -> float:
    """The time axis's length: grows by tenths of the plan, so that a pause does not move it."""
    if total_s <= planned_s:
        return max(planned_s, 1.0)
    tenth = planned_s / 10
    return planned_s + ceil((total_s - planned_s) / tenth - 1e-9) * tenth


def planned_s(total_s: float, elapsed_s: float) -> float:
    """How long the axis of a run is that lasts `total_s`; of one whose length nobody knows, and
    is 0, somewhat more than it took so far."""
    if total_s:
        return total_s
    shown_s = max(elapsed_s, LEAST_S)
    return float(next((step for step in _TIME_STEPS_S if step >= shown_s), shown_s))


def time_labels(total_s: float, columns: int, from_s: float = 0.0) -> list[tuple[int, str]]:
    """`(column, text)` along an axis of `total_s` that begins at `from_s`; the first starts at
    column 0, the last ends at the last one."""
    last = short_clock(from_s + total_s)
    room = max(len(last) + 4, 8)
    step = next(
        (step for step in _TIME_STEPS_S if columns * step / total_s >= room), _TIME_STEPS_S[-1]
    )
    labels = [(0, short_clock(from_s))]
    number = floor(from_s / step) + 1
    while number * step < from_s + total_s:
        text = short_clock(number * step)
        column = round(columns * (number * step - from_s) / total_s) - len(text) // 2
        if labels[-1][0] + len(labels[-1][1]) + 2 <= column <= columns - len(last) - len(text) - 2:
            labels.append((column, text))
        number += 1
    if columns >= len(last) + 6:
        labels.append((columns - len(last), last))
    return labels


def draw_time_axis(
    canvas: Canvas,
    x: int,
    y: int,
    columns: int,
    total_s: float,
    measured_from_s: float | None,
    from_s: float = 0.0,
) -> None:
    """The row under a chart; its line is dashed as long as nothing is judged."""
    warm = 0 if measured_from_s is None else round(columns * measured_from_s / total_s)
    labels = time_labels(total_s, columns, from_s)
    taken = {column for start, text in labels for column in range(start - 1, start + len(text) + 1)}
    for column in range(columns):
        if column not in taken:
            canvas.put(x + column, y, "╌" if column < warm else "─", Ink.LINE)
    for start, text in labels:
        canvas.put(x + start, y, text, Ink.FAINT)
