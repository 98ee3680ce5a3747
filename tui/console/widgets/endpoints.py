"""Counts and latencies of each endpoint in the measured phase."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, Piece, clean, width_of
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.plot import table_foot
from tui.core.format import count, ms, rate
from tui.core.model import Figures, Latency, RunView

_LEAST = {"req": 3, "rps": 3, "fail": 4, "min": 3, "p50": 3, "p95": 3, "p99": 3, "max": 3}
"""Columns and their widths, unless a figure needs more."""
_GAPS = (4, 3, 2, 1)
_KEYS = (
    # Three more in a wide window, as long as they don't crowd the others.
    (tuple(_LEAST), (4,)),
    (("req", "fail", "p50", "p95", "p99"), _GAPS),
    (("req", "fail", "p95", "p99"), _GAPS),
)
Columns = Sequence[tuple[str, int]]


def draw_endpoints(canvas: Canvas, scene: Scene) -> None:
    """The table, its sum always in sight."""
    run = scene.run
    focused = scene.panel == "endpoints" and not scene.is_narrow
    sums = 2 if run and run.total.service else 1
    rows = max(canvas.height - 2 - sums, 0)
    endpoints = run.endpoints if run else ()
    hidden = max(len(endpoints) - rows, 0)
    start = min(scene.scrolled("endpoints"), hidden)
    foot = _foot([*endpoints[:start], *endpoints[start + rows :]])
    foot = table_foot(scene, foot)
    title = ("endpoints", Ink.ACCENT if focused else Ink.MUTE, focused)
    canvas.frame([title], foot, focused=focused)
    if run is None or not run.endpoints:
        text = "nothing measured yet"
        if run is not None and run.phase == "warm-up":
            text = f"{count(run.unmeasured_requests)} requests in warm-up, not counted here"
        canvas.pieces(2, 1, [(text, Ink.FAINT)], end=canvas.width - 1)
        return
    method = max(len(figures.method) for figures in run.endpoints)
    columns = columns_for(run, canvas.width - 5 - method)
    _draw_head(canvas, columns)
    shown = endpoints[start : start + rows]
    for y, figures in enumerate(shown, 1):
        _draw_row(canvas, y, figures, columns, method)
    _draw_sum(canvas, 1 + len(shown), run, columns)


def columns_for(run: RunView, room: int) -> Columns:
    """The columns that leave the names readable, the roomiest that do."""
    name = max(width_of(clean(figures.name)) for figures in run.endpoints)
    rows = [_texts(figures) for figures in (*run.endpoints, run.total)]
    widths = {
        key: max(least, *(width_of(row[key]) for row in rows)) for key, least in _LEAST.items()
    }
    columns: Columns = ()
    for keys, gaps in _KEYS:
        for gap in gaps:
            columns = [(key, widths[key] + gap) for key in keys]
            if sum(width for _, width in columns) + name <= room:
                return columns
    return columns


def _texts(figures: Figures) -> dict[str, str]:
    latency = figures.latency
    return {
        "req": count(figures.requests),
        "rps": rate(figures.rps),
        "fail": count(figures.failures),
        "min": ms(latency.min),
        "p50": ms(latency.p50),
        "p95": ms(latency.p95),
        "p99": ms(latency.p99),
        "max": ms(latency.max),
    }


def _foot(unseen: Sequence[Figures]) -> list[Piece]:
    """How many endpoints have no room, and how many requests failed on them."""
    if not unseen:
        return []
    foot: list[Piece] = [(f"{len(unseen)} more", Ink.FAINT)]
    failures = sum(figures.failures for figures in unseen)
    if failures:
        foot += [(", ", Ink.FAINT), (f"{count(failures)} failed", Ink.FAIL, True)]
    return foot


def _draw_head(canvas: Canvas, columns: Columns) -> None:
    """In the border: a row more for the endpoints."""
    end = canvas.width - 2
    for name, width in reversed(columns):
        canvas.right(end + 1, 0, f" {name} ", Ink.MUTE)
        end -= width


def _draw_row(canvas: Canvas, y: int, figures: Figures, columns: Columns, method: int) -> None:
    end = _draw_figures(canvas, y, figures, columns, Ink.P95)
    canvas.put(2, y, figures.method, Ink.MUTE, end=end)
    canvas.pieces(3 + method, y, [(figures.name, Ink.TEXT)], end=end)


def _draw_sum(canvas: Canvas, y: int, run: RunView, columns: Columns) -> None:
    broken = any(
        state.passed is False and state.limit.metric == "p95_ms" for state in run.thresholds
    )
    _draw_figures(canvas, y, run.total, columns, Ink.FAIL if broken else Ink.P95)
    canvas.put(2, y, "all", Ink.TEXT, True)
    if run.total.service is not None and y + 1 < canvas.height - 1:
        _draw_service(canvas, y + 1, run.total.service, columns)


def _draw_service(canvas: Canvas, y: int, service: Latency, columns: Columns) -> None:
    """Open model: the same from the moment of the actual send, without the wait before it."""
    texts = {"p50": ms(service.p50), "p95": ms(service.p95), "p99": ms(service.p99)}
    end = canvas.width - 2
    for key, width in reversed(columns):
        canvas.right(end, y, texts.get(key, ""), Ink.MUTE)
        end -= width
    canvas.pieces(2, y, [("from the send", Ink.MUTE)], end=end)


def _draw_figures(canvas: Canvas, y: int, figures: Figures, columns: Columns, p95: Ink) -> int:
    texts = _texts(figures)
    failed = figures.failures > 0
    looks = {"fail": (Ink.FAIL if failed else Ink.FAINT, failed), "p95": (p95, True)}
    end = canvas.width - 2
    for key, width in reversed(columns):
        ink, bold = looks.get(key, (Ink.TEXT, False))
        canvas.right(end, y, texts[key], ink, bold)
        end -= width
    return end
