from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from tests.lib.drive import Drive, bench, plan
from tests.lib.eventually import eventually
from tests.lib.machine import Machine
from tui.catalogue import (
    find_config,
    find_scenarios,
    read_scenario,
    read_toml,
    shipped_root,
)
from tui.child.spawn import Lifelines
from tui.core.config import Target
from tui.core.problem import InputError
from tui.core.tally import MEASURED
from tui.service.client import HttpService
from tui.service.embedded import DemoTarget

SIZES = {
    "smoke": (5, 30),
    "quick": (10, 60),
    "standard": (20, 300),
    "load": (50, 600),
    "spike": (100, 120),
    "endurance": (20, 1800),
    "stress": (100, 900),
}


class TestTheShippedScenarios:
    def test_are_all_in_order_and_of_the_promised_size(self) -> None:
        scenarios, problems = find_scenarios(None).scenarios()
        assert problems == ()
        assert {each.id: (each.load.users, each.load.duration_s) for each in scenarios} == SIZES

    @pytest.mark.parametrize("name", SIZES)
    def test_have_limits_and_goals_and_say_what_they_are_for(self, name: str) -> None:
        scenario = find_scenarios(None).scenario(name)
        assert {"p95_ms", "p99_ms", "error_rate", "rps"} <= {
            limit.metric for limit in scenario.thresholds
        }
        assert scenario.goals
        assert scenario.title
        assert scenario.summary
        # A goal is the better limit: it can't be looser than the threshold.
        limits = {limit.metric: limit for limit in scenario.thresholds}
        for goal in scenario.goals:
            threshold = limits[goal.metric]
            better, worse = (threshold, goal) if goal.is_floor else (goal, threshold)
            assert better.value <= worse.value, goal.metric

    def test_have_limits_of_their_own(self) -> None:
        scenarios, _ = find_scenarios(None).scenarios()
        assert len({each.thresholds for each in scenarios}) >= 4

    def test_spawn_the_spike_within_five_seconds(self) -> None:
        assert find_scenarios(None).scenario("spike").load.spawn_s <= 5

    def test_name_only_users_that_there_are(self) -> None:
        scenarios, _ = find_scenarios(None).scenarios()
        file = shipped_root() / "scenarios" / "load" / "users.py"
        names = runpy.run_path(str(file))
        for scenario in scenarios:
            assert set(scenario.load.user_classes) <= set(names)

    def test_ship_a_configuration_that_is_in_order(self) -> None:
        config = find_config(shipped_root() / "config.toml").config
        assert [target.name for target in config.targets] == ["demo", "local"]

    def test_ask_for_everything_and_leave_nothing_behind(self, tmp_path: Path) -> None:
        lifelines = Lifelines()
        demo = DemoTarget(lifelines, tmp_path)
        url = demo.start()
        described = Target("demo", "demo:")
        service = HttpService()
        paths = service.probe(url, described, "").paths
        assert "/images/{id}" in paths
        with bench(tmp_path) as rig:
            drive = rig.drive()
            users = shipped_root() / "scenarios" / "load" / "users.py"
            classes = {"PeakUser": 1, "AdminUser": 2}
            drive.begin(
                plan(url, users, users=9, user_classes=classes, paths=paths, timeout_s=20.0)
            )
            wanted = {
                ("GET", "/health"),
                ("POST", "/predict"),
                ("POST", "/predict+image"),
                ("POST", "/predict 1080p"),
                ("POST", "/images"),
                ("GET", "/images"),
                ("GET", "/images/{id}"),
                ("DELETE", "/images/{id}"),
            }
            eventually(lambda: wanted <= {(row.method, row.name) for row in drive.rows()})
            rig.driver.drain(20.0)
            eventually(
                lambda: drive.rows(MEASURED) and drive.events[-1].__class__.__name__ == "DrainEnded"
            )
            created = rig.driver.created()
            assert created.total == stored(drive) > 0
            assert service.delete(url, described, "", created.left) == len(created.left)
            rig.driver.close()
        assert {(row.method, row.name) for row in drive.rows()} == wanted
        assert drive.failure_counts == []
        assert images(url) == 0
        demo.close()
        lifelines.close()


def stored(drive: Drive) -> int:
    """How many pictures the users left with the demo, for however short a time."""
    return sum(row.requests for row in drive.rows(name="/images") if row.method == "POST")


def images(url: str) -> int:
    """How many pictures a demo holds."""
    import httpx

    return int(httpx.get(f"{url}/images").json()["total"])


class TestOnesOwn:
    def test_scenarios_are_found_in_every_folder_and_win(self, machine: Machine) -> None:
        machine.write_scenario("mine")
        deeper = machine.scenarios / "a" / "b"
        deeper.mkdir(parents=True)
        for path in (machine.scenarios / "mine.toml", machine.scenarios / "mine_users.py"):
            path.rename(deeper / path.name)
        machine.write_scenario("smoke", users=77)
        catalogue = find_scenarios(machine.scenarios)
        assert set(catalogue.ids()) == {*SIZES, "mine"}
        assert catalogue.scenario("smoke").load.users == 77

    def test_id_can_be_had_once(self, machine: Machine) -> None:
        machine.write_scenario("mine")
        (machine.scenarios / "sub").mkdir()
        (machine.scenarios / "sub" / "mine.toml").write_text("")
        with pytest.raises(InputError, match="the id is taken by"):
            find_scenarios(machine.scenarios)

    def test_directory_must_be_one(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is not a directory"):
            find_scenarios(tmp_path / "nowhere")

    def test_mistake_is_told_and_hides_no_other(self, machine: Machine) -> None:
        machine.write_scenario("good")
        machine.write_scenario("wrong", users=-1)
        scenarios, problems = find_scenarios(machine.scenarios).scenarios()
        assert "good" in {each.id for each in scenarios}
        assert [str(problem) for problem in problems] == [
            "wrong.toml:load.users: -1 users can't load anything (at least 1)"
        ]

    def test_locustfile_must_be_there(self, machine: Machine) -> None:
        path = machine.write_scenario("mine", locustfile="x = 1")
        (machine.scenarios / "mine_users.py").unlink()
        with pytest.raises(InputError, match=r'mine.toml:load.locustfile: "mine_users.py"'):
            read_scenario(path, {})

    def test_changes_are_laid_over_the_file(self, machine: Machine) -> None:
        path = machine.write_scenario("mine")
        changes: dict[str, Any] = {"load.users": 9, "thresholds.p99_ms": "< 7"}
        scenario = read_scenario(path, changes)
        assert scenario.load.users == 9
        assert {limit.metric for limit in scenario.thresholds} == {"p95_ms", "p99_ms"}


class TestAFile:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"users = = 5", "not TOML: "),
            (b"\xff\xfe\x00", "not TOML: not UTF-8 text"),
        ],
    )
    def test_that_is_no_toml_is_said(self, tmp_path: Path, content: bytes, said: str) -> None:
        file = tmp_path / "x.toml"
        file.write_bytes(content)
        with pytest.raises(InputError, match=f"x.toml: {said}"):
            read_toml(file)

    def test_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="can't be read: No such file"):
            read_toml(tmp_path / "x.toml")

    def test_that_is_a_directory_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="can't be read: Is a directory"):
            read_toml(tmp_path)


class TestTheConfiguration:
    def test_of_the_working_directory_wins_over_the_users(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work, home = tmp_path / "work", tmp_path / "home"
        work.mkdir()
        (home / "jetproof").mkdir(parents=True)
        monkeypatch.chdir(work)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
        assert find_config(None).path == shipped_root() / "config.toml"
        (home / "jetproof" / "config.toml").write_text(tomli_w.dumps({"load": {"workers": 2}}))
        assert find_config(None).config.workers == 2
        Path("config.toml").write_text(tomli_w.dumps({"load": {"workers": 3}}))
        found = find_config(None)
        assert found.config.workers == 3
        chosen = tmp_path / "chosen.toml"
        chosen.write_text(tomli_w.dumps({"load": {"workers": 4}}))
        other = find_config(chosen)
        assert other.config.workers == 4
        assert found.sha256 != other.sha256
