"""What the command line hands the console: the real store, reports and scenario files."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
import pytest

from tests.core import script
from tests.store.test_archive import keep
from tui import __version__
from tui.board.detect import detect_device
from tui.cli.options import Places, common_options
from tui.cli.outside import outside_of, write_reports
from tui.console.outside import Outside
from tui.core.campaign import Campaign
from tui.core.climb import NoResumption
from tui.core.config import Target
from tui.core.problem import InputError
from tui.reports.export import FORMS


def places(*words: str) -> Places:
    """Those of a command line."""
    found: list[Places] = []

    @click.command()
    @common_options
    @click.pass_context
    def where(context: click.Context, /, **_: object) -> None:
        found.append(Places(context))

    where(list(words), standalone_mode=False)
    return found[0]


def outside(state_dir: Path, *words: str) -> Outside:
    given = places(*words)
    return outside_of(state_dir, given, places().loaded())


def test_the_forms_are_those_that_the_reports_know(tmp_path: Path) -> None:
    assert outside(tmp_path).forms == FORMS


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
    wired = outside(tmp_path)
    assert [run.run_id for run in wired.archive.runs(5)] == ["r1"]
    assert wired.forms == FORMS


def test_an_examination_that_nobody_waits_for_goes_no_further(tmp_path: Path) -> None:
    asked: list[float] = []

    def go_on(done: float) -> bool:
        asked.append(done)
        return False

    wired = outside(tmp_path, "--state", str(tmp_path))
    assert wired.examine(Target(name="demo", url="embedded"), go_on) is None
    assert len(asked) == 1


def test_what_a_climb_goes_on_with_is_what_the_engine_goes_by(tmp_path: Path) -> None:
    loaded = places().loaded()
    scenarios = (script.scenario("smoke"), script.scenario("load"))
    climb = {"campaign": "gate", "rung": 1, "rungs": 2, "climb": "gate-0123abcd"}
    device = detect_device(Path(loaded.config.board.root or "/"))
    plain = script.facts("r1")
    facts = msgspec.structs.replace(
        plain,
        scenario=scenarios[0],
        version=__version__,
        config_sha256="other",
        device=msgspec.structs.replace(plain.device, model=device.model),
    )
    keep(tmp_path, "r1", script.good_run(msgspec.structs.replace(facts, **climb)))
    gate = Campaign("gate", "campaign", "Gate", "", ("smoke", "load"))
    # The file that the options name says something else by now.
    other = msgspec.structs.replace(loaded, sha256="other")
    found = outside_of(tmp_path, places(), other).resumption(gate, scenarios, facts.target)
    # What was kept is old by now; of the configuration nothing is said.
    assert isinstance(found, NoResumption)
    assert "config.toml" not in found.why
    told = outside_of(tmp_path, places(), loaded).resumption(gate, scenarios, facts.target)
    assert isinstance(told, NoResumption)
    assert told.why == "config.toml was changed since"


def test_a_copied_command_finds_the_files_from_any_directory(tmp_path: Path) -> None:
    given = places("--state", "here", "--config", str(tmp_path / "c.toml"))
    here = str(Path.cwd() / "here")
    words = ("--config", str(tmp_path / "c.toml"), "--state", here)
    assert outside_of(tmp_path, given, places().loaded()).options == words
    assert outside(tmp_path).options == ()
