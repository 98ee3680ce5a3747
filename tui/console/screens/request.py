"""One request that failed or was slow: what was asked, what came back, how the board stood."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.board_lines import Line, lines_of
from tui.console.widgets.detail import flowed, plain_text
from tui.console.widgets.header import wall_clock
from tui.console.widgets.log import wrapped
from tui.core.events import Reading, SlowRequest
from tui.core.format import clock, counted, ms
from tui.core.model import FailureGroup, RunView

WIDTH = 66
GO = "go"
BOARD_ROWS = 3
What = FailureGroup | SlowRequest


class Request(Dialog):
    """Answers `go` for the second in which it happened."""

    def __init__(self, run: RunView, what: What) -> None:
        choices = [Choice(GO, "show that second", "x"), Choice("", "close")]
        title = "failed request" if isinstance(what, FailureGroup) else "slow request"
        super().__init__(title, request_lines(run, what), choices)
        self._what = what
        self._run = run
        self._board: list[list[Piece]] = [[("reading…", Ink.FAINT)]]

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Choices, and what can be copied."""
        return (("← →", "choose"), ("enter", "take"), ("y", "copy"), ("esc", "close"))

    @property
    def copied(self) -> str:
        """The request as text, with where and when it happened."""
        facts = self._run.facts
        rows = [plain_text(line) for line in self._lines]
        head = f"{facts.scenario.id} on {facts.url}, run {facts.id}"
        return "\n".join([head, *(row.rstrip() for row in rows if row.strip())])

    def set_board(self, readings: dict[str, Reading]) -> None:
        """The gauges at that moment, once they are read."""
        items: list[list[Piece]] = [
            [(f"{line.label} ", Ink.MUTE), *line.figures, *_shortest(line)]
            for line in lines_of(readings)
        ]
        rows = flowed(items, WIDTH)[:BOARD_ROWS]
        self._board = rows or [[("no reading of the board is kept", Ink.FAINT)]]
        self._box.repaint()

    def set_trouble(self, trouble: str) -> None:
        """The gauges can't be read."""
        self._board = [[(row, Ink.WARN)] for row in wrapped(trouble, WIDTH, most=BOARD_ROWS)]
        self._box.repaint()

    def lines(self) -> list[list[Piece]]:
        """The request, and the board under it in as many rows at any time."""
        board = [*self._board, *([[]] * BOARD_ROWS)][:BOARD_ROWS]
        # As wide from the start as the gauges will be.
        title = "board at that moment".ljust(WIDTH)
        return [*self._lines, [], [(title, Ink.MUTE)], *board]


def _shortest(line: Line) -> list[Piece]:
    """A clock or a speed beside its load, as briefly as it can be said."""
    return [(line.more[-1], Ink.MUTE)] if line.more else []


def load_s_of_request(what: What) -> float:
    """When it happened, since the load began."""
    return what.first_s if isinstance(what, FailureGroup) else what.ended_s


def request_lines(run: RunView, what: What) -> list[list[Piece]]:
    """What is known of it."""
    at_s = load_s_of_request(what)
    stamp = wall_clock(run.facts.started_at + (run.began_s or 0.0) + at_s, seconds=True)
    lines: list[list[Piece]] = [
        [(f"{what.method} ", Ink.MUTE), (what.name, Ink.TEXT, True)],
    ]
    if isinstance(what, SlowRequest):
        typical = _typical_ms(run, what)
        lines.append([(f"{ms(what.ms)} ms", Ink.P95, True), (typical, Ink.MUTE)])
        lines.append([(f"answered at {clock(at_s)}, {stamp}", Ink.MUTE)])
        return lines
    lines += [[(row, Ink.FAIL, True)] for row in wrapped(what.error, WIDTH, most=2)]
    until = f" to {clock(what.last_s)}" if what.last_s - at_s >= 1 else ""
    lines.append([(f"{counted(what.count, 'time')} from {clock(at_s)}{until}, {stamp}", Ink.MUTE)])
    lines += [[], [("an answer, as it came", Ink.MUTE)], *_sample(what.sample)]
    return lines


def _typical_ms(run: RunView, what: SlowRequest) -> str:
    for figures in run.endpoints:
        if (figures.method, figures.name) == (what.method, what.name):
            latency = figures.latency
            return f"   here p50 {ms(latency.p50)}, p95 {ms(latency.p95)}, p99 {ms(latency.p99)}"
    return ""


def _sample(sample: str) -> Sequence[list[Piece]]:
    if not sample:
        return [[("none was kept", Ink.FAINT)]]
    return [[(row, Ink.TEXT)] for row in wrapped(sample, WIDTH, most=5)]
