"""Options of the command line over scenarios of several kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from tui.catalogue import find_config
from tui.cli.options import Places
from tui.cli.requests import run_requests
from tui.core.problem import InputError
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
    "resume": False,
}


def requests(*ids: str, scenarios: Path | None = None, **options: Any) -> list[RunRequest]:
    """What a command line asks for."""
    context = click.Context(click.Command("run"))
    context.params["scenarios"] = scenarios
    places = Places(context)
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


SUITE = """
kind = "smoke"
title = "Two tests"

[[smoke.tests]]
id = "SMK-01"
title = "alive"
group = "health"
steps = [{ name = "alive", operation = "health" }]
"""


@pytest.mark.parametrize("fail_fast", [True, False])
def test_a_suite_knows_that_its_first_failed_test_is_the_last(
    tmp_path: Path, fail_fast: bool
) -> None:
    (tmp_path / "two.toml").write_text(SUITE)
    suite, load = requests("two", "smoke", scenarios=tmp_path, fail_fast=fail_fast)
    assert suite.scenario.workflow is not None
    assert suite.scenario.workflow.fail_fast is fail_fast
    assert load.scenario.workflow is None


def test_a_suite_takes_no_duration(tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text(SUITE)
    with pytest.raises(InputError, match="two takes as long as its tests do"):
        requests("two", scenarios=tmp_path, duration="90s")


def test_users_are_those_of_the_load_beside_a_workflow_too() -> None:
    (day,) = requests("end-of-day", users=7, spawn_rate=7.0)
    assert day.scenario.load is not None
    assert (day.scenario.users, day.scenario.load.spawn_rate) == (7, 7.0)
    assert day.scenario.load.goes_on


def test_a_workflow_under_load_takes_no_duration_but_that_of_its_rounds() -> None:
    with pytest.raises(InputError, match="end-of-day takes as long as its rounds do"):
        requests("end-of-day", duration="90s")
    with pytest.raises(InputError, match="tokens puts no load on its target"):
        requests("tokens", users=5)
