"""Who has a device open, as `/proc` shows it: proc(5)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui.core.failure import printable

MOST_NAMED = 3
OF_ANOTHER = "a process of another user"
OURS = "a camera reader of jetproof"
_PROC = Path("/proc")
_READER = b"tui.camera.reader_program"


def holder_of(path: str, *, is_busy: bool = False) -> str:
    """`python3 (pid 812)`, several with commas; empty: nobody, as far as this user can see.

    With `is_busy` the device itself has said that it is taken: where no holder is seen, and some
    processes can't be looked into, it is one of these. This process is left out. Never raises.
    """
    node = os.path.realpath(path)
    number = _device_number(node)
    held, is_one_hidden = [], False
    for pid in _pids():
        try:
            is_held = _holds(pid, node, number)
        except PermissionError:
            is_one_hidden = True
        except OSError:
            continue  # it has just ended
        else:
            if is_held:
                held.append(f"{_name_of(pid)} (pid {pid})")
    if held:
        more = len(held) - MOST_NAMED
        return ", ".join(held[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return OF_ANOTHER if is_busy and is_one_hidden else ""


def _pids() -> list[int]:
    try:
        found = [int(name) for name in os.listdir(_PROC) if name.isdigit()]
    except OSError:
        return []
    return sorted(pid for pid in found if pid != os.getpid())


def _holds(pid: int, node: str, number: int | None) -> bool:
    folder = _PROC / str(pid) / "fd"
    return any(_is_node(folder / name, node, number) for name in os.listdir(folder))


def _is_node(link: Path, node: str, number: int | None) -> bool:
    try:
        target = os.readlink(link)
        if target == node:
            return True
        # A look at what lies elsewhere may hang, on a network mount for one.
        return target.startswith("/dev/") and number is not None and _at(link) == number
    except PermissionError:
        raise
    except OSError:
        return False  # closed in the meantime


def _device_number(path: str) -> int | None:
    try:
        return _at(Path(path))
    except OSError:
        return None


def _at(path: Path) -> int | None:
    """The number of a character device, whatever its name; None for what is none."""
    found = path.stat()
    return found.st_rdev if stat.S_ISCHR(found.st_mode) else None


def _name_of(pid: int) -> str:
    entry = _PROC / str(pid)
    try:
        if _READER in (entry / "cmdline").read_bytes().split(b"\0"):
            return OURS
        name = (entry / "comm").read_text(errors="replace").rstrip("\n")
    except OSError:
        return "a process"
    # A process may call itself what it likes.
    return printable(name)
