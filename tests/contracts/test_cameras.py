"""What everything that looks at cameras promises."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from tests.lib.eventually import eventually
from tests.lib.fake_cameras import FakeCameras
from tests.lib.watching import readers
from tui.camera.watches import Watches
from tui.child.spawn import Lifelines
from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.fold import CameraFold
from tui.core.camera.source import parse_source
from tui.ports import Cameras, NoStill, PictureAsk, Still

E = TypeVar("E", bound=ev.Event)
PATTERN = Camera("pattern", parse_source("test:"), fps=20.0, width=320, height=240, timeout_s=2.0)
LOST = Camera("lost", parse_source("file:/nowhere/at/all.mkv"), timeout_s=2.0)


class Rig:
    """Cameras, what they tell, and time that passes for them."""

    def __init__(self, cameras: Cameras, pass_s: Callable[[], None]) -> None:
        self.cameras = cameras
        self.pass_s = pass_s
        self.events: list[ev.Event] = []

    def until(self, kind: type[E], times: int = 1) -> list[E]:
        """Let time pass until so many events of a kind came."""

        def found() -> list[E]:
            seen = [event for event in list(self.events) if isinstance(event, kind)]
            if len(seen) < times:
                self.pass_s()
                return []
            return seen

        return eventually(found, f"no {kind.__name__}: {self.events}")


@contextmanager
def fake() -> Iterator[Rig]:
    cameras = FakeCameras()
    cameras.faults["lost"] = CameraFault("missing")
    yield Rig(cameras, cameras.deliver_s)


@contextmanager
def real() -> Iterator[Rig]:
    pytest.importorskip("av", reason="needs jetproof[camera]")
    lifelines = Lifelines()
    yield Rig(Watches(lifelines), lambda: time.sleep(0.05))
    lifelines.close()


@pytest.fixture(params=["fake", "real"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with fake() if request.param == "fake" else real() as made:
        yield made


def test_a_camera_is_tried_opens_and_tells_of_each_second(rig: Rig) -> None:
    watch = rig.cameras.watch(PATTERN, "", rig.events.append)
    told = rig.until(ev.CameraTold, 2)
    watch.close()
    kinds = [type(event) for event in rig.events]
    assert kinds[:2] == [ev.CameraTried, ev.CameraOpened]
    assert {event.camera for event in rig.events if isinstance(event, ev.CameraEvent)} == {
        "pattern"
    }
    assert told[0].second.until_s < told[1].second.until_s
    assert all(each.second.frames >= 0 for each in told)
    # Any fold can be fed with it.
    fold = CameraFold(PATTERN)
    for event in rig.events:
        assert isinstance(event, ev.CameraEvent)
        fold.apply(event)
    assert fold.view().state == "closed"


def test_what_can_not_be_opened_says_why(rig: Rig) -> None:
    watch = rig.cameras.watch(LOST, "", rig.events.append)
    (failed, *_) = rig.until(ev.CameraFailed)
    watch.close()
    assert failed.fault.kind == "missing"
    assert not [event for event in rig.events if isinstance(event, ev.CameraOpened)]


def test_pictures_come_while_they_are_asked_for(rig: Rig) -> None:
    watch = rig.cameras.watch(PATTERN, "", rig.events.append)
    rig.until(ev.CameraOpened)
    watch.show(PictureAsk(20, 10, 10.0))
    (pictured, *_) = rig.until(ev.CameraPictured)
    watch.close()
    picture = pictured.picture
    assert len(picture.rgb) == 3 * picture.width * picture.height


def test_a_still_is_answered_once_whatever_comes(rig: Rig) -> None:
    answers: queue.SimpleQueue[Still | NoStill] = queue.SimpleQueue()
    watch = rig.cameras.watch(PATTERN, "", rig.events.append)
    rig.until(ev.CameraOpened)
    watch.still(answers.put)
    still = answers.get(timeout=30.0)
    assert isinstance(still, Still)
    assert still.jpeg.startswith(b"\xff\xd8")
    assert still.camera == "pattern"
    watch.close()
    assert answers.empty()


def test_nothing_is_left_behind_a_close_and_nothing_told_after_it(rig: Rig) -> None:
    watch = rig.cameras.watch(PATTERN, "", rig.events.append)
    rig.until(ev.CameraOpened)
    watch.close()
    assert isinstance(rig.events[-1], ev.CameraClosed)
    told = len(rig.events)
    rig.pass_s()
    assert len(rig.events) == told
    assert not readers()
