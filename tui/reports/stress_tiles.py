"""The large figures of a stress at the head of a run's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.core import format as text
from tui.core.stress.levels import highest, is_stepped
from tui.core.stress.view import PartView, StressView
from tui.reports.stress_words import said, seconds
from tui.reports.tile import Tile


def stress_tiles(stress: StressView, limits: Mapping[str, str]) -> Iterator[Tile]:
    """What is known of level, health, outage, recovery, heat and power; `limits` by metric."""
    for burner in stress.burners[:1]:
        top = highest(burner) if is_stepped(burner) else None
        if top is not None:
            asked = f"asked {text.percent(top.asked)} %, the highest step"
            yield Tile(f"{said(burner.name)} reached", text.percent(top.reached), "%", asked)
        elif burner.mean_reached is not None:
            asked = f"asked {text.percent(burner.mean_asked)} %"
            yield Tile(
                f"{said(burner.name)} reached", text.percent(burner.mean_reached), "%", asked
            )
    parts = {part.part: part for part in stress.parts}
    under = parts.get("stress")
    if under is not None and under.health_p95_ms is not None:
        before = _before(parts.get("before"))
        yield Tile("health p95 under it", text.ms(under.health_p95_ms), "ms", before)
    if stress.health.probes:
        outage = text.fixed(stress.health.outage_s, 1)
        yield Tile("outage", outage, "s", _under("outage_s", limits))
    recovery = stress.recovery
    if recovery is not None and not recovery.why:
        if recovery.recovered_s is None:
            yield Tile("recovery", "none", "", f"in {seconds(recovery.watched_s)}")
        else:
            figure = text.fixed(recovery.recovered_s, 1)
            yield Tile("recovery", figure, "s", _under("recovery_s", limits))
    price = stress.price
    if price.tj_max_c is not None:
        before = "" if price.tj_before_c is None else f"{price.tj_before_c:.1f} before"
        yield Tile("hottest", text.fixed(price.tj_max_c, 1), "°C", before)
    if price.power_mean_mw is not None:
        most = "" if price.power_max_mw is None else f"{price.power_max_mw / 1000:.1f} at most"
        yield Tile("power", text.fixed(price.power_mean_mw / 1000, 1), "W", most)


def _under(metric: str, limits: Mapping[str, str]) -> str:
    return f"limit {limits[metric]}" if metric in limits else "no limit"


def _before(part: PartView | None) -> str:
    if part is None or part.health_p95_ms is None:
        return ""
    return f"{text.ms(part.health_p95_ms)} before"
