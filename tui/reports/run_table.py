"""The kept runs, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import format as text
from tui.core.model import Past
from tui.core.scenario_table import PREFIXES
from tui.reports.utc import stamp

HEADER = ("RUN", "STARTED (UTC)", "SCENARIO", "TARGET", "VERDICT", "P95 ms", "RPS")
_NUMBERS = {"P95 ms", "RPS"}


def run_table(runs: Sequence[Past]) -> str:
    """A header and a line for each run, in the order given; ASCII and without colour."""
    rows = [HEADER, *(_row(run) for run in runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if title in _NUMBERS else cell.ljust(width)
            for title, cell, width in zip(HEADER, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def _row(run: Past) -> tuple[str, ...]:
    # Nothing was asked of the service: a rate of 0 would look like a broken one.
    is_unloaded = run.scenario.startswith(tuple(PREFIXES.values())) and not run.rps
    return (
        run.run_id,
        stamp(run.started_at),
        run.scenario,
        run.target or "-",
        run.verdict or "running",
        "-" if run.p95_ms is None else text.ms(run.p95_ms),
        "-" if run.rps is None or is_unloaded else text.rate(run.rps),
    )
