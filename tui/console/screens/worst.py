"""The worst of a run: what failed, then what was slowest."""

from __future__ import annotations

from tui.console.cells import Piece, crop
from tui.console.screens.chooser import Chooser
from tui.console.screens.request import What
from tui.console.theme import Ink
from tui.core.events import SlowRequest
from tui.core.format import clock, count, counted, ms
from tui.core.model import FailureGroup, RunView

NAME = 24


def worst_of(run: RunView) -> tuple[What, ...]:
    """The groups of failures, most frequent first, then the slowest requests."""
    return (*run.failures, *run.slow)


def worst_dialog(run: RunView, width: int, at: int = 0) -> Chooser:
    """Every one of them in a row; there is at least one."""
    what = worst_of(run)
    most = counted(len(run.failures), "kind of failure").replace("failures", "failure")
    title = f"worst of {run.facts.scenario.id}: {most}, {counted(len(run.slow), 'slow request')}"
    rows = [_row(item, max(width - 52, 20)) for item in what]
    return Chooser(title, rows, enter="open", copies=[_text(run, item) for item in what], at=at)


def _row(item: What, room: int) -> list[Piece]:
    name: list[Piece] = [
        (f"{item.method:<5}", Ink.MUTE),
        (crop(item.name, NAME).ljust(NAME + 1), Ink.TEXT),
    ]
    if isinstance(item, SlowRequest):
        stamp = (f"{clock(item.ended_s)} ", Ink.FAINT)
        return [stamp, ("! ", Ink.WARN, True), *name, (f"{ms(item.ms):>8} ms", Ink.P95, True)]
    return [
        (f"{clock(item.first_s)} ", Ink.FAINT),
        ("✗ ", Ink.FAIL, True),
        *name,
        (f"{count(item.count):>6} × ", Ink.FAIL, True),
        (crop(item.error, room), Ink.TEXT),
    ]


def _text(run: RunView, item: What) -> str:
    """One of them as a line, for whoever has to mend it."""
    facts = run.facts
    where = f"{item.method} {facts.url} {item.name}"
    if isinstance(item, FailureGroup):
        sample = f": {item.sample}" if item.sample else ""
        times = f"{counted(item.count, 'time')} from {clock(item.first_s)}"
        return f"{where} {item.error}, {times} (run {facts.id}){sample}"
    return f"{where} took {ms(item.ms)} ms at {clock(item.ended_s)} (run {facts.id})"
