"""The two small drawings of a page: how latencies are spread, and how a service scales."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING

from tui.core import format as text
from tui.core.histogram import bucket_floor_ms
from tui.core.limits import LimitState
from tui.core.model import StageView
from tui.core.tally import Tally
from tui.reports.scale import Scale, line_path, round_up

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, HEIGHT = 560, 196
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 36, 174
LABEL_WIDTH = 26
SCALING_RIGHT = WIDTH - 64
"""Beside it stands what the axis counts."""
BARS = 48
DECADE = (1, 2, 5)
NAMES = ("p50", "p95", "p99")


def distribution_svg(total: Tally, thresholds: Sequence[LimitState]) -> Markup | None:
    """Requests by latency on a logarithmic axis; None where nothing was timed."""
    if not total.timed:
        return None
    low, high = max(total.min_ms, 0.05), max(total.max_ms, 0.06)
    axis = Scale(log10(low) - 0.02, log10(high) + 0.02, LEFT, WIDTH - RIGHT)
    bars = _bars(total, axis)
    height = Scale(0.0, max(bars), BOTTOM, TOP)
    width = (WIDTH - RIGHT - LEFT) / BARS
    parts = [
        f'<rect class="bars" x="{LEFT + number * width:.1f}" y="{height.place(count):g}" '
        f'width="{width - 1:.1f}" height="{BOTTOM - height.place(count):.1f}"/>'
        for number, count in enumerate(bars)
        if count
    ]
    parts.append(floor_line())
    parts += [
        f'<text class="mid" x="{axis.place(log10(tick)):g}" y="{BOTTOM + 15}">'
        f"{text.ms(tick)}</text>"
        for tick in _round_latencies(low, high)
    ]
    parts += _percentile_lines(total, axis)
    parts += [
        f'<line class="limit" x1="{axis.place(log10(state.limit.value)):g}" '
        f'x2="{axis.place(log10(state.limit.value)):g}" y1="{TOP}" y2="{BOTTOM}"/>'
        for state in thresholds
        if state.limit.metric == "p95_ms" and low < state.limit.value < high
    ]
    parts.append('<text x="0" y="12">requests by latency, ms (logarithmic)</text>')
    return svg(parts, "requests by latency")


def scaling_svg(stages: Sequence[StageView]) -> Markup | None:
    """Throughput and p95 by users; None with fewer than two different levels."""
    done = sorted(
        (stage for stage in stages if stage.figures.requests and stage.users),
        key=lambda stage: stage.users,
    )
    if len({stage.users for stage in done}) < 2:
        return None
    users = Scale(0.0, round_up(done[-1].users), LEFT, SCALING_RIGHT)
    rps = Scale(0.0, round_up(max(stage.figures.rps for stage in done)), BOTTOM, TOP)
    p95 = Scale(0.0, round_up(max(stage.figures.latency.p95 or 0.0 for stage in done)), BOTTOM, TOP)
    by_rps = [(users.place(s.users), rps.place(s.figures.rps)) for s in done]
    by_p95 = [(users.place(s.users), p95.place(s.figures.latency.p95 or 0.0)) for s in done]
    parts = [
        floor_line(SCALING_RIGHT),
        f'<text x="0" y="12">requests/s, to {text.rate(rps.high)}</text>',
        f'<text class="end" x="{WIDTH}" y="12">p95 ms, to {text.ms(p95.high)}</text>',
        f'<path class="line g1" d="{line_path(by_rps)}"/>',
        f'<path class="line g0" d="{line_path(by_p95)}"/>',
    ]
    for ink, places in (("g1", by_rps), ("g0", by_p95)):
        parts += [f'<circle class="{ink}" cx="{x:g}" cy="{y:g}" r="2.5"/>' for x, y in places]
    last = float("-inf")
    for stage, (x, _) in zip(done, by_rps, strict=True):
        if x - last >= 30:
            parts.append(f'<text class="mid" x="{x:g}" y="{BOTTOM + 15}">{stage.users}</text>')
            last = x
    parts.append(f'<text class="end" x="{WIDTH}" y="{BOTTOM + 15}">users</text>')
    return svg(parts, "throughput and p95 by users")


def _bars(total: Tally, axis: Scale) -> list[float]:
    """Requests in each bar; a bucket of the histogram is spread over the bars that it touches."""
    bars = [0.0] * BARS
    factor = BARS / (axis.high - axis.low)
    for bucket, held in total.buckets.items():
        start = (log10(max(bucket_floor_ms(bucket), 0.05)) - axis.low) * factor
        end = (log10(bucket_floor_ms(bucket + 1)) - axis.low) * factor
        first, last = (min(max(int(edge), 0), BARS - 1) for edge in (start, end))
        for number in range(first, last + 1):
            inside = min(end, number + 1) - max(start, number)
            share = inside / (end - start) if last > first else 1.0
            bars[number] += held * min(max(share, 0.0), 1.0)
    return bars


def _percentile_lines(total: Tally, axis: Scale) -> list[str]:
    found = total.percentiles_ms((0.50, 0.95, 0.99))
    places = [axis.place(log10(max(value or 0.05, 0.05))) for value in found]
    parts, free_from = [], float("-inf")
    for number, (name, ink, x) in enumerate(zip(NAMES, ("g1", "p95", "p99"), places, strict=True)):
        # Names that would cover each other move apart, and none leaves the picture.
        at = min(max(x, free_from), WIDTH - LABEL_WIDTH * (len(NAMES) - number - 0.5))
        free_from = at + LABEL_WIDTH
        parts.append(
            f'<line class="{ink}" x1="{x:g}" x2="{x:g}" y1="{TOP}" y2="{BOTTOM}"/>'
            f'<text class="mid" x="{at:g}" y="{TOP - 3}">{name}</text>'
        )
    return parts


def _round_latencies(low: float, high: float) -> list[float]:
    steps = [step * 10.0**power for power in range(-2, 7) for step in DECADE]
    inside = [step for step in steps if low <= step <= high]
    return inside if len(inside) <= 9 else [step for step in inside if log10(step) % 1 < 1e-6]


def floor_line(right: float = WIDTH - RIGHT) -> str:
    """The axis that the curves stand on."""
    return f'<line class="base" x1="{LEFT}" x2="{right:g}" y1="{BOTTOM}" y2="{BOTTOM}"/>'


def svg(parts: Sequence[str], label: str) -> Markup:
    """The drawing of these parts; `label` says what it is to those who can't see it."""
    # Nothing in the parts comes from a target: figures, and words of this file.
    from markupsafe import Markup

    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return Markup(f'<svg {box} role="img" aria-label="{label}">{"".join(parts)}</svg>')
