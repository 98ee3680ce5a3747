"""All that is wrong with a file is said at once, and nothing that only follows from it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tests.core import script
from tui.core.campaign import parse_campaign
from tui.core.config import parse_config
from tui.core.problem import InputError
from tui.core.scenario import parse_scenario


def read(name: str, data: dict[str, Any]) -> object:
    """What the file means."""
    if name == "config.toml":
        return parse_config(name, data)
    if data.get("kind") == "campaign":
        return parse_campaign(PurePath(name), data)
    return parse_scenario(PurePath(name), data, {})


def said(data: dict[str, Any], name: str = "x.toml") -> list[str]:
    """What is wrong with a file, a line for each mistake, without the file's name."""
    with pytest.raises(InputError) as caught:
        read(name, data)
    return [line.removeprefix(f"{name}:") for line in str(caught.value).splitlines()]


def keys(data: dict[str, Any], name: str = "x.toml") -> list[str]:
    """The keys that are wrong, in the order in which they are told."""
    return [line.split(": ")[0] for line in said(data, name)]


class TestAFile:
    def test_with_mistakes_in_many_places_has_a_line_for_each(self) -> None:
        data = {
            "kind": "stress",
            "titel": "Hot",
            "cool_down": "2h",
            "load": {"users": "five", "locustfile": "users.py", "slow_ms": 0},
            "stress": {
                "duration": 120,
                "before": "soon",
                "cpu": {"level_percent": 0, "methd": "hash"},
                "faults": [{"latency_ms": 100}, {}],
            },
            "thresholds": {"rps": "< 5", "p95_ratio": {"limit": "< 2", "abort": True}},
            "goals": {"p95": "< 1"},
        }
        assert sorted(said(data, "stress-x.toml")) == [
            "cool_down: from 0s to 1h",
            'goals.p95: unknown metric (did you mean "p95_ms"?)',
            "load.slow_ms: must be above 0",
            "load.users: expected a whole number, got text in quotes",
            'stress.before: "soon" is not a duration (meant as in 30s, 5m, 1h20m?)',
            "stress.cpu.level_percent: 0 % burns nothing (above 0 and at most 100)",
            'stress.cpu.methd: unknown key (did you mean "method"?)',
            "stress.duration: expected text in quotes, got a whole number",
            "stress.faults.2: does no harm: it needs latency_ms, jitter_ms, kb_per_s or cut",
            "thresholds.p95_ratio.abort: p95_ratio is judged when the run is over: "
            "it can't end one (leave abort out?)",
            'thresholds.rps: a throughput limit is a lower one (meant ">= 5"?)',
            'titel: unknown key (did you mean "title"?)',
        ]

    def test_that_is_empty_lacks_what_every_one_has(self) -> None:
        assert said({}) == ["kind: is missing", "title: is missing"]

    def test_is_read_whatever_its_name_is(self) -> None:
        data = script.table(load={"users": 0, "duration": "1m"})
        name, users = said(data, "Big One.toml")
        assert name.strip().startswith("a scenario's file name is its id")
        assert users.startswith("load.users: 0 users")

    def test_of_a_name_for_another_kind_has_other_mistakes_too(self) -> None:
        data = {"kind": "stress", "title": "Hot", "thresholds": {"rps_ratio": ">= 0.5"}}
        assert keys(data, "hot.toml") == ["stress", "thresholds.rps_ratio", "kind"]

    def test_of_a_load_tells_every_key_of_a_search_and_of_the_stages(self) -> None:
        search = {"from": 0, "to": 200_000, "factor": 9, "window": "1s", "by": "rate"}
        assert keys(script.table(load={"search": search, "timeout": "x"})) == [
            "load.timeout",
            "load.search.to",
            "load.search.from",
            "load.search.factor",
            "load.search.window",
        ]
        stages = [{"users": -1, "duration": "x"}, {"users": 1}, {"duration": 5, "users": 1}]
        assert keys(script.table(load={"stages": stages, "spawn_rate": 0})) == [
            "load.stages.2.duration",
            "load.stages.3.duration",
            "load.spawn_rate",
            "load.stages.1.users",
            "load.stages.1.duration",
        ]

    def test_of_a_stress_tells_what_is_wrong_with_its_load_as_well(self) -> None:
        load = {"stages": [{"users": 1, "duration": "1m"}], "duration": "5m", "timeout": "0s"}
        data = {"kind": "stress", "title": "Hot", "load": load, "stress": {"duration": "25h"}}
        assert keys(data, "stress-x.toml") == [
            "stress.duration",
            "load.duration",
            "load.stages",
            "load.timeout",
        ]

    def test_of_a_campaign_or_a_configuration_is_no_other(self) -> None:
        campaign = {"kind": "campaign", "campaign": {"runs": []}, "summary": 5}
        assert keys(campaign) == ["title", "summary", "campaign.runs"]
        target = {"url": "ftp://x", "max_users": 0, "token": "hunter2", "tls": True}
        config = {"targets": {"t": target}, "mix": {"health": "x", "predict": -1}, "lode": {}}
        assert sorted(keys(config, "config.toml")) == [
            "lode",
            "mix.health",
            "mix.predict",
            "targets.t.max_users",
            "targets.t.tls",
            "targets.t.token",
            "targets.t.url",
        ]


class TestAnUnknownKey:
    def test_hides_no_mistake_of_the_one_it_resembles(self) -> None:
        camera = {"sorce": "rtsp://10.0.0.5/1", "source": 5}
        assert said({"cameras": {"door": camera}}, "config.toml") == [
            'cameras.door.sorce: unknown key (did you mean "source"?)',
            "cameras.door.source: expected text in quotes, got a whole number",
        ]

    @pytest.mark.parametrize(
        ("tables", "meant"),
        [
            ({"memory": {}}, "memory"),
            ({"storage": {}, "memory": {"level_percent": 5}}, "storage"),
            ({"memory": {"level_percent": 5}}, "memory"),
            ({}, "cpu"),
        ],
    )
    def test_is_looked_for_in_the_tables_that_the_file_has(
        self, tables: dict[str, Any], meant: str
    ) -> None:
        stress = {"duration": "2m", "level_percent": 50, **tables}
        data = {"kind": "stress", "title": "Hot", "stress": stress}
        assert said(data, "stress-x.toml") == [
            f'stress.level_percent: unknown key (did you mean "stress.{meant}.level_percent"?)'
        ]

    def test_a_table_deeper_hides_no_mistake_there(self) -> None:
        stress = {"duration": "2m", "level_percent": 50, "memory": {"level_percent": 500}}
        data = {"kind": "stress", "title": "Hot", "stress": stress}
        assert keys(data, "stress-x.toml") == [
            "stress.level_percent",
            "stress.memory.level_percent",
        ]


class TestWhatOnlyFollows:
    """A key that is wrong, or misspelt, is the one line there is."""

    @pytest.mark.parametrize(
        ("load", "key"),
        [
            ({"stage": [], "spawn_rate": 1}, "load.stage"),
            ({"stages": "10 users"}, "load.stages"),
            ({"stages": 5, "judge": "stage", "repeat": 2}, "load.stages"),
            ({"stages": [{"users": "x", "duration": "1m"}]}, "load.stages.1.users"),
            ({"user": 5, "duration": "1m"}, "load.user"),
            ({"users": 5, "duraton": "1m"}, "load.duraton"),
            ({"users": 5, "duration": 60, "warm_up": "2m"}, "load.duration"),
            ({"arrival_rate": {"to": "fast"}, "duration": "1m"}, "load.arrival_rate.to"),
            ({"arrival_rat": 5, "duration": "1m"}, "load.arrival_rat"),
            ({"search": {"too": 50}}, "load.search.too"),
            ({"search": {"to": "all", "from": 7}}, "load.search.to"),
            ({"search": 50}, "load.search"),
            ({"users": 5, "pattern": [50, "x"], "duration": "1m"}, "load.pattern.2"),
        ],
    )
    def test_from_a_mistake_in_the_load_is_left_out(self, load: dict[str, Any], key: str) -> None:
        assert keys(script.table(load=load)) == [key]

    @pytest.mark.parametrize(
        ("stress", "key"),
        [
            ({"duration": 5, "cpu": {}, "ramp": "10s"}, "stress.duration"),
            ({"duration": "2m", "cpus": {}}, "stress.cpus"),
            ({"duration": "2m", "cpu": True}, "stress.cpu"),
            ({"duration": "2m", "cpu": {}, "steps_percent": ["x"]}, "stress.steps_percent.1"),
            ({"duration": "2m", "cpu": {"method": 5}}, "stress.cpu.method"),
            ({"duration": "2m", "exhaust": {"what": ["all"]}}, "stress.exhaust.what.1"),
        ],
    )
    def test_from_a_mistake_in_the_stress_is_left_out(
        self, stress: dict[str, Any], key: str
    ) -> None:
        data = {"kind": "stress", "title": "Hot", "stress": stress}
        assert keys(data, "stress-x.toml") == [key]

    def test_from_a_load_that_is_no_table_is_left_out(self) -> None:
        limits = {"p95_ms": "< 5", "rps_ratio": ">= 1"}
        faults = {"duration": "2m", "faults": [{"latency_ms": 5}]}
        data = {"kind": "stress", "title": "Hot", "stress": faults, "thresholds": limits}
        assert keys({**data, "load": 5}, "stress-x.toml") == ["load"]
        assert keys({**data, "laod": {"users": 5}}, "stress-x.toml") == ["laod"]

    @pytest.mark.parametrize("kind", ["stres", 5, None])
    def test_from_a_wrong_kind_is_left_out(self, kind: object) -> None:
        hot = {"title": "Hot", "stress": {"duration": "2m", "cpu": {}}}
        hot["thresholds"] = {"recovery_s": "< 5"}
        data: dict[str, Any] = hot if kind is None else {**hot, "kind": kind}
        assert keys(data, "stress-x.toml") == ["kind"]
        assert keys({**data, "cool_down": "x"}, "stress-x.toml") == ["kind", "cool_down"]

    def test_from_a_variation_over_stages_that_are_wrong_is_left_out(self) -> None:
        limits = {"p95_variation": "< 0.5"}
        assert keys(script.table(load={"stages": 5}, thresholds=limits)) == ["load.stages"]
        usual = script.table(thresholds=limits)
        assert keys(usual) == ["thresholds.p95_variation"]
