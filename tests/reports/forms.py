"""A run in each form of a report, as a test reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from xml.etree import ElementTree as xml

from tests.core import script
from tui.core import events as ev
from tui.core.e2e.view import WorkflowView
from tui.core.model import RunView
from tui.reports.explain import explain
from tui.reports.export import render
from tui.reports.junit import junit


def view_of(events: Sequence[ev.Event]) -> RunView:
    """The run that those told."""
    return script.view_of(list(events))


def flow(events: Sequence[ev.Event]) -> WorkflowView:
    """Its workflow."""
    found = view_of(events).workflow
    assert found is not None
    return found


def whole(form: str, events: Sequence[ev.Event]) -> str:
    """All the files of a form together; `explain` is one more form."""
    view = view_of(events)
    if form == "explain":
        return explain(view)
    return "\n".join(render(form, view, list(events)).values())


def flat(form: str, events: Sequence[ev.Event]) -> str:
    """The same without line breaks."""
    return " ".join(whole(form, events).split())


def rows(events: Sequence[ev.Event], end: str) -> list[dict[str, str]]:
    """The CSV file whose name ends so."""
    files = render("csv", view_of(events), list(events))
    return list(csv.DictReader(io.StringIO(files[end])))


def cases(events: Sequence[ev.Event]) -> dict[str, xml.Element]:
    """The test cases of its JUnit file, by name."""
    suite = xml.fromstring(junit([view_of(events)])).find("testsuite")
    assert suite is not None
    return {case.get("name", ""): case for case in suite.findall("testcase")}
