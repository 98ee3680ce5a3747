"""The figures of a camera as rows: each with how it stands, and its limit where there is room."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.glyphs import LEVEL, NOTHING
from tui.console.theme import Ink
from tui.console.widgets.gauge import bar_of
from tui.console.widgets.limits import line_width
from tui.core.camera.grade import figure_of
from tui.core.camera.measures import Quality
from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.camera.metrics import limit_text
from tui.core.camera.view import CameraFinding, CameraView
from tui.core.format import NOTHING as NO_FIGURE
from tui.core.format import count, fixed

Row = list[Piece]
_LABEL, _FIGURE = 11, 7
_BARS = "▁▂▃▄▅▆▇█"
_SHARP = 0.8
"""A part with so much of the best one's focus is as sharp as that."""
_CLIPPED = 1.0
"""Percent of clipped pixels from which on an end of the exposure line is marked."""


def measure_rows(view: CameraView, width: int) -> list[Row]:
    """What was measured, the weightiest first."""
    quality = view.quality
    rows = [
        _rate_row(view, width),
        _figure_row(view, "brightness", width),
        _clipped_row(view, quality, width),
        exposure_row(quality, width),
        *tile_rows(quality),
        _figure_row(view, "contrast", width),
        _figure_row(view, "noise", width),
        _interval_row(view, width),
        _dropped_row(view, width),
        _first_row(view, width),
    ]
    if view.bitrate_kbps:
        rows.append(_bitrate_row(view, width))
    rows += _age_rows(view, width)
    return [*rows, *_compared_rows(view, width)]


def finding_pieces(finding: CameraFinding) -> list[Row]:
    """What is wrong, and what to do about it: a line each, not wrapped yet."""
    glyph, ink = LEVEL[finding.level]
    rows: list[Row] = [[(f"{glyph} {finding.what}", ink)]]
    return [*rows, [(f"next: {finding.next}", Ink.TEXT)]] if finding.next else rows


def sign_of(view: CameraView, metric: str) -> tuple[str, Ink]:
    """How a figure stands: its limits first, then its goals; a dot where nothing judges it."""
    limits = [state.passed for state in view.limits if state.limit.metric == metric]
    goals = [state.passed for state in view.goals if state.limit.metric == metric]
    if False in limits:
        return LEVEL["fail"]
    if False in goals:
        return LEVEL["warn"]
    return LEVEL["ok"] if True in (*limits, *goals) else (NOTHING, Ink.MUTE)


def limit_words(view: CameraView, metric: str) -> str:
    """`< 5 %`, `20 to 235`; empty where nothing limits it."""
    limits = [state.limit for state in view.limits if state.limit.metric == metric]
    limits = limits or [state.limit for state in view.goals if state.limit.metric == metric]
    if len(limits) == 2:
        low, high = sorted(limit.value for limit in limits)
        return f"{low:g} to {high:g}"
    return limit_text(limits[0]) if limits else ""


def exposure_row(quality: Quality | None, width: int) -> Row:
    """Luma from black to white: where the middle 98 % of the pixels lie, and their median."""
    label: Piece = (f"  {'exposure'.ljust(_LABEL)}", Ink.MUTE)
    room = width - line_width([label]) - 2
    if quality is None or room < 10:
        return [label]
    low, middle, high = (
        min(max(int(value / 256 * room), 0), room - 1)
        for value in (quality.p1, quality.p50, quality.p99)
    )
    line = ["·"] * room
    line[low : high + 1] = "─" * (high + 1 - low)
    text = "".join(line)
    dark, bright = (
        share >= _CLIPPED
        for share in (quality.clipped_dark_percent, quality.clipped_bright_percent)
    )
    left: Piece = ("◂", Ink.FAIL, True) if dark else ("▏", Ink.FAINT)
    right: Piece = ("▸", Ink.FAIL, True) if bright else ("▕", Ink.FAINT)
    return [
        label,
        left,
        (text[:low], Ink.FAINT),
        (text[low:middle], Ink.P50),
        ("┃", Ink.TEXT, True),
        (text[middle + 1 : high + 1], Ink.P50),
        (text[max(high, middle) + 1 :], Ink.FAINT),
        right,
    ]


def tile_rows(quality: Quality | None) -> list[Row]:
    """Focus of nine parts of the picture, each against the sharpest of them."""
    label = "focus parts".ljust(_LABEL + 2)
    if quality is None or not quality.tiles or quality.is_uniform or quality.is_black:
        return [[(f"  {label}{NO_FIGURE}", Ink.MUTE)]]
    best = max(quality.tiles) or 1.0
    shares = [max(tile, 0.0) / best for tile in quality.tiles]
    rows: list[Row] = []
    for number in range(0, len(shares), 3):
        row: Row = [(f"  {label if number == 0 else ' ' * len(label)}", Ink.MUTE)]
        for share in shares[number : number + 3]:
            ink = Ink.TEXT if share >= _SHARP else Ink.MUTE
            row += [(bar_of(share, _BARS), Ink.P50), (f"{share * 100:4.0f}", ink, share == 1)]
            row.append((" ", ink))
        rows.append(row[:-1])
    return rows


def _row(
    view: CameraView, metric: str, label: str, figure: str, unit: str, width: int, more: str = ""
) -> Row:
    """Sign, label, figure and unit; then what else there is, or the limit, at the right."""
    glyph, ink = sign_of(view, metric)
    row: Row = [
        (f"{glyph} ", ink, True),
        (label.ljust(_LABEL), Ink.MUTE),
        (figure.rjust(_FIGURE), Ink.TEXT, True),
        (f" {unit}" if unit else "", Ink.MUTE),
    ]
    used = line_width(row)
    for text in (more, limit_words(view, metric)):
        if text and used + len(text) + 2 <= width:
            return [*row, (text.rjust(width - used), Ink.FAINT)]
    return row


def _figure_row(view: CameraView, metric: str, width: int) -> Row:
    known = CAMERA_METRICS[metric]
    figure = _figure(figure_of(metric, view), known.decimals)
    return _row(view, metric, known.label, figure, known.unit, width)


def _rate_row(view: CameraView, width: int) -> Row:
    nominal = "" if view.nominal_fps is None else f"/ {view.nominal_fps:.3g} "
    now = "" if view.fps_now is None else f"now {fixed(view.fps_now, 1)}"
    return _row(view, "fps_ratio", "rate", _figure(view.fps, 1), f"{nominal}fps", width, now)


def _interval_row(view: CameraView, width: int) -> Row:
    middle = "" if view.interval_p50_ms is None else f"p50 {fixed(view.interval_p50_ms)}"
    figure = _figure(view.interval_p95_ms)
    return _row(view, "interval_ratio", "interval", figure, "ms p95", width, middle)


def _dropped_row(view: CameraView, width: int) -> Row:
    if view.dropped is None:
        why = "can't be told" if view.opened is not None else ""
        return _row(view, "drop_rate", "dropped", NO_FIGURE, why, width)
    gap = f"longest gap {view.longest_gap}" if view.longest_gap else ""
    of = f"of {count(view.frames + view.dropped)}"
    return _row(view, "drop_rate", "dropped", count(view.dropped), of, width, gap)


def _first_row(view: CameraView, width: int) -> Row:
    first = view.opened.first_frame_ms if view.opened is not None else None
    return _row(view, "first_frame_ms", "first frame", _figure(first), "ms", width)


def _bitrate_row(view: CameraView, width: int) -> Row:
    keys = "" if view.keyframe_distance is None else f"key every {view.keyframe_distance}"
    figure = _figure(view.bitrate_kbps)
    return _row(view, "bitrate_kbps", "bitrate", figure, "kbit/s", width, keys)


def _clipped_row(view: CameraView, quality: Quality | None, width: int) -> Row:
    if quality is None:
        return _row(view, "clipped_percent", "clipped", NO_FIGURE, "%", width)
    dark, bright = quality.clipped_dark_percent, quality.clipped_bright_percent
    end = "dark" if dark >= bright else "bright"
    worse = fixed(max(dark, bright), 1)
    return _row(view, "clipped_percent", "clipped", worse, f"% {end}", width)


def _age_rows(view: CameraView, width: int) -> list[Row]:
    if view.age_ms is not None:
        return [_row(view, "age_ms", "age", _figure(view.age_ms), "ms", width)]
    if view.behind_ms is not None:
        return [_row(view, "age_ms", "behind", _figure(view.behind_ms), "ms", width)]
    return []


def _compared_rows(view: CameraView, width: int) -> list[Row]:
    compared = view.compared
    if compared is None:
        return []
    rows = []
    if compared.focus_percent is not None:
        figure = _figure(compared.focus_percent)
        rows.append(_row(view, "focus_percent", "focus", figure, "% of reference", width))
    across, down = compared.moved_right_percent, compared.moved_down_percent
    if across is None or down is None:
        rows.append(_row(view, "moved_percent", "aim", NO_FIGURE, "not found again", width))
    else:
        sides = f"% right, {fixed(down, 1)} % down"
        rows.append(_row(view, "moved_percent", "aim moved", fixed(across, 1), sides, width))
    return rows


def _figure(value: float | None, decimals: int = 0) -> str:
    return NO_FIGURE if value is None else fixed(value, decimals)
