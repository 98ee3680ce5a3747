"""Scenarios changed by hand: for one start, or saved and found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.catalogue import find_scenarios
from tui.core.problem import InputError
from tui.own_scenarios import changed_scenario, own_directory, save_scenario


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_change_is_laid_over_the_file_and_leaves_it_alone() -> None:
    usual = find_scenarios(None).scenario("standard")
    before = Path(usual.path).read_text()
    changed = changed_scenario(usual, {"load.users": 7, "load.duration": "90s"})
    assert (changed.load.users, changed.load.duration_s) == (7, 90)
    assert changed.thresholds == usual.thresholds
    assert Path(usual.path).read_text() == before


def test_a_change_that_cannot_work_is_refused() -> None:
    usual = find_scenarios(None).scenario("standard")
    with pytest.raises(InputError, match="0 users can't load anything"):
        changed_scenario(usual, {"load.users": 0})


def test_what_is_saved_is_in_the_next_catalogue_and_runs_the_same_users() -> None:
    usual = find_scenarios(None).scenario("standard")
    saved = save_scenario("camera-12", usual, {"load.users": 12})
    found = find_scenarios(None).scenario("camera-12")
    assert found == saved
    assert (found.id, found.title, found.load.users) == ("camera-12", "Camera 12", 12)
    assert found.thresholds == usual.thresholds
    assert Path(found.load.locustfile).is_file()
    assert Path(found.path).parent == own_directory()


def test_nothing_is_ever_overwritten() -> None:
    usual = find_scenarios(None).scenario("standard")
    first = save_scenario("mine", usual, {"load.users": 12})
    before = Path(first.path).read_text()
    with pytest.raises(InputError, match="exists already"):
        save_scenario("mine", usual, {"load.users": 13})
    assert Path(first.path).read_text() == before


@pytest.mark.parametrize("name", ["Mine", "a b", "", "-x", "../up"])
def test_a_name_that_is_no_id_is_refused_and_writes_nothing(name: str, tmp_path: Path) -> None:
    usual = find_scenarios(None).scenario("standard")
    with pytest.raises(InputError):
        save_scenario(name, usual, {})
    assert not list(tmp_path.rglob("*.toml"))


def test_a_directory_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = find_scenarios(None).scenario("standard")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(InputError, match="can't be written"):
        save_scenario("mine", usual, {})
