"""Every form of a report by one call: for the command line and the console's export alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.core.events import Event
from tui.core.model import RunView
from tui.reports.course import FINE_CAPACITY, course

FORMS = ("html", "json", "csv", "junit", "md", "txt")
CSV_ENDS = ("_stats.csv", "_stats_history.csv", "_failures.csv", "_board.csv")

Kept = tuple[RunView, Iterable[Event]]
"""A run and its events, which are read once, and only by `html` and `csv`."""


def render(form: str, view: RunView, events: Iterable[Event]) -> dict[str, str]:
    """A run in one of `FORMS`: what comes behind a file's name (`.html`, `_stats.csv`) to its text.

    `events` are the stored run's. KeyError for another form.
    """
    return render_all(form, [(view, events)])


def render_all(form: str, runs: Sequence[Kept]) -> dict[str, str]:
    """Several runs in one document, a session; of CSV, one set a run with the run's id in front."""
    views = [view for view, _ in runs]
    match form:
        case "html":
            from tui.reports.html import html

            return {".html": html([(view, course(events)) for view, events in runs])}
        case "json":
            from tui.reports.report import report, to_json
            from tui.reports.session import session_report

            whole = report(views[0]) if len(views) == 1 else session_report(views)
            return {".json": to_json(whole)}
        case "csv":
            return _csv(runs)
        case "junit":
            from tui.reports.junit import junit

            return {".xml": junit(views)}
        case "md":
            from tui.reports.markdown import markdown

            return {".md": markdown(views)}
        case "txt":
            from tui.reports.summary import summary

            return {".txt": "\n".join(summary(view) for view in views)}
    raise KeyError(form)


def _csv(runs: Sequence[Kept]) -> dict[str, str]:
    from tui.reports.csv_files import csv_files

    files = {}
    for view, events in runs:
        name = f"_{view.facts.id}" if len(runs) > 1 else ""
        for end, body in csv_files(view, course(events, FINE_CAPACITY)).items():
            files[f"{name}{end}"] = body
    return files
