"""What the command line hands the console: the real store, reports and scenario files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core import script
from tests.store.test_archive import keep
from tui.cli.outside import FORMS, outside_of, write_reports
from tui.core.problem import InputError
from tui.reports import export


def test_the_forms_are_those_that_the_reports_know() -> None:
    assert set(FORMS) == set(export.FORMS)


def test_every_form_is_written_beside_the_others_and_named_after_the_run(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    files = write_reports(tmp_path, "r1", FORMS, tmp_path / "out" / "deep")
    assert {file.name.partition(".")[0].partition("_")[0] for file in files} == {"r1"}
    assert all(file.stat().st_size for file in files)
    assert len(files) >= len(FORMS)


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        write_reports(tmp_path, "r1", ("json",), tmp_path / "file")


def test_an_unknown_run_is_told(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    with pytest.raises(InputError, match='run "r2" has no data'):
        write_reports(tmp_path, "r2", ("json",), tmp_path)


def test_the_real_parts_fit_together(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    outside = outside_of(tmp_path)
    assert [run.run_id for run in outside.archive.runs(5)] == ["r1"]
    assert outside.forms == FORMS
