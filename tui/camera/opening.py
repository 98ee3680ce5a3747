"""Opens a camera, whatever its kind, as one stream of video packets."""

from __future__ import annotations

import errno
import socket
from typing import Any
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tui.camera.argus import Pipeline, sensor_words
from tui.camera.codec import codec_of
from tui.camera.errors import NoCamera
from tui.camera.secrecy import with_secret
from tui.camera.spec import ReaderSpec
from tui.camera.tls import distrust, tls_options
from tui.core.camera.camera import Camera
from tui.core.camera.faults import FaultKind
from tui.core.camera.measures import Opened

PROBE_S = 0.5
"""FFmpeg looks at a stream for so long, in the stream's time: its own five seconds would stand in
every figure of the opening."""
OPENING_S = 2.0
"""What an opening may take beyond the camera's limit for silence."""
TEST_SIZE = (1280, 720)
TEST_FPS = 30.0
BELIEVED_FPS = (0.5, 1000.0)
"""A rate outside is a clock's, not a camera's."""
WITHOUT_TIMES = frozenset({"mpjpeg", "jpeg_pipe", "mjpeg", "image2", "png_pipe"})
"""Formats whose timestamps FFmpeg makes up, 25 a second."""
STILLS = frozenset({"jpeg_pipe", "image2", "png_pipe"})
PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
BUFFER_BYTES = 1 << 18


class Connection:
    """A camera that is being opened, or is open. `pipeline` may be ended from another thread."""

    def __init__(self, spec: ReaderSpec) -> None:
        self._spec = spec
        self._camera = spec.camera
        self._container: InputContainer | None = None
        self.is_resolved = False
        """Whether the name of its host, if it has one, is known."""
        self.pipeline: Pipeline | None = None
        """Of a CSI camera."""
        self.stream: VideoStream

    def open(self) -> None:
        """Raises NoCamera, or what FFmpeg raises."""
        self._resolve()
        self._container = self._opened()
        if not self._container.streams.video:
            raise NoCamera("audio-only" if self._container.streams.audio else "no-video")
        self.stream = self._container.streams.video[0]
        # Without a decoder for it a stream has no codec.
        if self.stream.codec_context is None:
            raise NoCamera("wrong-codec")
        # Threads hold pictures back, one each: they would come late and in bunches.
        self.stream.codec_context.thread_count = 1
        self.stream.codec_context.thread_type = "NONE"

    @property
    def container(self) -> InputContainer:
        assert self._container is not None
        return self._container

    @property
    def is_live(self) -> bool:
        """Whether it delivers at its own pace, without an end."""
        if self._camera.source.kind != "http":
            return self._camera.source.kind not in ("file",)
        return self.container.format.name not in STILLS and not self.container.duration

    @property
    def is_paced_by_us(self) -> bool:
        """Whether pictures would come as fast as they are read."""
        return self._camera.source.kind == "test" or not self.is_live

    @property
    def has_timestamps(self) -> bool:
        return not WITHOUT_TIMES & set(self.container.format.name.split(","))

    @property
    def nominal_fps(self) -> float | None:
        """What the source says of itself, where that can be believed."""
        if not self.has_timestamps:
            return None
        rate = self.stream.average_rate or self.stream.guessed_rate
        lowest, highest = BELIEVED_FPS
        return float(rate) if rate and lowest <= rate <= highest else None

    @property
    def _mode(self) -> str:
        """What was asked of a device."""
        camera = self._camera
        if camera.source.kind not in ("v4l2", "csi"):
            return ""
        size = f"{camera.width}x{camera.height}" if camera.width and camera.height else ""
        rate = f"{camera.fps:g} fps" if camera.fps else ""
        return " ".join(filter(None, (size, rate, camera.pixel_format)))

    @property
    def _notes(self) -> tuple[str, ...]:
        """What must be known of its figures."""
        notes = []
        if self._camera.source.kind in ("http", "rtsp") and not self.has_timestamps:
            notes.append("it sends no times of its own: rate and gaps are those of arrival")
        if self.is_paced_by_us and self._camera.source.kind != "test":
            notes.append("not live: its pictures come as fast as their times say")
        return tuple(notes)

    def told(self, first: VideoFrame, opened_ms: float, first_frame_ms: float) -> Opened:
        """What it is, now that a picture is there."""
        return Opened(
            codec=codec_of(self.stream),
            width=first.width,
            height=first.height,
            opened_ms=opened_ms,
            first_frame_ms=first_frame_ms,
            pixel_format=first.format.name,
            nominal_fps=self.nominal_fps,
            has_timestamps=self.has_timestamps,
            is_live=self.is_live,
            mode=self._mode,
            notes=self._notes,
        )

    def close(self) -> None:
        """Say good-bye to the camera, as far as it listens."""
        if self._container is not None:
            self._container.close()
        if self.pipeline is not None:
            self.pipeline.end()

    def _resolve(self) -> None:
        # FFmpeg tells a name that nobody knows as it tells a broken line.
        source = self._camera.source
        if source.host:
            try:
                socket.getaddrinfo(source.host, self._port)
            except (OSError, UnicodeError) as error:
                raise _unresolved(error) from None
        self.is_resolved = True

    @property
    def _port(self) -> int:
        parts = urlsplit(self._camera.source.where)
        return parts.port or PORTS[parts.scheme]

    def _opened(self) -> InputContainer:
        match self._camera.source.kind:
            case "test":
                return _open(_pattern(self._camera), format="lavfi")
            case "v4l2":
                return _open(
                    self._camera.source.where,
                    format="v4l2",
                    # Not `options`: the codec would get the size too, and refuse any other.
                    container_options=_of_device(self._camera),
                )
            case "csi":
                limit_s = self._camera.timeout_s
                self.pipeline = Pipeline(self._spec.sensor or sensor_words(self._camera), limit_s)
                # Typed as a path or a file, of which it needs the reading alone.
                pictures: Any = self.pipeline
                return _open(pictures, format="matroska", buffer_size=BUFFER_BYTES)
            case "rtsp":
                return self._opened_rtsp()
            case "http":
                return self._opened_url({})
        # Bare, a name that looks like a URL would be one.
        only = {"protocol_whitelist": "file"}
        return _open(f"file:{self._camera.source.where}", container_options=only)

    def _opened_rtsp(self) -> InputContainer:
        options = {
            "rtsp_transport": self._camera.transport,
            "timeout": str(int(1e6 * self._limit_s)),
            "analyzeduration": str(int(1e6 * PROBE_S)),
        }
        try:
            # With sound beside them, pictures would be timed anew at each of the camera's reports.
            return self._opened_url({**options, "allowed_media_types": "video"})
        except (av.error.HTTPOtherClientError, av.error.InvalidDataError):
            return self._opened_url(options)

    def _opened_url(self, options: dict[str, str]) -> InputContainer:
        url = with_secret(self._camera.source.where, self._spec.secret)
        limits = (self._limit_s, self._limit_s)
        options = {**options, **tls_options(self._camera)}
        try:
            return _open(url, container_options=options, timeout=limits)
        except av.error.OSError as error:
            if error.errno == errno.EIO:
                why = distrust(self._camera, self._port, self._camera.timeout_s)
                if why:
                    raise NoCamera("certificate", why) from None
            raise

    @property
    def _limit_s(self) -> float:
        # The reader's own watch is first to tell; FFmpeg's limits are behind it.
        return self._camera.timeout_s + OPENING_S


def _open(file: str, **options: Any) -> InputContainer:
    opened = av.open(file, **options)
    assert isinstance(opened, InputContainer)
    return opened


def _unresolved(error: Exception) -> NoCamera:
    is_passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
    kind: FaultKind = "no-name-server" if is_passing else "unknown-host"
    return NoCamera(kind, getattr(error, "strerror", "") or "")


def _pattern(camera: Camera) -> str:
    width, height = camera.width or TEST_SIZE[0], camera.height or TEST_SIZE[1]
    return f"testsrc2=size={width}x{height}:rate={camera.fps or TEST_FPS:g}"


def _of_device(camera: Camera) -> dict[str, str]:
    # Its own times are the kernel's monotonic clock. FFmpeg's `mono2abs` would smooth them, and
    # a picture that is missing with them.
    options = {"timestamps": "default"}
    if camera.width and camera.height:
        options["video_size"] = f"{camera.width}x{camera.height}"
    if camera.fps:
        options["framerate"] = f"{camera.fps:g}"
    if camera.pixel_format:
        options["input_format"] = camera.pixel_format
    return options
