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
from tui.core.verdict import worst
from tui.reports.course import Course
from tui.reports.facts import stamp
from tui.reports.page import RunPart, run_part

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup


class SessionPart(NamedTuple):
    """The head of a page with several runs."""

    verdict: str
    words: str


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
    footer: str


def html(runs: Sequence[tuple[RunView, Course]]) -> str:
    """The page of at least one run; of several, with a table of them first."""
    # It takes a tenth of a second to import, which no other command should pay.
    from markupsafe import Markup

    views = [view for view, _ in runs]
    script = _file("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = tuple(run_part(view, course, len(runs)) for view, course in runs)
    first = views[0].facts
    return _template().render(
        page=Page(
            title=_title(parts),
            stamp=stamp(first.started_at),
            css=Markup(_file("report.css")),
            script=Markup(script),
            script_hash=f"sha256-{digest}",
            session=_session(views) if len(views) > 1 else None,
            runs=parts,
            is_simulated=any(part.is_simulated for part in parts),
            footer=f"jetproof {first.version} · session {first.session_id} · times in UTC · "
            "figures of the measured phase unless said otherwise",
        )
    )


def _title(parts: Sequence[RunPart]) -> str:
    if len(parts) > 1:
        return f"jetproof: {text.counted(len(parts), 'run')}"
    return f"{parts[0].verdict}: {parts[0].scenario} on {parts[0].target}"


def _session(views: Sequence[RunView]) -> SessionPart:
    passed = [view for view in views if view.judgement and view.judgement.verdict == "PASS"]
    verdict = worst(view.judgement.verdict for view in views if view.judgement)
    words = f"{len(passed)} of {text.counted(len(views), 'run')} passed"
    return SessionPart(verdict or "RUNNING", words)


def _file(name: str) -> str:
    return files("tui.reports").joinpath(f"templates/{name}").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.from_string(_file("report.html"))
