"""Scenarios changed by hand: for one start, or saved and found again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lib.loads import load_of
from tui import catalogue
from tui.catalogue import find_scenarios, read_scenario
from tui.core.load import Arrival
from tui.core.problem import InputError
from tui.own_scenarios import changed_scenario, own_directory, save_scenario


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def write_scenario(path: Path, locustfile: str) -> Path:
    load = f'users = 1\nduration = "9s"\nlocustfile = "{locustfile}"'
    path.write_text(f'kind = "load"\ntitle = "Mine"\n[load]\n{load}\n')
    return path


def test_a_change_is_laid_over_the_file_and_leaves_it_alone() -> None:
    usual = find_scenarios(None).scenario("standard")
    before = Path(usual.path).read_text()
    changed = changed_scenario(usual, {"load.users": 7, "load.duration": "90s"})
    assert (changed.users, changed.duration_s) == (7, 90)
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
    assert (found.id, found.title, found.users) == ("camera-12", "Camera 12", 12)
    assert found.thresholds == usual.thresholds
    assert Path(load_of(found).locustfile).is_file()
    assert Path(found.path).parent == own_directory()


def test_a_scenario_of_ones_own_outlives_the_place_where_the_package_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = save_scenario("mine", find_scenarios(None).scenario("camera-feed"), {})
    assert 'locustfile = "special_users.py"' in Path(saved.path).read_text()
    elsewhere = tmp_path / "python3.13" / "shipped"
    shutil.copytree(catalogue.shipped_root() / "scenarios", elsewhere / "scenarios")
    monkeypatch.setattr(catalogue, "shipped_root", lambda: elsewhere)
    found = find_scenarios(None).scenario("mine")
    file = elsewhere / "scenarios" / "load" / "special_users.py"
    # The engine joins it to the scenario's own directory: an absolute path wins.
    assert Path(found.path).parent / load_of(found).locustfile == file
    assert not find_scenarios(None).contents().problems


def test_users_of_ones_own_are_not_taken_for_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    for name in ("users", "other"):
        (own / f"{name}.py").write_text("from locust import FastHttpUser\n")
        source = write_scenario(own / f"with-{name}.toml", f"{name}.py")
        saved = save_scenario(f"kept-{name}", read_scenario(source, {}), {})
        assert load_of(saved).locustfile == str(own / f"{name}.py")
    # And the other way round: a shipped one is not taken for that which lies beside.
    (own_directory() / "users.py").write_text("")
    saved = save_scenario("shipped-one", find_scenarios(None).scenario("smoke"), {})
    assert Path(load_of(saved).locustfile).samefile(
        catalogue.shipped_root() / "scenarios" / "load" / "users.py"
    )


@pytest.mark.parametrize("name", ["../load/users.py", "load/users.py", "no_users.py"])
def test_only_a_bare_name_is_looked_for_among_the_shipped_ones(name: str, tmp_path: Path) -> None:
    path = write_scenario(tmp_path / "mine.toml", name)
    with pytest.raises(InputError, match=r"is neither beside mine\.toml nor a shipped one"):
        read_scenario(path, {})


def test_a_change_deep_in_a_table_is_kept() -> None:
    usual = find_scenarios(None).scenario("frame-ramp")
    saved = save_scenario("slow-ramp", usual, {"load.arrival_rate.to": 9.0})
    assert load_of(saved).arrival == Arrival(1.0, 9.0)


def test_a_change_inside_a_limit_is_kept() -> None:
    usual = find_scenarios(None).scenario("standard")
    saved = save_scenario("stricter", usual, {"thresholds.p95_ms.limit": "< 7"})
    assert [limit.text for limit in saved.thresholds if limit.metric == "p95_ms"] == ["< 7"]


def test_a_change_of_what_is_no_table_is_refused_and_writes_nothing() -> None:
    usual = find_scenarios(None).scenario("standard")
    with pytest.raises(InputError, match="title is not a table"):
        save_scenario("mine", usual, {"title.x": 5})
    assert not own_directory().exists()


def test_a_locustfile_that_is_lost_hides_no_other_mistake(tmp_path: Path) -> None:
    path = write_scenario(tmp_path / "mine.toml", "no_users.py")
    with pytest.raises(InputError) as caught:
        read_scenario(path, {"load.users": 0})
    assert [problem.key for problem in caught.value.problems] == ["load.users", "load.locustfile"]
    with pytest.raises(InputError) as caught:
        read_scenario(path, {"load.users": 0, "load.locustfile": "users.py"})
    assert [problem.key for problem in caught.value.problems] == ["load.users"]
    with pytest.raises(InputError, match="nor a shipped one"):
        read_scenario(path, {"load.locustfile": "x" * 300})


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
