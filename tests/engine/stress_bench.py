"""An engine whose burners, faults and health check are stand-ins, and what tests do to them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from tests.engine.bench import DEMO, Bench
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.core.model import Snapshot
from tui.core.scenario import Scenario, parse_scenario
from tui.core.stress.plan import Part
from tui.core.stress.view import StressView
from tui.ports import RunRequest

BEFORE_S, STRESS_S, AFTER_S = 2, 6, 4
USERS = {"users": 10, "spawn_rate": 10.0}
FAULTS = [{"latency_ms": 80}, {"cut": "reset"}]
HOT_C, TRIP_C = 103.0, 104.5


def stressed(*, load: object = None, limits: object = None, **keys: Any) -> Scenario:
    """Two seconds before, six of stress and four after, unless `keys` say something else."""
    lengths = {"before": f"{BEFORE_S}s", "duration": f"{STRESS_S}s", "after": f"{AFTER_S}s"}
    data = {
        "kind": "stress",
        "title": "Hot",
        "stress": {**lengths, **(keys or {"cpu": {}})},
        "thresholds": limits or {},
        **({"load": load} if load else {}),
    }
    return parse_scenario(PurePath("stress-x.toml"), data, {})


class StressBench(Bench):
    """An engine with everything that tests do to a stress."""

    def stress(self, *, load: object = None, limits: object = None, **keys: Any) -> None:
        """Ask for a stress; it is under way when this returns."""
        self.ask(stressed(load=load, limits=limits, **keys))
        self.await_phase("measuring")

    def ask(self, scenario: Scenario) -> None:
        """Ask for a stress, which may be refused."""
        self.supervisor.start_run(RunRequest(scenario, DEMO, workers=1))

    @property
    def view(self) -> StressView:
        """As the newest snapshot shows it."""
        stress = self.run.stress
        assert stress is not None
        return stress

    def pass_s(self, seconds: float, *, step_s: float = 1.0) -> None:
        """Time goes by; the board is read and the engine takes its turn in each step."""
        for _ in range(round(seconds / step_s)):
            self.clock.pass_s(step_s)
            if self.driver.plan is not None and not self.run.is_over:
                self.driver.run_s(1)
            self.await_samples()
            self.await_turn()

    def await_samples(self, number: int = 1) -> None:
        """Wait until the board has been read so often, and the guards have heard of it."""
        wanted = self.board.reads + number
        # The last one may still be on its way to them.
        eventually(lambda: self.board.reads > wanted)

    def await_part(self, part: Part) -> None:
        """Let time go by until the stress is in it."""
        for _ in range(BEFORE_S + STRESS_S + AFTER_S):
            if self.run.is_over or self.view.part == part:
                break
            self.pass_s(1)
        assert self.view.part == part

    def to_the_end(self) -> None:
        """Let time go by until the run has its verdict."""
        for _ in range(BEFORE_S + STRESS_S + AFTER_S + 10):
            if self.run.is_over:
                break
            self.pass_s(1)
        assert self.run.is_over

    def heat(self) -> None:
        """The board is about to switch itself off."""
        self.board.readings["tj_c"] = ev.Reading(HOT_C, "sysfs", limit=99.0, critical=TRIP_C)

    def parts(self) -> list[tuple[str, str]]:
        """The parts that began, and why the one before ended early."""
        return [(event.part, event.why) for event in self.kept(ev.StressEntered)]  # type: ignore[attr-defined]

    def undone(self) -> list[str]:
        """Faults that were told to be undone."""
        return [event.name for event in self.kept(ev.FaultUndone)]  # type: ignore[attr-defined]


@contextmanager
def kept_waiting(bench: StressBench) -> Iterator[None]:
    """The engine waits for something all through the block."""
    go_on, is_waiting = threading.Event(), threading.Event()

    def wait(_: Snapshot) -> None:
        is_waiting.set()
        go_on.wait(60.0)

    bench.supervisor.listen(wait)
    bench.supervisor.note("info", "this keeps the engine waiting")
    assert is_waiting.wait(60.0)
    try:
        yield
    finally:
        go_on.set()
