from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.core import script
from tui.core import events as ev
from tui.reports.export import CSV_ENDS, FORMS, render, render_all


def kept(run_id: str = "r1") -> script.Run:
    return script.run(run_id)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_its_files(form: str) -> None:
    events = kept().events
    files = render(form, script.view_of(events), events)
    expected = {"csv": set(CSV_ENDS), "junit": {".xml"}}.get(form, {f".{form}"})
    assert set(files) == expected
    assert all(files.values())


@pytest.mark.parametrize("form", ["json", "junit", "md", "txt"])
def test_what_needs_no_events_reads_none(form: str) -> None:
    def unread() -> Iterator[ev.Event]:
        raise AssertionError("read")
        yield

    assert render(form, script.view_of(kept().events), unread())


def test_several_runs_are_one_document_and_one_set_of_tables_each() -> None:
    runs = [(script.view_of(run.events), run.events) for run in (kept("r1"), kept("r2"))]
    assert set(render_all("html", runs)) == {".html"}
    assert len(json.loads(render_all("json", runs)[".json"])["runs"]) == 2
    assert "_r2_stats.csv" in render_all("csv", runs)
    assert len(render_all("csv", runs)) == 2 * len(CSV_ENDS)


def test_another_form_is_refused() -> None:
    with pytest.raises(KeyError):
        render("docx", script.view_of(kept().events), ())
