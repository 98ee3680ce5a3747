"""The kernel's nodes below a root: `/`, a chroot, a recording or an emulated board."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import msgspec

MANIFEST = "jetproof-board.json"
"""What a recording says of itself, at its top."""
LIMIT = 64 * 1024
WHOLE = 2048
"""A shorter piece is a node's end: the kernel hands out longer ones by the page."""
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_MAX_LINKS = 40
_NUMBERS = re.compile(r"(\d+)")

GONE = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR, errno.ESTALE})
OFF = frozenset({errno.EAGAIN, errno.ENODATA, errno.EBUSY})
DENIED = frozenset({errno.EACCES, errno.EPERM})
SILENT = frozenset({errno.EIO, errno.EREMOTEIO, errno.ETIMEDOUT})
UNKNOWN = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS})


class Unreadable(Exception):
    """A node could not be read; the text says why, in plain words."""

    def __init__(self, why: str, code: int = 0) -> None:
        super().__init__(why)
        self.code = code
        """The kernel's error number; 0: it was read, and is not what was expected."""


class Manifest(msgspec.Struct, frozen=True):
    """What the files of a recording can't say themselves."""

    version: str = ""
    """Of the program that recorded it."""
    began_at: float = 0.0
    """UTC, seconds since the epoch."""
    ended_at: float = 0.0
    unreadable: dict[str, int] = {}
    """Nodes that could not be read, with the kernel's error number."""
    folders: dict[str, list[str]] = {}
    """What folders held that were listed."""


def why_of(code: int) -> str:
    """A reason for the kernel's error number, short enough for a cell of a screen."""
    if code in OFF:
        return "switched off"
    if code in DENIED:
        return "needs root"
    if code in GONE:
        return "its node is gone"
    if code in SILENT:
        return "the sensor does not answer"
    if code in UNKNOWN:
        return "the driver does not tell it"
    return f"can't be read: {os.strerror(code).lower()}"


class Tree:
    """Reads nodes by the paths that they have on a board, whatever the root is.

    Links inside another root stay inside it, also absolute ones. A recording gives the errors of
    its manifest again. Callable from several threads.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = "" if root == Path("/") else str(root.absolute())
        self._resolved: dict[str, str] = {}
        self._manifest = self._read_manifest()

    @property
    def is_other(self) -> bool:
        """Whether it is another tree than this machine's own."""
        return bool(self._root)

    def text(self, node: str) -> str:
        """A node's content without the blanks and NULs around it. Raises Unreadable."""
        try:
            return self._bytes(node).decode("utf-8", "replace").strip(" \t\r\n\0")
        except OSError as error:
            raise Unreadable(why_of(error.errno or 0), error.errno or 0) from None

    def names(self, folder: str) -> list[str]:
        """What a folder holds, `hwmon9` before `hwmon10`; empty where there is none."""
        try:
            return sorted(self._list(folder), key=_by_number)
        except OSError:
            return []

    def flush(self) -> None:
        """Nothing here: a recording writes what it has."""

    def close(self) -> None:
        """Nothing is held."""

    def _list(self, folder: str) -> list[str]:
        if self._manifest and folder in self._manifest.folders:
            return self._manifest.folders[folder]
        return os.listdir(self._inside(folder))

    def _bytes(self, node: str) -> bytes:
        if not self._root:
            return _read(node, _FLAGS)
        if self._manifest and node in self._manifest.unreadable:
            code = self._manifest.unreadable[node]
            raise OSError(code, os.strerror(code))
        try:
            return _read(self._inside(node), _FLAGS | os.O_NOFOLLOW)
        except OSError as error:
            # What stood on the way may be another link by now.
            if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise
            self._resolved.clear()
            return _read(self._inside(node), _FLAGS | os.O_NOFOLLOW)

    def _inside(self, path: str) -> str:
        if not self._root:
            return path
        found = self._resolved.get(path)
        if found is None:
            found = self._resolved[path] = _resolve(self._root, path)
        return found

    def _read_manifest(self) -> Manifest | None:
        if not self._root:
            return None
        try:
            data = Path(self._root, MANIFEST).read_bytes()
            return msgspec.json.decode(data, type=Manifest)
        except (OSError, msgspec.MsgspecError):
            return None


def _read(path: str, flags: int) -> bytes:
    handle = os.open(path, flags)
    try:
        data = os.read(handle, LIMIT)
        if len(data) < WHOLE:
            return data
        pieces, size = [data], len(data)
        while size < LIMIT and data:
            data = os.read(handle, LIMIT - size)
            pieces.append(data)
            size += len(data)
        return b"".join(pieces)
    finally:
        os.close(handle)


def _resolve(root: str, path: str) -> str:
    """Where to open a path when `root` is `/`. Raises OSError when links go in circles.

    As long as the kernel finds the way inside the tree it may do so itself: links that change
    later are followed anew then.
    """
    done: list[str] = []
    todo = path.split("/")[::-1]
    links = 0
    is_plain = True
    while todo:
        part = todo.pop()
        if part in ("", "."):
            continue
        if part == "..":
            is_plain = is_plain and bool(done)
            del done[-1:]
            continue
        try:
            to = os.readlink("/".join([root, *done, part]))
        except OSError:  # no link; opening it says whether there is anything
            done.append(part)
            continue
        links += 1
        if links > _MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if to.startswith("/"):
            done.clear()
        is_plain = is_plain and bool(todo) and not to.startswith("/")
        todo += to.split("/")[::-1]
    return root + path if is_plain else "/".join([root, *done])


def _by_number(name: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(name) if part
    ]
