"""Whoever reads the board guards it, and nothing that a guard found is lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.engine.stress_bench import stressed
from tui.core.events import Reading
from tui.core.guards import Halt, RunGuards
from tui.core.guards.run_guards import SILENT_S
from tui.engine.guarding import Guarding

HOT = {"tj_c": Reading(103.0, "sysfs", limit=99.0, critical=104.5)}
COOL = {"tj_c": Reading(50.0, "sysfs", limit=99.0, critical=104.5)}
STRESS = stressed(duration="1m", cpu={}).stress


class Halted:
    """A run of which only the halt is known."""

    def __init__(self) -> None:
        self.halts = 0

    def halt(self) -> None:
        self.halts += 1


def guarding(run: Halted) -> Guarding:
    found = Guarding()
    found.begin(run, STRESS)  # type: ignore[arg-type]
    return found


def tripped(guard: Guarding, at_s: float) -> Halt | None:
    found = guard.tripped(at_s)
    return found[1] if found is not None else None


def test_what_was_read_halts_at_once_and_is_told_once() -> None:
    run = Halted()
    guard = guarding(run)
    guard.sample(HOT, 1.0)
    guard.sample(HOT, 1.5)
    assert run.halts == 1
    found = tripped(guard, 1.6)
    assert found is not None
    assert found.guard == "heat"
    assert tripped(guard, 1.7) is None
    guard.sample(HOT, 2.0)
    assert run.halts == 1


def test_a_board_that_never_told_anything_ends_a_stress_too() -> None:
    run = Halted()
    guard = guarding(run)
    guard.burn(True, 100.0)
    assert tripped(guard, 100.0 + SILENT_S) is None
    found = tripped(guard, 101.0 + SILENT_S)
    assert found is not None
    assert found.guard == "sensors"
    assert run.halts == 1


def test_a_board_that_tells_something_is_not_silent() -> None:
    guard = guarding(Halted())
    guard.burn(True, 100.0)
    guard.sample(COOL, 100.0 + SILENT_S)
    assert tripped(guard, 101.0 + SILENT_S) is None


def test_silence_is_nothing_to_a_run_without_burners() -> None:
    guard = guarding(Halted())
    assert tripped(guard, 1000.0) is None


def test_a_guard_that_breaks_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: RunGuards, readings: Mapping[str, Reading], at_s: float) -> None:
        raise ZeroDivisionError("a mistake")

    monkeypatch.setattr(RunGuards, "sample", broken)
    run = Halted()
    guard = guarding(run)
    guard.sample(COOL, 1.0)
    found = tripped(guard, 1.1)
    assert found is not None
    assert "a mistake" in found.detail
    assert run.halts == 1
