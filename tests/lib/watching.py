"""Looking at a camera as the engine does: a real reader, and the events that came of it."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from tests.lib import processes
from tests.lib.eventually import LIMIT_S, eventually
from tui.camera.watches import Watches
from tui.child.spawn import Lifelines
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.measures import Opened, StreamSecond
from tui.core.camera.source import parse_source
from tui.core.events.camera import (
    CameraFailed,
    CameraOpened,
    CameraPictured,
    CameraTold,
)
from tui.core.events.event import Event
from tui.ports.camera import Cameras, NoStill, Still

E = TypeVar("E", bound=Event)


class Watching:
    """One camera that is looked at."""

    def __init__(
        self, lifelines: Lifelines, camera: Camera, secret: str, thumb: bytes, **options: Any
    ) -> None:
        self.events: list[Event] = []
        watches: Cameras = Watches(lifelines, **options)
        self.watch = watches.watch(camera, secret, self.events.append, thumb)

    def next(self, kind: type[E], count: int = 1, limit_s: float = LIMIT_S) -> E:
        """The event of a kind that comes as the `count`th."""

        def found() -> E | None:
            of_kind = [event for event in list(self.events) if isinstance(event, kind)]
            return of_kind[count - 1] if len(of_kind) >= count else None

        try:
            event = eventually(found, limit_s=limit_s)
        except AssertionError:
            raise AssertionError(f"no {kind.__name__} {count} came: {self.events}") from None
        assert event is not None
        return event

    def opened(self) -> Opened:
        """What it opened as."""
        return self.next(CameraOpened).opened

    def seconds(self, count: int) -> list[StreamSecond]:
        """The first so many seconds."""
        self.next(CameraTold, count, LIMIT_S + count)
        return [each.second for each in self.events if isinstance(each, CameraTold)][:count]

    def failed(self) -> CameraFault:
        """Why there is no picture."""
        return self.next(CameraFailed).fault

    def pictured(self) -> CameraPictured:
        """A small picture."""
        return self.next(CameraPictured)

    def still(self) -> Still | NoStill:
        """The next picture, whole."""
        answers: queue.SimpleQueue[Still | NoStill] = queue.SimpleQueue()
        self.watch.still(answers.put)
        return answers.get(timeout=30.0)

    def reader(self) -> int:
        """The pid of its process."""
        return eventually(readers)[0]


def readers() -> list[int]:
    """Pids of all readers of this process."""
    found = processes.children_of(os.getpid())
    return [pid for pid in found if "camera.reader_program" in processes.command_line(pid)]


@contextmanager
def watching(
    source: str,
    secret: str = "",
    *,
    thumb: bytes = b"",
    sensor: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    **camera: Any,
) -> Iterator[Watching]:
    """Look at a source; nothing of it is left behind the block."""
    lifelines = Lifelines()
    described = Camera("dock", parse_source(source), **{"timeout_s": 2.0, **camera})
    one = Watching(lifelines, described, secret, thumb, sensor=sensor, env=env)
    try:
        yield one
    finally:
        one.watch.close()
        lifelines.close()


def measured(seconds: list[StreamSecond]) -> tuple[int, float]:
    """Pictures that count, and their rate over all of these seconds."""
    counted = [each for each in seconds if each.frames]
    frames = sum(each.frames for each in counted)
    first_s, last_s = counted[0].first_s, counted[-1].last_s
    assert first_s is not None
    assert last_s is not None
    return frames, (frames - 1) / (last_s - first_s)
