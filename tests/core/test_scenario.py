from __future__ import annotations

from math import inf
from pathlib import PurePath
from typing import Any

import pytest

from tests.core import script
from tests.lib.loads import load_of
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario
from tui.core.stress.plan import CpuPlan


def problems(data: dict[str, Any], *, name: str = "x.toml", **changes: Any) -> list[str]:
    """What is said about a file, line by line."""
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    with pytest.raises(InputError) as caught:
        parse_scenario(PurePath(name), data, dotted)
    return str(caught.value).splitlines()


def load(**values: Any) -> dict[str, Any]:
    usual = {"users": 20, "spawn_rate": 10.0, "duration": "5m"}
    return script.table(load={**usual, **values})


def test_a_file_in_order_is_understood() -> None:
    scenario = parse_scenario(PurePath("load/standard.toml"), load(warm_up="10s"), {})
    assert (scenario.id, scenario.users, scenario.duration_s) == ("standard", 20, 300.0)
    assert (load_of(scenario).warm_up_s, load_of(scenario).spawn_s) == (10.0, 2.0)
    assert [limit.text for limit in scenario.thresholds] == ["< 2000", "< 0.01"]


def test_a_limit_may_abort_after_a_while() -> None:
    data = script.table(thresholds={"p99_ms": {"limit": "< 5", "abort": True, "after": "30s"}})
    (limit,) = parse_scenario(PurePath("x.toml"), data, {}).thresholds
    assert (limit.abort, limit.after_s) == (True, 30.0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (load(user=5), 'x.toml:load.user: unknown key (did you mean "users"?)'),
        (script.table(treshold={}), "x.toml:treshold: unknown key"),
        (
            script.table(thresholds={"p95_ms": {"limt": "< 5"}}),
            'x.toml:thresholds.p95_ms.limt: unknown key (did you mean "limit"?)',
        ),
        (load(users="many"), "x.toml:load.users: expected a whole number, got text in quotes"),
        (load(users=2.5), "x.toml:load.users: expected a whole number, got a number"),
        (load(duration=30), "x.toml:load.duration: expected text in quotes, got a whole number"),
        (load(users=-3), "x.toml:load.users: -3 users can't load anything (at least 1)"),
        (load(users=0), "x.toml:load.users: 0 users can't load anything (at least 1)"),
        (load(spawn_rate=0.0), "x.toml:load.spawn_rate: 0 users per second never start (above 0)"),
        (load(users=100_001), "x.toml:load.users: more users than a generator can be"),
        (load(users=16**9000), "x.toml:load.users: more users than a generator can be"),
        (load(spawn_rate=10_001.0), "x.toml:load.spawn_rate: 10001 users per second are too many"),
        (load(spawn_rate=10**400), "x.toml:load.spawn_rate: number out of range"),
        (load(duration="31d"), 'x.toml:load.duration: "31d" is too long (at most 30d)'),
        (load(timeout="721h"), 'x.toml:load.timeout: "721h" is too long (at most 30d)'),
        (load(warm_up="9" * 5000 + "s"), f'x.toml:load.warm_up: "{"9" * 60}…" is too long'),
        (load(duration="1\n\x1b[2J"), 'x.toml:load.duration: "1\\n\\x1b[2J" is not a duration'),
        (load(slow_ms=1e12), "x.toml:load.slow_ms: 1e+12 ms are too long"),
        (load(user_classes={"A": 10**7}), "x.toml:load.user_classes.A: a weight is at most"),
        (load(users=True), "x.toml:load.users: expected a whole number, got true or false"),
        (script.table(users=3), 'x.toml:users: unknown key (did you mean "load.users"?)'),
        (load(slow_ms=0.0), "x.toml:load.slow_ms: must be above 0"),
        (load(timeout="0s"), "x.toml:load.timeout: must be above 0"),
        (load(user_classes={"A": 0}), "x.toml:load.user_classes.A: a weight is at least 1, not 0"),
        (
            load(spawn_rate=99.0, duration="500ms"),
            "x.toml:load.duration: 500ms is too short to measure anything",
        ),
        (
            load(users=100, spawn_rate=1.0, duration="60s"),
            "x.toml:load.duration: nothing would be measured: 100 users at 1/s need 100 s, "
            "the run ends after 60s",
        ),
        (
            load(duration="30s", warm_up="30s"),
            "x.toml:load.duration: nothing would be measured: warm_up takes 30s, "
            "the run ends after 30s",
        ),
        (
            script.table(thresholds={"rps": ">= 1", "p95_ms": 5}),
            "x.toml:thresholds.p95_ms: expected text in quotes or a table, got a whole number",
        ),
        (
            load(user_classes={"A": 1, "B": "x"}),
            "x.toml:load.user_classes.B: expected a whole number, got text in quotes",
        ),
        (
            script.table(kind="lode"),
            'x.toml:kind: unknown kind "lode"'
            " (known: load, stress, benchmark, e2e, smoke, campaign)",
        ),
        ({"kind": "load", "title": "x"}, "x.toml:load: is missing"),
        ({"kind": "load", "title": "x", "load": 5}, "x.toml:load: expected a table, got"),
        (
            script.table(goals={"p95": "< 1"}),
            'x.toml:goals.p95: unknown metric (did you mean "p95_ms"?)',
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_file_and_key(data: dict[str, Any], said: str) -> None:
    (line,) = problems(data)
    assert line.startswith(said)


def test_several_mistakes_are_said_at_once() -> None:
    data = script.table(
        load={"users": 0, "duration": "soon", "spawn_rate": -1.0},
        thresholds={"p95_ms": "fast", "rps": "< 5"},
    )
    assert [line.split(": ")[0] for line in problems(data)] == [
        "x.toml:load.users",
        "x.toml:load.spawn_rate",
        "x.toml:load.duration",
        "x.toml:thresholds.p95_ms",
        "x.toml:thresholds.rps",
    ]


def test_several_unknown_keys_are_said_at_once() -> None:
    assert len(problems({**load(user=1, spwan_rate=2), "tilte": "x"})) == 3


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
@pytest.mark.parametrize("key", ["spawn_rate", "slow_ms"])
def test_toml_s_own_nan_and_inf_are_no_numbers_here(key: str, number: float) -> None:
    assert problems(load(**{key: number}))[0].startswith(f"x.toml:load.{key}: ")


@pytest.mark.parametrize("name", ["Big Test.toml", "-x.toml", "ünï.toml", ".toml"])
def test_a_file_name_that_is_no_id_is_refused(name: str) -> None:
    assert "file name is its id" in problems(load(), name=name)[0]


def test_changes_lie_over_the_file() -> None:
    changes = {"load.users": 7, "thresholds.p95_ms": "< 5", "title": "Mine"}
    scenario = parse_scenario(PurePath("x.toml"), load(), changes)
    assert (scenario.users, scenario.thresholds[0].value, scenario.title) == (7, 5.0, "Mine")


def test_changes_leave_the_file_s_own_data_alone() -> None:
    data = load()
    parse_scenario(PurePath("x.toml"), data, {"load.users": 7})
    assert data["load"]["users"] == 20


def test_a_wrong_kind_hides_no_other_mistake() -> None:
    wrong = {**load(users=0), "kind": "lode"}
    assert [line.split(": ")[0] for line in problems(wrong)] == ["x.toml:kind", "x.toml:load.users"]
    wrong = {**load(users="x"), "kind": "lode"}
    assert [line.split(": ")[0] for line in problems(wrong)] == ["x.toml:kind", "x.toml:load.users"]


@pytest.mark.parametrize("limit", ["< 5000", {"limit": "< 5000", "abort": True}])
def test_a_change_reaches_into_every_table(limit: object) -> None:
    data = load(user_classes={"A": 1, "B": 2})
    data["thresholds"] = {"p99_ms": limit}
    changes = {"load.user_classes.B": 5, "thresholds.p99_ms.limit": "< 5"}
    scenario = parse_scenario(PurePath("x.toml"), data, changes)
    assert load_of(scenario).user_classes == {"A": 1, "B": 5}
    assert [each.text for each in scenario.thresholds] == ["< 5"]
    assert scenario.thresholds[0].abort is isinstance(limit, dict)
    assert data["load"]["user_classes"] == {"A": 1, "B": 2}
    assert data["thresholds"] == {"p99_ms": limit}


@pytest.mark.parametrize("key", ["", ".", "load.", ".users", "load..users"])
def test_a_change_of_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="is no key"):
        parse_scenario(PurePath("x.toml"), load(), {key: 1})


@pytest.mark.parametrize(
    ("changes", "flags", "said"),
    [
        ({"load.users": 0}, {"load.users": "--users"}, "command line:--users: 0 users"),
        ({"load.duration": "x"}, {"load.duration": "--duration"}, 'command line:--duration: "x"'),
        (
            {"load.users": 90_000},
            {"load.users": "--users"},
            "command line:--users: nothing would be measured",
        ),
        (
            {"load.duration": "1s", "load.users": 90},
            {"load.users": "--users", "load.duration": "--duration"},
            "command line:--duration: nothing would be measured",
        ),
        (
            {"thresholds.p95_ms.limit": "fast"},
            {"thresholds.p95_ms.limit": "--set thresholds.p95_ms.limit"},
            'command line:--set thresholds.p95_ms.limit: "fast" is not a limit',
        ),
        ({}, {"load.spawn_rate": "--spawn-rate"}, 'x.toml:load.timeout: "soon" is not'),
    ],
)
def test_what_a_flag_has_done_is_blamed_on_the_flag(
    changes: dict[str, Any], flags: dict[str, str], said: str
) -> None:
    data = load() if changes else load(timeout="soon")
    with pytest.raises(InputError) as caught:
        parse_scenario(PurePath("x.toml"), data, changes)
    assert str(caught.value.blaming(flags)).startswith(said)


def test_a_change_of_an_unknown_key_is_refused_like_one_in_the_file() -> None:
    assert problems(load(), load__usres=7) == [
        'x.toml:load.usres: unknown key (did you mean "users"?)'
    ]
    assert problems(load(), title__x=7) == ["x.toml:title.x: title is not a table"]


def test_a_word_that_is_none_of_a_few_is_told_them() -> None:
    (line,) = problems(load(judge="step"))
    assert line == 'x.toml:load.judge: unknown value "step" (known: run, stage)'


def test_the_wait_afterwards_and_the_memory_it_needs_stand_beside_its_title() -> None:
    scenario = script.scenario(cool_down="30s", ask_below_memory_gb=16)
    assert (scenario.cool_down_s, scenario.ask_below_memory_gb) == (30.0, 16.0)
    usual = script.scenario()
    assert (usual.cool_down_s, usual.ask_below_memory_gb) == (300.0, 0.0)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"cool_down": "soon"}, 'x.toml:cool_down: "soon" is not a duration'),
        ({"ask_below_memory_gb": -1.0}, "x.toml:ask_below_memory_gb: gigabytes from 0 (never"),
        ({"ask_below_memory_gb": 4097}, "x.toml:ask_below_memory_gb: gigabytes from 0 (never"),
        ({"ask_below_memory_gb": float("nan")}, "x.toml:ask_below_memory_gb: gigabytes"),
    ],
)
def test_a_mistake_beside_the_title_is_one_line(keys: dict[str, Any], said: str) -> None:
    (line,) = problems(script.table(**keys))
    assert line.startswith(said)


STRESS = {"duration": "2m", "cpu": {}}
FIVE = {"users": 5, "spawn_rate": 5.0}


def stress(load: object = None, **sections: Any) -> dict[str, Any]:
    """A decoded file of a stress."""
    beside = {} if load is None else {"load": load}
    return {"kind": "stress", "title": "Hot", "stress": STRESS, **beside, **sections}


def parsed(load: object = None, **sections: Any) -> Scenario:
    return parse_scenario(PurePath("stress-x.toml"), stress(load, **sections), {})


class TestAStress:
    def test_may_do_without_a_load(self) -> None:
        scenario = parsed()
        assert (scenario.kind, scenario.load) == ("stress", None)
        assert (scenario.users, scenario.stages, scenario.is_open) == (0, (), False)
        assert scenario.slow_ms == inf
        assert not scenario.judges_stages
        assert scenario.duration_s == 20 + 120 + 60
        assert scenario.plan == "cpu for 2 min"

    def test_may_have_a_load_beside_it_that_lasts_as_long(self) -> None:
        scenario = parsed(FIVE, thresholds={"p95_ms": "< 2000", "recovery_s": "< 30"})
        assert scenario.users == 5
        assert scenario.duration_s == 1 + 20 + 120 + 60
        assert load_of(scenario).duration_s > scenario.duration_s
        assert scenario.plan == "cpu for 2 min under 5 users"

    def test_waits_for_the_warm_up_of_its_load(self) -> None:
        assert parsed({**FIVE, "warm_up": "40s"}).duration_s == 40 + 20 + 120 + 60

    def test_may_have_an_arrival_rate_beside_it(self) -> None:
        scenario = parsed({"arrival_rate": 5.0})
        assert scenario.is_open
        assert scenario.plan == "cpu for 2 min under 5 operations/s"

    @pytest.mark.parametrize(
        ("metric", "limit"),
        [
            ("recovery_s", "< 5"),
            ("outage_s", "< 5"),
            ("p95_ratio", "< 5"),
            ("rps_ratio", ">= 0.5"),
        ],
    )
    def test_has_figures_of_its_own(self, metric: str, limit: str) -> None:
        assert parsed(FIVE, thresholds={metric: limit}).thresholds[0].metric == metric
        assert problems(script.table(thresholds={metric: limit})) == [
            f"x.toml:thresholds.{metric}: needs a stress to judge"
        ]

    def test_alone_is_told_by_the_health_check_but_for_a_throughput(self) -> None:
        limits = {"recovery_s": "< 5", "outage_s": "< 5", "p95_ratio": "< 5"}
        found = parsed(thresholds=limits).thresholds
        assert [limit.metric for limit in found] == list(limits)
        for section in ("thresholds", "goals"):
            wrong = stress(**{section: {"rps_ratio": ">= 0.5"}})
            assert problems(wrong, name="stress-x.toml") == [
                f"stress-x.toml:{section}.rps_ratio: needs requests to judge: [load] is missing"
            ]

    @pytest.mark.parametrize("metric", ["recovery_s", "p95_ratio", "rps_ratio"])
    def test_is_not_ended_by_what_is_known_when_it_is_over(self, metric: str) -> None:
        text = ">= 0.5" if metric == "rps_ratio" else "< 5"
        limits = {metric: {"limit": text, "abort": True}}
        (line,) = problems(stress(FIVE, thresholds=limits), name="stress-x.toml")
        assert line.startswith(f"stress-x.toml:thresholds.{metric}.abort: {metric} is judged when")

    def test_may_be_ended_by_an_outage(self) -> None:
        (limit,) = parsed(thresholds={"outage_s": {"limit": "< 5", "abort": True}}).thresholds
        assert limit.abort

    @pytest.mark.parametrize("metric", ["p95_ms", "error_rate", "max_ms"])
    @pytest.mark.parametrize("section", ["thresholds", "goals"])
    def test_alone_has_no_requests_to_judge(self, metric: str, section: str) -> None:
        (line,) = problems(stress(**{section: {metric: "< 1"}}), name="stress-x.toml")
        assert line.endswith(f".{metric}: needs requests to judge: [load] is missing")

    @pytest.mark.parametrize(
        "load",
        [
            {"users": 5, "pattern": [50, 100]},
            {"stages": [{"users": 5, "duration": "1m"}]},
            {"users": 5, "shape": "Mine"},
            {"search": {"to": 50}},
            {"users": 5, "operations_per_user": 9},
            {"arrival_rate": {"from": 1.0, "to": 9.0}},
        ],
        ids=lambda load: list(load)[-1],
    )
    def test_stands_beside_one_level_all_along(self, load: dict[str, Any]) -> None:
        (line,) = problems(stress(load), name="stress-x.toml")
        key = list(load)[-1]
        assert line.startswith(f"stress-x.toml:load.{key}: beside a stress there is one level")

    @pytest.mark.parametrize(
        ("load", "said"),
        [
            ({**FIVE, "duration": "5m"}, "load.duration: a load beside a stress lasts as long as"),
            ({}, "load.users: is missing"),
            ({"users": 0}, "load.users: 0 users can't load anything"),
            ({"users": 1000, "spawn_rate": 1.0}, "load.duration: nothing would be measured: 1000"),
            (5, "load: expected a table, got a whole number"),
        ],
    )
    def test_refuses_a_load_that_can_t_be_beside_it(self, load: object, said: str) -> None:
        (line,) = problems(stress(load), name="stress-x.toml")
        assert line.startswith(f"stress-x.toml:{said}")

    @pytest.mark.parametrize(
        "wrong", [{"stress": {**STRESS, "duration": "soon"}}, {"load": {"users": 0}}]
    )
    def test_that_is_wrong_has_no_fault_in_its_limits(self, wrong: dict[str, Any]) -> None:
        limits = {"recovery_s": "< 60", "p95_ms": "< 2000", "rps_ratio": ">= 0.5"}
        data = {**stress(FIVE, thresholds=limits, goals={"p95_ratio": "< 2"}), **wrong}
        (line,) = problems(data, name="stress-x.toml")
        assert line.startswith(f"stress-x.toml:{next(iter(wrong))}.")

    def test_tells_its_own_mistakes_and_its_load_s_at_once(self) -> None:
        wrong = {**stress({**FIVE, "duration": "5m"}), "stress": {**STRESS, "max_c": 0}}
        assert [line.split(": ")[0] for line in problems(wrong, name="stress-x.toml")] == [
            "stress-x.toml:stress.max_c",
            "stress-x.toml:load.duration",
        ]

    @pytest.mark.parametrize(
        ("data", "name", "said"),
        [
            (
                stress(),
                "hot.toml",
                "kind: the id of a stress scenario begins with stress- (its file's name)",
            ),
            (load(), "stress-x.toml", "kind: a name that begins so is for another kind than load"),
            (
                {**load(), "stress": STRESS},
                "x.toml",
                'stress: is no part of a load scenario (meant kind = "stress"?)',
            ),
            ({"kind": "stress", "title": "x"}, "stress-x.toml", "stress: is missing"),
            ({**stress(), "stress": 5}, "stress-x.toml", "stress: expected a table, got a whole"),
        ],
    )
    def test_is_told_from_a_load_by_its_kind_its_table_and_its_name(
        self, data: dict[str, Any], name: str, said: str
    ) -> None:
        (line,) = problems(data, name=name)
        assert line.startswith(f"{name}:{said}")

    def test_alone_is_the_name_of_a_load_as_well(self) -> None:
        assert parse_scenario(PurePath("stress.toml"), load(), {}).kind == "load"

    def test_is_changed_like_any_other(self) -> None:
        changes = {"stress.duration": "30s", "stress.cpu.level_percent": 50}
        found = parse_scenario(PurePath("stress-x.toml"), stress(), changes).stress
        assert found is not None
        assert (found.duration_s, found.burners) == (30.0, (CpuPlan(0.5),))
