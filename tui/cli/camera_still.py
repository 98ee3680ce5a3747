"""Takes a still of a camera, in the form that was asked for, and keeps it with what proves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from tui.cli.camera_sight import looking_at, settling_s_of
from tui.core.events.camera import CameraFailed, CameraOpened
from tui.ports.camera import NoStill, Still

if TYPE_CHECKING:
    from tui.cli.camera_sight import Lookout
    from tui.core.camera.camera import Camera
    from tui.core.camera.faults import CameraFault
    from tui.ports.camera import StillForm
    from tui.store.snapshots import Kept

ANSWER_S = 0.2
"""How soon somebody who wants the end is heard."""


def keep_still(
    still: Still, form: StillForm, reason: str, directory: Path, *, is_own: bool
) -> Kept:
    """Write it as that form of it; `is_own`: to a directory of snapshots alone.

    InputError when that can't be done.
    """
    from tui.camera.still import reduced_still
    from tui.store.snapshots import keep

    return keep(reduced_still(still, form), form, reason, directory, is_own=is_own)


def taken_still(camera: Camera, is_stopped: Callable[[], bool]) -> Still | NoStill | CameraFault:
    """The picture that it shows once it is open and has found its exposure."""
    with looking_at([camera]) as sight:
        fault = _opened(sight, is_stopped)
        if fault is not None or is_stopped():
            return fault or NoStill("stopped")
        _settle(sight, settling_s_of(camera), is_stopped)
        answers: SimpleQueue[Still | NoStill] = SimpleQueue()
        sight.watches[camera.name].still(answers.put)
        while not is_stopped():
            try:
                return answers.get(timeout=ANSWER_S)
            except Empty:
                pass
    return NoStill("stopped")


def _opened(sight: Lookout, is_stopped: Callable[[], bool]) -> CameraFault | None:
    """Wait until it delivers; why it does not."""
    while not is_stopped():
        match sight.next(ANSWER_S):
            case CameraOpened():
                return None
            case CameraFailed(fault=fault):
                return fault
    return None


def _settle(sight: Lookout, for_s: float, is_stopped: Callable[[], bool]) -> None:
    until_s = sight.now_s + for_s
    while (left_s := until_s - sight.now_s) > 0 and not is_stopped():
        sight.next(min(left_s, ANSWER_S))
