"""Whoever reads the board guards it, and nothing that a guard found is lost."""

from __future__ import annotations

import threading
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
    """A run of which only the halts and the hang-ups are known."""

    def __init__(self) -> None:
        self.halts = self.hang_ups = 0

    def halt(self) -> None:
        self.halts += 1

    def calm(self) -> None:
        """Not asked here."""

    def hang_up(self) -> None:
        self.hang_ups += 1


def guarding(run: Halted) -> Guarding:
    found = Guarding()
    found.begin(run, STRESS, 0.0)  # type: ignore[arg-type]
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


def test_silence_is_counted_from_the_run_and_not_from_the_engines_start() -> None:
    guard, run = Guarding(), Halted()
    guard.begin(run, STRESS, 5000.0)  # type: ignore[arg-type]
    guard.burn(True, 5100.0)
    guard.sample(COOL, 5101.0)
    assert tripped(guard, 5101.0 + SILENT_S) is None
    found = tripped(guard, 5102.0 + SILENT_S)
    assert found is not None
    assert "for 11 s" in found.detail


def test_a_run_is_not_over_while_it_is_halted() -> None:
    order: list[str] = []
    is_halting, go_on = threading.Event(), threading.Event()

    class Slow(Halted):
        def halt(self) -> None:
            is_halting.set()
            go_on.wait(30.0)
            order.append("halted")

    guard = guarding(Slow())
    guard.sample(HOT, 0.5)
    reading = threading.Thread(target=guard.sample, args=(HOT, 1.0))
    reading.start()
    assert is_halting.wait(30.0)

    def end() -> None:
        guard.end()
        order.append("ended")

    ending = threading.Thread(target=end)
    ending.start()
    ending.join(0.2)
    go_on.set()
    reading.join()
    ending.join()
    assert order == ["halted", "ended"]


def test_what_is_hurried_concerns_the_run_of_its_moment_alone() -> None:
    first, second = Halted(), Halted()
    guard = guarding(first)
    hurry = guard.hurrying(lambda run: run.halt())
    hurry()
    assert first.halts == 1
    guard.end()
    hurry()
    guard.begin(second, STRESS, 0.0)  # type: ignore[arg-type]
    hurry()
    assert (first.halts, second.halts) == (1, 0)


def test_a_run_that_a_guard_has_halted_need_not_be_hurried() -> None:
    run = Halted()
    guard = guarding(run)
    guard.sample(HOT, 1.0)
    guard.hurrying(lambda run: run.halt())()
    assert run.halts == 1


def test_a_terminal_that_is_gone_concerns_this_run_and_every_later_one() -> None:
    first, second = Halted(), Halted()
    guard = guarding(first)
    guard.hanging_up()()
    guard.begin(second, STRESS, 0.0)  # type: ignore[arg-type]
    assert (first.hang_ups, second.hang_ups) == (1, 1)
