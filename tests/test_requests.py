"""Options of the command line over scenarios of several kinds."""

from __future__ import annotations

from typing import Any

import click

from tui.catalogue import find_config
from tui.cli.options import Places
from tui.cli.requests import run_requests
from tui.ports import RunRequest

NONE: dict[str, Any] = {
    "users": None,
    "spawn_rate": None,
    "duration": None,
    "settings": (),
    "target": None,
    "workers": None,
    "force": False,
    "meant": "",
    "note": "",
    "no_cool_down": False,
}


def requests(*ids: str, **options: Any) -> list[RunRequest]:
    """What a command line asks for."""
    places = Places(click.Context(click.Command("run")))
    return run_requests(places, find_config(None), ids, {**NONE, **options})


def test_a_duration_is_that_of_the_stress_where_there_is_one() -> None:
    load, alone, beside = requests("smoke", "stress-cpu", "stress-under-load", duration="90s")
    assert load.scenario.duration_s == 90.0
    for each in (alone, beside):
        assert each.scenario.stress is not None
        assert each.scenario.stress.duration_s == 90.0
    assert alone.scenario.load is None


def test_users_are_those_of_the_load_beside_a_stress_too() -> None:
    load, beside = requests("smoke", "stress-under-load", users=7, spawn_rate=7.0)
    assert (load.scenario.users, beside.scenario.users) == (7, 7)


def test_a_setting_is_laid_over_each_as_it_is() -> None:
    (alone,) = requests("stress-cpu", duration="90s", settings=("stress.cpu.level_percent=50",))
    assert alone.scenario.stress is not None
    assert alone.scenario.stress.duration_s == 90.0
    assert alone.scenario.stress.burners[0].level == 0.5
