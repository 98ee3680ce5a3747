"""What a scenario asks of cameras: the `[cameras]` table of a benchmark."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.core.camera.camera import Camera
from tui.core.format import counted, duration
from tui.core.mistakes import Mistakes
from tui.core.problem import InputError, did_you_mean, quoted

LEAST_S, MOST_S = 2.0, 24 * 3600.0
MOST_SETTLE_S = 60.0


class CamerasTable(msgspec.Struct, forbid_unknown_fields=True):
    names: list[str] = []
    duration: str = "30s"
    settle: str = "2s"


class CamerasPlan(msgspec.Struct, frozen=True):
    """Which cameras are watched, and for how long."""

    names: tuple[str, ...] = ()
    """Empty: every one of the configuration."""
    duration_s: float = 30.0
    """From the moment when all that open are open and have settled."""
    settle_s: float = 2.0
    """After it opened a camera finds its exposure, and its stream its pace: not judged."""

    @property
    def total_s(self) -> float:
        """All of it from the moment when those that open are open."""
        return self.settle_s + self.duration_s


def read_cameras_plan(mistakes: Mistakes, table: CamerasTable) -> CamerasPlan:
    """The plan as far as it is in order."""
    if len(set(table.names)) < len(table.names):
        mistakes.add("names", "a camera stands there twice")
    return CamerasPlan(
        names=tuple(table.names),
        duration_s=mistakes.seconds("duration", table.duration, LEAST_S, MOST_S),
        settle_s=mistakes.seconds("settle", table.settle, 0.0, MOST_SETTLE_S),
    )


def cameras_text(plan: CamerasPlan) -> str:
    """`all cameras for 30 s`, `2 cameras for 5 min`."""
    which = counted(len(plan.names), "camera") if plan.names else "all cameras"
    return f"{which} for {duration(plan.duration_s)}"


def asked_of(plan: CamerasPlan, cameras: Sequence[Camera], where: str) -> tuple[Camera, ...]:
    """Those that the plan means, in the order of the configuration.

    InputError for a name that none has; `where` is the scenario's file.
    """
    known = [camera.name for camera in cameras]
    lost = [name for name in plan.names if name not in known]
    if lost:
        listed = ", ".join(known)
        what = f"unknown camera {quoted(lost[0])}{did_you_mean(lost[0], known)}; known: {listed}"
        raise InputError.of(where, "cameras.names", what)
    return tuple(camera for camera in cameras if not plan.names or camera.name in plan.names)
