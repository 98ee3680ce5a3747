"""The levels of a search: rows of text, alike in every form of a report."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import format as text
from tui.core.search import BreakingPoint, Purpose, SearchStep
from tui.reports.stress_tables import Table

MAX_LEVELS = 40
"""The last ones, which lie around what was found."""
PURPOSES: dict[Purpose, str] = {"climb": "up", "bisect": "between", "confirm": "hold"}
LEVEL = {"users": "users", "rate": "ops/s"}
HEADS = ("rps", "p95 ms", "errors %", "verdict")
BOARD = ("GPU %", "CPU %", "Tj °C", "RAM MiB", "power W", "in flight")
BRIEF_HEADS = ("rps", "p95 ms", "err %", "")
BRIEF_BOARD = ("GPU %", "CPU %", "Tj °C", "RAM MiB", "flight")


def levels(point: BreakingPoint) -> Table:
    """In order of time; figures of the board that are not known at any level are left out."""
    steps = point.steps[-MAX_LEVELS:]
    rows = [
        (
            PURPOSES[step.purpose],
            text.clock(step.from_s),
            level(point, step),
            *_figures(step),
            _verdict(step),
            *_board(step),
            step.text or text.NOTHING,
        )
        for step in steps
    ]
    heads = ("way", "from", LEVEL[point.by], *HEADS, *BOARD, "what broke")
    figures = {2, 3, 4, 5, *range(7, 7 + len(BOARD))}
    return _known(Table(heads, tuple(rows), frozenset(figures)), range(7, len(heads)))


def brief(point: BreakingPoint) -> Table:
    """The same in 80 columns."""
    rows = [
        (level(point, step), *_figures(step), _brief_verdict(step), *_brief_board(step))
        for step in point.steps[-MAX_LEVELS:]
    ]
    heads = (LEVEL[point.by], *BRIEF_HEADS, *BRIEF_BOARD)
    figures = {0, 1, 2, 3, *range(5, len(heads))}
    return _known(Table(heads, tuple(rows), frozenset(figures)), range(5, len(heads)))


def left_out(point: BreakingPoint) -> int:
    """How many of the first levels have no row."""
    return max(len(point.steps) - MAX_LEVELS, 0)


def level(point: BreakingPoint, step: SearchStep) -> str:
    """A level without its unit."""
    return text.count(step.level) if point.by == "users" else text.rate(step.level)


def _figures(step: SearchStep) -> tuple[str, str, str]:
    return text.rate(step.rps), text.ms(step.p95_ms), text.percent(step.error_rate)


def _verdict(step: SearchStep) -> str:
    if step.passed is None:
        return "not judged"
    return "held" if step.passed else f"broke {text.metric_label(step.which)}".rstrip()


def _brief_verdict(step: SearchStep) -> str:
    if step.passed is None:
        return text.NOTHING
    held = "held on" if step.purpose == "confirm" else "held"
    return f"✓ {held}" if step.passed else f"✗ {text.metric_label(step.which)}".rstrip()


def _board(step: SearchStep) -> tuple[str, ...]:
    gpu, cpu, heat, ram, in_flight = _brief_board(step)
    power_mw = step.board.power_mw
    power = text.NOTHING if power_mw is None else text.fixed(power_mw / 1000, 1)
    return gpu, cpu, heat, ram, power, in_flight


def _brief_board(step: SearchStep) -> tuple[str, ...]:
    board = step.board
    values = (board.gpu_percent, board.cpu_percent, board.tj_c, board.ram_mb, board.in_flight)
    return tuple(text.NOTHING if value is None else text.fixed(value) for value in values)


def _known(table: Table, optional: Sequence[int]) -> Table:
    """Without those of the optional columns that say nothing."""
    empty = {
        column for column in optional if all(row[column] == text.NOTHING for row in table.rows)
    }
    kept = [column for column in range(len(table.heads)) if column not in empty]
    return Table(
        tuple(table.heads[column] for column in kept),
        tuple(tuple(row[column] for column in kept) for row in table.rows),
        frozenset(place for place, column in enumerate(kept) if column in table.numbers),
    )
