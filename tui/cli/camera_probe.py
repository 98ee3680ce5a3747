"""Looks at several cameras at once for a while, and says how each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.cli.camera_sight import settling_s_of
from tui.core.camera.faults import is_end_of_recording
from tui.core.camera.fold import CameraFold
from tui.core.events.camera import CameraEvent, CameraFailed, CameraOpened

if TYPE_CHECKING:
    from tui.cli.camera_sight import Lookout
    from tui.core.camera.camera import Camera
    from tui.core.camera.reference import Reference
    from tui.core.camera.view import CameraView

TOLD_EVERY_S = 0.5
LATE_S = 4.0
"""A stream's first second does not count, and the last one is told when it is over."""
SLACK_S = 0.1
"""Pictures do not end with the second."""


class Probed:
    """One camera that is probed."""

    def __init__(self, camera: Camera, reference: Reference | None, duration_s: float) -> None:
        unjudged_s = settling_s_of(camera)
        self.name = camera.name
        self._fold = CameraFold(camera, reference, unjudged_s, is_of_all=True)
        self._duration_s = duration_s
        self._most_s = unjudged_s + duration_s + LATE_S
        self._opened_s: float | None = None
        self._is_over = False

    def apply(self, event: CameraEvent) -> None:
        """One event of this camera."""
        if self._is_over:
            return
        if isinstance(event, CameraOpened) and self._opened_s is None:
            self._opened_s = event.at_s
        if isinstance(event, CameraFailed):
            # One that never opened is waited for no longer; one that did may come back.
            self._is_over = self._opened_s is None or event.retry_s is None
            is_end = is_end_of_recording(event.fault, self._fold.camera.source)
            if is_end and self._opened_s is not None:
                return  # it is told as it stood
        self._fold.apply(event)

    def is_done(self, now_s: float) -> bool:
        """Whether there is nothing to wait for."""
        return self._is_over or self.left_s == 0.0 or self.most_left_s(now_s) == 0.0

    @property
    def left_s(self) -> float:
        """What is to be measured yet."""
        left_s = self._duration_s - self._fold.measured_s
        return left_s if left_s > SLACK_S else 0.0

    def most_left_s(self, now_s: float) -> float:
        """After so long it is over, whatever came; a reader limits the opening by itself."""
        if self._opened_s is None:
            return float("inf")
        return max(self._opened_s + self._most_s - now_s, 0.0)

    @property
    def is_opened(self) -> bool:
        """Whether it came to pictures, ever."""
        return self._opened_s is not None

    def view(self) -> CameraView:
        """How it stands."""
        return self._fold.view()


def probe(
    sight: Lookout,
    probed: Sequence[Probed],
    is_stopped: Callable[[], bool],
    show: Callable[[Sequence[Probed]], None],
) -> None:
    """Until each has had its time, has failed for good, or somebody wants the end.

    `show` is called now and then.
    """
    by_name = {one.name: one for one in probed}
    due_s = 0.0
    while not is_stopped():
        now_s = sight.now_s
        if now_s >= due_s:
            due_s = now_s + TOLD_EVERY_S
            show(probed)
        waiting = [one.most_left_s(now_s) for one in probed if not one.is_done(now_s)]
        if not waiting:
            return
        event = sight.next(min(*waiting, due_s - now_s))
        if event is not None:
            by_name[event.camera].apply(event)
