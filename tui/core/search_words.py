"""A breaking point in words."""

from __future__ import annotations

from tui.core.format import counted, duration, percent, rate
from tui.core.search import BreakingPoint, By, Search, SearchStep
from tui.core.search_fold import HOLD_SHARE


def level_text(by: By, level: float) -> str:
    """`120 users`, `40 operations/s`."""
    return counted(round(level), "user") if by == "users" else f"{rate(level)} operations/s"


def climb_text(search: Search) -> str:
    """`from 5 users, each level 1.6 times the one before, to 200 at most`."""
    first, times = level_text(search.by, search.from_), f"{search.factor:g} times the one before"
    return f"from {first}, each level {times}, to {search.to:g} at most"


def near_text(search: Search) -> str:
    """`once a limit breaks, halving to within 8 %`."""
    return f"once a limit breaks, halving to within {search.precision * 100:g} %"


def windows_text(search: Search) -> str:
    """`10 s to settle, then judged for 20 s at a time; at the end 80 % of what held, for 1 min`."""
    settle, window = duration(search.settle_s), duration(search.window_s)
    hold = "; no hold at the end"
    if search.confirm_s:
        hold = (
            f"; at the end {percent(HOLD_SHARE)} % of what held, for {duration(search.confirm_s)}"
        )
    return f"{settle} to settle, then judged for {window} at a time{hold}"


def found(point: BreakingPoint) -> str:
    """`held 120 users at 61.0 rps; at 150 users p95 2 310 ms, limit 2 000 ms`."""
    good, bad = point.last_good, point.first_bad
    if good is None:
        lowest = f"; the lowest tried was {level_text(point.by, bad.level)}" if bad else ""
        why = bad.text if bad is not None else point.why_ended
        return f"no level held: {why}{lowest}"
    held = f"held {level_text(point.by, good.level)}{_rps(good)}"
    if bad is not None:
        return f"{held}; at {level_text(point.by, bad.level)} {bad.text}"
    return f"{held}, and no level broke: {point.why_ended}"


def _rps(step: SearchStep) -> str:
    return f" at {rate(step.rps)} rps" if step.rps is not None else ""
