"""What a search showed, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.events import Level
from tui.core.model import RunView
from tui.core.search import BreakingPoint, EndedBy
from tui.core.search_words import level_text
from tui.reports import search_words as words
from tui.reports.board_findings import Finding

ON_END: dict[EndedBy, str] = {
    "cap": "raise `load.search.to` to find the limit: this target bears more",
    "generator": "the target may bear more: load it with more workers (--workers) or from "
    "another machine",
    "disturbance": "end what else runs on this machine, and search again",
}
"""What helps where the search was kept from its answer."""
ON_BOARD = {
    "the GPU": "a smaller or quantised model, or a higher power mode",
    "the CPU": "see what takes the cores (`top`): decoding and pre-processing can often leave them",
    "memory": "a smaller model or batch, or fewer processes of the service",
}
"""What gives more of it."""
ON_SERVICE = (
    "look at the service: how many requests it works on at once, what they wait for, and whether "
    "one core is full while the others rest"
)


def search_findings(view: RunView) -> Iterator[Finding]:
    """What can be relied on, what limits, and why it went no higher."""
    point = view.search
    if point is None:
        return
    if point.last_good is not None and view.is_over:
        yield _operating_point(point)
    pinch = words.pinch_of(view, point)
    if pinch is not None:
        what = words.pinch_words(point, pinch)
        yield Finding("info", f"the board: {what}", _more_of(pinch))
    if point.knee is not None:
        yield Finding("info", f"knee: {words.knee_words(point)}")
    if point.ended_by in ON_END:
        level: Level = "info" if point.ended_by == "cap" else "warn"
        what = f"it went no higher: {words.end_words(point)}"
        yield Finding(level, what, ON_END[point.ended_by])


def _operating_point(point: BreakingPoint) -> Finding:
    hold, found = words.hold_of(point), words.hold_words(point)
    if hold is not None and point.confirmed:
        level = level_text(point.by, hold.level)
        advice = f"run the service at {level} or fewer: that was held for longer"
        return Finding("info", f"confirmed: {found}", advice)
    if hold is not None and point.confirmed is False:
        again = f"search again below {level_text(point.by, hold.level)} with longer windows"
        return Finding("warn", f"confirmed: {found}", f"{again} (`load.search.window`)")
    again = "have a level below it held for longer before you rely on it (`load.search.confirm`)"
    return Finding("info", f"confirmed: {found}", again)


def _more_of(pinch: words.Pinch) -> str:
    if not pinch.full:
        return ON_SERVICE if pinch.is_known else ""
    advice = [ON_BOARD[name] for name in pinch.full if name in ON_BOARD]
    return f"for more than that: {'; '.join(advice)}" if advice else ""
