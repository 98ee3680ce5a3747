"""The keys of [load] that say how much load there is: what they become, and what they refuse."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tests.core import script
from tests.lib.loads import load_of
from tui.core.load import Arrival, Load
from tui.core.problem import InputError
from tui.core.scenario import parse_scenario


def read(**keys: Any) -> Load:
    """The load that these keys ask for."""
    return load_of(parse_scenario(PurePath("x.toml"), script.table(load=keys), {}))


def said(**keys: Any) -> str:
    """What is wrong with them."""
    with pytest.raises(InputError) as caught:
        read(**keys)
    return str(caught.value)


def steps(load: Load) -> list[tuple[int, float]]:
    """Users and seconds of each stage."""
    return [(stage.users, stage.duration_s) for stage in load.stages]


def stage(users: int, duration: str, **more: Any) -> dict[str, Any]:
    return {"users": users, "duration": duration, **more}


CLIMB = [stage(10, "1m"), stage(40, "2m", spawn_rate=4.0), stage(0, "1m")]


class TestStages:
    def test_are_levels_one_after_the_other(self) -> None:
        load = read(stages=CLIMB, spawn_rate=2.0)
        assert steps(load) == [(10, 60.0), (40, 120.0), (0, 60.0)]
        assert [each.spawn_rate for each in load.stages] == [2.0, 4.0, 2.0]

    def test_give_the_load_its_users_and_its_length(self) -> None:
        load = read(stages=CLIMB, spawn_rate=2.0)
        assert (load.users, load.duration_s) == (40, 240.0)
        assert (load.first_users, load.first_spawn_rate, load.spawn_s) == (10, 2.0, 5.0)

    def test_come_again_when_they_are_repeated(self) -> None:
        load = read(stages=CLIMB, spawn_rate=2.0, repeat=3)
        assert steps(load) == steps(read(stages=CLIMB, spawn_rate=2.0)) * 3
        assert load.duration_s == 720.0

    def test_are_scaled_by_users_up_to_the_next_whole_one(self) -> None:
        load = read(stages=CLIMB, spawn_rate=2.0, users=6)
        assert [users for users, _ in steps(load)] == [2, 6, 0]
        assert load.users == 6

    def test_are_scaled_by_duration_and_climb_as_much_faster(self) -> None:
        load = read(stages=CLIMB, spawn_rate=2.0, duration="2m")
        assert steps(load) == [(10, 30.0), (40, 60.0), (0, 30.0)]
        assert [each.spawn_rate for each in load.stages] == [4.0, 8.0, 4.0]
        assert load.duration_s == 120.0

    def test_know_which_of_them_is_under_way(self) -> None:
        load = read(stages=CLIMB, spawn_rate=2.0)
        moments = (0.0, 59.9, 60.0, 179.9, 180.0, 999.0)
        assert [load.stage_at(second) for second in moments] == [0, 0, 1, 1, 2, 2]

    @pytest.mark.parametrize(
        ("keys", "what"),
        [
            (
                {"stages": [stage(0, "1m"), stage(5, "1m")]},
                "load.stages: the first level needs a user",
            ),
            (
                {"stages": [stage(50, "30s")], "spawn_rate": 1.0},
                "load.stages: stage 1 ends before it gets from 0 to 50 users: at 1/s that takes "
                "50 s",
            ),
            (
                {"stages": [stage(5, "30s"), stage(90, "30s", spawn_rate=1.0)], "spawn_rate": 9.0},
                "load.stages: stage 2 ends before it gets from 5 to 90 users",
            ),
            (
                {"stages": [stage(5, "30s"), stage(9, "30s")], "duration": "1s"},
                "load.stages: stage 1 is shorter than 1 s",
            ),
            ({"stages": [stage(5, "soon")]}, 'load.stages.1.duration: "soon" is not a duration'),
            ({"stages": [stage(-1, "30s")]}, "load.stages.1.users: -1 users can't be fewer than"),
            ({"stages": [{"users": 5}]}, "load.stages.1.duration: is missing"),
            (
                {"stages": [stage(5, "30s", user=1)]},
                'load.stages.1.user: unknown key (did you mean "users"?)',
            ),
            ({"stages": [stage(5, "30s")], "repeat": 1001}, "load.repeat: 1 or more, and at most"),
            (
                {"stages": [stage(5, "30s")], "arrival_rate": 5.0},
                "load.arrival_rate: both it and load.stages say how much load there is",
            ),
        ],
    )
    def test_that_can_t_be_are_refused(self, keys: dict[str, Any], what: str) -> None:
        assert f"x.toml:{what}" in said(**keys)


class TestAPattern:
    def test_is_shares_of_the_users_in_equal_parts_of_the_time(self) -> None:
        load = read(pattern=[10.0, 25.0, 50.0, 100.0], users=50, spawn_rate=5.0, duration="8m")
        assert steps(load) == [(5, 120.0), (13, 120.0), (25, 120.0), (50, 120.0)]
        assert (load.users, load.duration_s) == (50, 480.0)

    def test_is_repeated_within_the_time(self) -> None:
        load = read(pattern=[100.0, 0.0], users=2, spawn_rate=2.0, duration="20m", repeat=10)
        assert steps(load) == [(2, 60.0), (0, 60.0)] * 10

    @pytest.mark.parametrize(
        ("keys", "what"),
        [
            ({"pattern": [120.0]}, "load.pattern: its numbers are percents of load.users"),
            ({"pattern": [-1.0]}, "load.pattern: its numbers are percents of load.users"),
            ({"pattern": [0.0, 100.0]}, "load.pattern: the first level needs a user"),
            ({"pattern": [50.0] * 99}, "load.pattern: stage 1 is shorter than 1 s"),
        ],
    )
    def test_that_can_t_be_is_refused(self, keys: dict[str, Any], what: str) -> None:
        assert f"x.toml:{what}" in said(users=20, duration="60s", spawn_rate=20.0, **keys)

    def test_needs_users_and_a_duration(self) -> None:
        assert said(pattern=[100.0]).splitlines() == [
            "x.toml:load.users: is missing",
            "x.toml:load.duration: is missing",
        ]


class TestAnArrivalRate:
    def test_is_the_same_all_along(self) -> None:
        load = read(arrival_rate=5.0, duration="5m")
        assert load.arrival == Arrival(5.0, 5.0)

    def test_may_be_a_whole_number(self) -> None:
        assert read(arrival_rate=5, duration="5m").arrival == Arrival(5.0, 5.0)

    def test_may_change_from_none_to_some(self) -> None:
        load = read(arrival_rate={"to": 60.0}, duration="10m")
        assert load.arrival == Arrival(0.0, 60.0)

    def test_has_users_enough_for_a_target_that_lets_everything_time_out(self) -> None:
        load = read(arrival_rate=5.0, duration="5m", timeout="10s")
        assert load.users >= 5 * 10
        assert load.spawn_s <= 1.0

    def test_gives_itself_no_more_users_than_is_sane(self) -> None:
        assert read(arrival_rate=5000.0, duration="5m").users == 2000

    def test_keeps_the_users_that_it_is_given(self) -> None:
        assert read(arrival_rate=5.0, duration="5m", users=7).users == 7

    @pytest.mark.parametrize("rate", [0.0, -1.0, 10_001.0, float("nan"), float("inf")])
    def test_that_can_t_be_is_refused(self, rate: float) -> None:
        what = "load.arrival_rate: operations per second, above 0 and at most 10000"
        assert what in said(arrival_rate=rate, duration="5m")
        assert what in said(arrival_rate={"from": 0.0, "to": rate}, duration="5m")

    def test_may_fall_to_nothing(self) -> None:
        load = read(arrival_rate={"from": 9.0, "to": 0.0}, duration="5m")
        assert load.arrival == Arrival(9.0, 0.0)

    def test_needs_a_duration(self) -> None:
        assert said(arrival_rate=5.0) == "x.toml:load.duration: is missing"


class TestOperationsForEachUser:
    def test_judge_from_the_first_one_on(self) -> None:
        load = read(users=10, spawn_rate=10.0, duration="1m", operations_per_user=10)
        assert (load.operations_per_user, load.warm_up_s) == (10, 0.0)

    def test_leave_a_warm_up_that_is_asked_for(self) -> None:
        asked = {"users": 10, "spawn_rate": 10.0, "duration": "1m", "operations_per_user": 10}
        assert read(**asked, warm_up="5s").warm_up_s == 5.0

    @pytest.mark.parametrize("operations", [0, -1, 1_000_001])
    def test_are_at_least_one(self, operations: int) -> None:
        what = said(users=10, duration="1m", operations_per_user=operations)
        assert what == "x.toml:load.operations_per_user: from 1 to 1000000"

    def test_do_not_go_with_stages(self) -> None:
        what = said(stages=CLIMB, spawn_rate=2.0, operations_per_user=5)
        assert what.startswith("x.toml:load.operations_per_user: says when users stop")


class TestABarrier:
    def test_is_a_time_between_two_volleys(self) -> None:
        assert read(users=20, spawn_rate=20.0, duration="2m", barrier="3s").barrier_s == 3.0

    @pytest.mark.parametrize(
        ("keys", "what"),
        [
            ({"users": 9, "barrier": "0s"}, "load.barrier: must be above 0"),
            ({"users": 9, "barrier": "soon"}, 'load.barrier: "soon" is not a duration'),
            ({"arrival_rate": 5.0, "barrier": "3s"}, "load.barrier: says when users begin"),
        ],
    )
    def test_that_can_t_be_is_refused(self, keys: dict[str, Any], what: str) -> None:
        assert f"x.toml:{what}" in said(duration="1m", spawn_rate=9.0, **keys)


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"judge": "stage"}, "load.judge: there are no stages to judge"),
        ({"judge": "both"}, "load.judge: "),
        ({"repeat": 2}, "load.repeat: there is nothing to repeat"),
        ({"reserve": -1.0}, "load.reserve: a factor from 0"),
        ({"tags": "cheap"}, "load.tags: expected a list, got text in quotes"),
        ({"pattern": [50.0], "shape": "Mine"}, "load.shape: both it and load.pattern say"),
    ],
)
def test_what_makes_no_sense_is_refused(keys: dict[str, Any], what: str) -> None:
    assert f"x.toml:{what}" in said(users=5, spawn_rate=5.0, duration="1m", **keys)


def test_tags_a_shape_and_the_rest_are_taken_as_they_are() -> None:
    load = read(
        users=5,
        spawn_rate=5.0,
        duration="1m",
        shape="Mine",
        tags=["cheap"],
        exclude_tags=["large", "image"],
        reserve=2.0,
    )
    assert (load.shape, load.tags, load.exclude_tags) == ("Mine", ("cheap",), ("large", "image"))
    assert load.reserve == 2.0


@pytest.mark.parametrize(
    ("arrival", "second", "due"),
    [
        (Arrival(5.0, 5.0), 10.0, 50.0),
        (Arrival(0.0, 10.0), 50.0, 125.0),
        (Arrival(0.0, 10.0), 100.0, 500.0),
        (Arrival(10.0, 0.0), 50.0, 375.0),
        (Arrival(5.0, 5.0), -1.0, 0.0),
        (Arrival(5.0, 5.0), 101.0, 500.0),
    ],
)
def test_what_is_due_grows_with_the_rate(arrival: Arrival, second: float, due: float) -> None:
    assert arrival.due(second, 100.0) == pytest.approx(due)
