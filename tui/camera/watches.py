"""Looks at cameras: the `Cameras` of the ports."""

from __future__ import annotations

from collections.abc import Mapping

from tui.camera.stuck import Stuck
from tui.camera.watch import Watch
from tui.child.spawn import Lifelines
from tui.core.camera.camera import Camera
from tui.ports.load import Emit


class Watches:
    """Each camera in a process of its own, on the lifelines of its owner."""

    def __init__(
        self,
        lifelines: Lifelines,
        *,
        sensor: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        """`sensor`: GStreamer's words that stand in for a CSI sensor; `env` is for the readers."""
        self._lifelines, self._stuck = lifelines, Stuck()
        self._sensor, self._env = sensor, env

    def watch(self, camera: Camera, secret: str, emit: Emit, thumb: bytes = b"") -> Watch:
        return Watch(
            camera,
            secret,
            emit,
            self._lifelines,
            self._stuck,
            sensor=self._sensor,
            thumb=thumb,
            env=self._env,
        )
