"""What `jetproof camera preview` sends: no more than the link takes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.lib.fakes import FakeClock
from tui.cli import camera_preview
from tui.cli.camera_preview import Preview
from tui.cli.camera_sight import Lookout
from tui.cli.half_blocks import Depth
from tui.core.camera.camera import Camera
from tui.core.camera.pace import MOST_BYTES_S
from tui.core.camera.source import Source
from tui.core.camera.view import Picture
from tui.core.events.camera import CameraEvent, CameraPictured
from tui.ports.camera import NoStill, PictureAsk


class SlowScreen:
    """A screen that takes its time for everything but little texts."""

    def __init__(self) -> None:
        self.is_gone = False
        self.size = (80, 24)

    def write(self, text: str, go_on: Callable[[], bool]) -> tuple[int, float]:
        took_s = 0.3 if len(text) > 2000 else 0.0
        time.sleep(took_s)
        return len(text), took_s

    def keys(self) -> str:
        return ""


class AskedWatch:
    """A camera that answers each ask with pictures that have nothing in common."""

    def __init__(self, sight: Lookout) -> None:
        self.asked: list[PictureAsk | None] = []
        self._sight = sight

    def show(self, ask: PictureAsk | None) -> None:
        self.asked.append(ask)

    def still(self, done: Callable[[Any], None]) -> None:
        done(NoStill("none"))

    def close(self) -> None:
        pass

    def picture(self, number: int) -> None:
        shade = bytes((at * 7 + number * 31) % 256 for at in range(3 * 60 * 36))
        self._sight.tell(CameraPictured(camera="dock", picture=Picture(60, 36, shade)))


def test_a_slow_line_is_asked_for_less() -> None:
    camera, sight = Camera("dock", Source("test")), Lookout()
    watch = AskedWatch(sight)
    sight.watches["dock"] = watch
    preview = Preview(camera, sight, SlowScreen(), "true", 2.0, 60)  # type: ignore[arg-type]
    numbers = iter(range(1000))

    def is_slower() -> bool:
        watch.picture(next(numbers))
        return any(ask is not None and ask.fps < 2.0 for ask in watch.asked)

    assert preview.run(is_slower) is None
    first = watch.asked[0]
    assert first is not None
    assert (first.columns, first.fps) == (60, 2.0)


class SwiftScreen(SlowScreen):
    """A screen that takes everything at once, and counts it."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.taken: list[tuple[float, int]] = []
        self._clock = clock

    def write(self, text: str, go_on: Callable[[], bool]) -> tuple[int, float]:
        size = len(text.encode())
        self.taken.append((self._clock.monotonic_s(), size))
        return size, 0.0


class ShownLookout(Lookout):
    """Delivers what is asked for, as often as it is asked for, and time goes by with it."""

    def __init__(self, clock: FakeClock, picture: Callable[[PictureAsk], Picture]) -> None:
        super().__init__()
        self._clock, self._picture = clock, picture
        self._due_s = clock.monotonic_s()

    def next(self, limit_s: float) -> CameraEvent | None:
        ask = watched_ask(self)
        self._clock.pass_s(limit_s)
        if ask is None or self._clock.monotonic_s() < self._due_s:
            return None
        self._due_s = self._clock.monotonic_s() + 1 / ask.fps
        return CameraPictured(camera="dock", picture=self._picture(ask))


def watched_ask(sight: Lookout) -> PictureAsk | None:
    watch = sight.watches["dock"]
    assert isinstance(watch, AskedWatch)
    return watch.asked[-1] if watch.asked else None


@pytest.mark.parametrize(("columns", "depth"), [(60, "256"), (60, "true"), (200, "true")])
def test_pictures_of_which_nothing_stays_the_same_are_sent_within_the_bytes_of_the_link(
    monkeypatch: pytest.MonkeyPatch, columns: int, depth: Depth
) -> None:
    clock, dice = FakeClock(), random.Random(1)

    def noise(ask: PictureAsk) -> Picture:
        return Picture(ask.columns, 2 * ask.rows, dice.randbytes(6 * ask.columns * ask.rows))

    monkeypatch.setattr(camera_preview, "time", SimpleNamespace(monotonic=clock.monotonic_s))
    screen, sight = SwiftScreen(clock), ShownLookout(clock, noise)
    screen.size = (columns, 24)
    watch = sight.watches["dock"] = AskedWatch(sight)
    camera = Camera("dock", Source("test"))
    preview = Preview(camera, sight, screen, depth, 2.0, columns)  # type: ignore[arg-type]
    ends_s, settled_s = clock.monotonic_s() + 60, clock.monotonic_s() + 20
    assert preview.run(lambda: clock.monotonic_s() >= ends_s) is None
    sent = sum(size for at_s, size in screen.taken if at_s >= settled_s)
    assert 0 < sent / (ends_s - settled_s) <= MOST_BYTES_S
    asked = [ask.fps for ask in watch.asked if ask is not None]
    assert asked[0] == 2.0
    assert min(asked) < 2.0
