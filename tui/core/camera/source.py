"""Where pictures come from, as `source = "…"` in the configuration and on the command line says."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

from tui.core.problem import did_you_mean, quoted

SourceKind = Literal["test", "v4l2", "csi", "rtsp", "http", "file"]
Transport = Literal["tcp", "udp"]
FORMS = (
    '"test:", "v4l2:/dev/video0", "csi:0", "rtsp://HOST/PATH", "http://HOST/PATH" or "file:PATH"'
)
MAX_SENSORS = 16
_KINDS = ("test", "v4l2", "csi", "rtsp", "rtsps", "http", "https", "file")
_DEVICE = re.compile(r"/dev/(?:video[0-9]{1,3}|v4l/by-(?:id|path)/[\w.:+-]+)", re.ASCII)
PLACEHOLDERS = ("{user}", "{password}")
"""What of the credentials may stand in a URL behind its host, filled in by the reader alone."""
_SECRET = re.compile(
    # Some cameras part what they want by `_`, in the path; without a password its value is empty.
    r"(?<![a-z])(?P<key>[a-z]*(?:pas|pwd|pw|token|auth|key(?!frame|int)|secret)\w*)="
    r"(?!\{(?:user|password)\}(?![^\W_])|[&;/?#]|$|_[a-z]+=)",
    re.ASCII | re.IGNORECASE,
)
_USERINFO = re.compile(r"//[^/?#@]*:[^/?#@]*@")
_PROTOCOL = re.compile(r"[a-z][a-z0-9.+-]*(?::|,.*:)", re.ASCII | re.IGNORECASE)
"""What FFmpeg takes for a way to get at a file, not for its name: `http:`, `pipe:`, `subfile,,:`"""


class Source(msgspec.Struct, frozen=True):
    """Where pictures come from; never with a secret."""

    kind: SourceKind
    where: str = ""
    """A device, a sensor's number, a URL or a path; empty for the test pattern."""

    @property
    def text(self) -> str:
        """As it is written in the configuration."""
        return self.where if self.kind in ("rtsp", "http") else f"{self.kind}:{self.where}"

    @property
    def is_real(self) -> bool:
        """Whether a camera is behind it, not a made or recorded picture."""
        return self.kind not in ("test", "file")

    @property
    def label(self) -> str:
        """What pictures of it are called where they are no camera's: `simulated`, `replay`."""
        return {"test": "simulated", "file": "replay"}.get(self.kind, "")

    @property
    def is_tls(self) -> bool:
        """Whether it is asked for over TLS."""
        return self.where.startswith(("rtsps://", "https://"))

    @property
    def has_places(self) -> bool:
        """Whether its URL has places that credentials belong in."""
        return any(place in self.where for place in PLACEHOLDERS) and bool(self.host)

    @property
    def host(self) -> str:
        """The machine that it is on; empty: this one."""
        return urlsplit(self.where).hostname or "" if self.kind in ("rtsp", "http") else ""


def parse_source(text: str) -> Source:
    """The source that a text names; ValueError says in one line what was meant.

    `/dev/video0` alone is a V4L2 device, an existing way to write a path is `file:PATH`.
    """
    if text.startswith("/dev/"):
        text = f"v4l2:{text}"
    kind, colon, where = text.partition(":")
    if not colon:
        raise ValueError(f"{_shown(text)} is no source (meant {FORMS}?)")
    match kind:
        case "test":
            return _plain("test", where, text)
        case "v4l2":
            if not _DEVICE.fullmatch(where):
                raise ValueError(f'{_shown(where)} is no video device (meant "v4l2:/dev/video0"?)')
            return Source("v4l2", where)
        case "csi":
            if not where.isascii() or not where.isdigit() or int(where) >= MAX_SENSORS:
                last = f"csi:{MAX_SENSORS - 1}"
                raise ValueError(f'a CSI camera is told by its sensor, "csi:0" to "{last}"')
            return Source("csi", str(int(where)))
        case "rtsp" | "rtsps":
            return Source("rtsp", _checked_url(text))
        case "http" | "https":
            return Source("http", _checked_url(text))
        case "file":
            return Source("file", _checked_path(where))
    raise ValueError(f"unknown kind of source {quoted(kind)}{did_you_mean(kind, _KINDS)}")


def _plain(kind: SourceKind, where: str, text: str) -> Source:
    if where:
        raise ValueError(f'{quoted(text)}: the test pattern is "test:" alone')
    return Source(kind)


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"{_shown(url)} is not a URL") from None
    if not parts.hostname or not url.startswith(f"{parts.scheme}://"):
        raise ValueError(f"{_shown(url)} is not a URL: it names no host")
    if port == 0:
        raise ValueError("a camera's port is 1 to 65535")
    if parts.username or parts.password or "@" in parts.netloc:
        raise ValueError('a password in a URL ends up in logs; use credentials = "env:NAME"')
    if any(each <= " " or each == "\x7f" for each in url):
        raise ValueError("a URL has no spaces and no control characters")
    if any(place in parts.netloc for place in PLACEHOLDERS):
        raise ValueError("credentials have no place in the name of a host")
    key = _secret_in(url)
    if key is not None:
        what = f'use credentials = "env:NAME" and {key}={{password}} in the URL'
        raise ValueError(f"a secret in a URL ends up in logs; {what}")
    return url


def _checked_path(path: str) -> str:
    if not path or "\0" in path:
        raise ValueError('a file needs its path, "file:PATH"')
    if _PROTOCOL.match(path):
        # Not repeated: it may be a URL with a password.
        raise ValueError(
            'file: takes a path of this machine, not a URL; a name with a colon: "file:./NAME"'
        )
    return path


def _secret_in(url: str) -> str | None:
    """The key of a secret that stands in a URL; None: there is none."""
    plain = unquote(url)
    found = _SECRET.search(plain)
    if found is not None:
        return found["key"]
    return "password" if _USERINFO.search(plain) else None


def _shown(text: str) -> str:
    """What was written, without what may be a password."""
    scheme, mark, rest = text.partition("://")
    shown = f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else text.rpartition("@")[2]
    return quoted(shown if _secret_in(shown) is None else f"{text.partition(':')[0]}:…")
