"""The watched service's own gauges: its main process and all its descendants."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from tui.board import processes as proc
from tui.board.beside import Beside
from tui.board.family import Family
from tui.board.oom import OomKills
from tui.board.processes import Stat
from tui.board.source import Readings
from tui.board.spending import Use, spent
from tui.board.systemd import Journal
from tui.board.whose import watch_problem
from tui.core.events import Reading

SOURCE = "proc"
EVERY_S = 1.0
CONNECTIONS_S = 5.0
"""The kernel walks a table as large as memory is to tell the connections: 9 ms of a PC's core."""
SLOWLY_S = 10.0
"""For what costs the service or this machine much to tell."""
MIB = 1024 * 1024
NO_RIGHTS = "needs root or the service's user"
WHILE_IT_RUNS = (
    "service_cpu_percent",
    "service_rss_mb",
    "service_vms_mb",
    "service_threads",
    "service_descriptors",
    "service_connections",
    "service_read_mb_per_s",
    "service_write_mb_per_s",
)
GpuMemory = Callable[[], dict[int, float]]


class ServiceWatch:
    """A source: nothing until `watch` says what to look at."""

    name = SOURCE

    def __init__(self, gpu_memory: GpuMemory = dict) -> None:
        """`gpu_memory`: MiB that each pid holds on the GPU; empty where nobody knows."""
        self._gpu_memory = gpu_memory
        self._process = ""
        self._problem = ""
        self._watched: _Watched | None = None

    def watch(self, process: str) -> None:
        """Watch `port:8000`, `unit:infer.service`, `pid:1841`, `name:infer`, `container:infer`;
        empty: nothing. Counts begin anew, except when it is watched already."""
        if process == self._process:
            return
        self.close()
        self._process = process
        self._problem = watch_problem(process) if process else ""
        if process and not self._problem:
            self._watched = _Watched(process, self._gpu_memory)

    def read(self) -> Readings:
        """Its gauges, as old as they are."""
        return self._watched.read() if self._watched else {}

    def trouble(self) -> str:
        """Why the service can't be seen. One that does not run is no trouble of this source."""
        return self._problem or (self._watched.trouble() if self._watched else "")

    def close(self) -> None:
        """End its threads."""
        watched, self._watched, self._process, self._problem = self._watched, None, "", ""
        if watched is not None:
            watched.close()


class _Watched:
    def __init__(self, process: str, gpu_memory: GpuMemory) -> None:
        self._process = process
        self._gpu_memory = gpu_memory
        self._family = Family(process)
        self._oom_kills = OomKills()
        self._meter = _Meter()
        unit = process.removeprefix("unit:") if process.startswith("unit:") else ""
        self._journal = Journal(unit, time.time()) if unit else None
        self._members: tuple[int, ...] = ()
        self._slow = Beside("service-slow", self._read_slowly, SLOWLY_S)
        self._connections = Beside(
            "service-connections", lambda: _connections(self._members), CONNECTIONS_S
        )
        self._quick = Beside("service", self._read_quickly, EVERY_S)

    def read(self) -> Readings:
        return {**self._slow.read(), **self._connections.read(), **self._quick.read()}

    def trouble(self) -> str:
        hidden = self._family.found.why if self._family.found.is_hidden else ""
        besides = (self._quick, self._connections, self._slow)
        return hidden or next(filter(None, (beside.trouble() for beside in besides)), "")

    def close(self) -> None:
        for beside in (self._quick, self._connections, self._slow):
            beside.close()

    def _read_quickly(self) -> Readings:
        members = self._family.members()
        was_there = bool(self._members)
        self._members = tuple(stat.pid for stat in members)
        if members and not was_there:
            self._slow.hurry()
            self._connections.hurry()
        readings = {"service_restarts": self._restarts()}
        if not members:
            self._meter = _Meter()
            return readings | self._gone()
        main = members[0]
        readings |= {
            "service_processes": _value(float(len(members)), text=f"{main.name} {main.pid}"),
            "service_rss_mb": _value(sum(stat.rss_mb for stat in members)),
            "service_vms_mb": _value(sum(stat.vms_mb for stat in members)),
            "service_threads": _value(float(sum(stat.threads for stat in members))),
        }
        readings |= self._meter.rates(self._family.all)
        readings["service_descriptors"] = _added(
            lambda pid: float(len(proc.descriptors(pid))), self._members
        )
        held = self._gpu_memory()
        if held:
            mine = sum(held.get(pid, 0.0) for pid in self._members)
            readings["service_gpu_mb"] = _value(mine)
        kills = self._oom_kills.count(main.pid)
        if kills is not None:
            readings["service_oom_kills"] = _value(float(kills))
        return readings

    def _restarts(self) -> Reading:
        found = self._family.found
        if found.is_hidden:
            return Reading(None, SOURCE, found.why)
        return _value(float(self._family.restarts))

    def _gone(self) -> Readings:
        why = self._family.why_gone()
        gone = {name: Reading(None, SOURCE, why) for name in WHILE_IT_RUNS}
        is_hidden = self._family.found.is_hidden
        gone["service_processes"] = Reading(None, SOURCE, why) if is_hidden else _value(0.0)
        return gone

    def _read_slowly(self) -> Readings:
        readings: Readings = {}
        if self._members:
            readings["service_pss_mb"] = _added(proc.pss_mb, self._members)
        if self._journal is not None:
            errors, why = self._journal.errors()
            readings["service_journal_errors"] = (
                Reading(None, "journal", why)
                if errors is None
                else Reading(float(errors), "journal")
            )
        return readings


class _Meter:
    """Rates between two looks."""

    def __init__(self) -> None:
        self._before: tuple[float, int, list[Mapping[int, Use]]] | None = None

    def rates(self, members: Iterable[Stat]) -> Readings:
        members = list(members)
        at_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        cpu = {
            stat.pid: Use(stat.parent, stat.started, stat.own_s, stat.reaped_s) for stat in members
        }
        disk, why = _disk_uses(members)
        uses: list[Mapping[int, Use]] = [cpu, *disk]
        before, self._before = self._before, (at_s, int(at_s * proc.TICKS_PER_S), uses)
        names = ("service_cpu_percent", "service_read_mb_per_s", "service_write_mb_per_s")
        refused = {name: Reading(None, SOURCE, why) for name in names[1:]} if why else {}
        if before is None or at_s <= before[0]:
            return refused
        rates = {
            name: _value(spent(old, new, before[1]) * scale / (at_s - before[0]))
            for name, scale, old, new in zip(
                names, (100.0, 1 / MIB, 1 / MIB), before[2], uses, strict=True
            )
        }
        return rates | refused


def _disk_uses(members: list[Stat]) -> tuple[tuple[dict[int, Use], dict[int, Use]], str]:
    read: dict[int, Use] = {}
    written: dict[int, Use] = {}
    why = ""
    for stat in members:
        try:
            counts = proc.disk_bytes(stat.pid)
        except PermissionError:
            # The kernel hides a zombie's even from root's helpers; its parent inherits it.
            why = NO_RIGHTS if stat.is_alive else why
            continue
        except OSError:
            continue  # ended meanwhile
        # The kernel adds what a child used to the one that waited for it, in the same figure.
        for uses, count in zip((read, written), counts, strict=True):
            uses[stat.pid] = Use(stat.parent, stat.started, 0.0, float(count))
    return (read, written), why


def _connections(pids: tuple[int, ...]) -> Readings:
    sockets = set()
    for pid in pids:
        try:
            sockets |= {link for link in proc.descriptors(pid) if link.startswith("socket:")}
        except PermissionError:
            return {"service_connections": Reading(None, SOURCE, NO_RIGHTS)}
        except OSError:
            continue  # ended meanwhile
    if not pids:
        return {}
    known = proc.tcp_sockets(pids[0])
    open_now = sum(
        socket.state == proc.ESTABLISHED and f"socket:[{socket.inode}]" in sockets
        for socket in known
    )
    return {"service_connections": _value(float(open_now))}


def _added(figure: Callable[[int], float], pids: tuple[int, ...]) -> Reading:
    total = 0.0
    for pid in pids:
        try:
            total += figure(pid)
        except PermissionError:
            return Reading(None, SOURCE, NO_RIGHTS)
        except OSError:
            continue  # ended meanwhile, or a zombie
    return _value(total)


def _value(value: float, text: str = "") -> Reading:
    return Reading(value, SOURCE, text=text)
