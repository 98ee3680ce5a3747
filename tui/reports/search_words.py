"""What a search for the breaking point found, in the words of every form of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.floors import memory_floor_mb
from tui.core.model import RunView
from tui.core.search import BoardMeans, BreakingPoint, EndedBy, SearchStep
from tui.core.search_fold import GAIN, HOLD_SHARE
from tui.core.search_words import level_text
from tui.reports.bouts import load_end_s, spans_of
from tui.reports.clean import visible
from tui.reports.outage import told
from tui.reports.stress_words import Named, said

FULL_PERCENT = 95.0
"""A processor this busy has nothing left to give."""
FAR = 0.80
"""Nearer to a level that broke, what limits it is almost full anyhow."""
ENDS: dict[EndedBy, str] = {
    "": "it goes on",
    "target": "a limit broke",
    "cap": "the highest level was reached",
    "saturation": "more load brought no more answers",
    "generator": "the load generator was the limit, not the target",
    "disturbance": "the measurement was disturbed",
    "stop": "the run ended before it did",
}


class Pinch(NamedTuple):
    """What the board was doing where the search came to its limit."""

    step: SearchStep
    full: tuple[str, ...]
    """What had nothing left to give."""
    held: SearchStep | None
    """A lower level that held although the same was full there; None: there was none."""
    is_known: bool
    """Whether anything of the board was read at that level."""


def results(view: RunView, point: BreakingPoint) -> tuple[Named, ...]:
    """What was found, by name; what is not known is left out."""
    good, bad = point.last_good, point.first_bad
    pinch = pinch_of(view, point)
    every = (
        ("last good level", "none" if good is None else level_words(point, good)),
        ("first bad level", "none" if bad is None else level_words(point, bad)),
        ("the board there", "" if pinch is None else pinch_words(point, pinch)),
        ("knee", knee_words(point)),
        ("confirmed", hold_words(point)),
        ("ended", end_words(point)),
    )
    return tuple((name, visible(words)) for name, words in every if words)


def level_words(point: BreakingPoint, step: SearchStep) -> str:
    """`42 users at 44.4 rps, p95 82 ms`; of one that broke, what broke it."""
    level = level_text(point.by, step.level)
    if step.passed is False:
        return f"{level}: {step.text}"
    return f"{level} at {text.rate(step.rps)} rps, p95 {text.ms(step.p95_ms)} ms"


def knee_words(point: BreakingPoint) -> str:
    """From where on more load was of no use; empty without a knee."""
    if point.knee is None:
        return ""
    return (
        f"from {level_text(point.by, point.knee)} on, twice the load brought less than "
        f"{GAIN * 100:g} % more answers per second"
    )


def hold_words(point: BreakingPoint) -> str:
    """Whether the target held a level below the found one for longer; empty without a good one."""
    hold = hold_of(point)
    if point.last_good is None:
        return ""
    if hold is None:
        return "not tried"
    level = f"{level_text(point.by, hold.level)}, {text.percent(HOLD_SHARE)} % of what held"
    if point.confirmed is None:
        return f"not known: the hold of {level}, did not come to its end"
    if not point.confirmed:
        return f"NO: {level}, broke when it was held: {hold.text}"
    return f"{level}, stayed within the limits for {text.duration(hold.seconds)}"


def hold_of(point: BreakingPoint) -> SearchStep | None:
    """The level that was held at the end; None where it did not come to that."""
    return next((step for step in reversed(point.steps) if step.purpose == "confirm"), None)


def end_words(point: BreakingPoint) -> str:
    """`a limit broke: p95 781 ms, limit 400 ms at 44 users`."""
    why = said(point.why_ended)
    # The name of the end and its line say the same of a generator.
    if point.ended_by == "generator" and why.startswith("the generator is the limit: "):
        why = why.partition(": ")[2]
    return f"{ENDS[point.ended_by]}{why and ': '}{why}"


def pinch_of(view: RunView, point: BreakingPoint) -> Pinch | None:
    """The board at the first bad level, or at the highest one beyond the knee; else None."""
    step = point.first_bad
    if step is None and point.ended_by == "saturation":
        climbed = [each for each in point.steps if each.purpose != "confirm"]
        step = max(climbed, key=lambda each: each.level, default=None)
    if step is None:
        return None
    full = (*_full(step.board), *_held_back(view, step))
    return Pinch(step, full, _as_full(point, step, full), bool(board_words(step.board)))


def pinch_words(point: BreakingPoint, pinch: Pinch) -> str:
    """`CPU 97 %, 6.1 W at 44 users: the limiting resource is the CPU`."""
    seen = (
        f"{board_words(pinch.step.board) or 'not read'} at {level_text(point.by, pinch.step.level)}"
    )
    return f"{seen}: {limit_words(point, pinch)}"


def limit_words(point: BreakingPoint, pinch: Pinch) -> str:
    """What limits, where the board shows it."""
    if pinch.full:
        are = "resource is" if len(pinch.full) == 1 else "resources are"
        also = ""
        if pinch.held is not None:
            held = level_text(point.by, pinch.held.level)
            also = f", though as full at {held}, which held: see what else ran"
        return f"the limiting {are} {' and '.join(pinch.full)}{also}"
    board = pinch.step.board
    if board.cpu_percent is None and board.gpu_percent is None:
        return "what limits is not known"
    unread = [
        name
        for name, percent in (("GPU", board.gpu_percent), ("CPU", board.cpu_percent))
        if percent is None
    ]
    but = f" (the {unread[0]} can't be read here)" if unread else ""
    return f"nothing on the board was at its limit{but}: look at the service"


def board_words(board: BoardMeans) -> str:
    """`GPU 12 %, CPU 97 %, 61 °C, RAM 3 121 MiB, 6.1 W`; empty where nothing was read."""
    return ", ".join(_board_words(board))


def _board_words(board: BoardMeans) -> Iterator[str]:
    for name, percent in (("GPU", board.gpu_percent), ("CPU", board.cpu_percent)):
        if percent is not None:
            yield f"{name} {text.percent(percent / 100)} %"
    if board.tj_c is not None:
        yield f"{text.fixed(board.tj_c)} °C"
    if board.ram_mb is not None:
        yield f"RAM {text.count(board.ram_mb)} MiB"
    if board.power_mw is not None:
        yield f"{text.fixed(board.power_mw / 1000, 1)} W"


def _full(board: BoardMeans) -> Iterator[str]:
    busy = [("the GPU", board.gpu_percent), ("the CPU", board.cpu_percent)]
    known = [(percent, name) for name, percent in busy if percent is not None]
    yield from (name for percent, name in sorted(known, reverse=True) if percent >= FULL_PERCENT)
    if board.ram_mb is not None and board.ram_percent:
        whole_mb = board.ram_mb / (board.ram_percent / 100)
        if whole_mb - board.ram_mb <= memory_floor_mb(whole_mb):
            yield "memory"


def _as_full(point: BreakingPoint, step: SearchStep, full: tuple[str, ...]) -> SearchStep | None:
    """What is full far below, at a level that holds, is hardly what breaks this one."""
    held = [each for each in point.steps if each.passed and each.level <= FAR * step.level]
    return next((each for each in reversed(held) if set(_full(each.board)) & set(full)), None)


def _held_back(view: RunView, step: SearchStep) -> Iterator[str]:
    until_s = load_end_s(view) if step.until_s is None else step.until_s
    reasons = [
        one
        for one in view.incidents
        if one.kind == "throttle"
        and any(
            since_s < until_s and end_s > step.from_s for since_s, end_s in spans_of(view, [one])
        )
    ]
    if reasons:
        names = dict.fromkeys(said(told(one)) for one in reasons)
        yield f"the clock, which the board held back ({', '.join(names)})"
