"""A benchmark of storage in every form of a report."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from xml.etree import ElementTree as xml

import pytest

from tests.core.storage import measured as made
from tests.reports import forms
from tests.reports.reading import validate
from tui.core import events as ev
from tui.core.storage.measures import Opened
from tui.reports.export import EVERY_CSV_END, render
from tui.reports.findings import findings, other_warnings, recommendations
from tui.reports.report import report
from tui.reports.summary import plain, summary

FORMS = ("txt", "md", "html", "json", "csv", "junit")
IN_WORDS = ("txt", "md", "html")
CUT = ev.CellMeasured(cell=made.cell("local", 20, 8, 600.0, objects=3))
CHANGED = [
    *made.GOOD[:2],
    ev.CellMeasured(cell=made.cell("store", 1, 8, bad=2)),
    *made.GOOD[-3:],
]


def is_local(event: ev.Event) -> bool:
    return isinstance(event, ev.CellMeasured) and event.cell.place == "local"


WITHOUT = [
    ev.StorageOpened(opened=made.LOCAL),
    ev.StorageOpened(opened=made.NO_STORE),
    *filter(is_local, made.GOOD),
    made.GOOD[-3],
    ev.StorageEnded(),
]


def whole(form: str, told: Sequence[ev.Event]) -> str:
    return forms.whole(form, made.events_of(told))


def flat(form: str, told: Sequence[ev.Event]) -> str:
    return forms.flat(form, made.events_of(told))


def cases(told: Sequence[ev.Event]) -> dict[str, xml.Element]:
    return forms.cases(made.events_of(told))


@pytest.mark.parametrize("form", [*IN_WORDS, "explain"])
def test_every_form_in_words_has_both_places_side_by_side(form: str) -> None:
    said = flat(form, made.GOOD)
    for words in ("local MB/s", "store MB/s", "400.0", "40.0", "local 10.0×"):
        assert words in said


@pytest.mark.parametrize("form", [*IN_WORDS, "explain"])
def test_every_form_in_words_tells_integrity_metadata_and_cross_over(form: str) -> None:
    said = flat(form, made.GOOD)
    assert "64 objects compared" in said
    assert "10 000 records/s" in said
    assert "200 queries over the index of all rows" in said
    assert "local is faster at every size" in said


@pytest.mark.parametrize("form", [*FORMS, "explain"])
def test_every_form_says_why_there_is_no_store(form: str) -> None:
    if form != "csv":
        assert "no endpoint is configured" in flat(form, WITHOUT)
    assert "store MB/s" not in flat(form, WITHOUT)


@pytest.mark.parametrize("form", [*IN_WORDS, "explain", "junit"])
def test_every_form_says_that_objects_came_back_changed(form: str) -> None:
    assert "2 of 8 objects came back changed" in flat(form, CHANGED)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_store_says_acts_nowhere(form: str) -> None:
    evil = '<script>alert(1)</script>\x1b[2J\u202e"=1'
    swept = Opened(place="store", where=made.WHERE, swept=(evil,))
    told = [
        made.GOOD[0],
        ev.StorageOpened(opened=swept),
        *made.failing("other", (1, 1), evil)[2:],
    ]
    said = whole(form, told)
    assert "\x1b" not in said
    assert "<script>alert" not in said or form in ("txt", "json", "csv")
    if form != "json":
        assert "\u202e" not in said


def test_the_tables_read_well_in_eighty_columns() -> None:
    fast = made.cells((1234.5, 12_345.6, 1800.0, 1900.0), (1000.1, 1100.2, 100.0, 90.0))
    for told in ([*made.GOOD[:2], *fast, *made.GOOD[-3:]], [*made.GOOD[:2], CUT, *made.GOOD[3:]]):
        block = summary(made.run_of(told)).partition("Storage:")[2].partition("Threshold")[0]
        assert max(map(len, block.splitlines())) <= 80
        assert plain(block).isascii()


def test_a_cell_that_was_cut_short_says_how_much_of_it_was_done() -> None:
    told = [*made.GOOD[:2], CUT, *made.GOOD[-3:]]
    assert "3/8" in whole("txt", told)
    assert "3/8" not in whole("txt", made.GOOD)


@pytest.mark.parametrize(
    "told", [made.GOOD, WITHOUT, CHANGED, made.failing("gone", (1, 8)), made.GOOD[:1], []]
)
def test_the_data_is_by_its_schema(told: list[ev.Event]) -> None:
    data = report(made.run_of(told))
    validate(data)
    assert data["storage"]["cells_asked"] in (4, 8)


def test_another_run_has_no_storage() -> None:
    from tests.core import script

    assert report(script.view_of(script.good_run(script.facts())))["storage"] is None


def test_the_table_for_spreadsheets_has_a_row_for_each_cell_place_and_way() -> None:
    files = render("csv", made.run_of(made.GOOD), made.events_of(made.GOOD))
    assert set(files) <= set(EVERY_CSV_END)
    rows = list(csv.DictReader(io.StringIO(files["_storage.csv"])))
    assert len(rows) == 2 * 2 * 4
    first = rows[0]
    assert (first["place"], first["way"], first["size_mb"]) == ("local", "write", "1")
    assert float(first["mb_per_s"]) == pytest.approx(400.0)


def test_a_pipeline_has_a_case_for_each_cell_and_place() -> None:
    found = cases(made.GOOD)
    for place in ("local path", "object store"):
        for size, parallel in ((1, 1), (1, 8), (20, 1), (20, 8)):
            assert found[f"{place} {size} MB x {parallel}"].find("failure") is None
    assert found["metadata store"].find("failure") is None
    gone = cases(made.failing("gone", (1, 8)))
    assert gone["object store"].find("failure") is not None
    assert gone["object store 20 MB x 8"].find("skipped") is not None
    assert gone["local path 20 MB x 8"].find("skipped") is None
    changed = cases(CHANGED)["object store 1 MB x 8"].find("failure")
    assert changed is not None


def test_a_page_has_a_curve_for_each_place_and_number_at_once() -> None:
    page = whole("html", made.GOOD)
    for name in ("local × 1", "local × 8", "store × 1", "store × 8"):
        assert page.count(f">{name}</text>") == 2
    assert "throughput written by size" in page
    one = made.cell("local", 1, 1)
    lone = render(
        "html",
        made.run_of([ev.CellMeasured(cell=one)], sizes_mb=[1], parallel=[1]),
        made.events_of([ev.CellMeasured(cell=one)], sizes_mb=[1], parallel=[1]),
    )
    assert "throughput written by size" not in "".join(lone.values())


def test_a_broken_limit_names_the_cell_and_what_to_do() -> None:
    slow = made.cells((90.0,) * 4, (60.0, 3.0, 60.0, 60.0))
    run = made.run_of([*made.GOOD[:2], *slow, *made.GOOD[-3:]])
    said = [finding.what for finding in findings(run) if finding.level == "fail"]
    assert any("the slowest cell, 1 MB, 8 at once" in each for each in said)
    assert any("link to the store" in each for each in recommendations(run))


def test_nothing_is_told_twice() -> None:
    for told in (WITHOUT, CHANGED, made.failing("credentials")):
        run = made.run_of(told)
        said = [finding.what for finding in findings(run)]
        assert len(said) == len(set(said))
        assert not set(said) & set(other_warnings(run))
