"""The charts of the board and of the service: a panel for each family of gauges that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui.core import format as text
from tui.core.board_series import BoardSeries
from tui.core.gauges import label_of
from tui.core.rails import WHOLE
from tui.core.telemetry import GaugeStats
from tui.reports.clean import shortened, visible
from tui.reports.gauge_words import REPLAY
from tui.reports.panel import OFF_SCALE, Curve, Line, Panel, Place, ticks_of
from tui.reports.scale import Scale, line_path, round_range, round_up

MAX_CURVES = 4
LONGEST_NAME = 24
SCALES = ("percent", "from zero", "around")

Maker = Callable[[float, float], Panel | None]


class Gauges(NamedTuple):
    """A family of gauges that share a panel."""

    title: str
    unit: str
    first: tuple[str, ...]
    """The well-known ones, in this order."""
    suffix: str = ""
    """Others that end so join them while there is room; empty: none do."""
    per_unit: float = 1.0
    scale: str = "around"
    """One of `SCALES`."""
    limit: str = ""
    """What the gauges' own limit is called; empty: it is not drawn."""


FAMILIES = (
    Gauges(
        "temperature",
        "°C",
        ("tj_c", "gpu_c", "cpu_c", "hottest_c"),
        suffix="_c",
        limit="passive trip",
    ),
    Gauges("board", "%", ("gpu_percent", "cpu_percent", "emc_percent"), scale="percent"),
    Gauges("clocks", "MHz", ("gpu_mhz", "cpu_mhz", "emc_mhz"), scale="from zero"),
    Gauges(
        "power",
        "W",
        tuple(f"{rail}_mw" for rail in WHOLE),
        suffix="_mw",
        per_unit=1000.0,
        limit="limit",
    ),
    Gauges("service CPU", "% of one core", ("service_cpu_percent",), scale="from zero"),
    Gauges("service memory", "MiB", ("service_rss_mb", "service_pss_mb", "service_gpu_mb")),
)


def gauge_makers(telemetry: Sequence[GaugeStats], board: BoardSeries, time: Scale) -> list[Maker]:
    """What makes a panel between two heights, or none where nothing of it was read."""
    stats = {gauge.name: gauge for gauge in telemetry}
    return [_maker(family, stats, board, time) for family in FAMILIES]


def _maker(family: Gauges, stats: dict[str, GaugeStats], board: BoardSeries, time: Scale) -> Maker:
    def make(top: float, bottom: float) -> Panel | None:
        names = _names(family, board.names)
        values = [
            point.gauges[name].mean / family.per_unit
            for point in board.points
            for name in names
            if name in point.gauges
        ]
        if not names or not values:
            return None
        limit = _limit(family, [stats[name] for name in names if name in stats])
        drawn = limit if limit and _is_near(limit[0], values) else None
        scale = _scale(family, [*values, *([drawn[0]] if drawn else [])], bottom, top)
        curves = tuple(
            Curve("line", f"g{number}", line_path(_places(board, name, family, time, scale)), label)
            for number, (name, label) in enumerate((name, _label(name)) for name in names)
        )
        is_replayed = any(board.sources[name] == REPLAY for name in names)
        return Panel(
            title=family.title,
            unit=f"{family.unit}, replayed" if is_replayed else family.unit,
            top=top,
            bottom=bottom,
            ticks=ticks_of(scale, 2, _tick),
            curves=curves,
            lines=(Line(scale.place(drawn[0]), drawn[1]),) if drawn else (),
            beyond=f"↑ {limit[1]}" if limit and not drawn else "",
        )

    return make


def _names(family: Gauges, names: Sequence[str]) -> list[str]:
    known = [name for name in family.first if name in names]
    if "tj_c" in known and "hottest_c" in known:
        # The junction is the hottest of all: one curve twice.
        known.remove("hottest_c")
    rest = [
        name
        for name in names
        if family.suffix and name.endswith(family.suffix) and name not in family.first
    ]
    return [*known, *rest][:MAX_CURVES]


def _limit(family: Gauges, stats: Sequence[GaugeStats]) -> tuple[float, str] | None:
    """The limit of the gauge that came nearest to its own, and how it is called."""
    known = [(gauge.limit - gauge.max, gauge) for gauge in stats if gauge.limit is not None]
    if not known or not family.limit:
        return None
    _, nearest = min(known, key=lambda pair: pair[0])
    assert nearest.limit is not None
    value = nearest.limit / family.per_unit
    return value, f"{_label(nearest.name)} {family.limit} {text.fixed(value)} {family.unit}"


def _is_near(limit: float, values: Sequence[float]) -> bool:
    return limit <= OFF_SCALE * max(values)


def _scale(family: Gauges, values: Sequence[float], bottom: float, top: float) -> Scale:
    match family.scale:
        case "percent":
            ends = (0.0, 100.0)
        case "from zero":
            ends = (0.0, round_up(max(values)))
        case _:
            ends = round_range(min(values), max(values))
    return Scale(*ends, bottom, top)


def _label(name: str) -> str:
    return shortened(visible(label_of(name)), LONGEST_NAME)


def _places(
    board: BoardSeries, name: str, family: Gauges, time: Scale, scale: Scale
) -> Iterable[Place]:
    for point in board.points:
        spread = point.gauges.get(name)
        middle_s = point.start_s + point.width_s / 2
        yield (
            None
            if spread is None
            else (time.place(middle_s), scale.place(spread.mean / family.per_unit))
        )


def _tick(value: float) -> str:
    return text.fixed(value, 1 if value % 1 else 0)
