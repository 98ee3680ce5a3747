"""How many processes of a cgroup the kernel ended for want of memory: cgroups(7)."""

from __future__ import annotations

import re
from pathlib import Path

from tui.board.processes import cgroup_paths

ROOT = Path("/sys/fs/cgroup")
_OWN = re.compile(r"/((?!user@)[^/]+\.service|[^/]*[0-9a-f]{32,}[^/]*)$")
"""A cgroup that is one service's or one container's; others are shared with strangers."""


class OomKills:
    """Counts them since it was made, over restarts."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._last = 0
        self._total = 0

    def count(self, pid: int) -> int | None:
        """Those of the process's cgroup so far; None where it has none of its own."""
        path = _counter(pid)
        if path is None:
            return None
        now = _oom_kill(path)
        if now is None:
            return None
        if path == self._path:
            # The kernel begins at 0 when a restart makes the cgroup anew.
            self._total += now - self._last if now >= self._last else now
        self._path, self._last = path, now
        return self._total


def _counter(pid: int) -> Path | None:
    paths = cgroup_paths(pid)
    for controller, folder, name in (
        ("memory", ROOT / "memory", "memory.oom_control"),
        ("", ROOT, "memory.events"),
        ("", ROOT / "unified", "memory.events"),
    ):
        path = paths.get(controller, "")
        if _OWN.search(path) and (file := folder / path.lstrip("/") / name).exists():
            return file
    return None


def _oom_kill(path: Path) -> int | None:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), None)
