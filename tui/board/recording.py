"""A tree that keeps what is read from it, so that the same readings can be had again elsewhere."""

from __future__ import annotations

import errno
import re
import threading
import time
from pathlib import Path

import msgspec

from tui import __version__
from tui.board.tree import MANIFEST, Manifest, Tree

_ROUTES = "/proc/net/route"
_TABLES = {"/proc/net/dev": (":", 2), _ROUTES: ("\t", 1)}
"""What ends a link's name in each row, and how many rows of head there are."""
RECORDING_FAILED = "the recording can't be written"
EVERY_S = 5.0
"""How often what has changed is written: a recording may last for days, on flash."""
_MAC_NAME = re.compile(r"(en|wl|ww)x[0-9a-f]{12}")
_PLAIN_LINK = re.compile(r"lo|eth\d{1,3}|wlan\d{1,3}|(en|wl|ww)([a-wyzP]\d\w*|x[0-9a-f]{12})")
"""Loopback, and cards by their place on the board. Other names are people's own: a VPN's, a
company's, a container's."""
_LINKS = "/sys/class/net"


class RecordingTree(Tree):
    """A tree whose nodes go to a folder as they are read, at the same paths, the newest content.

    Only what the reader reads is kept, and that names no person, place or network: addresses of
    routers are zeros, and links named after their MAC address, or by somebody, get a number
    instead.
    """

    def __init__(self, root: Path, to: Path) -> None:
        """Raises OSError when `to` can't be made."""
        super().__init__(root)
        to.mkdir(parents=True, exist_ok=True)
        self._to = to
        self._lock = threading.Lock()
        self._fresh: dict[str, bytes] = {}
        self._kept: dict[str, bytes] = {}
        self._unreadable: dict[str, int] = {}
        self._folders: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._began_at = time.time()
        self._flushed_s = float("-inf")

    def flush(self) -> None:
        """Write what has changed, unless that was done a moment ago. Raises OSError."""
        if time.monotonic() - self._flushed_s >= EVERY_S:
            self._write()

    def close(self) -> None:
        """Write what has changed. Raises OSError."""
        self._write()

    def _bytes(self, node: str) -> bytes:
        try:
            data = super()._bytes(node)
        except OSError as error:
            with self._lock:
                # What was never there needs no word; what is not there any more does.
                if error.errno != errno.ENOENT or node in self._kept:
                    self._unreadable[self._place(node)] = error.errno or 0
            raise
        with self._lock:
            place = self._place(node)
            self._unreadable.pop(place, None)
            if self._kept.get(node) != data:
                self._kept[node] = data
                self._fresh[place] = self._without_secrets(node, data)
        return data

    def _list(self, folder: str) -> list[str]:
        found = super()._list(folder)
        with self._lock:
            named = self._link if folder == _LINKS else self._anonymous
            self._folders[self._place(folder)] = [named(name) for name in found]
        return found

    def _without_secrets(self, node: str, data: bytes) -> bytes:
        if node not in _TABLES:
            return data
        ending, heads = _TABLES[node]
        rows = data.decode("ascii", "replace").splitlines(keepends=True)
        for at, row in enumerate(rows[heads:], heads):
            name, end, rest = row.partition(ending)
            blanks = name[: len(name) - len(name.lstrip())]
            rows[at] = blanks + self._link(name.strip()) + end + rest
        text = "".join(rows)
        return (_without_routers(text) if node == _ROUTES else text).encode()

    def _place(self, node: str) -> str:
        if not node.startswith(_LINKS + "/"):
            return self._anonymous(node)
        name, slash, rest = node.removeprefix(_LINKS + "/").partition("/")
        return f"{_LINKS}/{self._link(name)}{slash}{rest}"

    def _link(self, name: str) -> str:
        if not _PLAIN_LINK.fullmatch(name):
            return self._names.setdefault(name, f"net{len(self._names)}")
        return self._anonymous(name)

    def _anonymous(self, text: str) -> str:
        def numbered(match: re.Match[str]) -> str:
            name = f"{match.group(1)}x{len(self._names):012x}"
            return self._names.setdefault(match.group(), name)

        return _MAC_NAME.sub(numbered, text)

    def _write(self) -> None:
        self._flushed_s = time.monotonic()
        with self._lock:
            fresh, self._fresh = self._fresh, {}
            manifest = Manifest(
                version=__version__,
                began_at=self._began_at,
                ended_at=time.time(),
                unreadable=dict(self._unreadable),
                folders=dict(self._folders),
            )
        try:
            for node, data in fresh.items():
                path = self._to / node.lstrip("/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
            (self._to / MANIFEST).write_bytes(text + b"\n")
        except OSError:
            with self._lock:
                self._fresh = fresh | self._fresh
            raise


def _without_routers(routes: str) -> str:
    head, *rows = routes.splitlines()
    kept = [head]
    for row in rows:
        fields = row.split("\t")
        # Only the way out is looked for; the networks beside it are nobody's business.
        if len(fields) > 2 and fields[1] == "00000000":
            fields[2] = "00000000"
            kept.append("\t".join(fields))
    return "\n".join(kept) + "\n"
