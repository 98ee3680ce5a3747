from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.core import script
from tests.lib.long_run import long_run
from tests.reports.runs import evil_facts, evil_run
from tui.core import events as ev
from tui.reports.course import FINE_CAPACITY, course
from tui.reports.csv_files import FAILURES, HISTORY, STATS, csv_files

LOCUSTS_OWN = """
import sys
from locust.env import Environment
from locust.stats import PERCENTILES_TO_REPORT, StatsCSVFileWriter
writer = StatsCSVFileWriter(Environment(), PERCENTILES_TO_REPORT, sys.argv[1])
writer.requests_csv(writer.requests_csv_writer)
writer.failures_csv(writer.failures_csv_writer)
writer.stats_history_csv_writer.writerow(writer.stats_history_csv_columns)
writer.close_files()
"""


def tables(events: Iterable[ev.Event]) -> dict[str, list[list[str]]]:
    kept = list(events)
    files = csv_files(script.view_of(kept), course(kept, FINE_CAPACITY))
    return {end: list(csv.reader(io.StringIO(text))) for end, text in files.items()}


def dicts(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_the_heads_are_those_that_the_installed_locust_writes(tmp_path: Path) -> None:
    import subprocess
    import sys

    # A process of its own: importing locust patches whoever does.
    command = [sys.executable, "-W", "ignore", "-c", LOCUSTS_OWN, str(tmp_path / "own")]
    subprocess.run(command, check=True, timeout=60)
    for end, heads in (("stats", STATS), ("stats_history", HISTORY), ("failures", FAILURES)):
        with (tmp_path / f"own_{end}.csv").open() as file:
            assert next(csv.reader(file)) == list(heads)


def test_the_statistics_are_those_of_the_view_with_a_row_for_all() -> None:
    events = script.failing_run(script.facts())
    view = script.view_of(events)
    endpoint, total = dicts(tables(events)["_stats.csv"])
    assert (endpoint["Type"], endpoint["Name"]) == ("POST", "/predict")
    assert (total["Type"], total["Name"]) == ("", "Aggregated")
    assert int(total["Request Count"]) == view.total.requests
    assert int(total["Failure Count"]) == view.total.failures
    assert float(total["95%"]) == view.total.latency.p95
    assert float(total["Requests/s"]) == pytest.approx(view.total.rps)
    assert float(total["100%"]) == view.total.latency.max
    assert total["Average Content Size"] == "N/A"


def test_the_history_ends_with_the_totals_of_the_run() -> None:
    events = script.good_run(script.facts())
    rows = dicts(tables(events)["_stats_history.csv"])
    assert len(rows) == 10
    assert rows[-1]["Total Request Count"] == "460"
    assert [row["User Count"] for row in rows] == ["20"] * 10
    assert int(rows[1]["Timestamp"]) - int(rows[0]["Timestamp"]) == 1


def test_the_seconds_of_the_drain_are_no_steps_but_count_in_the_totals() -> None:
    facts = script.facts()
    events = script.good_run(facts)
    late = script.row([700.0] * 4, limits=script.percentiles(facts.scenario))
    events[-4:-4] = [script.window(second, late) for second in (12, 13)]
    events.insert(-4, script.sample(16.0, cpu_percent=1.0))
    found = tables(events)
    history = dicts(found["_stats_history.csv"])
    assert len(history) == len(script.view_of(events).points) == 10
    assert history[-1]["Total Request Count"] == "468"
    assert history[-1]["Requests/s"] == "46.0"
    assert {row["cpu_percent"] for row in dicts(found["_board.csv"])} == {"40.0"}


def test_the_history_of_hours_is_bounded_and_counts_everything() -> None:
    events = list(long_run(script.facts(), 2 * 3600 + 100))
    rows = dicts(tables(events)["_stats_history.csv"])
    assert FINE_CAPACITY // 2 < len(rows) <= FINE_CAPACITY
    assert int(rows[-1]["Total Request Count"]) == script.view_of(events).total.requests


def test_failures_and_the_board_have_their_rows() -> None:
    found = tables(script.failing_run(script.facts()))
    (failure,) = dicts(found["_failures.csv"])
    assert (failure["Error"], failure["Occurrences"]) == ("HTTP 503", "50")
    assert failure["First Seen"] == "2025-06-15T15:06:43Z"
    board = dicts(found["_board.csv"])
    assert {row["cpu_percent"] for row in board} == {"40.0"}
    assert {row["cpu_percent_max"] for row in board} == {"40.0"}


def test_no_cell_is_a_formula_and_no_row_is_broken_in_two() -> None:
    for end, rows in tables(evil_run(evil_facts())).items():
        words = [cell for row in rows[1:] for cell in row if not _is_number(cell)]
        assert not [cell for cell in words if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert len({len(row) for row in rows}) == 1, end
        assert not [cell for cell in words if "\x1b" in cell or "\u202e" in cell]


def test_a_run_without_a_request_has_no_figure_that_looks_measured() -> None:
    (total,) = dicts(tables(script.empty_run(script.facts()))["_stats.csv"])
    assert (total["Request Count"], total["95%"]) == ("0", "N/A")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
