"""Processes as `/proc` shows them: proc(5). No command line and no environment leaves here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

PROC = Path("/proc")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1024 * 1024
_INTERPRETERS = ("python", "node", "java", "ruby", "perl", "bash", "sh", "dash")


class Stat(msgspec.Struct, frozen=True):
    """One process now. Times are in seconds."""

    pid: int
    parent: int
    started: int
    """In clock ticks since boot: with the pid it names a process for good."""
    name: str
    """As the kernel keeps it: at most 15 characters."""
    is_alive: bool
    own_s: float
    reaped_s: float
    """Of children that ended and were waited for, and theirs."""
    threads: int
    vms_mb: float
    rss_mb: float


def stat_of(pid: int) -> Stat | None:
    """One process; None when there is none of that number."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # A process may have brackets and blanks in its name.
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    return Stat(
        pid=pid,
        parent=int(fields[1]),
        started=int(fields[19]),
        name=head.partition("(")[2],
        is_alive=fields[0] not in "ZX",
        own_s=(int(fields[11]) + int(fields[12])) / TICKS_PER_S,
        reaped_s=(int(fields[13]) + int(fields[14])) / TICKS_PER_S,
        threads=int(fields[17]),
        vms_mb=int(fields[20]) / MIB,
        rss_mb=int(fields[21]) * PAGE / MIB,
    )


def all_processes() -> dict[int, Stat]:
    """Every process now, by pid; zombies too."""
    pids = [int(entry) for entry in os.listdir(PROC) if entry.isdigit()]
    return {pid: found for pid in pids if (found := stat_of(pid)) is not None}


class Table:
    """Who is whose child, kept up at little cost: only what is new is read.

    What it says of a process, its parent apart, is as old as the process's first sight.
    """

    RENEWED_EVERY = 30
    """Updates after which all is read anew, for pids that were used again."""

    def __init__(self) -> None:
        self._known: dict[int, Stat] = {}
        self._updates = 0

    def update(self) -> Mapping[int, Stat]:
        """Every process now."""
        if self._updates % self.RENEWED_EVERY == 0:
            self._known = {}
        self._updates += 1
        pids = [int(entry) for entry in os.listdir(PROC) if entry.isdigit()]
        known = self._known
        self._known = {
            pid: stat for pid in pids if (stat := known.get(pid) or stat_of(pid)) is not None
        }
        return self._known

    def renew(self, stats: Iterable[Stat]) -> None:
        """These have the pids of processes that are gone."""
        self._known |= {stat.pid: stat for stat in stats}


def family(roots: Iterable[int], processes: Mapping[int, Stat], without: int = 0) -> list[Stat]:
    """The roots that are there, and all their descendants; `without` and its own are left out
    unless a root is among them."""
    children: dict[int, list[int]] = {}
    for stat in processes.values():
        children.setdefault(stat.parent, []).append(stat.pid)
    found: dict[int, Stat] = {}
    waiting = [pid for pid in roots if pid in processes]
    while waiting:
        pid = waiting.pop()
        if pid not in found and pid != without:
            found[pid] = processes[pid]
            waiting += children.get(pid, [])
    return list(found.values())


def tops(pids: Iterable[int], processes: Mapping[int, Stat]) -> tuple[int, ...]:
    """Of some processes those without a parent among them, the oldest first."""
    chosen = {pid for pid in pids if pid in processes}
    return tuple(
        sorted(
            (pid for pid in chosen if processes[pid].parent not in chosen),
            key=lambda pid: (processes[pid].started, pid),
        )
    )


def names_of(stat: Stat) -> set[str]:
    """By what a process may be called: its own name, its program's, its script's or module's."""
    names = {stat.name}
    try:
        words = (PROC / str(stat.pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return names
    program = os.path.basename(words[0])
    names.add(program)
    if program.startswith(_INTERPRETERS):
        after = words[1:]
        while after and after[0].startswith("-") and after[0] != "-m":
            after = after[1:]
        if after[:1] == ["-m"]:
            names.add(after[1] if len(after) > 1 else "")
        elif after:
            names.add(os.path.basename(after[0]))
    return names - {""}


def descriptors(pid: int) -> list[str]:
    """What a process has open, as links such as `socket:[1234]`. Raises PermissionError."""
    folder = PROC / str(pid) / "fd"
    links = []
    for entry in os.listdir(folder):
        try:
            links.append(os.readlink(folder / entry))
        except FileNotFoundError:
            continue  # closed meanwhile
    return links


def disk_bytes(pid: int) -> tuple[int, int]:
    """Read from and written to disks, with children that were waited for. Raises OSError."""
    fields = dict(
        line.split(": ") for line in (PROC / str(pid) / "io").read_text().splitlines() if line
    )
    return int(fields["read_bytes"]), int(fields["write_bytes"])


def pss_mb(pid: int) -> float:
    """Its share of memory. The kernel walks the whole address space. Raises OSError."""
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Socket(msgspec.Struct, frozen=True):
    """A line of `/proc/net/tcp`."""

    port: int
    state: str
    inode: str


LISTENS, ESTABLISHED = "0A", "01"


def tcp_sockets(pid: int | str = "self") -> list[Socket]:
    """Every TCP socket in a process's network namespace."""
    sockets = []
    for family_name in ("tcp", "tcp6"):
        try:
            lines = (PROC / str(pid) / "net" / family_name).read_text().splitlines()[1:]
        except OSError:
            continue  # no IPv6, or it ended
        for line in lines:
            fields = line.split()
            sockets.append(Socket(int(fields[1].rpartition(":")[2], 16), fields[3], fields[9]))
    return sockets


def cgroup_paths(pid: int) -> dict[str, str]:
    """A process's cgroups by controller; the unified hierarchy's is ``""``."""
    try:
        lines = (PROC / str(pid) / "cgroup").read_text().splitlines()
    except OSError:
        return {}
    paths = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            paths[controller] = path
    return paths
