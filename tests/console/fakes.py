"""An engine that one can see through: it folds scripted events and writes down what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from tests.console.runs import DEMO, STARTED_AT, board
from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.config import Target
from tui.core.model import Past, Refusal, Snapshot
from tui.core.session import Session
from tui.ports import NoStill, PictureAsk, Prediction, RunRequest, Still


class FakeClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        """Time goes by."""
        self.now_s += seconds


class FakeEngine:
    """What a console sees of an engine."""

    def __init__(
        self,
        past: dict[tuple[str, str], Past] | None = None,
        device: str = "Orin Nano Super",
        cameras: Sequence[Camera] = (),
    ) -> None:
        self.session = Session(device, DEMO.name, past or {}, cameras=cameras)
        self.session.sample_board(ev.Sample(board()), STARTED_AT, 0.0)
        self.told: dict[str, Any] = {}
        """What its snapshots tell of the board beside the gauges."""
        self.at_s = 0.0
        self.asked: list[RunRequest] = []
        self.calls: list[tuple[object, ...]] = []
        self.on_still: Callable[[Still | NoStill], None] = lambda answer: None
        """Takes the picture that was asked for last."""
        self.on_prediction: Callable[[Prediction | NoStill], None] = lambda answer: None
        self._callback: Callable[[Snapshot], None] | None = None

    def play(self, events: Iterable[ev.Event]) -> FakeEngine:
        """Fold events in; the clock follows them."""
        for event in events:
            self.at_s = max(self.at_s, event.at_s)
            self.session.apply(event, STARTED_AT + event.at_s)
        return self

    def see(self, *events: ev.CameraEvent) -> FakeEngine:
        """Cameras that are looked at deliver."""
        for event in events:
            self.session.see(event, STARTED_AT + self.at_s, self.at_s)
        return self

    def tell(self) -> None:
        """Call whoever listens, as an engine thread does."""
        if self._callback is not None:
            self._callback(self.snapshot())

    def refuse(self, refusal: Refusal) -> None:
        """A run did not start."""
        self.session.refuse(refusal)
        self.tell()

    def start_run(self, request: RunRequest) -> None:
        self.asked.append(request)

    def stop_run(self, reason: str = "", *, at_once: bool = False) -> None:
        self.calls.append(("stop", reason, "at once") if at_once else ("stop", reason))

    def pause(self) -> None:
        self.calls.append(("pause",))

    def resume(self) -> None:
        self.calls.append(("resume",))

    def rescale(self, users: int) -> None:
        self.calls.append(("rescale", users))

    def hold(self) -> None:
        self.calls.append(("hold",))

    def release(self) -> None:
        self.calls.append(("release",))

    def hang_up(self) -> None:
        self.calls.append(("hang up",))

    def calm(self) -> None:
        self.calls.append(("calm",))

    def skip_cool_down(self) -> None:
        self.calls.append(("skip cool-down",))

    def look_at(self, cameras: Sequence[str]) -> None:
        self.calls.append(("look at", *cameras))

    def show_camera(self, camera: str, ask: PictureAsk | None) -> None:
        self.calls.append(("show", camera, ask))

    def reset_focus(self, camera: str) -> None:
        self.calls.append(("reset focus", camera))

    def take_still(self, camera: str, done: Callable[[Still | NoStill], None]) -> None:
        self.calls.append(("still", camera))
        self.on_still = done

    def try_picture(
        self, camera: str, target: Target, done: Callable[[Prediction | NoStill], None]
    ) -> None:
        self.calls.append(("predict", camera, target.name))
        self.on_prediction = done

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        self._callback = callback

    def snapshot(self) -> Snapshot:
        snapshot = self.session.snapshot(self.at_s, STARTED_AT + self.at_s)
        return msgspec.structs.replace(snapshot, **self.told)

    def note(self, level: str, text: str) -> None:
        self.calls.append(("note", level, text))

    def close(self) -> None:
        self.calls.append(("close",))


def pasts() -> dict[tuple[str, str], Past]:
    """Some results of earlier days."""
    day = 86_400.0
    results = [
        Past("a", "smoke", "PASS", STARTED_AT - 7_300, 212.0, 9.0, "demo"),
        Past("b", "quick", "FAIL", STARTED_AT - 4 * day - 60, 2431.0, 9.0, "demo"),
        Past("c", "standard", "PASS", STARTED_AT - day - 60, 648.0, 27.0, "demo"),
        Past("d", "spike", "INVALID", STARTED_AT - 3 * day, 3100.0, 80.0, "demo"),
    ]
    return {(past.scenario, past.target): past for past in results}
