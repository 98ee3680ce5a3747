"""What came of a stress in lines: health, the way back, faults, limits found, its price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.console.cells import Piece, crop
from tui.console.theme import Ink
from tui.console.widgets.detail import flowed
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.core.format import clock, count, counted, duration, fixed, ms, two_decimals
from tui.core.model import RunView
from tui.core.stress.unheard import NOT_HEARD
from tui.core.stress.view import (
    Change,
    FaultView,
    FoundLimit,
    HealthView,
    Left,
    Price,
    Recovery,
    StressView,
)
from tui.core.stress.way import WAY

Row = list[Piece]
_METRICS = {"p95_ms": "p95", "rps": "rps", "health_p95_ms": "health p95"}


def stress_lines(run: RunView, view: StressView, width: int) -> list[Row]:
    """What matters now first: while it burns health and faults, at the end what it did."""
    changes, price = (
        flowed(change_items(view.changes), width),
        flowed(price_items(view.price), width),
    )
    holding = [row for each in view.faults if _matters(each) for row in _fault(view, each, width)]
    undone = [each for each in view.faults[::-1] if not _matters(each)]
    rest = [row for each in undone for row in _fault(view, each, width)]
    limits = flowed([_limit(limit) for limit in view.limits], width)
    back = _recovery(run, view.recovery, width) if view.recovery is not None else []
    left = [_left(each) for each in view.left if not each.is_back]
    health = _health(view, width)
    if run.is_over:
        return [*holding, *left, *changes, *back, *health, *limits, *price, *rest]
    return [*holding, *back, *left, *health, *changes, *limits, *rest, *price]


def _health(view: StressView, width: int) -> list[Row]:
    health = view.health
    if not health.probes:
        return []
    row: Row = [("health ", Ink.MUTE)]
    if health.gone_since_s is not None and health.answered:
        row.append((f"no answer since {clock(health.gone_since_s)}", Ink.FAIL, True))
    elif health.answered:
        row += [(f"{ms(health.ms)} ms", Ink.TEXT, True), (f"  p95 {ms(health.p95_ms)}", Ink.MUTE)]
    else:
        row.append(("never answered", Ink.FAIL, True))
    row += [("  outage ", Ink.MUTE), *outage(health)]
    checks: Piece = (f" of {count(health.probes)} checks", Ink.MUTE)
    if line_width([*row, checks]) <= width:
        row.append(checks)
    rows = [row]
    if health.detail and health.outages:
        at_s = health.outages[-1][0]
        text = f"last from {clock(at_s)}: {health.detail}"
        rows.append([("       ", Ink.MUTE), (crop(text, width - 7), Ink.MUTE)])
    return rows


def outage(health: HealthView) -> Row:
    """`0 s`, red from the first on."""
    text = f"{_seconds(health.outage_s)} s"
    return [(text, Ink.FAIL if health.outage_s else Ink.TEXT, True)]


def _recovery(run: RunView, recovery: Recovery, width: int) -> list[Row]:
    by = f"  by its {'requests' if recovery.by == 'load' else 'health check'}"
    if recovery.recovered_s is not None:
        text = f"recovered after {_seconds(recovery.recovered_s)} s"
        if recovery.first_bad_s is None and not recovery.recovered_s:
            text = "no recovery was needed"
        row: Row = [("✓ ", Ink.PASS, True), (text, Ink.TEXT, True), (by, Ink.MUTE)]
        if recovery.lost_requests:
            row.append((f", {counted(recovery.lost_requests, 'request')} lost", Ink.MUTE))
        return [row]
    if run.is_over and recovery.why:
        return _told(("? ", Ink.INVALID, True), f"recovery: {recovery.why}", width)
    watched = f"{_seconds(recovery.watched_s)} s"
    if run.is_over:
        text = f"not recovered in {watched}"
        return [[("✗ ", Ink.FAIL, True), (text, Ink.TEXT, True), (by, Ink.MUTE)]]
    return [[("· ", Ink.MUTE), ("recovered? ", Ink.MUTE), (f"not yet, {watched}", Ink.TEXT, True)]]


def _told(glyph: Piece, text: str, width: int) -> list[Row]:
    """A sentence in as many rows as it needs, three at most."""
    first, *rest = wrapped(text, width - 2)
    rows: list[Row] = [[glyph, (first, Ink.TEXT)]]
    rows += [[("  ", Ink.TEXT), (row, Ink.TEXT)] for row in rest]
    return rows


def _seconds(value: float) -> str:
    return fixed(value, 0 if value >= 10 or value == round(value) else 1)


def _matters(fault: FaultView) -> bool:
    """Whether it holds now, or could not be undone."""
    return fault.until_s is None or bool(fault.trouble)


def _fault(view: StressView, fault: FaultView, width: int) -> list[Row]:
    text = fault.text if fault.name == WAY else f"{fault.name}: {fault.text}"
    if fault.trouble:
        return _told(("✗ ", Ink.FAIL, True), f"{text} NOT undone: {fault.trouble}", width)
    if fault in view.unheard:
        return _told(("! ", Ink.WARN, True), f"{text}: its undo was {NOT_HEARD}", width)
    if fault.until_s is None:
        since: Piece = (f" since {clock(fault.from_s)}", Ink.MUTE)
        return [[("! ", Ink.WARN, True), (text, Ink.TEXT, True), since]]
    cause = f" by {fault.cause}" if fault.cause else ""
    when = f" {clock(fault.from_s)}–{clock(fault.until_s)}, undone{cause}"
    return [[("✓ ", Ink.PASS, True), (text, Ink.TEXT), (when, Ink.MUTE)]]


def _limit(limit: FoundLimit) -> Row:
    """`threads ≥ 4 096 (our own cap)`: more would have gone where only we stopped."""
    sign = "≥ " if limit.is_own_cap else ""
    unit = f" {limit.unit}" if limit.unit else ""
    row: Row = [
        (f"{limit.name} ", Ink.MUTE),
        (f"{sign}{count(limit.reached)}{unit}", Ink.TEXT, True),
    ]
    return [*row, (f" ({limit.by})", Ink.MUTE)] if limit.by else row


def _left(left: Left) -> Row:
    name = left.gauge.replace("_", " ")
    text = f"{left.before:g} before, {left.after:g} after"
    return [("✗ ", Ink.FAIL, True), (f"{name} not given back: ", Ink.TEXT, True), (text, Ink.MUTE)]


def change_items(changes: Sequence[Change]) -> list[Row]:
    """`p95 ×1.40 (1.20–1.70) under stress`, each an item."""
    return [list(_change(change)) for change in changes if change.part != "before"]


def _change(change: Change) -> Iterator[Piece]:
    yield f"{_METRICS[change.metric]} ", Ink.MUTE
    is_worse = change.ratio < 1 if change.metric == "rps" else change.ratio > 1
    # Only what the noise can't have done is worth a colour.
    is_sure = (
        change.low is not None and change.high is not None and not (change.low <= 1 <= change.high)
    )
    yield f"×{two_decimals(change.ratio)}", Ink.WARN if is_worse and is_sure else Ink.TEXT, True
    if change.low is not None and change.high is not None:
        yield f" ({two_decimals(change.low)}–{two_decimals(change.high)})", Ink.MUTE
    yield " under stress" if change.part == "stress" else " after", Ink.MUTE


def price_items(price: Price) -> list[Row]:
    """`peak 71.2 °C (+12)`, `12.3 kJ`, `0.50 GB written`, `least 1 200 MiB free`."""
    return [row for row in _prices(price) if row]


def _prices(price: Price) -> Iterator[Row]:
    if price.tj_max_c is not None:
        row: Row = [("peak ", Ink.MUTE), (f"{fixed(price.tj_max_c, 1)} °C", Ink.TEXT, True)]
        if price.tj_before_c is not None:
            row.append((f" ({price.tj_max_c - price.tj_before_c:+.1f})", Ink.MUTE))
        yield row
    if price.power_mean_mw is not None:
        yield [(f"{fixed(price.power_mean_mw / 1000, 1)} W", Ink.TEXT, True), (" mean", Ink.MUTE)]
    if price.energy_j is not None:
        yield [(_joules(price.energy_j), Ink.TEXT, True)]
    if price.written_bytes:
        yield [
            (f"{fixed(price.written_bytes / 1e9, 2)} GB", Ink.TEXT, True),
            (" written", Ink.MUTE),
        ]
    if price.throttled_s:
        yield [("throttled ", Ink.MUTE), (duration(round(price.throttled_s)), Ink.WARN, True)]
    if price.memory_least_mb is not None:
        yield [
            ("least memory ", Ink.MUTE),
            (f"{count(price.memory_least_mb)} MiB", Ink.TEXT, True),
        ]


def _joules(energy_j: float) -> str:
    return f"{fixed(energy_j / 1000, 1)} kJ" if energy_j >= 1000 else f"{count(energy_j)} J"
