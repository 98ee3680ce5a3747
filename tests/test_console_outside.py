"""What the command line hands the console: the real store, reports and scenario files."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests.core import script
from tests.store.test_archive import keep
from tui.cli.options import Places, common_options
from tui.cli.outside import outside_of, write_reports
from tui.core.problem import InputError
from tui.reports.export import FORMS


def test_the_forms_are_those_that_the_reports_know(tmp_path: Path) -> None:
    assert outside_of(tmp_path).forms == FORMS


def test_every_form_is_written_beside_the_others_and_named_after_the_run(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    files = write_reports(tmp_path, "r1", FORMS, tmp_path / "out")
    assert {file.name.partition(".")[0].partition("_")[0] for file in files} == {"r1"}
    assert all(file.stat().st_size for file in files)
    assert len(files) >= len(FORMS)


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is not a directory"):
        write_reports(tmp_path, "r1", ("json",), tmp_path / "file")
    # What is above it is not made: that is more often a slip.
    with pytest.raises(InputError, match="there is no directory"):
        write_reports(tmp_path, "r1", ("json",), tmp_path / "no" / "where")


def test_an_unknown_run_is_told(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    with pytest.raises(InputError, match='run "r2" has no data'):
        write_reports(tmp_path, "r2", ("json",), tmp_path)


def test_the_real_parts_fit_together(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1").events)
    outside = outside_of(tmp_path)
    assert [run.run_id for run in outside.archive.runs(5)] == ["r1"]
    assert outside.forms == FORMS


def test_a_copied_command_finds_the_files_from_any_directory(tmp_path: Path) -> None:
    given: list[list[str]] = []

    @click.command()
    @common_options
    @click.pass_context
    def where(context: click.Context, /, **_: object) -> None:
        given.append(Places(context).words())

    for words in ([], ["--state", "here", "--config", str(tmp_path / "c.toml")]):
        where(words, standalone_mode=False)
    here = str(Path.cwd() / "here")
    assert given == [[], ["--config", str(tmp_path / "c.toml"), "--state", here]]
    assert outside_of(tmp_path, given[1]).options == tuple(given[1])
