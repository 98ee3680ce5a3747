"""Cameras that one command looks at: each in its reader, all that happens in one queue."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import msgspec

from tui.core.camera.faults import CameraFault
from tui.core.camera.plan import CamerasPlan
from tui.core.events.camera import CameraEvent, CameraFailed, CameraTried
from tui.core.problem import InputError

if TYPE_CHECKING:
    from tui.core.camera.camera import Camera
    from tui.core.camera.reference import Reference
    from tui.core.events import Event
    from tui.ports import Cameras, CameraWatch

LIMIT_FAILED, NOT_OPENED, NOT_JUDGED, INTERRUPTED = 1, 3, 5, 130
"""How a command ends whose cameras are not good enough, that saw none, or that was stopped."""


def settling_s_of(camera: Camera) -> float:
    """After it opened a camera finds its exposure; a pattern and a recording have none to find."""
    return CamerasPlan().settle_s if camera.source.is_real else 0.0


class Lookout:
    """What its cameras tell, stamped with seconds since it began."""

    def __init__(self) -> None:
        self.watches: dict[str, CameraWatch] = {}
        """By the cameras' names; one whose secret can't be read has none."""
        self._began_s = time.monotonic()
        self._mail: SimpleQueue[CameraEvent] = SimpleQueue()

    @property
    def now_s(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began_s

    def tell(self, event: Event) -> None:
        """From any thread."""
        if isinstance(event, CameraEvent):
            self._mail.put(msgspec.structs.replace(event, at_s=self.now_s))

    def next(self, limit_s: float) -> CameraEvent | None:
        """What happens next; None when nothing did in so many seconds."""
        try:
            return self._mail.get(timeout=max(limit_s, 0.0))
        except Empty:
            return None


@contextmanager
def looking_at(
    cameras: Sequence[Camera], references: Sequence[Reference] = ()
) -> Iterator[Lookout]:
    """Watch these; no reader is left when the block ends."""
    from tui.camera.watches import Watches
    from tui.child.spawn import Lifelines

    sight = Lookout()
    lifelines = Lifelines()
    thumbs = {each.camera: each.thumb for each in references}
    try:
        for camera in cameras:
            _watch(Watches(lifelines), camera, thumbs.get(camera.name, b""), sight)
        yield sight
    finally:
        # Each may take a second to say good-bye.
        with ThreadPoolExecutor(max(len(sight.watches), 1)) as pool:
            list(pool.map(lambda watch: watch.close(), sight.watches.values()))
        lifelines.close()


def _watch(watches: Cameras, camera: Camera, thumb: bytes, sight: Lookout) -> None:
    from tui.service.token import read_credentials

    try:
        secret = read_credentials(camera)
    except InputError as error:
        what = "; ".join(problem.what for problem in error.problems)
        sight.tell(CameraTried(camera=camera.name))
        sight.tell(CameraFailed(camera=camera.name, fault=CameraFault("no-credentials", what)))
        return
    sight.watches[camera.name] = watches.watch(camera, secret, sight.tell, thumb)
