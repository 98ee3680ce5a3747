"""The steps of a workflow that failed; of each the whole exchange with the service."""

from __future__ import annotations

from collections.abc import Iterator

from tui.console.cells import Piece, clean, crop, width_of
from tui.console.screens.chooser import Chooser
from tui.console.screens.dialog import STRIP_BOTTOM, Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.detail import plain_text
from tui.console.widgets.header import wall_clock
from tui.console.widgets.sheet import Row, padded, wrapped_rows
from tui.console.widgets.workflow_strip import named
from tui.core.e2e.view import FailedStep, WorkflowView
from tui.core.format import clock, count, counted
from tui.core.model import RunView

GO = "go"
MOST_WIDTH = 92
MOST_NAME = 26
LABEL = 8
MOST_ROWS = 60
"""Of one answer; it is bounded where it is kept."""
_BORDERS = 8
_AS_IT_IS = 100_000
"""Cells that no line of an exchange fills."""
_FRAME_ROWS = 4
_STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -9999, "end": 9999}


def failed_dialog(run: RunView, view: WorkflowView, width: int, at: int = 0) -> Chooser:
    """Each in a row, the first one first; there is at least one."""
    number = counted(len(view.failures), "failed step")
    title = f"{number} of {run.facts.scenario.id}"
    names = max(width_of(clean(_short(view, failed))) for failed in view.failures)
    rows = [_row(view, failed, min(names, MOST_NAME), width) for failed in view.failures]
    copies = [_line(run, failed) for failed in view.failures]
    return Chooser(title, rows, enter="open", copies=copies, at=at)


def _short(view: WorkflowView, failed: FailedStep) -> str:
    return f"{count(failed.round)} {named(failed)}" if view.rounds > 1 else named(failed)


def _row(view: WorkflowView, failed: FailedStep, names: int, width: int) -> list[Piece]:
    name = crop(_short(view, failed), names)
    room = max(width - names - 20, 20)
    return [
        (f"{clock(failed.at_s)} ", Ink.FAINT),
        ("✗ ", Ink.FAIL, True),
        (f"{name}{' ' * (names - width_of(name))}  ", Ink.TEXT),
        (crop(failed.why, room), Ink.MUTE),
    ]


def _line(run: RunView, failed: FailedStep) -> str:
    """One of them for whoever has to mend it."""
    facts = run.facts
    where = f"{facts.scenario.id} on {facts.url}"
    return f"{where}: {named(failed)} failed: {failed.why} (correlation id {failed.correlation})"


class StepExchange(Dialog):
    """Answers GO for the second in which it failed. What is longer than the window scrolls."""

    def __init__(self, run: RunView, view: WorkflowView, failed: FailedStep, width: int) -> None:
        """`width`: of the window."""
        self._width = min(width - _BORDERS, MOST_WIDTH)
        choices = [Choice("", "close"), Choice(GO, "show that second", "x")]
        lines = list(exchange_lines(run, view, failed, self._width))
        super().__init__(f"failed step {named(failed)}", lines, choices, ink=Ink.FAIL)
        facts = run.facts
        head = f"{facts.scenario.id} on {facts.url}, run {facts.id}, step {named(failed)}"
        whole = map(plain_text, exchange_lines(run, view, failed, _AS_IT_IS))
        self._copied = "\n".join([head, *(row.rstrip() for row in whole if row.strip())])
        self._first = 0

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Choices, and what can be copied."""
        scroll = (("↑ ↓", "scroll"),) if self._most() else ()
        return (*scroll, ("← →", "choose"), ("enter", "take"), ("y", "copy"), ("esc", "close"))

    @property
    def copied(self) -> str:
        """All of it as text, with where it happened."""
        return self._copied

    def press(self, key: str, character: str) -> None:
        """The arrows, j and k, pages and ends scroll."""
        key = {"j": "down", "k": "up"}.get(character, key)
        if key in _STEPS:
            self._first = min(max(self._first + _STEPS[key], 0), self._most())
        else:
            super().press(key, character)

    def lines(self) -> list[list[Piece]]:
        """As many rows as there is room for beneath the strip."""
        first = min(self._first, self._most())
        shown = self._lines[first : first + self._room()]
        # As wide wherever it is scrolled to.
        return [padded(row, self._width) for row in shown]

    def _button_row(self) -> list[Piece]:
        row = super()._button_row()
        left = self._most() - min(self._first, self._most())
        return [*row, (f"   ↓ {left} more", Ink.FAINT)] if left else row

    def _room(self) -> int:
        return max(self.app.size.height - STRIP_BOTTOM - 1 - _FRAME_ROWS, 3)

    def _most(self) -> int:
        return max(len(self._lines) - self._room(), 0)


def exchange_lines(
    run: RunView, view: WorkflowView, failed: FailedStep, width: int
) -> Iterator[Row]:
    """Why, what was wanted and came, then what was sent and answered; `width` cells wide."""
    yield from wrapped_rows(failed.why or "failed", ("", Ink.FAIL), Ink.FAIL, width, MOST_ROWS)
    if failed.wanted or failed.got:
        yield from _field("wanted", failed.wanted or "–", width)
        yield from _field("got", failed.got or "nothing", width)
    stamp = wall_clock(run.facts.started_at + (run.began_s or 0.0) + failed.at_s, seconds=True)
    where = f"round {count(failed.round)}, " if view.rounds > 1 else ""
    yield from _field("when", f"{where}{clock(failed.at_s)}, {stamp}", width)
    if failed.correlation:
        yield from _field("id", failed.correlation, width)
    yield []
    exchange = failed.exchange
    if exchange is None:
        yield [("nothing was asked of the service", Ink.FAINT)]
        return
    yield from _field("asked", f"{exchange.method} {exchange.url}", width)
    if exchange.sent:
        yield from _field("sent", exchange.sent, width)
    if exchange.status is None:
        yield [(f"{'answer':<{LABEL}}", Ink.MUTE), ("none came", Ink.FAIL)]
        return
    yield from _field("status", str(exchange.status), width)
    for number, (name, value) in enumerate(exchange.headers):
        yield from _field("" if number else "headers", f"{name}: {value}", width)
    for number, line in enumerate(exchange.answer.splitlines() or ["nothing in it"]):
        yield from _field("" if number else "answer", line, width)


def _field(name: str, text: str, width: int) -> list[Row]:
    return wrapped_rows(text, (f"{name:<{LABEL}}", Ink.MUTE), Ink.TEXT, width, MOST_ROWS)
