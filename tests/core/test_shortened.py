from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tests.core import script
from tests.lib.loads import load_of
from tui.core.load import Arrival, Load
from tui.core.scenario import Scenario, parse_scenario
from tui.core.shortened import MOST_LEVEL_PERCENT, MOST_RPS, PLAIN_S, shortened
from tui.core.stress.plan import CpuPlan, DiskPlan, MemoryPlan, StoragePlan, Stress
from tui.core.stress.toxics import Toxics

CLASSES = {"A": 70, "B": 20, "C": 10}


def short(data: dict[str, Any]) -> Scenario:
    """The scenario of a file, shortened; both must be in order."""
    parse_scenario(PurePath("x.toml"), data, {})
    return parse_scenario(PurePath("x.toml"), data, shortened(data))


def short_load(**keys: Any) -> Load:
    return load_of(short(script.table(load=keys)))


def test_a_level_takes_seconds_and_a_few_users() -> None:
    load = short_load(users=1000, spawn_rate=50.0, duration="24h", timeout="5s")
    assert load.duration_s == PLAIN_S
    assert load.users < 10
    assert load.timeout_s == 5.0


def test_nobody_is_asked_for_consent_and_nobody_waits_afterwards() -> None:
    scenario = short(script.table(cool_down="5m", ask_below_memory_gb=16))
    assert (scenario.cool_down_s, scenario.ask_below_memory_gb) == (0.0, 0.0)


def test_a_small_level_is_not_made_larger() -> None:
    assert short_load(users=2, spawn_rate=2.0, duration="2m").users == 2


@pytest.mark.parametrize(
    "keys",
    [
        {"users": 1, "duration": "1m"},
        {"users": 1, "duration": "1m", "pattern": [100.0, 50.0]},
        {"stages": [{"users": 1, "duration": "1m"}]},
    ],
)
def test_every_user_class_gets_a_user(keys: dict[str, Any]) -> None:
    load = short_load(**keys, spawn_rate=1.0, user_classes=CLASSES)
    assert load.user_classes == {"A": 1, "B": 1, "C": 1}
    assert load.users >= 3


def test_stages_keep_their_order_and_their_pauses() -> None:
    stages = [
        {"users": 50, "duration": "10s", "spawn_rate": 50.0},
        {"users": 0, "duration": "20s", "spawn_rate": 50.0},
    ]
    load = short_load(stages=stages, repeat=6)
    assert [(stage.users, stage.duration_s) for stage in load.stages] == [(10, 1.0), (0, 2.0)] * 2


def test_stages_that_the_file_scales_are_scaled_once() -> None:
    stages = [{"users": 10, "duration": "1m"}, {"users": 40, "duration": "1m"}]
    load = short_load(stages=stages, users=400, duration="1h", spawn_rate=1.0)
    assert [(stage.users, stage.duration_s) for stage in load.stages] == [(3, 1.0), (10, 1.0)]


def test_a_pattern_keeps_its_shares() -> None:
    load = short_load(pattern=[10.0, 50.0, 100.0], users=500, spawn_rate=50.0, duration="3h")
    assert [(stage.users, stage.duration_s) for stage in load.stages] == [
        (1, 1.0),
        (5, 1.0),
        (10, 1.0),
    ]


@pytest.mark.parametrize("key", ["stages", "pattern"])
def test_a_thousand_stages_are_thinned_out(key: str) -> None:
    many: dict[str, Any] = {
        "stages": {"stages": [{"users": 1 + n, "duration": "1h"} for n in range(1000)]},
        "pattern": {"pattern": [50.0] * 500, "repeat": 2, "users": 9, "duration": "10h"},
    }
    load = short_load(**many[key], spawn_rate=100.0)
    assert 5 <= len(load.stages) <= 10
    assert load.duration_s <= 10.0


def test_a_long_stage_beside_a_short_one_takes_no_hour() -> None:
    stages = [{"users": 5, "duration": "1s"}, {"users": 6, "duration": "1h"}]
    assert short_load(stages=stages, spawn_rate=9.0).duration_s < 10.0


def test_stages_too_short_to_be_judged_are_not() -> None:
    stages = [{"users": 10, "duration": "1m"}, {"users": 40, "duration": "1m"}]
    assert short_load(stages=stages, spawn_rate=9.0, judge="stage").judge == "run"


@pytest.mark.parametrize(
    ("rate", "arrival"),
    [
        (5.0, Arrival(5.0, 5.0)),
        (400.0, Arrival(MOST_RPS, MOST_RPS)),
        ({"from": 50.0, "to": 100.0}, Arrival(MOST_RPS / 2, MOST_RPS)),
        ({"to": 4.0}, Arrival(0.0, 4.0)),
    ],
)
def test_an_arrival_rate_keeps_its_course(rate: object, arrival: Arrival) -> None:
    load = short_load(arrival_rate=rate, duration="10m")
    assert load.arrival == arrival
    assert load.duration_s == PLAIN_S


def test_a_barrier_is_reached_more_than_once() -> None:
    load = short_load(users=20, spawn_rate=20.0, duration="2m", barrier="30s")
    assert load.barrier_s is not None
    assert load.barrier_s * 2 <= load.duration_s


def test_operations_fit_into_the_time_and_stay_countable() -> None:
    load = short_load(users=20, spawn_rate=20.0, duration="1h", operations_per_user=500)
    assert load.operations_per_user == 10
    volley = short_load(
        users=20, spawn_rate=20.0, duration="1h", operations_per_user=5, barrier="5s"
    )
    assert volley.operations_per_user is not None
    assert volley.barrier_s is not None
    assert volley.operations_per_user * volley.barrier_s < volley.duration_s


def test_the_warm_up_keeps_its_share() -> None:
    load = short_load(users=20, spawn_rate=20.0, duration="10m", warm_up="5m")
    assert load.warm_up_s == pytest.approx(load.duration_s / 2)
    staged = [{"users": 5, "duration": "1m"}, {"users": 9, "duration": "1m"}]
    load = short_load(stages=staged, spawn_rate=9.0, warm_up="1m")
    assert load.warm_up_s == pytest.approx(load.duration_s / 2)


def test_without_a_warm_up_of_its_own_it_gets_none() -> None:
    assert short_load(users=20, spawn_rate=20.0, duration="10m").warm_up_s is None


def test_no_threshold_can_break_and_none_is_lost() -> None:
    limits = {
        "p95_ms": "< 1",
        "p99_ms": {"limit": "< 1", "abort": True},
        "error_rate": "< 0.001",
        "rps": ">= 900",
    }
    found = short(script.table(thresholds=limits)).thresholds
    worst = {"p95_ms": 9e8, "p99_ms": 9e8, "error_rate": 1.0, "rps": 0.0}
    assert {limit.metric for limit in found} == set(limits)
    assert all(limit.holds_for(worst[limit.metric]) for limit in found)
    assert not any(limit.abort for limit in found)


def search(**keys: Any) -> Load:
    return short_load(search={"to": 400, **keys})


def test_a_search_has_two_levels_and_takes_seconds() -> None:
    by_users = search(**{"from": 50, "window": "60s", "settle": "60s"})
    assert by_users.search is not None
    assert (by_users.search.from_, by_users.search.to, by_users.search.confirm_s) == (4.0, 5.0, 0.0)
    by_rate = search(by="rate", confirm="10m")
    assert by_rate.search is not None
    assert by_rate.search.by == "rate"
    assert by_rate.search.above(by_rate.search.from_) == by_rate.search.to
    assert (
        by_users.duration_s
        < 120
        < load_of(script.scenario(load={"search": {"to": 400}})).duration_s
    )


class TestAStress:
    def of(self, *, load: object = None, **keys: Any) -> Scenario:
        """A stress of two minutes, shortened; both files must be in order."""
        beside = {} if load is None else {"load": load}
        limits = keys.pop("thresholds", {})
        data = {
            "kind": "stress",
            "title": "Hot",
            "stress": {"duration": "2m", "max_c": 80, **keys},
            "thresholds": limits,
            **beside,
        }
        path = PurePath("stress-x.toml")
        parse_scenario(path, data, {})
        return parse_scenario(path, data, shortened(data))

    def stress(self, **keys: Any) -> Stress:
        found = self.of(**keys).stress
        assert found is not None
        return found

    def test_takes_seconds_and_keeps_its_guards(self) -> None:
        stress = self.stress(cpu={"method": "hash"}, before="10m", after="1h", intent="soak")
        assert (stress.before_s, stress.duration_s, stress.after_s) == (1.0, 3.0, 3.0)
        assert (stress.intent, stress.max_c) == ("soak", 80.0)
        assert stress.burners == (CpuPlan(MOST_LEVEL_PERCENT / 100, "hash"),)

    def test_keeps_its_steps_and_the_share_of_its_ramp(self) -> None:
        stress = self.stress(cpu={}, steps_percent=[25, 50, 100], ramp="20s")
        assert [step.share for step in stress.steps] == [0.25, 0.5, 1.0]
        assert stress.ramp_s == pytest.approx(stress.steps[0].duration_s / 2)

    def test_has_a_tenth_of_a_second_for_each_of_many_steps(self) -> None:
        stress = self.stress(cpu={}, steps_percent=[1] * 80)
        assert [step.duration_s for step in stress.steps] == pytest.approx([0.1] * 80)

    def test_keeps_its_faults(self) -> None:
        faults = [{"latency_ms": 100}, {"cut": "reset"}]
        stress = self.stress(load={"users": 5}, faults=faults)
        assert [step.toxics for step in stress.steps] == [
            Toxics(latency_ms=100.0),
            Toxics(cut="reset"),
        ]

    @pytest.mark.parametrize(
        ("keys", "sizes"),
        [({}, (1, 5, 10, 16)), ({"sizes_mb": [2, 500], "file_mb": 8}, (2, 16))],
    )
    def test_writes_little(self, keys: dict[str, Any], sizes: tuple[int, ...]) -> None:
        (plan,) = self.stress(storage={"pattern": "mixed", **keys}).burners
        assert isinstance(plan, StoragePlan)
        assert plan.file_mb == min(keys.get("file_mb", 16), 16)
        assert (plan.pattern, plan.sizes_mb) == ("mixed", sizes)

    def test_takes_little_memory_and_leaves_the_disk_its_room(self) -> None:
        stress = self.stress(memory={"mode": "traffic"}, disk={"floor_percent": 30})
        assert stress.burners == (MemoryPlan(0.05, "traffic"),)
        assert stress.disk == DiskPlan(floor_share=0.99)
        assert self.stress(memory={"level_percent": 2}).burners == (MemoryPlan(0.02),)

    @pytest.mark.parametrize(
        "load",
        [
            {"users": 500, "spawn_rate": 50.0, "warm_up": "5m", "user_classes": CLASSES},
            {"users": 500, "spawn_rate": 50.0, "barrier": "30s"},
            {"arrival_rate": 400.0, "warm_up": "5m"},
        ],
    )
    def test_has_a_load_beside_it_that_is_as_short(self, load: dict[str, Any]) -> None:
        scenario = self.of(load=load, cpu={})
        assert 7.0 <= scenario.duration_s <= 10.0
        assert 3 <= scenario.users <= 30

    def test_has_no_threshold_that_can_break_or_can_not_be_told_in_seconds(self) -> None:
        limits = {
            "recovery_s": "< 60",
            "outage_s": "< 5",
            "p95_ratio": "< 2",
            "rps_ratio": ">= 0.9",
            "p95_ms": "< 1",
        }
        found = self.of(load={"users": 5}, cpu={}, thresholds=limits).thresholds
        assert [limit.metric for limit in found] == ["outage_s"]
        assert all(limit.holds_for(9e8) for limit in found)


def test_cameras_are_watched_for_seconds_and_no_limit_of_theirs_can_break() -> None:
    limits = {"fps_ratio": ">= 0.95", "brightness": "20 to 235", "longest_gap": "< 3"}
    data = {
        "kind": "benchmark",
        "title": "Gates",
        "cameras": {"names": ["gate"], "duration": "24h", "settle": "1m"},
        "thresholds": limits,
    }
    found = parse_scenario(PurePath("bench-x.toml"), data, shortened(data))
    assert found.cameras is not None
    assert (found.cameras.names, found.duration_s) == (("gate",), 3.0)
    assert {limit.metric for limit in found.thresholds} == set(limits)
    most = {"fps_ratio": 1.0, "brightness": 255.0, "longest_gap": 9e8}
    for limit in found.thresholds:
        assert limit.holds_for(0.0 if limit.is_floor else most[limit.metric])


def test_storage_is_measured_with_little_and_no_limit_of_its_can_break() -> None:
    limits = {"upload_mb_per_s": "> 5", "integrity_rate": ">= 1", "metadata_query_ms": "< 100"}
    data = {"kind": "benchmark", "title": "Disks", "storage": {}, "thresholds": limits}
    found = parse_scenario(PurePath("bench-x.toml"), data, shortened(data))
    assert found.storage is not None
    assert found.storage.bytes_each < 20 * 1024 * 1024
    assert {limit.metric for limit in found.thresholds} == set(limits)
    for limit in found.thresholds:
        assert limit.holds_for(0.0 if limit.is_floor else 9e8)


def test_a_workflow_keeps_its_steps_and_no_limit_of_its_can_break() -> None:
    store = {"name": "store", "operation": "store", "send": "capture", "save": {"id": "id"}}
    data = {
        "kind": "e2e",
        "title": "Photos",
        "e2e": {
            "rounds": 500,
            "at_once": 8,
            "every": "1m",
            "steps": [{"name": "capture", "picture": ""}, {**store, "within_ms": 5}],
            "cleanup": [{"name": "delete", "operation": "delete", "within_ms": 5}],
        },
        "thresholds": {"completion_rate": ">= 1", "round_s": "< 1", "overhead_ms": "< 5"},
    }
    found = parse_scenario(PurePath("x.toml"), data, shortened(data))
    assert found.workflow is not None
    assert found.workflow.names == ("capture", "store", "delete")
    assert (found.workflow.rounds, found.workflow.at_once, found.workflow.every_s) == (2, 2, 0.0)
    assert found.workflow.steps[1].save == (("id", "id"),)
    assert {step.within_ms for step in (*found.workflow.steps, *found.workflow.cleanup)} == {None}
    assert len(found.thresholds) == 3
    assert all(limit.holds_for(0.0 if limit.is_floor else 9e8) for limit in found.thresholds)


def test_items_are_few_in_a_workflow_and_in_a_suite() -> None:
    capture = {"name": "capture", "picture": ""}
    store = {"name": "store", "operation": "store", "send": "capture", "save": {"id": "id"}}
    many = {**store, "repeat": 200, "p95_ms": 50, "values": {"name": "x"}}
    delete = {"name": "delete", "operation": "delete", "each": "store", "within_ms": 5}
    e2e = {"kind": "e2e", "title": "Many", "e2e": {"steps": [capture, many], "cleanup": [delete]}}
    test = {"id": "A-1", "title": "Many", "group": "all", "steps": [capture, many]}
    suite = {"kind": "smoke", "title": "Many", "smoke": {"tests": [test], "cleanup": [delete]}}
    for data in (e2e, suite):
        workflow = parse_scenario(PurePath("x.toml"), data, shortened(data)).workflow
        assert workflow is not None
        assert workflow.names == ("capture", "store", "delete")
        assert [step.repeat for step in workflow.all_steps] == [1, 4, 1]
        assert {(step.within_ms, step.p95_ms) for step in workflow.all_steps} == {(None, None)}
