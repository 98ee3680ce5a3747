"""The engine inside the bench's own process, without a front end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench.lib.workplace import TARGET, Workplace
from tui.catalogue import find_config, find_scenarios
from tui.compose import engine
from tui.core.model import RunView, Snapshot
from tui.engine.supervisor import Supervisor
from tui.load.hub import import_locust
from tui.ports import RunRequest


class Engine:
    """Runs scenarios one after the other."""

    def __init__(self, place: Workplace, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._target = find_config(place.config).config.target(TARGET)
        self._catalogue = find_scenarios(place.scenarios)
        self._changed = threading.Condition()
        self._snapshot: Snapshot | None = None
        self.on_snapshot: Callable[[Snapshot], None] = lambda snapshot: None
        supervisor.listen(self._listen)

    def run(self, scenario_id: str, timeout_s: float) -> RunView:
        """To its verdict."""
        self.start(scenario_id)
        return self.await_end(scenario_id, timeout_s)

    def start(self, scenario_id: str) -> None:
        """Returns at once."""
        with self._changed:
            self._snapshot = None
        self._supervisor.start_run(
            RunRequest(self._catalogue.scenario(scenario_id), self._target, workers=1)
        )

    def await_end(self, scenario_id: str, timeout_s: float) -> RunView:
        """Until the verdict of the run that was started last."""
        ends_s = time.monotonic() + timeout_s
        seen_live = False
        with self._changed:
            while time.monotonic() < ends_s:
                snapshot = self._snapshot
                if snapshot is not None and snapshot.refusal is not None:
                    raise RuntimeError(snapshot.refusal.what)
                run = snapshot.run if snapshot is not None else None
                seen_live = seen_live or (run is not None and not run.is_over)
                if run is not None and run.is_over and seen_live:
                    return run
                self._changed.wait(0.5)
        raise TimeoutError(f"{scenario_id} did not end in time")

    def _listen(self, snapshot: Snapshot) -> None:
        with self._changed:
            self._snapshot = snapshot
            self._changed.notify_all()
        self.on_snapshot(snapshot)


@contextmanager
def embedded_engine(place: Workplace) -> Iterator[Engine]:
    """Main thread only: locust is imported."""
    before = {name: os.environ.get(name) for name in place.env}
    os.environ.update(place.env)
    try:
        import_locust()
        with engine(place.state, find_config(place.config), TARGET) as supervisor:
            supervisor.start()
            yield Engine(place, supervisor)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
