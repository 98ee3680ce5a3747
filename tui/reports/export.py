"""Every form of a report by one call: for the command line and the console's export alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.core.events import Event
from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome
from tui.reports.conditions import conditions_of
from tui.reports.course import FINE_CAPACITY, Course, course

FORMS = ("html", "json", "csv", "junit", "md", "txt")
"""By the ends of their files, save `junit`, which is `.xml`. Written down here alone."""
CSV_ENDS = ("_stats.csv", "_stats_history.csv", "_failures.csv", "_board.csv")
"""Of a load, whatever else it was."""
EVERY_CSV_END = (
    *CSV_ENDS,
    "_stress.csv",
    "_search.csv",
    "_cameras.csv",
    "_storage.csv",
    "_steps.csv",
    "_failed_steps.csv",
    "_tests.csv",
)
"""What any run may leave."""

Kept = tuple[RunView, Iterable[Event]]
"""A run and its events, which are read once, and only by `html`, `csv` and `json`."""


def render(form: str, view: RunView, events: Iterable[Event]) -> dict[str, str]:
    """A run in one of `FORMS`: what comes behind a file's name (`.html`, `_stats.csv`) to its text.

    `events` are the stored run's. KeyError for another form.
    """
    return render_all(form, [(view, events)])


def render_all(
    form: str, asked: Sequence[Kept | NotRun], *, is_session: bool | None = None
) -> dict[str, str]:
    """Everything that was asked for, at least one run, in one document; of CSV, one set a run.

    Without `is_session` the number of runs that were asked for decides the shape, never what became
    of them: of one, `json` is its report, of several a session, and their tables have the run's id
    in front. JSON and CSV have no form for a single run that did not happen: there is no file then.
    """
    runs = [each for each in asked if not isinstance(each, NotRun)]
    outcomes = [each if isinstance(each, NotRun) else each[0] for each in asked]
    is_several = len(asked) > 1 if is_session is None else is_session
    match form:
        case "html":
            from tui.reports.html import html

            return {".html": html([_measured(each) for each in asked])}
        case "json":
            whole = _json(outcomes, runs, is_session=is_several)
            return {".json": whole} if whole else {}
        case "csv":
            return _csv(runs, is_session=is_several)
        case "junit":
            from tui.reports.junit import junit

            return {".xml": junit(outcomes)}
        case "md":
            from tui.reports.markdown import markdown

            return {".md": markdown(outcomes)}
        case "txt":
            from tui.reports.summary import absence, summary

            blocks = (
                absence(each) if isinstance(each, NotRun) else summary(each) for each in outcomes
            )
            return {".txt": "\n".join(blocks)}
    raise KeyError(form)


def documents_of(
    asked: Sequence[Kept | NotRun], *, is_session: bool | None = None
) -> dict[str, str]:
    """File name to text of all JSON documents that a directory gets: each run's report, the
    session of several, and what pipelines read."""
    from tui.reports.report import report, to_json
    from tui.reports.session import session_report
    from tui.reports.validation import SESSION_NAME, documents

    measured = [_measured(each) for each in asked]
    runs = [each for each in measured if not isinstance(each, NotRun)]
    whole = {f"{view.facts.id}.json": report(view, found.conditions) for view, found in runs}
    if len(asked) > 1 or is_session:
        outcomes = [each if isinstance(each, NotRun) else each[0] for each in asked]
        conditions = {view.facts.id: found.conditions for view, found in runs}
        whole[SESSION_NAME] = session_report(outcomes, conditions)
    whole |= documents(measured)
    return {name: to_json(data) for name, data in whole.items()}


def _measured(each: Kept | NotRun) -> tuple[RunView, Course] | NotRun:
    if isinstance(each, NotRun):
        return each
    view, events = each
    return view, course(events, slow=view.slow)


def _json(outcomes: Sequence[Outcome], runs: Sequence[Kept], *, is_session: bool) -> str:
    from tui.reports.report import report, to_json
    from tui.reports.session import session_report

    conditions = {view.facts.id: conditions_of(events, view.slow) for view, events in runs}
    if is_session:
        return to_json(session_report(outcomes, conditions))
    return "".join(to_json(report(view, conditions[view.facts.id])) for view, _ in runs)


def _csv(runs: Sequence[Kept], *, is_session: bool) -> dict[str, str]:
    from tui.reports.csv_files import csv_files

    files = {}
    for view, events in runs:
        name = f"_{view.facts.id}" if is_session else ""
        for end, body in csv_files(view, course(events, FINE_CAPACITY)).items():
            files[f"{name}{end}"] = body
    return files
