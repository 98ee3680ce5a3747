"""Cameras that deliver what a test tells them to. A contract test holds them to the real ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.measures import Opened, Quality, StreamSecond
from tui.core.camera.view import Picture
from tui.core.config import Target
from tui.core.histogram import bucket_of
from tui.ports import Emit, NoStill, PictureAsk, Prediction, Still

FPS = 30.0
JPEG = b"\xff\xd8 a picture \xff\xd9"
QUALITY = Quality(
    brightness=118.0,
    contrast=60.0,
    p1=10.0,
    p50=118.0,
    p99=230.0,
    clipped_dark_percent=0.1,
    clipped_bright_percent=0.2,
    noise=1.0,
    focus=500.0,
    tiles=(500.0,) * 9,
)


class FakeCameras:
    """Each camera opens at once, unless it has a fault; then nothing comes until told."""

    def __init__(self) -> None:
        self.faults: dict[str, CameraFault] = {}
        """Why a camera can't be opened, by its name."""
        self.retry_s: float | None = 1.0
        """When one with a fault is tried again; it never is by itself."""
        self.opens = True
        """Whether the others are open at once."""
        self.closing_s = 0.0
        """How long a real driver takes to let go."""
        self.watches: list[FakeCameraWatch] = []
        """All that there were, in order."""

    def watch(self, camera: Camera, secret: str, emit: Emit, thumb: bytes = b"") -> FakeCameraWatch:
        watch = FakeCameraWatch(self, camera, secret, emit, thumb)
        self.watches.append(watch)
        watch.begin()
        return watch

    @property
    def open(self) -> list[FakeCameraWatch]:
        """Those that are not closed, in order."""
        return [watch for watch in self.watches if not watch.is_closed]

    def of(self, name: str) -> FakeCameraWatch:
        """The newest of that camera that is not closed."""
        return [watch for watch in self.open if watch.camera.name == name][-1]

    def deliver_s(self, seconds: int = 1) -> None:
        """Every open camera delivers for so long."""
        for watch in self.open:
            for _ in range(seconds):
                watch.deliver()


class FakeCameraWatch:
    """One that is looked at."""

    def __init__(
        self, cameras: FakeCameras, camera: Camera, secret: str, emit: Emit, thumb: bytes
    ) -> None:
        self.camera, self.secret, self.thumb = camera, secret, thumb
        self.ask: PictureAsk | None = None
        self.is_closed = False
        self.closed_by = ""
        """The thread that closed it."""
        self._cameras, self._emit = cameras, emit
        self._is_live = False
        self._until_s = 0.0

    def begin(self) -> None:
        """The first attempt."""
        self._emit(ev.CameraTried(camera=self.camera.name))
        fault = self._cameras.faults.get(self.camera.name)
        if fault is not None:
            self.fail(fault, self._cameras.retry_s)
        elif self._cameras.opens:
            self.come()

    def come(self, first_frame_ms: float = 300.0) -> None:
        """Pictures come."""
        opened = Opened(
            codec="h264",
            width=1280,
            height=720,
            opened_ms=first_frame_ms / 2,
            first_frame_ms=first_frame_ms,
            nominal_fps=FPS,
            has_timestamps=True,
        )
        self._is_live, self._until_s = True, 0.0
        self._emit(ev.CameraOpened(camera=self.camera.name, opened=opened))

    def deliver(self, frames: int = int(FPS), **told: object) -> None:
        """One second of it; nothing from one that is not open."""
        if not self._is_live:
            return
        from_s, self._until_s = self._until_s, self._until_s + 1.0
        second = StreamSecond(
            until_s=self._until_s,
            frames=frames,
            first_s=from_s if frames else None,
            last_s=from_s + (frames - 1) / FPS if frames else None,
            intervals={bucket_of(1000 / FPS): max(frames, 0)},
            drop_sign="timestamps",
            dropped=int(FPS) - frames,
            bytes=100_000,
            silent_s=0.0 if frames else 1.0,
            quality=QUALITY,
            **told,  # type: ignore[arg-type]
        )
        self._emit(ev.CameraTold(camera=self.camera.name, second=second))
        if self.ask is not None:
            picture = Picture(2, 2, b"\x18" * 12)
            self._emit(ev.CameraPictured(camera=self.camera.name, picture=picture))

    def fail(self, fault: CameraFault, retry_s: float | None = 1.0) -> None:
        """No more pictures."""
        self._is_live = False
        self._emit(ev.CameraFailed(camera=self.camera.name, fault=fault, retry_s=retry_s))

    def show(self, ask: PictureAsk | None) -> None:
        self.ask = ask

    def still(self, done: Callable[[Still | NoStill], None]) -> None:
        done(still_of(self.camera) if self._is_live else NoStill("the camera is not open"))

    def close(self) -> None:
        time.sleep(self._cameras.closing_s)
        self.is_closed, self._is_live = True, False
        self.closed_by = threading.current_thread().name
        self._emit(ev.CameraClosed(camera=self.camera.name))


class FakePredictor:
    """A service that finds what it is told to."""

    def __init__(self) -> None:
        self.answer = Prediction(200, 12.0, {"car": 2})
        self.asked: list[tuple[str, str, bytes]] = []
        """URL, token and picture."""

    def predict(self, url: str, target: Target, token: str, jpeg: bytes) -> Prediction:
        self.asked.append((url, token, jpeg))
        return self.answer


def still_of(camera: Camera) -> Still:
    """A picture of it."""
    return Still(
        camera=camera.name,
        source=camera.source.text,
        jpeg=JPEG,
        sha256="0" * 64,
        packet_sha256="",
        width=1280,
        height=720,
        codec="h264",
        at_utc=1_750_000_000.0,
        at_monotonic_s=1.0,
        is_clock_synced=True,
    )
