"""What a library's error means for the one who stands before the camera."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from typing import Literal

import av.error

from tui.core.camera.faults import CameraFault, FaultKind
from tui.core.camera.source import Source, SourceKind

Moment = Literal["opening", "reading"]

_BY_ANSWER: tuple[tuple[type[BaseException], FaultKind], ...] = (
    (av.error.HTTPUnauthorizedError, "unauthorized"),
    (av.error.HTTPForbiddenError, "forbidden"),
    (av.error.HTTPNotFoundError, "wrong-path"),
    (av.error.HTTPServerError, "server-error"),
    (av.error.DecoderNotFoundError, "wrong-codec"),
)
_OF_NETWORK: Mapping[int, FaultKind] = {
    errno.ECONNREFUSED: "refused",
    errno.ENETUNREACH: "unreachable",
    errno.EHOSTUNREACH: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ENETDOWN: "unreachable",
}
_OF_DEVICE: Mapping[int, FaultKind] = {
    errno.ENOENT: "missing",
    errno.ENXIO: "missing",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EBUSY: "busy",
    errno.ENOTTY: "not-a-camera",
    errno.ENOSYS: "not-a-camera",
    errno.EINVAL: "wrong-mode",
}
_OF_FILE: Mapping[int, FaultKind] = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EISDIR: "not-a-stream",
}
_BY_NUMBER: Mapping[SourceKind, Mapping[int, FaultKind]] = {
    "rtsp": _OF_NETWORK,
    "http": _OF_NETWORK,
    "v4l2": _OF_DEVICE,
    "file": _OF_FILE,
}
_SILENCE = (av.error.ExitError, TimeoutError)


class NoCamera(Exception):
    """There is no picture, and the cause is known."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.fault = CameraFault(kind, detail)


def fault_of(
    error: BaseException, source: Source, moment: Moment, scrub: Callable[[str], str]
) -> CameraFault:
    """The fault behind what was raised; its text holds no secret."""
    if isinstance(error, NoCamera):
        return CameraFault(error.fault.kind, scrub(error.fault.detail))
    return CameraFault(_kind_of(error, source, moment), scrub(_said(error)))


def _kind_of(error: BaseException, source: Source, moment: Moment) -> FaultKind:
    for kind_of_error, kind in _BY_ANSWER:
        if isinstance(error, kind_of_error):
            return kind
    if isinstance(error, _SILENCE):
        return "no-answer" if moment == "opening" else "stalled"
    number = getattr(error, "errno", None)
    if source.kind == "v4l2" and number == errno.ENODEV:
        return _without_device(source, moment)
    if moment == "opening":
        known = _BY_NUMBER.get(source.kind, {}).get(number or 0)
        if known is not None:
            return known
        if isinstance(error, av.error.InvalidDataError):
            return "not-a-stream"
    if source.kind in ("rtsp", "http") and _is_cut(error, moment):
        return "closed"
    return "other"


def _without_device(source: Source, moment: Moment) -> FaultKind:
    if moment == "reading":
        return "unplugged"
    # FFmpeg says so of a node that does not capture, too.
    return "not-a-camera" if os.path.exists(source.where) else "missing"


def _is_cut(error: BaseException, moment: Moment) -> bool:
    if isinstance(error, (EOFError, ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
        return True
    return moment == "reading" and getattr(error, "errno", None) in (errno.EIO, errno.EPIPE)


def _said(error: BaseException) -> str:
    """Without the URL, which FFmpeg's errors repeat."""
    return str(getattr(error, "strerror", None) or error)
