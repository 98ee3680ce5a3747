"""An engine whose cameras are stand-ins, and what tests do to them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from tests.engine.bench import DEMO, Bench
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.core.camera.reference import Reference
from tui.core.camera.view import CameraView
from tui.core.config import parse_config
from tui.core.scenario import Scenario, parse_scenario
from tui.ports import RunRequest

SITE = {
    "cameras": {
        "gate": {"source": "rtsp://10.0.0.9/live", "credentials": "env:GATE"},
        "yard": {"source": "v4l2:/dev/video0"},
    }
}
SETTLE_S, WATCHED_S = 2, 5


def watching(**keys: Any) -> Scenario:
    """Two seconds to settle and five to be judged."""
    data = {
        "kind": "benchmark",
        "title": "Cameras",
        "cameras": {"duration": f"{WATCHED_S}s", "settle": f"{SETTLE_S}s", **keys},
        "thresholds": {"fps_ratio": ">= 0.95"},
    }
    return parse_scenario(PurePath("bench-x.toml"), data, {})


class CameraBench(Bench):
    """An engine with two cameras, and these references of them."""

    def __init__(self, *references: Reference) -> None:
        config = parse_config("config.toml", SITE)
        super().__init__(config=config, references=lambda: references)

    def watch(self, **keys: Any) -> None:
        """Ask for a benchmark of cameras."""
        self.supervisor.start_run(RunRequest(watching(**keys), DEMO, workers=1))

    def view(self, name: str) -> CameraView:
        """A camera in the newest snapshot."""
        return next(each for each in self.newest.cameras if each.name == name)

    def await_state(self, name: str, state: str) -> None:
        """Wait until a camera is so."""
        eventually(lambda: self.view(name).state == state, f"{name}: {self.view(name).state}")

    def await_open(self, *names: str) -> None:
        """Wait until just these are watched by a reader."""

        def watched() -> bool:
            return sorted(each.camera.name for each in self.cameras.open) == sorted(names)

        eventually(watched, f"{self.cameras.open}")

    def pass_s(self, seconds: int) -> None:
        """Time goes by, and every open camera delivers."""
        for _ in range(seconds):
            self.clock.pass_s(1.0)
            self.cameras.deliver_s()
            self.await_turn()

    def to_the_end(self) -> None:
        """Let time go by until the run has its verdict."""
        for _ in range(60):
            if self.newest.run is not None and self.newest.run.is_over:
                return
            self.pass_s(1)
        raise AssertionError(f"it goes on: {self.phases()}")

    def kept_of(self, name: str) -> list[str]:
        """What the store was given of one camera, in order."""
        told = [event for _, event in self.store.kept if isinstance(event, ev.CameraEvent)]
        return [type(event).__name__ for event in told if event.camera == name]
