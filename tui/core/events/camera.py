"""What happens to a camera: the events behind every figure and picture of it."""

from __future__ import annotations

from typing import ClassVar

from tui.core.camera.faults import CameraFault
from tui.core.camera.measures import Opened, StreamSecond
from tui.core.camera.view import Picture
from tui.core.events.event import Event


class CameraEvent(Event, frozen=True, kw_only=True):
    camera: str
    """Its name in the configuration."""


class CameraTried(CameraEvent, frozen=True, kw_only=True):
    """A reader was started for it."""


class CameraOpened(CameraEvent, frozen=True, kw_only=True):
    opened: Opened


class CameraTold(CameraEvent, frozen=True, kw_only=True):
    second: StreamSecond
    may_be_dropped: ClassVar[bool] = True


class CameraFailed(CameraEvent, frozen=True, kw_only=True):
    fault: CameraFault
    retry_s: float | None = None
    """When it is tried again, from now; None: not by itself."""


class CameraClosed(CameraEvent, frozen=True, kw_only=True):
    """Nobody looks at it any more."""


class CameraPictured(CameraEvent, frozen=True, kw_only=True):
    picture: Picture
    is_kept: ClassVar[bool] = False
