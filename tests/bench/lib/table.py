"""The table that every bench ends with."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.bench.lib.spread import Spread, spread

_HEAD = ("what", "min", "median", "max", "n", "A/A spread", "wanted")


class Table:
    """Rows of repeated figures; printed at once, so that an interrupted bench shows nothing."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: list[tuple[str, ...]] = []
        self._notes: list[str] = []

    def add(
        self, what: str, values: Sequence[float], *, aa: Sequence[float] = (), wanted: str = ""
    ) -> None:
        """One row; `aa` holds the ratios of like to like, in the same run."""
        figures = spread(values)
        if figures is None:
            self.skip(what, "not measured")
            return
        self._rows.append((what, *_cells(figures), _apart(aa), wanted))

    def skip(self, what: str, why: str) -> None:
        """A row that could not be measured."""
        self._rows.append((what, "–", "–", "–", "0", "", f"skipped: {why}"))

    def note(self, text: str) -> None:
        """A line below the table."""
        self._notes.append(text)

    def show(self) -> None:
        """Print it."""
        rows = [_HEAD, *self._rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        out = [f"\n{self._title}"]
        for row in rows:
            first = row[0].ljust(widths[0])
            middle = [
                cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)
            ]
            out.append("  ".join([first, *middle, row[-1]]).rstrip())
        out += self._notes
        print("\n".join(out), flush=True)


def say(text: str) -> None:
    """Progress, beside the table."""
    print(text, file=sys.stderr, flush=True)


def _cells(figures: Spread) -> tuple[str, ...]:
    values = (figures.low, figures.middle, figures.high)
    return (*(_number(value) for value in values), str(figures.rounds))


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _apart(aa: Sequence[float]) -> str:
    if not aa:
        return ""
    return f"±{100 * max(abs(ratio - 1) for ratio in aa):.1f} %"
