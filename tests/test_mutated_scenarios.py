"""Shipped files with slips of the finger: understood, or told what is wrong, never a crash."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import datetime, timezone
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from tui.catalogue import find_scenarios, is_campaign, parse_toml, read_scenario, read_toml
from tui.core.campaign import parse_campaign
from tui.core.problem import InputError
from tui.core.scenario import Scenario
from tui.core.stress.plan import burner_text

MUTATIONS = 200
CATALOGUE = find_scenarios(None)
IDS = sorted(CATALOGUE.ids())
ODD: list[Any] = [
    *(0, -1, 1, 7, 10**9, 16**400, 0.0, 0.5, -2.5, 1e308, nan, inf, -inf, True, False),
    *(
        "",
        " ",
        "0s",
        "5m",
        "61m",
        "40d",
        "-3s",
        "9" * 6000,
        "< 5",
        ">= 1",
        "< 1e9",
        "\x1b[2J\n",
        "²",
    ),
    *(
        "all",
        "load",
        "stress",
        "users.py",
        "../users.py",
        "/dev/null",
        "x" * 300,
        "a\0b",
        "h:9",
        ":",
    ),
    *([], [0], [""], [1, "x"], [[1]], [{}], {}, {"limit": "< 5"}, {"to": 5}, {"": 1}),
    datetime(2026, 11, 21, tzinfo=timezone.utc),
]


def tables(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The file's own and all inside it."""
    found = [data]
    for value in data.values():
        inside = value if isinstance(value, list) else [value]
        for each in inside:
            found += tables(each) if isinstance(each, dict) else []
    return found


def slip(data: dict[str, Any], dice: random.Random) -> None:
    """One key of one table is lost, misspelt, misplaced, or has another value."""
    table = dice.choice([each for each in tables(data) if each])
    key = dice.choice(list(table))
    match dice.randrange(7):
        case 0:
            del table[key]
        case 1:
            at = dice.randrange(len(key) + 1)
            table[key[:at] + dice.choice('ax_-. é"') + key[at + 1 :]] = table.pop(key)
        case 2:
            dice.choice(tables(data))[key] = deepcopy(dice.choice([table[key], *ODD]))
        case 3:
            table[key] = [table[key]]
        case 4 if isinstance(table[key], int | float):
            table[key] *= dice.choice([-1, 0, 1000, 0.001])
        case 5 if isinstance(table[key], str) and table[key]:
            at = dice.randrange(len(table[key]))
            table[key] = table[key][:at] + dice.choice("0x <.m") + table[key][at + 1 :]
        case _:
            table[key] = deepcopy(dice.choice(ODD))


def smudged(text: str, dice: random.Random) -> str:
    """A character is lost, or another one has come."""
    at = dice.randrange(len(text))
    return (
        text[:at] + dice.choice(["", "", '"', "[", "]", "=", "\n", "9", "\0", "#"]) + text[at + 1 :]
    )


def mutated(seed: int) -> tuple[str, str]:
    """The id of a shipped file, and its text with some mistakes."""
    dice = random.Random(seed)
    name = dice.choice(IDS)
    if not dice.randrange(5):
        return name, smudged(CATALOGUE.path(name).read_text(encoding="utf-8"), dice)
    data = read_toml(CATALOGUE.path(name))
    for _ in range(dice.randint(1, 4)):
        slip(data, dice)
    return name, tomli_w.dumps(data)


def read(path: Path) -> Scenario | None:
    """The scenario; None for a campaign."""
    data = read_toml(path)
    if is_campaign(data):
        CATALOGUE.checked(parse_campaign(path, data))
        return None
    return read_scenario(path, {})


def check_told(error: InputError, name: str) -> None:
    """Whether each problem is a line that names the file, and none is told twice."""
    assert error.problems
    lines = [str(problem) for problem in error.problems]
    for line in lines:
        assert line.startswith(f"{name}.toml:")
        assert line.isprintable()
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_a_file_with_slips_is_understood_or_told_its_mistakes(seed: int, tmp_path: Path) -> None:
    name, text = mutated(seed)
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    try:
        scenario = read(path)
    except InputError as error:
        check_told(error, name)
        return
    if scenario is None:
        return
    assert scenario.plan.isprintable()
    assert isfinite(scenario.duration_s)
    assert scenario.duration_s >= 1 or scenario.workflow is not None
    for plan in scenario.stress.burners if scenario.stress is not None else ():
        assert plan.level > 0
        assert burner_text(plan)


def test_the_slips_are_of_both_kinds(tmp_path: Path) -> None:
    """That the mutations reach past the decoder, and that some files bear theirs."""
    decoded = understood = 0
    for seed in range(MUTATIONS):
        name, text = mutated(seed)
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        try:
            parse_toml(text)
            decoded += 1
            read(path)
            understood += 1
        except (InputError, ValueError):
            continue
    assert decoded > MUTATIONS / 2
    assert MUTATIONS / 20 < understood < decoded
