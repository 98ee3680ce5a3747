"""Runs as one page that needs nothing else: opened offline, printed, or sent to a customer.

All that a target can send is escaped on the page and cleaned of what acts unseen; the page's
policy lets nothing load and runs no script but its own. The page is complete without scripts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from tui.core import format as text
from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome, overall, views
from tui.reports.clean import visible
from tui.reports.course import Course
from tui.reports.page import RunPart, run_part
from tui.reports.session import passed_words, started_utc
from tui.reports.utc import stamp

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup


class SessionRow(NamedTuple):
    """A run that was asked for, whether or not it happened."""

    anchor: str
    """Empty: there is no part of the page to go to."""
    scenario: str
    verdict: str
    reason: str
    p95: str
    rps: str


class SessionPart(NamedTuple):
    """The head of a page with several runs."""

    verdict: str
    words: str
    rows: tuple[SessionRow, ...]


class Page(NamedTuple):
    """What the template is filled with."""

    title: str
    stamp: str
    css: Markup
    script: Markup
    script_hash: str
    session: SessionPart | None
    runs: tuple[RunPart, ...]
    is_simulated: bool
    kind: str
    footer: str


def html(asked: Sequence[tuple[RunView, Course] | NotRun]) -> str:
    """The page of what was asked for, at least one run; of several, with a table of them first."""
    # It takes a tenth of a second to import, which no other command should pay.
    from markupsafe import Markup

    outcomes = [each if isinstance(each, NotRun) else each[0] for each in asked]
    happened = [each for each in asked if not isinstance(each, NotRun)]
    script = _file("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = tuple(run_part(view, course, len(happened)) for view, course in happened)
    is_single = len(asked) == len(parts) == 1
    return _template().render(
        page=Page(
            title=_run_title(parts[0]) if is_single else _session_title(outcomes),
            stamp=f"{stamp(started_utc(outcomes[0]))} UTC",
            css=Markup(_file("report.css")),
            script=Markup(script),
            script_hash=f"sha256-{digest}",
            session=None if is_single else _session(outcomes, parts),
            runs=parts,
            is_simulated=any(part.is_simulated for part in parts),
            kind=_kind(parts),
            footer=f"{_origin(views(outcomes))}times in UTC · "
            "figures of the measured phase unless said otherwise",
        )
    )


def _kind(parts: Sequence[RunPart]) -> str:
    """What the page is a report of, where all its runs are alike."""
    kinds = {_kind_of(part) for part in parts}
    return f"{kinds.pop()} report" if len(kinds) == 1 else "report"


def _kind_of(part: RunPart) -> str:
    if part.cameras is not None:
        return "camera"
    if part.storage is not None:
        return "storage"
    if part.workflow is not None:
        return "suite" if part.workflow.groups else "workflow"
    return "load" if part.stress is None else "stress"


def _run_title(part: RunPart) -> str:
    on = f" on {part.target}" if part.target else ""
    return f"{part.verdict}: {part.scenario}{on}"


def _session_title(outcomes: Sequence[Outcome]) -> str:
    return f"{overall(outcomes) or 'RUNNING'}: {text.counted(len(outcomes), 'run')}"


def _origin(happened: Sequence[RunView]) -> str:
    if not happened:
        return ""
    facts = happened[0].facts
    return f"jetproof {facts.version} · session {facts.session_id} · "


def _session(outcomes: Sequence[Outcome], parts: Sequence[RunPart]) -> SessionPart:
    left = iter(parts)
    rows = tuple(
        _absent_row(outcome) if isinstance(outcome, NotRun) else _run_row(next(left))
        for outcome in outcomes
    )
    return SessionPart(overall(outcomes) or "RUNNING", passed_words(outcomes), rows)


def _run_row(part: RunPart) -> SessionRow:
    return SessionRow(part.anchor, part.scenario, part.verdict, part.reason, part.p95, part.rps)


def _absent_row(missing: NotRun) -> SessionRow:
    scenario, why = visible(missing.scenario), visible(missing.why)
    return SessionRow("", scenario, missing.status, why, text.NOTHING, text.NOTHING)


def _file(name: str) -> str:
    return files("tui.reports").joinpath(f"templates/{name}").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.from_string(_file("report.html"))
