"""A run as tables for spreadsheets and scripts, in Locust's own columns.

Latencies are milliseconds, and of the measured phase; nothing is rounded. `N/A` is what was not
measured, as Locust writes it: no run has a content size.
"""

from __future__ import annotations

import msgspec

from tui.core.model import RunView
from tui.core.search import BoardMeans, BreakingPoint, SearchStep
from tui.core.stress.view import StressView
from tui.reports.camera_csv import CAMERAS_END, cameras_csv
from tui.reports.cells import Cell, said, table
from tui.reports.course import SHARES, Course, Totals, totals_of
from tui.reports.e2e_csv import workflow_csv
from tui.reports.storage_csv import STORAGE_END, storage_csv
from tui.reports.utc import moment, of_load

_PERCENTILES = tuple(f"{share * 100:.6g}%" for share in (*SHARES, 1.0))
STATS = (
    "Type",
    "Name",
    "Request Count",
    "Failure Count",
    "Median Response Time",
    "Average Response Time",
    "Min Response Time",
    "Max Response Time",
    "Average Content Size",
    "Requests/s",
    "Failures/s",
    *_PERCENTILES,
)
HISTORY = (
    "Timestamp",
    "User Count",
    "Type",
    "Name",
    "Requests/s",
    "Failures/s",
    *_PERCENTILES,
    "Total Request Count",
    "Total Failure Count",
    "Total Median Response Time",
    "Total Average Response Time",
    "Total Min Response Time",
    "Total Max Response Time",
    "Total Average Content Size",
)
FAILURES = ("Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen")
STRESS = ("at_s", "burner", "asked", "reached")
STRESS_END = "_stress.csv"
SEARCH = (
    *(field for field in SearchStep.__struct_fields__ if field != "board"),
    *BoardMeans.__struct_fields__,
)
SEARCH_END = "_search.csv"


def csv_files(view: RunView, course: Course) -> dict[str, str]:
    """What comes behind the prefix (`_stats.csv` …) to each file's text.

    Without a load there are no tables of requests; a stress, a search, cameras and a workflow have
    their own.
    """
    files = {}
    if view.facts.scenario.load is not None:
        files = {
            "_stats.csv": stats_csv(view, course),
            "_stats_history.csv": history_csv(view, course),
            "_failures.csv": failures_csv(view),
        }
    if view.stress is not None:
        files[STRESS_END] = stress_csv(view.stress)
    if view.cameras:
        files[CAMERAS_END] = cameras_csv(view, course)
    if view.storage is not None:
        files[STORAGE_END] = storage_csv(view.storage)
    if view.workflow is not None:
        files |= workflow_csv(view.workflow)
    if view.search is not None:
        files[SEARCH_END] = search_csv(view.search)
    files["_board.csv"] = board_csv(view, course)
    return files


def stats_csv(view: RunView, course: Course) -> str:
    """One row an endpoint, sorted by name as Locust does, and `Aggregated`."""
    counted_s = view.total.requests / view.total.rps if view.total.rps else 0.0
    by_name = sorted(course.endpoints.items(), key=lambda item: (item[0][1], item[0][0]))
    rows = [(*name, totals_of(tally)) for name, tally in by_name]
    rows.append(("", "Aggregated", totals_of(course.total)))
    return table(
        STATS,
        (
            (
                said(method),
                said(name),
                totals.requests,
                totals.failures,
                *_latencies(totals),
                totals.requests / counted_s if counted_s else 0.0,
                totals.failures / counted_s if counted_s else 0.0,
                *_percentiles(totals),
            )
            for method, name, totals in rows
        ),
    )


def history_csv(view: RunView, course: Course) -> str:
    """One row a step, of all endpoints together: rates as sent, totals as measured so far."""
    began_utc = of_load(view, 0.0)
    return table(
        HISTORY,
        (
            (
                int(began_utc + step.end_s),
                step.users,
                "",
                "Aggregated",
                step.rps,
                step.failures_per_s,
                *_percentiles(step.totals),
                step.totals.requests,
                step.totals.failures,
                *_latencies(step.totals),
            )
            for step in course.steps
        ),
    )


def failures_csv(view: RunView) -> str:
    """One row a kind of failure."""
    groups = sorted(view.failures, key=lambda group: (group.name, group.method, group.error))
    return table(
        FAILURES,
        (
            (
                said(group.method),
                said(group.name),
                said(group.error),
                group.count,
                _second(view, group.first_s),
                _second(view, group.last_s),
            )
            for group in groups
        ),
    )


def board_csv(view: RunView, course: Course) -> str:
    """One row a step: of each gauge its mean under its own name, then its least and most."""
    names = course.board.names
    heads = [column for name in names for column in (name, f"{name}_min", f"{name}_max")]
    began_utc = of_load(view, 0.0)

    def cells(gauges: object, name: str) -> tuple[Cell, Cell, Cell]:
        assert isinstance(gauges, dict)
        spread = gauges.get(name)
        return (spread.mean, spread.min, spread.max) if spread else (None, None, None)

    return table(
        ("Timestamp", "Load Time", *(said(head) for head in heads)),
        (
            (
                began_utc + point.start_s,
                point.start_s,
                *(cell for name in names for cell in cells(point.gauges, name)),
            )
            for point in course.board.points
        ),
    )


def stress_csv(stress: StressView) -> str:
    """One row a burner and moment, in seconds since the work began: shares, 1 is all of it."""
    return table(
        STRESS,
        (
            (point.at_s, said(name), asked, point.reached.get(name))
            for point in stress.points
            for name, asked in point.asked.items()
        ),
    )


def search_csv(point: BreakingPoint) -> str:
    """One row a level, in order of time; the board's means over it behind its figures."""
    return table(
        SEARCH,
        (
            [
                said(cell) if isinstance(cell, str) else cell
                for cell in (
                    *msgspec.structs.astuple(step)[:-1],
                    *msgspec.structs.astuple(step.board),
                )
            ]
            for step in point.steps
        ),
    )


def _latencies(totals: Totals) -> tuple[Cell, ...]:
    """Median, mean, least, most, and the content size that nobody measured."""
    return (totals.percentiles_ms[0], totals.mean_ms, totals.min_ms, totals.max_ms, None)


def _percentiles(totals: Totals) -> tuple[Cell, ...]:
    return (*totals.percentiles_ms, totals.max_ms)


def _second(view: RunView, load_s: float) -> str:
    return f"{moment(int(of_load(view, load_s))):%Y-%m-%dT%H:%M:%SZ}"
