"""What each camera delivered over a run, in a bounded number of steps."""

from __future__ import annotations

import msgspec

from tui.core.events import CameraEvent, CameraFailed, CameraTold, CameraTried


class CameraPoint(msgspec.Struct, frozen=True):
    """One camera in one step of the time axis."""

    start_s: float
    """Since the work began; the opening, which comes before, is negative."""
    width_s: float
    seconds: int
    """Those that it told of, of this step."""
    frames: int = 0
    dropped: int | None = None
    """None: nothing can tell."""
    longest_gap: int = 0
    corrupt: int = 0
    bytes: int = 0
    silent_s: float = 0.0
    """The longest."""
    brightness: float | None = None
    """This and those below are the last that were told."""
    contrast: float | None = None
    noise: float | None = None
    focus: float | None = None
    age_ms: float | None = None
    fault: str = ""
    """Why it failed in this step, by its kind."""


class CameraCourse:
    """Events in; at most so many steps of each camera out, which double their width when full."""

    def __init__(self, capacity: int) -> None:
        self.began_s = 0.0
        self._capacity = capacity
        self._width_s = 1
        self._tried: dict[str, int] = {}
        self._slots: dict[tuple[str, int], CameraPoint] = {}

    def apply(self, event: CameraEvent) -> None:
        """One event, in order of time."""
        if isinstance(event, CameraTried):
            self._tried[event.camera] = int(event.at_s)
        if not isinstance(event, (CameraTold, CameraFailed)):
            return
        second = int(event.at_s)
        if isinstance(event, CameraTold):
            # A reader counts its own seconds; by the moment at which they are heard of one would
            # be there twice now and then, and the next one not at all.
            second = self._tried.get(event.camera, 0) + max(round(event.second.until_s) - 1, 0)
        while second // self._width_s >= self._capacity:
            self._halve()
        index = second // self._width_s
        start_s = float(index * self._width_s)
        one = _point(event, start_s, float(self._width_s))
        key = (event.camera, index)
        self._slots[key] = _joined(self._slots.get(key), one)

    @property
    def points(self) -> dict[str, tuple[CameraPoint, ...]]:
        """By camera, in order of time; a step without a word is not there."""
        found: dict[str, list[CameraPoint]] = {}
        for name, index in sorted(self._slots, key=lambda key: key[1]):
            point = self._slots[name, index]
            moved = msgspec.structs.replace(point, start_s=point.start_s - self.began_s)
            found.setdefault(name, []).append(moved)
        return {name: tuple(points) for name, points in found.items()}

    def _halve(self) -> None:
        self._width_s *= 2
        halved: dict[tuple[str, int], CameraPoint] = {}
        for name, index in sorted(self._slots, key=lambda key: key[1]):
            wide = msgspec.structs.replace(
                self._slots[name, index],
                start_s=float(index // 2 * self._width_s),
                width_s=float(self._width_s),
            )
            key = (name, index // 2)
            halved[key] = _joined(halved.get(key), wide)
        self._slots = halved


def _point(event: CameraTold | CameraFailed, start_s: float, width_s: float) -> CameraPoint:
    if isinstance(event, CameraFailed):
        return CameraPoint(start_s, width_s, 0, fault=event.fault.kind)
    second, quality = event.second, event.second.quality
    return CameraPoint(
        start_s,
        width_s,
        1,
        frames=second.frames,
        dropped=second.dropped if second.drop_sign else None,
        longest_gap=second.longest_gap,
        corrupt=second.corrupt,
        bytes=second.bytes,
        silent_s=second.silent_s,
        brightness=quality.brightness if quality is not None else None,
        contrast=quality.contrast if quality is not None else None,
        noise=quality.noise if quality is not None else None,
        focus=quality.focus if quality is not None else None,
        age_ms=second.age_ms,
    )


def _joined(earlier: CameraPoint | None, later: CameraPoint) -> CameraPoint:
    if earlier is None:
        return later
    known = [each.dropped for each in (earlier, later) if each.dropped is not None]
    return CameraPoint(
        earlier.start_s,
        earlier.width_s,
        earlier.seconds + later.seconds,
        frames=earlier.frames + later.frames,
        dropped=sum(known) if known else None,
        longest_gap=max(earlier.longest_gap, later.longest_gap),
        corrupt=earlier.corrupt + later.corrupt,
        bytes=earlier.bytes + later.bytes,
        silent_s=max(earlier.silent_s, later.silent_s),
        brightness=_last(earlier.brightness, later.brightness),
        contrast=_last(earlier.contrast, later.contrast),
        noise=_last(earlier.noise, later.noise),
        focus=_last(earlier.focus, later.focus),
        age_ms=_last(earlier.age_ms, later.age_ms),
        fault=later.fault or earlier.fault,
    )


def _last(earlier: float | None, later: float | None) -> float | None:
    return earlier if later is None else later
