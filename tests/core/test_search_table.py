"""The [load.search] table: what it becomes, and what it refuses."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tests.core import script
from tui.core.load import Arrival, Load
from tui.core.problem import InputError
from tui.core.scenario import parse_scenario
from tui.core.search import Search


def read(search: dict[str, Any], **keys: Any) -> Load:
    """The load that this search asks for."""
    table = script.table(load={"search": search, **keys})
    load = parse_scenario(PurePath("x.toml"), table, {}).load
    assert load is not None
    return load


def said(search: dict[str, Any], **keys: Any) -> str:
    """What is wrong with it."""
    with pytest.raises(InputError) as caught:
        read(search, **keys)
    return str(caught.value)


class TestBySearchingUsers:
    def test_needs_its_highest_level_alone(self) -> None:
        assert read({"to": 200}).search == Search(to=200.0)

    def test_takes_what_it_is_told(self) -> None:
        asked = {
            "from": 10,
            "to": 90,
            "factor": 2,
            "settle": "5s",
            "window": "30s",
            "precision_percent": 5,
            "confirm": "2m",
        }
        assert read(asked).search == Search(
            to=90.0,
            from_=10.0,
            factor=2.0,
            settle_s=5.0,
            window_s=30.0,
            precision=0.05,
            confirm_s=120.0,
        )

    def test_begins_at_its_lowest_level_and_may_reach_its_highest(self) -> None:
        load = read({"from": 10, "to": 90})
        assert (load.first_users, load.users, load.arrival) == (10, 90, None)

    def test_gets_to_its_highest_level_in_good_time(self) -> None:
        assert read({"to": 200}).spawn_rate == 10.0
        assert read({"to": 8}).spawn_rate == 1.0
        assert read({"to": 8000}).spawn_rate == 100.0
        assert read({"to": 200}, spawn_rate=4.0).spawn_rate == 4.0

    def test_lasts_as_long_as_it_may_take(self) -> None:
        load = read({"to": 200})
        assert load.search is not None
        assert load.duration_s == load.search.most_s(20.0)
        assert load.duration_s > read({"to": 200, "confirm": "0s"}).duration_s

    def test_may_be_cut_short(self) -> None:
        assert read({"to": 200}, duration="5m").duration_s == 300.0
        assert read({"to": 200}, duration="9h").duration_s == read({"to": 200}).duration_s


class TestBySearchingARate:
    def test_begins_at_its_lowest_rate(self) -> None:
        load = read({"by": "rate", "from": 2.5, "to": 60.5})
        assert load.arrival == Arrival(2.5, 2.5)
        assert load.search == Search(to=60.5, from_=2.5, by="rate")

    def test_has_users_enough_for_its_highest_rate(self) -> None:
        load = read({"by": "rate", "to": 60}, timeout="10s")
        assert load.derives_users
        assert 60 * 10 <= load.users == load.first_users
        assert read({"by": "rate", "to": 60}, users=7).users == 7


@pytest.mark.parametrize(
    ("search", "what"),
    [
        ({}, "load.search.to: is missing"),
        ({"to": 0}, "load.search.to: users, above 0 and at most 100000"),
        ({"to": float("nan")}, "load.search.to: users, above 0 and at most 100000"),
        ({"to": 200_000}, "load.search.to: users, above 0 and at most 100000"),
        (
            {"to": 20_000, "by": "rate"},
            "load.search.to: operations per second, above 0 and at most 10000",
        ),
        ({"to": 5}, "load.search.from: users, above 0 and below load.search.to"),
        ({"to": 50, "from": 0}, "load.search.from: users, above 0 and below load.search.to"),
        ({"to": 50.5}, "load.search.to: 50.5 users: there are no parts of one"),
        ({"to": 50, "from": 2.5}, "load.search.from: 2.5 users: there are no parts of one"),
        ({"to": 50, "factor": 1.0}, "load.search.factor: from 1.1 to 4"),
        ({"to": 50, "factor": float("inf")}, "load.search.factor: from 1.1 to 4"),
        ({"to": 50, "precision_percent": 0}, "load.search.precision_percent: from 1 to 50"),
        ({"to": 50, "window": "1s"}, "load.search.window: from 5s to 10m"),
        ({"to": 50, "window": "soon"}, 'load.search.window: "soon" is not a duration'),
        ({"to": 50, "settle": "1h"}, "load.search.settle: from 0s to 10m"),
        ({"to": 50, "confirm": "1s"}, "load.search.confirm: 0s (not at all), or 5s and more"),
        ({"to": 50, "confirm": "2h"}, "load.search.confirm: from 0s to 1h"),
        ({"to": 50, "by": "hope"}, "load.search.by: "),
        ({"to": 50, "form": 3}, 'load.search.form: unknown key (did you mean "from"?)'),
    ],
)
def test_what_makes_no_search_is_refused(search: dict[str, Any], what: str) -> None:
    assert f"x.toml:{what}" in said(search)


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"users": 5}, "load.users: the search says how many users there are"),
        ({"reserve": 2.0}, "load.reserve: a search finds how much is carried"),
        ({"arrival_rate": 5.0}, "load.search: both it and load.arrival_rate say how much load"),
        ({"shape": "Mine"}, "load.search: both it and load.shape say how much load"),
        ({"stages": [{"users": 5, "duration": "1m"}]}, "load.search: both it and load.stages say"),
        ({"operations_per_user": 5}, "load.operations_per_user: says when users stop"),
        ({"barrier": "3s"}, "load.barrier: says when users begin, and so does load.search"),
        ({"judge": "stage"}, "load.judge: there are no stages to judge"),
        ({"repeat": 2}, "load.repeat: there is nothing to repeat"),
    ],
)
def test_what_does_not_go_with_a_search_is_refused(keys: dict[str, Any], what: str) -> None:
    assert f"x.toml:{what}" in said({"to": 50}, **keys)
