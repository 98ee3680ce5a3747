"""`[cameras.NAME]` of the configuration, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from tui.core.camera.camera import PATTERN, Camera
from tui.core.camera.metrics import camera_limits, parse_camera_limit
from tui.core.camera.source import Source, Transport, parse_source
from tui.core.limits import Limit
from tui.core.mistakes import Mistakes
from tui.core.problem import COMMAND_LINE, InputError, did_you_mean, quoted

MAX_CAMERAS = 16
MAX_SIDE = 8192
LEAST_TIMEOUT_S, MOST_TIMEOUT_S = 0.5, 60.0
LEAST_PERIODS = 2.0
"""Of the timeout: one picture that is missing is no stall."""
NEEDS_CREDENTIALS = 'its URL has a place for them; use "env:NAME" or "file:PATH" of user:password'
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", re.ASCII)
_SIZE = re.compile(r"([0-9]{2,5})x([0-9]{2,5})", re.ASCII)
_FORMATS = {"yuyv": "yuyv422", "uyvy": "uyvy422", "nv12": "nv12", "mjpg": "mjpeg"}
"""What V4L2 calls a format, as FFmpeg does."""
_FORMAT = re.compile(r"[a-z0-9]{3,16}", re.ASCII)


class CameraTable(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    credentials: str = ""
    transport: Transport = "tcp"
    verify_tls: bool = True
    fps: float | None = None
    size: str = ""
    format: str = ""
    timeout: str = "5s"
    thresholds: dict[str, str] = {}
    goals: dict[str, str] = {}


def read_cameras(mistakes: Mistakes, tables: Mapping[str, CameraTable]) -> tuple[Camera, ...]:
    """The cameras of the site as far as they are in order; the embedded pattern without any."""
    if len(tables) > MAX_CAMERAS:
        mistakes.add("", f"at most {MAX_CAMERAS} cameras")
    found = [_camera(mistakes.within(name), name, table) for name, table in tables.items()]
    return tuple(found) or (pattern(),)


def pattern() -> Camera:
    """The embedded test pattern."""
    return _with_limits(Camera(PATTERN, Source("test")))


def chosen(cameras: Sequence[Camera], name_or_source: str) -> Camera:
    """The camera of that name, or one made of a source. InputError when it is neither."""
    for camera in cameras:
        if camera.name == name_or_source:
            return camera
    names = [camera.name for camera in cameras]
    if ":" not in name_or_source and not name_or_source.startswith("/dev/"):
        what = f"unknown camera {quoted(name_or_source)}{did_you_mean(name_or_source, names)}"
        known = ", ".join(names)
        what = f'{what}; known: {known}, or a source such as "v4l2:/dev/video0"'
        raise InputError.of(COMMAND_LINE, "SOURCE", what)
    try:
        source = parse_source(name_or_source)
    except ValueError as error:
        raise InputError.of(COMMAND_LINE, "SOURCE", str(error)) from None
    # What the configuration says of a camera holds however it is called.
    known_so = next((camera for camera in cameras if camera.source == source), None)
    if known_so is None and source.has_places:
        what = "what fills the places of its URL is told in config.toml: a camera with credentials"
        raise InputError.of(COMMAND_LINE, "SOURCE", what)
    return known_so or _with_limits(Camera(source.text, source))


def _camera(mistakes: Mistakes, name: str, table: CameraTable) -> Camera:
    if not _NAME.fullmatch(name):
        mistakes.add("", "a camera's name has up to 32 letters, digits, - and _")
    source = Source("test")
    try:
        source = parse_source(table.source)
    except ValueError as error:
        mistakes.add("source", str(error))
    if table.credentials and not table.credentials.startswith(("env:", "file:")):
        what = 'a secret does not belong here; use "env:NAME" or "file:PATH" of user:password'
        mistakes.add("credentials", what)
    if table.credentials in ("env:", "file:"):
        mistakes.add("credentials", f'"{table.credentials}" names nothing')
    if table.credentials and source.kind not in ("rtsp", "http"):
        mistakes.add("credentials", f"{source.kind} asks for none", unless=["source"])
    if source.has_places and not table.credentials:
        mistakes.add("credentials", NEEDS_CREDENTIALS)
    if not table.verify_tls and not source.is_tls:
        what = "only https and rtsps have a certificate (leave verify_tls out?)"
        mistakes.add("verify_tls", what, unless=["source"])
    if table.transport == "udp" and source.kind != "rtsp":
        mistakes.add("transport", "only RTSP has a choice", unless=["source"])
    if table.fps is not None:
        mistakes.check("fps", table.fps, 0.1, 1000)
    if table.format and source.kind != "v4l2":
        mistakes.add("format", "only a V4L2 device is asked for a format", unless=["source"])
    pixel_format = _FORMATS.get(table.format.lower(), table.format.lower())
    if pixel_format and not _FORMAT.fullmatch(pixel_format):
        mistakes.add("format", f'{quoted(table.format)} is no format (meant as in "mjpeg"?)')
    width, height = _size(mistakes, table.size)
    if table.size and source.kind in ("rtsp", "http", "file"):
        mistakes.add("size", "a stream comes in its own size (leave size out?)", unless=["source"])
    timeout_s = mistakes.seconds("timeout", table.timeout, LEAST_TIMEOUT_S, MOST_TIMEOUT_S)
    if table.fps and timeout_s * table.fps < LEAST_PERIODS:
        what = f"at {table.fps:g} fps it is too short: at least two pictures' time"
        mistakes.add("timeout", what, unless=["fps"])
    return Camera(
        name,
        source,
        fps=table.fps,
        width=width,
        height=height,
        pixel_format=pixel_format,
        transport=table.transport,
        verify_tls=table.verify_tls,
        credentials=table.credentials,
        timeout_s=timeout_s,
        thresholds=camera_limits(_limits(mistakes.within("thresholds"), table.thresholds), {})[0],
        goals=camera_limits({}, _limits(mistakes.within("goals"), table.goals))[1],
    )


def _size(mistakes: Mistakes, text: str) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    match = _SIZE.fullmatch(text)
    if match is None or not all(16 <= int(each) <= MAX_SIDE for each in match.groups()):
        mistakes.add("size", f'{quoted(text)} is no size (meant as in "1280x720"?)')
        return None, None
    return int(match[1]), int(match[2])


def _limits(mistakes: Mistakes, table: Mapping[str, str]) -> dict[str, tuple[Limit, ...]]:
    found = {}
    for metric, text in table.items():
        try:
            found[metric] = parse_camera_limit(metric, text)
        except ValueError as error:
            mistakes.add(metric, str(error))
    return found


def _with_limits(camera: Camera) -> Camera:
    thresholds, goals = camera_limits({}, {})
    return msgspec.structs.replace(camera, thresholds=thresholds, goals=goals)
