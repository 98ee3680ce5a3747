from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import msgspec
import pytest

from tests.lib.machine import Machine
from tests.lib.typing_in import Type, typing_in
from tui.catalogue import shipped_root
from tui.cli.stress_show import stress_lines
from tui.core.scenario import parse_scenario
from tui.core.stress.plan import Step

SHIPPED = sorted(path.stem for path in (shipped_root() / "scenarios/stress").glob("*.toml"))


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    with typing_in(machine, monkeypatch, capsys, "show") as typed:
        yield typed


def lines(*, load: bool = False, **stress: Any) -> list[tuple[str, str]]:
    data: dict[str, Any] = {"kind": "stress", "title": "T", "stress": {"duration": "2m", **stress}}
    if load:
        data["load"] = {"users": 2, "spawn_rate": 1, "locustfile": "users.py"}
    found = parse_scenario(PurePath("stress-t.toml"), data, {}).stress
    assert found is not None
    return list(stress_lines(found))


def told(found: list[tuple[str, str]], label: str) -> list[str]:
    """What stands behind a label, and beneath it."""
    at = next(number for number, (name, _) in enumerate(found) if name == label)
    texts = [found[at][1]]
    for name, text in found[at + 1 :]:
        if name:
            break
        texts.append(text)
    return texts


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_stress_fits_the_screen_and_tells_its_guards(
    type_in: Type, name: str
) -> None:
    rows = type_in(name).out.splitlines()
    assert all(len(row) <= 80 for row in rows if "/" not in row), rows
    assert any(row.startswith("  stress  ") for row in rows)
    assert any(row.startswith("  guards  heat (") for row in rows)


def test_faults_stand_one_below_the_other_for_a_fault_may_have_a_comma() -> None:
    faults = [{"latency_ms": 100, "jitter_ms": 20}, {"cut": "black_hole"}]
    found = lines(load=True, faults=faults)
    each = "each for 1 min"
    assert told(found, "faults") == ["latency 100 ms, jitter 20 ms", "black hole", each]
    assert told(found, "stress") == ["network faults for 2 min"]


def test_steps_of_different_lengths_have_each_its_own() -> None:
    data = {"kind": "stress", "title": "T", "stress": {"duration": "2m", "cpu": {}}}
    found = parse_scenario(PurePath("stress-t.toml"), data, {}).stress
    assert found is not None
    uneven = (Step(30.0, 0.5), Step(90.0, 1.0))
    changed = msgspec.structs.replace(found, steps=uneven)
    assert told(list(stress_lines(changed)), "steps") == ["50 % for 30 s, 100 % for 90 s"]


def test_what_a_stress_takes_of_the_disk_is_told() -> None:
    assert told(lines(disk={}), "disk") == [
        "all free space down to the usual floor, without writing it"
    ]
    (floor,) = told(lines(disk={"floor_percent": 20}), "disk")
    assert "20 % of the disk" in floor


def test_the_guard_against_heat_is_the_one_that_the_scenario_leaves() -> None:
    (usual,) = told(lines(cpu={}), "guards")
    assert "5 °C below where the board slows down" in usual
    (hot,) = told(lines(cpu={}, allow_throttle=True, max_c=90), "guards")
    assert "(3 °C below where the board switches itself off, 90 °C at most)" in hot
    assert told(lines(cpu={}, until_steady=True), "ends") == [
        "early, once the board grows no warmer"
    ]
