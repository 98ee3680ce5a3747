from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.core import script
from tests.reports.runs import refused
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


@pytest.mark.parametrize("form", ["junit", "md", "txt"])
def test_what_needs_no_events_reads_none(form: str) -> None:
    def unread() -> Iterator[ev.Event]:
        raise AssertionError("read")
        yield

    assert render(form, script.view_of(kept().events), unread())


def test_the_reports_of_json_have_the_boards_heat_at_the_slow_requests() -> None:
    about = script.facts()
    events = [*script.good_run(about)]
    events.insert(-6, script.sample(12.0, tj_c=71.5, gpu_percent=99.0))
    data = json.loads(render("json", script.view_of(events), events)[".json"])
    assert (data["load"]["slow"][0]["tj_c"], data["load"]["slow"][0]["gpu_percent"]) == (71.5, 99.0)


@pytest.mark.parametrize("ended", [True, False])
def test_the_shape_follows_what_was_asked_for_and_not_what_became_of_it(ended: bool) -> None:
    run = kept("r1")
    one = (script.view_of(run.events), run.events) if ended else refused()
    alone = render_all("json", [one])
    assert ("runs" in json.loads(alone[".json"])) is False if ended else alone == {}
    both = json.loads(render_all("json", [one, refused()])[".json"])
    assert len(both["runs"]) == int(ended)
    tables = set(render_all("csv", [one, refused()]))
    assert tables == ({f"_r1{end}" for end in CSV_ENDS} if ended else set())


def test_several_runs_are_one_document_and_one_set_of_tables_each() -> None:
    runs = [(script.view_of(run.events), run.events) for run in (kept("r1"), kept("r2"))]
    assert set(render_all("html", runs)) == {".html"}
    assert len(json.loads(render_all("json", runs)[".json"])["runs"]) == 2
    assert "_r2_stats.csv" in render_all("csv", runs)
    assert len(render_all("csv", runs)) == 2 * len(CSV_ENDS)


def test_another_form_is_refused() -> None:
    with pytest.raises(KeyError):
        render("docx", script.view_of(kept().events), ())
