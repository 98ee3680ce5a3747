"""Limits as one line: judged figure, share used, limit."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece, clean, width_of
from tui.console.glyphs import sign
from tui.console.theme import Ink
from tui.console.widgets.gauge import fill_ink, gauge
from tui.core.format import metric, metric_label, metric_limit, metric_unit
from tui.core.limits import Limit, LimitState
from tui.core.scenario import Scenario
from tui.core.validity import Validity

Item = list[Piece]
_SHORT = {"p95_ratio": "p95 ratio", "rps_ratio": "rps ratio"}
"""Metrics whose name is too long for a row of limits."""


def line_width(pieces: Sequence[Piece]) -> int:
    """Cells that these pieces take."""
    return sum(width_of(clean(piece[0])) for piece in pieces)


def bare_limit(limit: Limit) -> str:
    """The limit's figure: `2 000`, `10`."""
    text = metric_limit(limit.metric, limit.value)
    return text.removesuffix(".0").removesuffix(".00")


def operator_sign(limit: Limit) -> str:
    """`<`, `≤`, `>` or `≥`."""
    return limit.operator.replace("<=", "≤").replace(">=", "≥")


def wanted(limit: Limit, *, tight: bool = False) -> list[Piece]:
    """A limit that nothing was measured against yet: `p95 < 2 000 ms`."""
    gap = "" if tight else " "
    unit = "" if tight and limit.metric.endswith("_ms") else metric_unit(limit.metric)
    text = f"{operator_sign(limit)}{gap}{bare_limit(limit)}{unit and ' ' + unit}"
    return [(f"{_label(limit)} ", Ink.MUTE), (text, Ink.TEXT)]


def all_wanted(scenario: Scenario, *, tight: bool = False) -> list[list[Piece]]:
    """All that it must keep to, a failed step or test of a workflow first."""
    items = [wanted(limit, tight=tight) for limit in scenario.thresholds]
    if scenario.workflow is None:
        return items
    what = "test" if scenario.workflow.tests else "step"
    return [[("no ", Ink.MUTE), (f"{what} fails", Ink.TEXT)], *items]


def _label(limit: Limit) -> str:
    return _SHORT.get(limit.metric, metric_label(limit.metric))


def _figure(state: LimitState) -> str:
    if state.limit.metric == "recovery_s" and state.observed is None and state.passed is False:
        return "never"
    return metric(state.limit.metric, state.observed, state.limit.value)


def _item(state: LimitState, form: str, cells: int = 6) -> Item:
    limit = state.limit
    glyph, ink = sign(state.passed)
    figure_ink = Ink.FAIL if state.passed is False else Ink.TEXT
    label = _label(limit)
    if form in ("tight", "bare") and label == "errors":
        label = "err"
    unit = metric_unit(limit.metric)
    pieces: Item = [
        (f"{glyph} ", ink, True),
        (f"{label} ", Ink.MUTE),
        (f"{_figure(state)} ", figure_ink, True),
    ]
    if form == "bare":
        return [*pieces[:2], (_figure(state), figure_ink, True)]
    if form == "gauge":
        used = state.used or 0.0
        pieces += gauge(cells, used, fill_ink(used))
        return [*pieces, (f" {bare_limit(limit)}{unit and ' ' + unit}", Ink.MUTE)]
    operator = operator_sign(limit) + ("" if form == "tight" else " ")
    if form == "tight" and unit == "ms":
        unit = ""
    return [*pieces, (f"{operator}{bare_limit(limit)}{unit and ' ' + unit}", Ink.MUTE)]


def validity_item(validity: Validity) -> Item:
    """Whether the measurement itself can be trusted."""
    if validity.valid is None:
        return [("· validity", Ink.MUTE)]
    if validity.valid:
        return [("✓ ", Ink.PASS, True), ("valid", Ink.MUTE)]
    return [("? not valid", Ink.INVALID, True)]


def broken_first(states: Sequence[LimitState]) -> list[LimitState]:
    """Those that are broken before those that hold, else as written."""
    return sorted(states, key=lambda state: state.passed is not False)


def limits_line(
    states: Sequence[LimitState], validity: Validity | None, width: int, *, gauges: bool = True
) -> list[Piece]:
    """Every limit and the validity, in the roomiest form that fits; None: there is none to tell."""
    valid = [validity_item(validity)] if validity is not None else []
    for cells in (18, 12) if gauges else ():
        items = [*(_item(state, "gauge", cells) for state in states), *valid]
        if sum(map(line_width, items)) + 4 * (len(items) - 1) <= width:
            return _joined(items, 4)
    for form, gap in (("gauge", 4), ("gauge", 3), ("words", 4), ("words", 3), ("tight", 2)):
        if form == "gauge" and not gauges:
            continue
        items = [*(_item(state, form) for state in states), *valid]
        if sum(map(line_width, items)) + gap * (len(items) - 1) <= width:
            return _joined(items, gap)
    return _shortened(states, valid, width)


def _shortened(states: Sequence[LimitState], valid: list[Item], width: int) -> list[Piece]:
    """As many limits as fit: first the later ones lose their limit's figure, then themselves."""
    for kept in range(len(states) - 1, -1, -1):
        full = [_item(state, "tight") for state in states[:kept]]
        line = _joined([*full, *(_item(state, "bare") for state in states[kept:]), *valid], 2)
        if line_width(line) <= width:
            return line
    items = [_item(state, "bare") for state in states]
    for kept in range(len(items), -1, -1):
        dropped = len(items) - kept
        more: Item = [(f"+{dropped} more", Ink.MUTE)]
        line = _joined([*items[:kept], more, *valid] if dropped else [*items, *valid], 2)
        if line_width(line) <= width:
            return line
    return _joined(valid, 2)


def _joined(items: Sequence[Item], gap: int) -> list[Piece]:
    pieces: list[Piece] = []
    for number, item in enumerate(items):
        if number:
            pieces.append((" " * gap, Ink.MUTE))
        pieces += item
    return pieces
