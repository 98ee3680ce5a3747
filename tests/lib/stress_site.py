"""A whole stress that is ended roughly, and what is left of it: sought by marks, not by pids."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from tests.lib.eventually import eventually
from tests.lib.machine import CALM, Machine
from tests.lib.processes import is_alive
from tui.core.events import AnyEvent, StressEntered
from tui.core.problem import InputError
from tui.store.history import History

MARK = "JETPROOF_TEST_MARKER"
"""Children inherit it; its value tells this site from every other."""
MIB = 1024**2
MEMORY_MB = 192
DISK_MB = 256
PROMISED_S = 1.0
PROMISED_FROZEN_S = 6.0
"""The heartbeat, and the beat that may have come just before."""
PATIENCE = 10
"""A busy machine gets so many times a promise."""


class Site(Machine):
    """A machine with a scenario with every kind of burner and fault, small."""

    def __init__(self, root: Path, url: str) -> None:
        super().__init__(root)
        self.url = url
        self.scratch = root / "scratch"
        self.scratch.mkdir()
        self.env[MARK] = str(root)
        self.write_config(stress={"scratch": str(self.scratch)})

    def write_stress(self, name: str, *, load: bool = True, **stress: Any) -> None:
        """A scenario of this id, with network faults where there is a load; `stress` replaces
        keys of [stress], None leaves them out."""
        (self.scenarios / "calm.py").write_text(CALM)
        usual = {
            "intent": "contend",
            "before": "2s",
            "duration": "60s",
            "after": "2s",
            "cpu": {"method": "hash", "cores": "all", "level_percent": 20},
            "memory": {"level_percent": 100 * MEMORY_MB / _memory_mb()},
            "storage": {"file_mb": 16, "pattern": "mixed", "level_percent": 20},
            "network": {"rate_mbit_per_s": 50},
            "metadata": {"level_percent": 20},
            "disk": {"floor_percent": _floor_percent(self.scratch)},
        }
        keys = {key: value for key, value in {**usual, **stress}.items() if value is not None}
        table: dict[str, Any] = {"kind": "stress", "title": name, "stress": keys}
        if load:
            keys["faults"] = [{"latency_ms": 20}, {"latency_ms": 40}]
            table["load"] = {
                "users": 2,
                "spawn_rate": 50.0,
                "warm_up": "0s",
                "timeout": "5s",
                "locustfile": "calm.py",
            }
        (self.scenarios / f"{name}.toml").write_text(tomli_w.dumps(table))

    @contextmanager
    def running(self, *arguments: str, **env: str) -> Iterator[Any]:
        """As of a machine; at the end of the block nothing with our mark is left."""
        try:
            with super().running(*arguments, **env) as process:
                yield process
        finally:
            self.clear()

    def clear(self) -> None:
        """End what is left."""
        for pid in self.left():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def left(self) -> list[int]:
        """Live processes of this site: our mark in the environment, or our place in the words."""
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and int(entry.name) != os.getpid() and self._is_ours(entry)
        ]

    def burning(self) -> list[int]:
        """Those that do harm: burners and the other end of the network's."""
        return [pid for pid in self.left() if b"tui.stress." in _read(Path(f"/proc/{pid}/cmdline"))]

    def names(self) -> list[str]:
        """What lies in the scratch directory."""
        return sorted(path.name for path in self.scratch.iterdir())

    def held(self) -> list[str]:
        """Files there, nameless ones too, that any process has open: room not given back."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                target = os.readlink(entry)
            except OSError:
                continue
            if target.startswith(f"{self.scratch}/"):
                found.append(target)
        return found

    def free_mb(self) -> float:
        """Of the file system of the scratch directory; others write to it too."""
        return shutil.disk_usage(self.scratch).free / MIB

    def await_nothing(self, limit_s: float, but: tuple[int, ...] = ()) -> float:
        """Seconds until no process is left; AssertionError when some are after `limit_s`."""
        began_s = time.monotonic()
        eventually(
            lambda: set(self.left()) <= set(but),
            f"left: {[(pid, _words(pid)) for pid in self.left()]}",
            limit_s=limit_s,
        )
        return time.monotonic() - began_s

    def events(self) -> list[AnyEvent]:
        """Of the newest run, as far as they are on the disk; empty before there is one."""
        try:
            history = History(self.state)
            return list(history.events(history.find("last").run_id))
        except (InputError, OSError, msgspec.MsgspecError):
            return []

    def is_in(self, part: str) -> bool:
        """Whether the newest run has come so far."""
        return any(
            isinstance(event, StressEntered) and event.part == part for event in self.events()
        )

    def _is_ours(self, entry: Path) -> bool:
        mark = f"{MARK}={self.env[MARK]}".encode()
        if mark not in _read(entry / "environ").split(b"\0"):
            place = os.fsencode(self.state)
            if not any(word.startswith(place) for word in _read(entry / "cmdline").split(b"\0")):
                return False
        return is_alive(int(entry.name))


class InTerminal:
    """A command whose terminal can be taken away."""

    def __init__(self, site: Site, *arguments: str) -> None:
        self._lead, follow = os.openpty()
        # As sshd has it: the terminal's hang-up reaches the session that it controls.
        self.process = subprocess.Popen(
            site.command(*arguments),
            cwd=site.work,
            env=site.env,
            stdin=follow,
            stdout=follow,
            stderr=follow,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(follow)
        self.pid = self.process.pid

    def read_until(self, wanted: bytes) -> None:
        """Read what it paints until that is there."""
        painted = b""
        while wanted not in painted:
            painted += os.read(self._lead, 65_536)

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self._lead)
        self._lead = -1

    def close(self) -> None:
        """End it, if it did not end by itself."""
        if self._lead >= 0:
            self.hang_up()
        self.process.kill()
        self.process.wait()


@contextmanager
def in_terminal(site: Site, *arguments: str) -> Iterator[InTerminal]:
    """A command with a terminal of its own; nothing of it is left at the end of the block."""
    made = InTerminal(site, *arguments)
    try:
        yield made
    finally:
        made.close()
        site.clear()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _words(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/cmdline")).replace(b"\0", b" ").decode(errors="replace")


def _memory_mb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MIB


def _floor_percent(directory: Path) -> float:
    """So that the fault takes a little room only."""
    found = os.statvfs(directory)
    free = found.f_bavail * found.f_frsize - DISK_MB * MIB
    return max(0.0, 100 * free / (found.f_blocks * found.f_frsize))
