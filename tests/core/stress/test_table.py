"""The keys of [stress]: what they become, and what they refuse in one line each."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tui.core.problem import InputError
from tui.core.scenario import parse_scenario
from tui.core.stress.plan import (
    BurnerPlan,
    CpuPlan,
    DiskPlan,
    ExhaustPlan,
    GpuPlan,
    MemoryPlan,
    MetadataPlan,
    NetworkPlan,
    Step,
    StoragePlan,
    Stress,
    burner_text,
)
from tui.core.stress.toxics import Toxics

LOAD = {"users": 5, "spawn_rate": 5.0}


def table(*, load: object = None, **keys: Any) -> dict[str, Any]:
    """A decoded file; it burns the CPU for two minutes unless `keys` say something else."""
    stress = {"duration": "2m", "cpu": {}, **keys}
    data = {"kind": "stress", "title": "Mine", "stress": {k: stress[k] for k in stress}}
    return data if load is None else {**data, "load": load}


def read(*, load: object = None, **keys: Any) -> Stress:
    """What these keys ask for."""
    found = parse_scenario(PurePath("stress-x.toml"), table(load=load, **keys), {}).stress
    assert found is not None
    return found


def said(*, load: object = None, **keys: Any) -> str:
    """What is wrong with them, in one line."""
    with pytest.raises(InputError) as caught:
        read(load=load, **keys)
    (problem,) = caught.value.problems
    return str(problem)


def burner(**keys: Any) -> BurnerPlan:
    """The only burner that these keys ask for."""
    data = table(**keys)
    if "cpu" not in keys:
        del data["stress"]["cpu"]
    stress = parse_scenario(PurePath("stress-x.toml"), data, {}).stress
    assert stress is not None
    (found,) = stress.burners
    return found


def test_a_file_need_say_no_more_than_how_long_and_what() -> None:
    assert read() == Stress(
        intent="contend",
        before_s=20.0,
        ramp_s=0.0,
        steps=(Step(120.0),),
        after_s=60.0,
        burners=(CpuPlan(),),
    )


def test_all_that_a_stress_can_be_told_is_taken_as_it_is() -> None:
    stress = read(
        intent="soak",
        before="30s",
        ramp="10s",
        after="2m",
        until_steady=True,
        allow_throttle=True,
        max_c=80,
        steps_percent=[50, 100],
        disk={"floor_percent": 25},
    )
    assert (stress.intent, stress.before_s, stress.ramp_s, stress.after_s) == (
        "soak",
        30.0,
        10.0,
        120.0,
    )
    assert (stress.until_steady, stress.allow_throttle, stress.max_c) == (True, True, 80.0)
    assert stress.disk == DiskPlan(floor_share=0.25)
    assert stress.total_s == 30.0 + 120.0 + 120.0


@pytest.mark.parametrize(
    ("keys", "plan"),
    [
        ({"cpu": {}}, CpuPlan(1.0, "matrix", "spare")),
        (
            {"cpu": {"level_percent": 40, "method": "hash", "cores": "all"}},
            CpuPlan(0.4, "hash", "all"),
        ),
        ({"cpu": {"cores": 3}}, CpuPlan(1.0, "matrix", 3)),
        ({"memory": {}}, MemoryPlan(0.8, "hold", 0.0)),
        (
            {"memory": {"level_percent": 50, "mode": "traffic", "floor_percent": 20}},
            MemoryPlan(0.5, "traffic", 0.2),
        ),
        ({"storage": {}}, StoragePlan(1.0, "write", 512, (1, 5, 10, 20), 256)),
        (
            {
                "storage": {
                    "level_percent": 30,
                    "pattern": "files",
                    "file_mb": 64,
                    "sizes_mb": [2, 4],
                    "fsync_every": 0,
                }
            },
            StoragePlan(0.3, "files", 64, (2, 4), 0),
        ),
        ({"network": {}}, NetworkPlan(0.8, "tcp", None, 50.0, "")),
        (
            {
                "network": {
                    "level_percent": 10,
                    "mode": "connect",
                    "rate_mbit_per_s": 100,
                    "connects_per_s": 5,
                    "peer": "10.0.0.9:5201",
                }
            },
            NetworkPlan(0.1, "connect", 100.0, 5.0, "10.0.0.9:5201"),
        ),
        ({"network": {"peer": "[fe80::1]:5201"}}, NetworkPlan(peer="[fe80::1]:5201")),
        ({"gpu": {}}, GpuPlan(1.0, "auto", "")),
        (
            {"gpu": {"level_percent": 100, "by": "trtexec", "engine": "/opt/m.engine"}},
            GpuPlan(1.0, "trtexec", "/opt/m.engine"),
        ),
        ({"exhaust": {}}, ExhaustPlan()),
        ({"exhaust": {"what": ["threads"]}}, ExhaustPlan(what=("threads",))),
        ({"metadata": {}}, MetadataPlan(1.0, 4, 10)),
        (
            {"metadata": {"level_percent": 20, "connections": 8, "batch": 100}},
            MetadataPlan(0.2, 8, 100),
        ),
    ],
)
def test_a_burner_is_what_its_table_says(keys: dict[str, Any], plan: BurnerPlan) -> None:
    assert burner(**keys) == plan


def test_burners_stand_in_one_order_however_the_file_has_them() -> None:
    keys: dict[str, Any] = {"metadata": {}, "network": {}, "memory": {}, "disk": {}}
    assert read(**keys).names == ("cpu", "memory", "network", "metadata", "disk")


def test_steps_share_the_time_evenly() -> None:
    steps = read(steps_percent=[25, 50, 100]).steps
    assert steps == (Step(40.0, 0.25), Step(40.0, 0.5), Step(40.0, 1.0))


def test_faults_are_steps_of_their_own_and_burners_keep_their_level() -> None:
    faults = [
        {"latency_ms": 80, "jitter_ms": 20},
        {"kb_per_s": 256},
        {"cut": "reset", "share_percent": 10},
    ]
    stress = read(load=LOAD, faults=faults)
    assert [(step.duration_s, step.share) for step in stress.steps] == [(40.0, 1.0)] * 3
    assert [step.toxics for step in stress.steps] == [
        Toxics(latency_ms=80.0, jitter_ms=20.0),
        Toxics(bytes_per_s=256_000.0),
        Toxics(cut="reset", toxicity=0.1),
    ]
    assert stress.suffers
    assert stress.names == ("cpu", "faults")


def test_a_load_alone_may_be_all_the_stress_there_is() -> None:
    data = table(load=LOAD)
    del data["stress"]["cpu"]
    stress = parse_scenario(PurePath("stress-x.toml"), data, {}).stress
    assert stress is not None
    assert stress.names == ()


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"duration": "soon"}, 'stress.duration: "soon" is not a duration'),
        ({"duration": "0s"}, "stress.duration: from 1s to 24h: nothing is burnt without an end"),
        ({"duration": "25h"}, "stress.duration: from 1s to 24h"),
        ({"duration": 120}, "stress.duration: expected text in quotes, got a whole number"),
        ({"intent": "burn"}, 'stress.intent: unknown value "burn" (known: soak, contend)'),
        ({"before": "x"}, 'stress.before: "x" is not a duration'),
        ({"before": "61m"}, "stress.before: from 0s to 1h"),
        ({"after": "3601s"}, "stress.after: from 0s to 1h"),
        ({"after": "x"}, 'stress.after: "x" is not a duration'),
        ({"ramp": "x"}, 'stress.ramp: "x" is not a duration'),
        (
            {"ramp": "40s", "steps_percent": [50, 75, 100]},
            "stress.ramp: 40 s leave nothing at the level: the first step takes 40 s",
        ),
        ({"steps_percent": [101]}, "stress.steps_percent.1: a number of percent, from 0 to 100"),
        ({"steps_percent": [50, -1]}, "stress.steps_percent.2: a number of percent"),
        ({"steps_percent": [0, 0]}, "stress.steps_percent: nothing but pauses burns nothing"),
        ({"steps_percent": [float("nan")]}, "stress.steps_percent.1: a number of percent"),
        ({"steps_percent": 50}, "stress.steps_percent: expected a list, got a whole number"),
        ({"steps_percent": [1] * 101}, "stress.steps_percent: at most 100 steps"),
        ({"until_steady": "yes"}, "stress.until_steady: expected true or false, got"),
        ({"allow_throttle": 1}, "stress.allow_throttle: expected true or false, got"),
        ({"max_c": 0}, "stress.max_c: degrees Celsius, above 0 and at most 125"),
        ({"max_c": 125.5}, "stress.max_c: degrees Celsius"),
        ({"max_c": float("nan")}, "stress.max_c: degrees Celsius"),
        ({"cpu": {"level_percent": 101}}, "stress.cpu.level_percent: a number of percent"),
        ({"cpu": {"method": "sleep"}}, 'stress.cpu.method: unknown value "sleep" (known: '),
        ({"cpu": {"cores": 0}}, 'stress.cpu.cores: a number of cores, "spare" or "all"'),
        ({"cpu": {"cores": "most"}}, "stress.cpu.cores: a number of cores"),
        ({"cpu": {"levle_percent": 5}}, 'stress.cpu.levle_percent: unknown key (did you mean "lev'),
        ({"memory": {"level_percent": -1}}, "stress.memory.level_percent: a number of percent"),
        ({"memory": {"floor_percent": 101}}, "stress.memory.floor_percent: a number of percent"),
        ({"memory": {"mode": "leak"}}, 'stress.memory.mode: unknown value "leak" (known: '),
        ({"storage": {"file_mb": 0}}, "stress.storage.file_mb: from 1 to 65 536"),
        ({"storage": {"file_mb": 65_537}}, "stress.storage.file_mb: from 1 to 65 536"),
        ({"storage": {"fsync_every": -1}}, "stress.storage.fsync_every: from 0 to 1 000 000"),
        ({"storage": {"sizes_mb": []}}, "stress.storage.sizes_mb: from 1 to 16 sizes"),
        ({"storage": {"sizes_mb": [1] * 17}}, "stress.storage.sizes_mb: from 1 to 16 sizes"),
        ({"storage": {"sizes_mb": [1, 0]}}, "stress.storage.sizes_mb.2: from 1 to 65 536"),
        ({"storage": {"pattern": "seq"}}, 'stress.storage.pattern: unknown value "seq" (kno'),
        ({"storage": {"level_percent": 101}}, "stress.storage.level_percent: a number of percent"),
        ({"network": {"rate_mbit_per_s": 0}}, "stress.network.rate_mbit_per_s: from 0.1 to 100 0"),
        ({"network": {"connects_per_s": 1001}}, "stress.network.connects_per_s: from 0.1 to 1 00"),
        ({"network": {"level_percent": 101}}, "stress.network.level_percent: a number of percent"),
        ({"network": {"mode": "sctp"}}, 'stress.network.mode: unknown value "sctp" (known: '),
        (
            {"network": {"peer": "10.0.0.9"}},
            'stress.network.peer: the other end\'s address (meant as in "10.0.0.9:5201"?)',
        ),
        ({"network": {"peer": "10.0.0.9:65536"}}, "stress.network.peer: the other end's address"),
        ({"network": {"peer": "10.0.0.9:²"}}, "stress.network.peer: the other end's address"),
        ({"gpu": {"engine": "m.engine"}}, "stress.gpu.engine: the whole path of an engine file"),
        ({"gpu": {"by": "cuda"}}, 'stress.gpu.by: unknown value "cuda" (known: auto, trtexec'),
        ({"gpu": {"level_percent": 101}}, "stress.gpu.level_percent: a number of percent"),
        (
            {"gpu": {"level_percent": 50}},
            "stress.gpu.level_percent: the GPU's program has one rate, its own full one: 100 (o",
        ),
        (
            {"gpu": {}, "steps_percent": [0, 50, 100]},
            "stress.steps_percent: the GPU's program has one rate, its own full one: beside",
        ),
        ({"exhaust": {"what": "threads"}}, "stress.exhaust.what: expected a list, got text"),
        ({"exhaust": {"what": ["ports"]}}, 'stress.exhaust.what.1: unknown value "ports"'),
        ({"metadata": {"connections": 65}}, "stress.metadata.connections: from 1 to 64"),
        ({"metadata": {"batch": 0}}, "stress.metadata.batch: from 1 to 10 000"),
        ({"exhaust": {"what": []}}, "stress.exhaust.what: takes nothing: connections, descriptors"),
        ({"network": {"peer": f"x:{'9' * 5000}"}}, "stress.network.peer: the other end's address"),
        ({"network": {"peer": ":5201"}}, "stress.network.peer: the other end's address"),
        ({"memory": {"floor_percent": 100}}, "stress.memory.floor_percent: a number of percent, "),
        ({"disk": {"floor_percent": 100}}, "stress.disk.floor_percent: a number of percent, from"),
        ({"metadata": {"level_percent": 101}}, "stress.metadata.level_percent: a number of"),
        ({"disk": {"floor_percent": 101}}, "stress.disk.floor_percent: a number of percent"),
        ({"disk": {"level_percent": 50}}, "stress.disk.level_percent: unknown key"),
        ({"gpus": {}}, 'stress.gpus: unknown key (did you mean "gpu"?)'),
    ],
)
def test_a_mistake_is_one_line(keys: dict[str, Any], what: str) -> None:
    assert said(**keys).startswith(f"stress-x.toml:{what}")


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ({"latency_ms": -1}, "latency_ms: from 0 to 60 000"),
        ({"latency_ms": float("inf")}, "latency_ms: from 0 to 60 000"),
        ({"jitter_ms": 60_001}, "jitter_ms: from 0 to 60 000"),
        ({"kb_per_s": float("nan")}, "kb_per_s: from 0 to 10 000 000"),
        ({"cut": "all"}, 'cut: unknown value "all" (known: none, reset, black_hole, '),
        ({"share_percent": 101}, "share_percent: a number of percent, above 0 and at most 100"),
        ({"cut": "refuse", "share_percent": 50}, "share_percent: it is the port that refuses"),
        ({"share_percent": 0, "cut": "reset"}, "share_percent: 0 % of them suffer nothing (above"),
        ({"loss_percent": 1}, "loss_percent: unknown key"),
    ],
)
def test_a_mistake_in_a_fault_names_which_one(fault: dict[str, Any], what: str) -> None:
    faults = [{"latency_ms": 100}, fault]
    assert said(load=LOAD, faults=faults).startswith(f"stress-x.toml:stress.faults.2.{what}")


def test_a_fault_that_does_no_harm_is_refused() -> None:
    for harmless in ({}, {"latency_ms": 0, "cut": "none"}, {"share_percent": 10}):
        assert said(load=LOAD, faults=[harmless]) == (
            "stress-x.toml:stress.faults.1: does no harm: "
            "it needs latency_ms, jitter_ms, kb_per_s or cut"
        )


def test_beside_the_gpu_a_step_is_all_or_nothing() -> None:
    assert [step.share for step in read(gpu={}, steps_percent=[0, 100]).steps] == [0.0, 1.0]


@pytest.mark.parametrize("name", ["cpu", "memory", "storage", "network", "gpu", "metadata"])
def test_a_burner_that_burns_nothing_is_refused(name: str) -> None:
    assert said(**{name: {"level_percent": 0}}) == (
        f"stress-x.toml:stress.{name}.level_percent: 0 % burns nothing (above 0 and at most 100)"
    )


def test_a_step_may_be_a_pause() -> None:
    assert [step.share for step in read(steps_percent=[100, 0, 50]).steps] == [1.0, 0.0, 0.5]


def test_steps_and_faults_can_t_both_say_what_the_steps_are() -> None:
    assert said(load=LOAD, steps_percent=[50], faults=[{"latency_ms": 1}]) == (
        "stress-x.toml:stress.faults: both it and stress.steps_percent say what the steps are"
    )


def test_faults_need_a_load_that_suffers_from_them() -> None:
    assert said(faults=[{"latency_ms": 100}]) == (
        "stress-x.toml:stress.faults: concern the way of a load to the service: [load] is missing"
    )


def test_a_stress_that_does_nothing_is_refused() -> None:
    data = table()
    del data["stress"]["cpu"]
    with pytest.raises(InputError) as caught:
        parse_scenario(PurePath("stress-x.toml"), data, {})
    assert str(caught.value).startswith("stress-x.toml:stress: burns nothing: it needs one of")


def test_a_missing_duration_is_said() -> None:
    data = {"kind": "stress", "title": "Mine", "stress": {"cpu": {}}}
    with pytest.raises(InputError, match=r"^stress-x\.toml:stress\.duration: is missing$"):
        parse_scenario(PurePath("stress-x.toml"), data, {})


def test_several_mistakes_are_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read(before="x", cpu={"cores": 0}, memory={"level_percent": 101}, metadata={"batch": 0})
    assert [problem.key for problem in caught.value.problems] == [
        "stress.before",
        "stress.cpu.cores",
        "stress.memory.level_percent",
        "stress.metadata.batch",
    ]


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        (CpuPlan(), "cpu matrix 100 %"),
        (CpuPlan(0.5, "hash", 1), "cpu hash 50 %, 1 core"),
        (CpuPlan(1.0, "vector", 3), "cpu vector 100 %, 3 cores"),
        (CpuPlan(1.0, "vector", "all"), "cpu vector 100 %, all cores"),
        (MemoryPlan(), "memory hold 80 %"),
        (MemoryPlan(1.0, "traffic", 0.2), "memory traffic 100 %, 20 % stay available"),
        (StoragePlan(0.5, "mixed", 256), "storage mixed of 256 MiB 50 %"),
        (StoragePlan(1.0, "files"), "storage files of 1, 5, 10, 20 MiB 100 %"),
        (NetworkPlan(), "network tcp 80 %, loopback"),
        (NetworkPlan(0.5, "udp", 100.0), "network udp 50 % of 100 Mbit/s, loopback"),
        (
            NetworkPlan(0.5, "connect", peer="10.0.0.9:5201"),
            "network connect 50 % of 50 connections/s, 10.0.0.9:5201",
        ),
        (GpuPlan(), "gpu at full rate"),
        (ExhaustPlan(what=("threads",)), "exhausts threads"),
        (MetadataPlan(connections=1), "metadata store 100 %, 1 connection"),
    ],
)
def test_a_burner_is_told_in_a_line(plan: BurnerPlan, text: str) -> None:
    assert burner_text(plan) == text
