"""What the board did, as the words that a run's HTML page shows: all of them clean."""

from __future__ import annotations

from typing import NamedTuple

from tui.core import format as text
from tui.core.events import Level
from tui.core.gauge_figure import figure
from tui.core.model import RunView
from tui.reports.board_before import board_before
from tui.reports.board_words import (
    LONGEST,
    REPLAYED,
    change_words,
    incomparable_words,
    is_replayed,
    leak_words,
    leaks_told,
    lost_words,
    peak_words,
    rise_words,
    span_words,
    throttle_reasons,
    throttled_words,
)
from tui.reports.bouts import Bout, bouts_of
from tui.reports.clean import shortened, visible

MAX_ROWS = 20


class AlertRow(NamedTuple):
    """All alerts of one kind."""

    what: str
    when: str
    lasted: str
    worst: str
    limit: str


class Said(NamedTuple):
    """One thing that the board did."""

    level: Level
    words: str


class BoardPart(NamedTuple):
    """The board's part of a run's page."""

    throttled: str
    """`yes`, `no` or `unknown`: its style."""
    throttled_words: str
    lines: tuple[Said, ...]
    alerts: tuple[AlertRow, ...]
    alerts_more: int
    replayed: str


def board_part(view: RunView) -> BoardPart:
    """Throttling and its reasons, what came before each rise of p95, alerts, and what is lost."""
    alerts = bouts_of(view, "alert")
    return BoardPart(
        throttled={True: "yes", False: "no", None: "unknown"}[view.is_throttled],
        throttled_words=throttled_words(view),
        lines=tuple(Said(line.level, visible(line.words)) for line in _lines(view)),
        alerts=tuple(_alert(view, bout) for bout in alerts[:MAX_ROWS]),
        alerts_more=max(len(alerts) - MAX_ROWS, 0),
        replayed=REPLAYED if is_replayed(view) else "",
    )


def _lines(view: RunView) -> list[Said]:
    lines = [Said("warn", reason) for reason in throttle_reasons(view)]
    lines += [
        Said("info" if rise.is_asked_for else "warn", rise_words(view, rise))
        for rise in view.rises[:MAX_ROWS]
    ]
    broken = (state for state in view.thresholds if state.passed is False)
    lines += [Said("fail", words) for state in broken if (words := board_before(state, view))]
    if view.incomparable:
        lines.append(Said("warn", incomparable_words(view)))
    lines += [Said("info", words) for words in change_words(view)[:MAX_ROWS]]
    lines += [
        Said("warn" if leak.verdict == "leak" else "info", leak_words(leak))
        for leak in leaks_told(view)
    ]
    lines += [Said("info", words) for words in lost_words(view)]
    return lines


def _alert(view: RunView, bout: Bout) -> AlertRow:
    last = bout.last
    times = f"{bout.times} times, first " if bout.times > 1 else ""
    end = bout.ended_s if bout.times == 1 else bout.began_s
    peak = peak_words(bout) if last.gauge else shortened(visible(last.detail), LONGEST)
    return AlertRow(
        what=shortened(visible(last.text), LONGEST),
        when=times + span_words(view, bout.began_s, end).split(" for ")[0],
        lasted=text.duration(round(bout.lasted_s)) if bout.lasted_s >= 1 else text.NOTHING,
        worst=peak,
        limit=figure(last.gauge, last.limit) if last.gauge else text.NOTHING,
    )
