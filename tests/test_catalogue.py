from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from tests.demo.running import running
from tests.lib.drive import Drive, bench, plan
from tests.lib.eventually import eventually
from tests.lib.loads import load_of
from tests.lib.machine import Machine
from tui.catalogue import (
    find_config,
    find_scenarios,
    read_scenario,
    read_toml,
    shipped_root,
)
from tui.cli.locustfile import locustfile_problems
from tui.core import events as ev
from tui.core.campaign import total_s
from tui.core.config import Target
from tui.core.limits import PERCENTILES, Limit
from tui.core.load import Arrival
from tui.core.problem import InputError
from tui.core.scenario import Scenario
from tui.service.client import HttpService

# What is asked for, by the requirement's number: the scenario, its users and its seconds.
PROMISED = {
    "R-LOAD-03 normal": ("capacity-100", 100, 600),
    "R-LOAD-04 medium": ("capacity-500", 500, 600),
    "R-LOAD-05 high": ("capacity-1000", 1000, 600),
    "R-LOAD-06 extended": ("soak-24h", 20, 86_400),
    "R-LOAD-14 ramp": ("ramp", 100, 480),
    "R-LOAD-17 shift day": ("shift-day", 50, 2100),
    "R-LOAD-17 night trickle": ("night-trickle", 2, 1200),
    "R-LOAD-19": ("baseline", 10, 300),
    "R-LOAD-20": ("peak", 100, 600),
    "R-LOAD-21": ("breaking-point", 200, 900),
    "R-LOAD-22": ("endurance-60", 50, 3600),
    "R-LOAD-41": ("concurrent-predict", 20, 120),
    "R-LOAD-43": ("standard", 20, 300),
    "R-LOAD-44": ("burst", 50, 180),
    "R-LOAD-46": ("cheap-reads", 50, 60),
    "R-LOAD-54": ("smoke", 5, 30),
    "R-LOAD-55": ("quick", 10, 60),
    "R-LOAD-57": ("load", 50, 600),
    "R-LOAD-58": ("spike", 100, 120),
    "R-LOAD-59": ("endurance", 20, 1800),
    "R-LOAD-60": ("stress", 100, 900),
    "R-LOAD-74": ("concurrent-20", 20, 60),
    "R-LOAD-75": ("endpoint-sweep-100", 10, 60),
    "R-LOAD-76": ("sustained", 3, 60),
    "R-LOAD-77": ("scaling", 50, 300),
}
# Days of a site: a workflow under so many users, for so many seconds at least.
DAYS = {
    "R-LOAD-49": ("shift-start", 20, 120),
    "R-LOAD-50": ("end-of-day", 5, 60),
    "R-LOAD-51": ("maintenance-window", 2, 60),
    "R-LOAD-52": ("rush-hour", 30, 300),
}
OPEN = {"camera-feed": Arrival(5.0, 5.0), "frame-ramp": Arrival(1.0, 61.0)}
LOADS = {*OPEN, *(name for name, _, _ in PROMISED.values())}
STRESSES = {
    "stress-all",
    "stress-cpu",
    "stress-degraded-network",
    "stress-exhaustion",
    "stress-gpu",
    "stress-memory",
    "stress-memory-pressure",
    "stress-metadata-store",
    "stress-network",
    "stress-storage",
    "stress-thermal-soak",
    "stress-under-load",
}
BENCHMARKS = {"bench-camera", "bench-storage"}
WORKFLOWS = {
    "api-endpoints",
    "capture-to-storage",
    "concurrent-operators",
    "data-pipeline",
    "error-recovery",
    "golden-images",
    "inspection",
    "read-only-operator",
    "tokens",
    *(name for name, _, _ in DAYS.values()),
}
SMOKES = {"critical-path"}
SCENARIOS = LOADS | STRESSES | BENCHMARKS | WORKFLOWS | SMOKES
# R-LOAD-36 and 37: the goal of p99 in ms and the limit of errors.
OF_THEIR_OWN = {
    "baseline": (500, 0.001),
    "peak": (1000, 0.01),
    "breaking-point": (2000, 0.05),
    "endurance-60": (800, 0.005),
}
CAMPAIGNS = {
    "ladder": ("smoke", "quick", "standard", "load", "stress"),
    "four-stage": ("baseline", "peak", "breaking-point", "endurance-60"),
    "deploy-gate": ("smoke", "load"),
    "commission": (
        *("critical-path", "bench-camera", "capture-to-storage"),
        *("smoke", "quick", "standard", "load", "stress"),
    ),
}
SUMMARY_WIDTH = 44
LOCUSTFILES = shipped_root() / "scenarios" / "load"
LATENCIES = {*PERCENTILES, "mean_ms", "max_ms"}
ALL_ENDPOINTS = {
    ("GET", "/health"),
    ("POST", "/predict"),
    ("POST", "/predict+image"),
    ("POST", "/predict 1080p"),
    ("POST", "/images"),
    ("GET", "/images"),
    ("GET", "/images/{id}"),
    ("DELETE", "/images/{id}"),
}


def shipped(name: str) -> Scenario:
    return find_scenarios(None).scenario(name)


def limit(limits: tuple[Limit, ...], metric: str) -> float:
    return next(each.value for each in limits if each.metric == metric)


class TestTheShippedScenarios:
    def test_are_all_in_order_and_none_is_unknown(self) -> None:
        contents = find_scenarios(None).contents()
        assert contents.problems == ()
        assert {scenario.id for scenario in contents.scenarios} == SCENARIOS
        assert [
            problem for each in contents.scenarios for problem in locustfile_problems(each)
        ] == []

    @pytest.mark.parametrize(("name", "users", "seconds"), PROMISED.values(), ids=PROMISED)
    def test_are_of_the_promised_size(self, name: str, users: int, seconds: float) -> None:
        scenario = shipped(name)
        assert (scenario.users, scenario.duration_s) == (users, seconds)

    @pytest.mark.parametrize(("name", "users", "seconds"), DAYS.values(), ids=DAYS)
    def test_that_are_days_of_a_site_are_a_workflow_under_a_load(
        self, name: str, users: int, seconds: float
    ) -> None:
        scenario, load = shipped(name), load_of(shipped(name))
        assert scenario.workflow is not None
        assert (load.users, load.duration_s, load.goes_on) == (users, seconds, True)
        metrics = {each.metric for each in scenario.thresholds}
        assert {"round_s", "completion_rate", "item_error_rate", "p95_ms", "error_rate"} <= metrics

    @pytest.mark.parametrize("name", sorted(SCENARIOS))
    def test_are_of_their_kind_and_say_what_they_are_for(self, name: str) -> None:
        scenario = shipped(name)
        kinds = {**dict.fromkeys(STRESSES, "stress"), **dict.fromkeys(BENCHMARKS, "benchmark")}
        kinds |= {**dict.fromkeys(WORKFLOWS, "e2e"), **dict.fromkeys(SMOKES, "smoke")}
        assert scenario.kind == kinds.get(name, "load")
        assert scenario.title
        assert 0 < len(scenario.summary) <= SUMMARY_WIDTH

    @pytest.mark.parametrize("name", sorted(STRESSES))
    def test_that_stress_are_judged_by_the_way_back(self, name: str) -> None:
        scenario = shipped(name)
        assert limit(scenario.thresholds, "recovery_s") <= 60
        assert scenario.stress is not None
        assert scenario.stress.before_s >= 20
        assert scenario.stress.after_s >= 60

    @pytest.mark.parametrize("name", sorted(LOADS | {name for name, _, _ in DAYS.values()}))
    def test_have_limits_and_goals(self, name: str) -> None:
        scenario = shipped(name)
        metrics = {limit.metric for limit in scenario.thresholds}
        assert metrics & LATENCIES
        assert metrics & {"error_rate", "ungraceful_rate"}
        assert scenario.goals
        # A goal is the better limit: it can't be looser than the threshold, nor be the same.
        limits = {limit.metric: limit for limit in scenario.thresholds}
        for goal in scenario.goals:
            threshold = limits.get(goal.metric)
            if threshold is not None:
                better, worse = (threshold, goal) if goal.is_floor else (goal, threshold)
                assert better.value < worse.value, goal.metric

    def test_differ_in_what_they_do(self) -> None:
        scenarios = find_scenarios(None).contents().scenarios
        effects = {
            each.id: msgspec.json.encode(
                (each.load, each.stress, each.workflow, each.thresholds, each.goals)
            )
            for each in scenarios
        }
        for one, other in combinations(effects, 2):
            assert effects[one] != effects[other], f"{one} and {other} are the same"

    def test_choose_only_among_tasks_that_there_are(self) -> None:
        for scenario in find_scenarios(None).contents().scenarios:
            if scenario.load is None:
                continue
            load = scenario.load
            text = (LOCUSTFILES / load.locustfile).read_text()
            for tag in (*load.tags, *load.exclude_tags):
                assert f'"{tag}"' in text

    def test_ship_a_configuration_that_is_in_order(self) -> None:
        config = find_config(shipped_root() / "config.toml").config
        assert [target.name for target in config.targets] == ["demo", "local", "cluster"]
        assert not any(target.protected for target in config.targets)


class TestTheLoadOf:
    @pytest.mark.parametrize(("name", "limits"), OF_THEIR_OWN.items())
    def test_a_stage_of_four_has_limits_of_its_own(
        self, name: str, limits: tuple[float, float]
    ) -> None:
        scenario = shipped(name)
        found = limit(scenario.goals, "p99_ms"), limit(scenario.thresholds, "error_rate")
        assert found == limits

    def test_the_breaking_point_is_searched_for_up_to_its_users(self) -> None:
        search = load_of(shipped("breaking-point")).search
        assert search is not None
        assert (search.by, search.to) == ("users", 200)

    def test_the_spike_is_there_within_five_seconds(self) -> None:
        assert load_of(shipped("spike")).spawn_s <= 5

    def test_the_peak_is_twice_the_normal(self) -> None:
        assert load_of(shipped("peak")).reserve == 2

    @pytest.mark.parametrize(
        ("name", "levels"),
        [
            ("ramp", [10, 25, 50, 100]),
            ("scaling", [1, 5, 10, 20, 50]),
            ("burst", [50, 0] * 6),
            ("night-trickle", [2, 0] * 10),
        ],
    )
    def test_a_staged_one_goes_from_level_to_level(self, name: str, levels: list[int]) -> None:
        assert [stage.users for stage in shipped(name).stages] == levels

    @pytest.mark.parametrize(("name", "judge"), [("ramp", "stage"), ("scaling", "run")])
    def test_a_staged_one_is_judged_as_it_is_meant(self, name: str, judge: str) -> None:
        assert load_of(shipped(name)).judge == judge

    def test_the_burst_comes_in_pulses_of_ten_seconds(self) -> None:
        assert {stage.duration_s for stage in shipped("burst").stages[::2]} == {10.0}
        assert {stage.duration_s for stage in shipped("burst").stages[1::2]} == {20.0}

    @pytest.mark.parametrize("name", ["burst", "rush-hour"])
    def test_a_restless_one_is_judged_by_how_steady_the_target_is(self, name: str) -> None:
        assert limit(shipped(name).thresholds, "p95_variation") <= 0.5

    def test_the_rush_hour_moves_by_five_percent_around_its_level(self) -> None:
        levels = sorted({stage.users for stage in shipped("rush-hour").stages})
        *usual, burst = levels
        middle = usual[len(usual) // 2]
        assert burst > 1.3 * middle
        assert all(0.9 * middle <= level <= 1.1 * middle for level in usual)

    @pytest.mark.parametrize("users", [100, 500, 1000])
    def test_a_capacity_is_judged_by_how_the_overload_is_refused(self, users: int) -> None:
        scenario = shipped(f"capacity-{users}")
        assert limit(scenario.thresholds, "ungraceful_rate") <= 0.01
        assert "error_rate" not in {each.metric for each in scenario.thresholds}
        assert load_of(scenario).user_classes == {"StressTestUser": 1}
        assert scenario.ask_below_memory_gb == (16 if users >= 500 else 0)

    def test_twenty_at_once_may_fail_in_one_of_ten(self) -> None:
        scenario = shipped("concurrent-20")
        assert load_of(scenario).barrier_s is not None
        assert limit(scenario.thresholds, "error_rate") == 0.1
        assert limit(scenario.goals, "error_rate") == 0.05

    def test_the_sweep_is_a_hundred_requests(self) -> None:
        load = load_of(shipped("endpoint-sweep-100"))
        assert load.users * (load.operations_per_user or 0) == 100

    def test_the_shift_start_asks_for_fifty_operations_a_second(self) -> None:
        assert limit(shipped("shift-start").thresholds, "rps") == 50

    def test_the_shift_start_takes_in_a_hundred_frames_a_minute(self) -> None:
        scenario = shipped("shift-start")
        assert scenario.workflow is not None
        frames = next(step for step in scenario.workflow.steps if step.name == "frames")
        assert frames.repeat / limit(scenario.thresholds, "round_s") >= 100 / 60
        assert scenario.workflow.every_s == 60

    @pytest.mark.parametrize(("name", "arrival"), OPEN.items())
    def test_an_open_one_goes_by_the_clock(self, name: str, arrival: Arrival) -> None:
        assert load_of(shipped(name)).arrival == arrival


class TestTheShippedCampaigns:
    def test_run_what_they_promise(self) -> None:
        campaigns = find_scenarios(None).contents().campaigns
        assert {each.id: each.runs for each in campaigns} == CAMPAIGNS

    def test_say_what_they_are_for(self) -> None:
        for campaign in find_scenarios(None).contents().campaigns:
            assert campaign.title
            assert 0 < len(campaign.summary) <= SUMMARY_WIDTH

    def test_four_stages_take_ninety_minutes(self) -> None:
        runs_s, _ = total_s([shipped(name) for name in CAMPAIGNS["four-stage"]])
        assert runs_s == 90 * 60


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    with running() as demo:
        yield demo.url


class TestTheShippedUsers:
    @pytest.mark.parametrize("name", ["users.py", "special_users.py"])
    def test_are_an_ordinary_locustfile(self, name: str, demo_url: str, tmp_path: Path) -> None:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILES / name)),
                *("--headless", "-u", "10", "-r", "10", "-t", "2s", "-H", demo_url),
                "--json",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)
        assert sum(row["num_requests"] for row in rows) > 0
        assert sum(row["num_failures"] for row in rows) == 0

    @pytest.mark.parametrize(
        ("name", "classes", "users"),
        [
            ("users.py", {"PeakUser": 1, "AdminUser": 2}, 9),
            ("special_users.py", {"SweepUser": 1}, 2),
        ],
    )
    def test_ask_for_everything_and_leave_nothing_behind(
        self, name: str, classes: dict[str, int], users: int, demo_url: str, tmp_path: Path
    ) -> None:
        described = Target("demo", "demo:")
        service = HttpService()
        paths = service.probe(demo_url, described, "").paths
        assert "/images/{id}" in paths
        with bench(tmp_path) as rig:
            drive = rig.drive()
            locustfile = LOCUSTFILES / name
            drive.begin(
                plan(
                    demo_url,
                    locustfile,
                    users=users,
                    user_classes=classes,
                    paths=paths,
                    timeout_s=20.0,
                )
            )
            eventually(lambda: {(row.method, row.name) for row in drive.rows()} >= ALL_ENDPOINTS)
            rig.driver.drain(20.0)
            eventually(lambda: drive.of(ev.DrainEnded))
            created = rig.driver.created()
            assert created.total == stored(drive) > 0
            assert service.delete(demo_url, described, "", created.left) == len(created.left)
            rig.driver.close()
        assert {(row.method, row.name) for row in drive.rows()} == ALL_ENDPOINTS
        assert drive.failure_counts == []
        assert images(demo_url) == 0


def stored(drive: Drive) -> int:
    """How many pictures the users left with the demo, for however short a time."""
    return sum(row.requests for row in drive.rows(name="/images") if row.method == "POST")


def images(url: str) -> int:
    """How many pictures a demo holds."""
    import httpx

    return int(httpx.get(f"{url}/images").json()["total"])


class TestOnesOwn:
    def test_without_a_kind_are_found_and_told_so(self, tmp_path: Path) -> None:
        table = {"title": "Hot", "stress": {"duration": "1m", "cpu": {}}}
        (tmp_path / "stress-hot.toml").write_text(tomli_w.dumps(table))
        found = find_scenarios(tmp_path)
        assert "stress-hot" in found.ids()
        assert [str(each) for each in found.contents().problems] == [
            "stress-hot.toml:kind: is missing"
        ]

    def test_scenarios_are_found_in_every_folder_and_win(self, machine: Machine) -> None:
        machine.write_scenario("mine")
        deeper = machine.scenarios / "a" / "b"
        deeper.mkdir(parents=True)
        for path in (machine.scenarios / "mine.toml", machine.scenarios / "mine_users.py"):
            path.rename(deeper / path.name)
        machine.write_scenario("smoke", users=77)
        catalogue = find_scenarios(machine.scenarios)
        assert set(catalogue.ids()) == {*SCENARIOS, *CAMPAIGNS, "mine"}
        assert catalogue.scenario("smoke").users == 77

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
        contents = find_scenarios(machine.scenarios).contents()
        scenarios, problems = contents.scenarios, contents.problems
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
        assert scenario.users == 9
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
