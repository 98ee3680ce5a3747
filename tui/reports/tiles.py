"""The large figures at the head of a run's page."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core import format as text
from tui.core.model import RunView
from tui.core.stress.view import PartView
from tui.reports import limit_words
from tui.reports.camera_page import camera_tiles
from tui.reports.e2e_page import workflow_tiles
from tui.reports.search_page import search_tiles
from tui.reports.storage_page import storage_tiles
from tui.reports.stress_tiles import stress_tiles
from tui.reports.tile import Tile


def tiles_of(view: RunView) -> tuple[Tile, ...]:
    """Those of a search, of the load, the stress and the cameras, as far as there was any."""
    limits = {state.limit.metric: limit_words.bound(state) for state in view.thresholds}
    loads = () if view.facts.scenario.load is None else _load_tiles(view, limits)
    under = _under_stress(view)
    if loads and under is not None:
        loads = _tiles_under_stress(view, under, limits)
    levels = () if view.search is None else tuple(search_tiles(view.search))
    return (
        *levels,
        *loads,
        *(stress_tiles(view.stress, limits) if view.stress is not None else ()),
        *(camera_tiles(view) if view.cameras else ()),
        *storage_tiles(view),
        *workflow_tiles(view),
    )


def _under_stress(view: RunView) -> PartView | None:
    """The stress itself, of which limits of requests are; None where there is none (yet)."""
    parts = view.stress.parts if view.stress is not None else ()
    return next((part for part in parts if part.part == "stress"), None)


def _tiles_under_stress(
    view: RunView, part: PartView, limits: Mapping[str, str]
) -> tuple[Tile, ...]:
    """The same of the stress alone, so that each figure is what its limit judges."""
    judged = {state.limit.metric: state.observed for state in view.thresholds}

    def under(metric: str) -> str:
        return f"limit {limits[metric]}" if metric in limits else "no limit"

    def figure(metric: str, told: float | None) -> float | None:
        return judged.get(metric, told)

    errors = figure("error_rate", part.error_rate)
    total = view.total
    return (
        Tile("p50 under stress", text.ms(figure("p50_ms", part.p50_ms)), "ms", under("p50_ms")),
        Tile("p95 under stress", text.ms(figure("p95_ms", part.p95_ms)), "ms", under("p95_ms")),
        Tile("p99 under stress", text.ms(figure("p99_ms", part.p99_ms)), "ms", under("p99_ms")),
        Tile("errors under stress", text.percent(errors), "%", under("error_rate")),
        Tile("throughput under it", text.rate(figure("rps", part.rps)), "rps", under("rps")),
        Tile(
            "requests in all",
            text.count(total.requests),
            "",
            f"{text.count(total.failures)} failed",
        ),
    )


def _load_tiles(view: RunView, limits: Mapping[str, str]) -> tuple[Tile, ...]:
    """Latencies, errors, throughput and requests, each with its limit where that is the run's."""
    total, latency = view.total, view.total.latency

    def under(metric: str) -> str:
        if metric not in limits:
            return "no limit"
        # The figure is the whole run's: beside a level's limit it would look judged.
        if view.search is not None:
            return "judged by level"
        is_staged = view.facts.scenario.judges_stages
        return "judged by stage" if is_staged else f"limit {limits[metric]}"

    offered = f"offered {text.rate(view.offered_rps)}" if view.offered_rps else ""
    throughput = under("rps") if "rps" in limits or not offered else offered
    failed = text.percent(total.error_rate) if total.requests else text.NOTHING
    return (
        Tile("p50", text.ms(latency.p50), "ms", "half are quicker"),
        Tile("p95", text.ms(latency.p95), "ms", under("p95_ms")),
        Tile("p99", text.ms(latency.p99), "ms", under("p99_ms")),
        Tile("errors", failed, "%", under("error_rate")),
        Tile("throughput", text.rate(total.rps), "rps", throughput),
        Tile("requests", text.count(total.requests), "", f"{text.count(total.failures)} failed"),
    )
