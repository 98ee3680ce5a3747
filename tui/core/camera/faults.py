"""Why a camera delivers nothing: each way by itself, with the next thing to try."""

from __future__ import annotations

import re
import shlex
from typing import Literal

import msgspec

from tui.core.camera.source import Source, SourceKind

FaultKind = Literal[
    "no-package",
    "no-gstreamer",
    "no-credentials",
    "unauthorized",
    "forbidden",
    "wrong-path",
    "server-error",
    "refused",
    "unreachable",
    "unknown-host",
    "no-name-server",
    "certificate",
    "no-answer",
    "missing",
    "no-permission",
    "busy",
    "not-a-camera",
    "wrong-mode",
    "no-video",
    "audio-only",
    "wrong-codec",
    "not-a-stream",
    "stalled",
    "closed",
    "unplugged",
    "argus",
    "undecodable",
    "frozen-reader",
    "stuck",
    "ended",
    "other",
]
REOPENED: tuple[FaultKind, ...] = (
    "refused", "unreachable", "no-answer", "missing", "busy", "server-error", "stalled", "closed",
    "unplugged", "argus", "frozen-reader", "stuck", "no-name-server", "wrong-path", "undecodable",
    "other",
)  # fmt: skip
"""Those that may pass by themselves: a reader tries again. The others need a hand."""
FINAL: tuple[FaultKind, ...] = (
    "no-package", "no-gstreamer", "no-credentials", "unauthorized", "forbidden", "ended",
)  # fmt: skip
"""Those that need a hand, or are an end, also where the camera delivered before. Any other may pass
then: a camera that restarts is nameless, answers with a page and has no video for a while."""


class CameraFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why there is no picture."""

    kind: FaultKind
    detail: str = ""
    """What the system or the library said, without secrets, one bounded line."""
    holder: str = ""
    """Who has the device: `python3 (pid 812)`."""


def may_pass(fault: CameraFault, *, has_delivered: bool) -> bool:
    """Whether to try again; `has_delivered`: the camera did, since it is watched."""
    return fault.kind not in FINAL if has_delivered else fault.kind in REOPENED


def is_end_of_recording(fault: CameraFault, source: Source) -> bool:
    """Whether it is no fault: a recording has an end, what a camera sends has none."""
    return fault.kind == "ended" and not source.is_real


class Advice(msgspec.Struct, frozen=True):
    """A fault in plain words."""

    what: str
    """What is wrong, as a clause without a full stop."""
    next: str
    """The next command or act to try."""


def advice_on(fault: CameraFault, source: Source, credentials: str = "") -> Advice:
    """In words; `credentials` is their reference, such as `env:DOCK3_CAMERA`."""
    what, then = _OF_A_KIND.get((fault.kind, source.kind)) or _WORDS[fault.kind]
    if fault.kind == "unauthorized" and not credentials:
        what = "{host} asks for a user name and password, and none is configured"
    if fault.kind == "busy" and fault.holder:
        what = f"{what}: {_unformatted(fault.holder)} has it"
        then = _ending(fault.holder)
    elif fault.kind in _TOLD and fault.detail:
        what = f"{what}: {_unformatted(fault.detail)}"
    values = {
        "host": source.host or "this machine",
        "where": _thing(source),
        "path": shlex.quote(source.where),
        "credentials": _credentials(credentials),
    }
    return Advice(what.format(**values), then.format(**values))


def _thing(source: Source) -> str:
    named = {"csi": f"CSI camera {source.where}", "test": "the test pattern"}
    return named.get(source.kind, source.where)


def _ending(holder: str) -> str:
    """How to have a device back from who holds it."""
    found = _PID.findall(holder)
    if "jetproof" in holder:
        return "leave the screen or end the run of jetproof that looks at it"
    if len(found) == 1:
        return f"end it, or: kill {found[0]}"
    return "end what holds it; see: sudo fuser -v {path}"


def _unformatted(text: str) -> str:
    """A text in which braces mean themselves."""
    return text.replace("{", "{{").replace("}", "}}")


def _credentials(reference: str) -> str:
    kind, _, where = reference.partition(":")
    if kind == "file":
        return f"look at {where}: one line, user:password"
    if kind == "env":
        return f"export {where}=USER:PASSWORD, then start jetproof again"
    return 'give the camera credentials = "env:NAME" in config.toml, and export NAME=USER:PASSWORD'


_PID = re.compile(r"\(pid ([0-9]+)\)")
_TOLD: tuple[FaultKind, ...] = (
    "wrong-mode", "wrong-codec", "no-credentials", "certificate", "argus", "other", "server-error",
    "undecodable",
)  # fmt: skip
"""Those whose detail says more than the words."""
_WORDS: dict[FaultKind, tuple[str, str]] = {
    "no-package": (
        "the package that decodes pictures is not installed",
        "pip install 'jetproof[camera]'",
    ),
    "no-gstreamer": (
        "GStreamer, or the part of it that reads CSI cameras, is not installed",
        "on a Jetson: sudo apt install gstreamer1.0-tools nvidia-l4t-gstreamer",
    ),
    "no-credentials": ("its user name and password can't be read", "{credentials}"),
    "unauthorized": ("{host} refused the user name and password", "{credentials}"),
    "forbidden": (
        "{host} knows the user, who may not see this stream",
        "give that user the right to view live video, on the camera's own page",
    ),
    "wrong-path": (
        "{host} has no stream of that name",
        "look up the stream's path on the camera's own page, or in its manual",
    ),
    "server-error": (
        "{host} failed at the request",
        "restart the camera, and see whether others watch it: many serve few at a time",
    ),
    "refused": (
        "{host} is there, and nothing listens on that port",
        "see whether the stream is switched on, and on which port (RTSP: 554)",
    ),
    "unreachable": ("{host} can't be reached", "ping {host}; then its cable, its power, its VLAN"),
    "unknown-host": ("nobody knows the name {host}", "getent hosts {host}; or use its address"),
    "no-name-server": (
        "no name server says where {host} is",
        "resolvectl status; then this machine's network; or use the camera's address",
    ),
    "certificate": (
        "the TLS certificate of {host} is not trusted",
        "have its authority trusted here, or accept it: verify_tls = false of this camera",
    ),
    "no-answer": (
        "{host} took the connection and says nothing",
        "see whether that port is the stream's, then restart the camera",
    ),
    "missing": ("{where} is not there", "jetproof camera list; then its cable"),
    "no-permission": (
        "{where} may not be opened by this user",
        'sudo usermod -aG video "$USER", then log in again',
    ),
    "busy": ("{where} is in use", "end what holds it; see: sudo fuser -v {path}"),
    "not-a-camera": ("{where} gives no pictures", "jetproof camera list shows which devices do"),
    "wrong-mode": (
        "the camera does not offer the size, rate or format that was asked for",
        "jetproof camera list shows what it offers",
    ),
    "no-video": ("there is no video in the stream", "choose another stream on the camera's page"),
    "audio-only": ("the stream has sound and no video", "choose another stream of the camera"),
    "wrong-codec": (
        "the video can't be decoded here",
        "set the camera to H.264, H.265 or MJPEG",
    ),
    "not-a-stream": (
        "{host} answered with something that is no video",
        "open the URL in a browser: it may be a page, such as one to log in",
    ),
    "stalled": ("it sent no more pictures", "see its cable, its power and the network"),
    "closed": ("the camera closed the stream", "see whether it restarted, and who else watches it"),
    "unplugged": (
        "{where} went away: unplugged, or its supply failed",
        "dmesg | tail; then its cable",
    ),
    "argus": (
        "the CSI camera service does not answer as it should",
        "sudo systemctl restart nvargus-daemon",
    ),
    "undecodable": (
        "what it sends can't be decoded",
        "see cable and network, then the codec on the camera's own page: H.264, H.265 or MJPEG",
    ),
    "frozen-reader": (
        "its driver or decoder hung, and the reader was ended",
        "try again; if it stays so: jetproof doctor",
    ),
    "stuck": (
        "its reader is stuck in the kernel, in the driver of {where}",
        "unplug the camera, or restart the board; dmesg | tail",
    ),
    "ended": (
        "{host} sent single pictures or a recording, which has an end",
        "look up the address of its live stream on the camera's own page, or in its manual",
    ),
    "other": ("it gives no pictures", "try again; if it stays so: jetproof doctor"),
}
_RESTART_ARGUS = "sudo systemctl restart nvargus-daemon"
_OF_A_KIND: dict[tuple[FaultKind, SourceKind], tuple[str, str]] = {
    ("missing", "csi"): (
        "{where} is not there",
        "see its ribbon cable with the power off, and whether jetson-io knows the sensor",
    ),
    ("missing", "file"): ("{where} is not there", "see its path: ls -l {path}"),
    ("no-permission", "file"): ("{where} may not be read by this user", "ls -l {path}"),
    ("busy", "csi"): ("{where} is in use", f"end what holds it, or: {_RESTART_ARGUS}"),
    ("not-a-stream", "rtsp"): (
        "what listens there does not speak RTSP",
        "see the port: RTSP has 554; a stream over HTTP begins with http://",
    ),
    ("not-a-stream", "file"): ("{where} holds no video", "see what it is: file {path}"),
    ("no-video", "file"): ("there is no video in {where}", "choose another recording"),
    ("audio-only", "file"): ("{where} has sound and no video", "choose another recording"),
    ("wrong-codec", "file"): (
        "the video can't be decoded here",
        "record it as H.264, H.265 or MJPEG",
    ),
    ("undecodable", "file"): (
        "what is in {where} can't be decoded",
        "see whether it is damaged: choose another recording",
    ),
    ("stalled", "rtsp"): (
        "it sent no more pictures",
        'see its cable, its power and the network; over UDP: try transport = "tcp"',
    ),
    ("stalled", "v4l2"): (
        "{where} sent no more pictures",
        "see its cable and its USB hub's supply; dmesg | tail",
    ),
    ("stalled", "csi"): ("{where} sent no more pictures", _RESTART_ARGUS),
    ("closed", "csi"): ("{where} ended its stream", _RESTART_ARGUS),
    ("frozen-reader", "v4l2"): (
        "its driver hung, and the reader was ended",
        "unplug the camera and plug it in again; dmesg | tail",
    ),
    ("frozen-reader", "csi"): ("its driver hung, and the reader was ended", _RESTART_ARGUS),
    ("stuck", "rtsp"): ("its reader is stuck in the kernel", "restart the board; dmesg | tail"),
    ("stuck", "http"): ("its reader is stuck in the kernel", "restart the board; dmesg | tail"),
    ("stuck", "file"): (
        "its reader is stuck in the kernel, at the disk of {where}",
        "see the disk: dmesg | tail; or restart the board",
    ),
    ("ended", "file"): (
        "the recording is over",
        "open it again to see it from its beginning",
    ),
}
"""Where a kind of source asks for other words."""
