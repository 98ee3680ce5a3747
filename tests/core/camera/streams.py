"""Cameras that deliver what a test says: arrivals in, the events of one opening out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tui.camera.stream import Arrival, StreamMeter
from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault, FaultKind
from tui.core.camera.fold import CameraFold
from tui.core.camera.measures import Opened, Quality, StreamSecond
from tui.core.camera.reference import Reference
from tui.core.camera.table import CameraTable, read_cameras
from tui.core.camera.view import CameraView
from tui.core.histogram import bucket_of
from tui.core.limits import LimitState
from tui.core.mistakes import Mistakes

NAME = "dock-3"
FPS = 25.0
PERIOD_S = 1 / FPS
FIRST_S = 0.4
SIZE = 8000
"""Bytes of a picture."""


def camera(source: str = "rtsp://10.0.0.9/live", **keys: Any) -> Camera:
    """One of the configuration, with its usual limits."""
    mistakes = Mistakes("config.toml")
    (found,) = read_cameras(mistakes, {NAME: CameraTable(source, **keys)})
    mistakes.end()
    return found


USUAL = camera()


def quality(**keys: Any) -> Quality:
    """Of a good picture, but for what is said."""
    usual: dict[str, Any] = {"brightness": 118.0, "contrast": 60.0}
    usual |= {"p1": 10.0, "p50": 118.0, "p99": 230.0, "noise": 1.0, "focus": 500.0}
    usual |= {"clipped_dark_percent": 0.1, "clipped_bright_percent": 0.2}
    return Quality(**{**usual, "tiles": (usual["focus"],) * 9, **keys})


BLACK = quality(brightness=3.0, contrast=1.0, focus=0.0, is_black=True)
GREY = quality(brightness=120.0, contrast=2.0, focus=4.0, is_uniform=True)


def opened(**keys: Any) -> Opened:
    usual: dict[str, Any] = {"codec": "h264", "width": 1280, "height": 720, "opened_ms": 200.0}
    usual |= {"first_frame_ms": 1000 * FIRST_S, "nominal_fps": FPS, "has_timestamps": True}
    return Opened(**{**usual, **keys})


def tried(at_s: float = 0.0) -> ev.CameraTried:
    return ev.CameraTried(at_s=at_s, camera=NAME)


def came(at_s: float = FIRST_S, **keys: Any) -> ev.CameraOpened:
    return ev.CameraOpened(at_s=at_s, camera=NAME, opened=opened(**keys))


def failed(kind: FaultKind, at_s: float, retry_s: float | None = 1.0) -> ev.CameraFailed:
    return ev.CameraFailed(at_s=at_s, camera=NAME, fault=CameraFault(kind), retry_s=retry_s)


def closed(at_s: float = 0.0) -> ev.CameraClosed:
    return ev.CameraClosed(at_s=at_s, camera=NAME)


def told(second: StreamSecond, tried_s: float = 0.0) -> ev.CameraTold:
    return ev.CameraTold(at_s=tried_s + second.until_s, camera=NAME, second=second)


def steady(until_s: float, *, fps: float = FPS, from_s: float = FIRST_S) -> list[float]:
    """Arrivals at an even pace, before `until_s`."""
    number = int((until_s - from_s) * fps + 1e-6)
    return [from_s + n / fps for n in range(number)]


def without(arrivals: Iterable[float], *gaps: tuple[float, float]) -> list[float]:
    """Those that are in none of the gaps."""
    return [at_s for at_s in arrivals if not any(a <= at_s < b for a, b in gaps)]


def seconds(
    arrivals: Iterable[float],
    until_s: float,
    *,
    nominal_fps: float | None = FPS,
    has_timestamps: bool = True,
) -> Iterator[StreamSecond]:
    """What a reader tells of pictures that come then; times since the attempt to open."""
    meter = StreamMeter(nominal_fps, has_timestamps=has_timestamps)
    waiting = iter(sorted(arrivals))
    at_s = next(waiting, None)
    for tick in range(1, int(until_s) + 1):
        while at_s is not None and at_s < tick:
            meter.add(Arrival(at_s, at_s if has_timestamps else None, SIZE, is_keyframe=False))
            at_s = next(waiting, None)
        if tick > FIRST_S:
            yield meter.take(float(tick))


def opening(
    arrivals: Iterable[float], until_s: float, *, tried_s: float = 0.0, **keys: Any
) -> list[ev.CameraEvent]:
    """One opening from the attempt to the last second that is told of it."""
    told_of = seconds(arrivals, until_s, **keys)
    meant = {"nominal_fps": keys["nominal_fps"]} if "nominal_fps" in keys else {}
    return [
        tried(tried_s),
        came(tried_s + FIRST_S, **meant),
        *(told(second, tried_s) for second in told_of),
    ]


def second(until_s: float, **keys: Any) -> StreamSecond:
    """A full second of pictures, but for what is said."""
    usual: dict[str, Any] = {
        "frames": int(FPS),
        "first_s": until_s - 1.0,
        "last_s": until_s - PERIOD_S,
        "intervals": {bucket_of(1000 * PERIOD_S): int(FPS)},
        "drop_sign": "timestamps",
        "bytes": int(FPS) * SIZE,
        "silent_s": PERIOD_S,
        "quality": quality(),
    }
    return StreamSecond(until_s, **{**usual, **keys})


def watched(*each: dict[str, Any]) -> list[ev.CameraEvent]:
    """An opening whose seconds are as usual, but for what is said of each."""
    told_of = [told(second(number + 1.0, **keys)) for number, keys in enumerate(each)]
    return [tried(), came(), *told_of]


def fold(
    *events: ev.CameraEvent,
    camera: Camera = USUAL,
    reference: Reference | None = None,
    settle_s: float = 0.0,
    is_of_all: bool = False,
) -> CameraFold:
    made = CameraFold(camera, reference, settle_s, is_of_all=is_of_all)
    for event in events:
        made.apply(event)
    return made


def view(*events: ev.CameraEvent, **keys: Any) -> CameraView:
    """The camera after these events."""
    return fold(*events, **keys).view()


def whats(found: CameraView, *levels: str) -> list[str]:
    """What is wrong with it, of these levels; of all without any."""
    return [one.what for one in found.findings if not levels or one.level in levels]


def limit(found: CameraView, metric: str) -> LimitState:
    """Its threshold on that metric."""
    return next(each for each in found.limits if each.limit.metric == metric)


def broken(found: CameraView) -> set[str]:
    """The metrics whose thresholds it breaks."""
    return {each.limit.metric for each in found.limits if each.passed is False}
