"""Who the watched service is, from look to look: its main process and its descendants."""

from __future__ import annotations

import os
import time

from tui.board import processes as proc
from tui.board.processes import Stat
from tui.board.whose import Found, find

LOOK_AGAIN_S = 15.0
"""How often it is asked who the service is, while its main process lives."""
BACK_OFF_S = (*(1.0,) * 20, 2.0, 4.0, 8.0, 15.0)
"""How long after one another it is looked for while it is down: a look reads every process, and
asks systemd or a container engine, so it becomes rare; a restart is to be dated well."""


class Family:
    """A service's processes; `process` is a text without a `watch_problem`."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._table = proc.Table()
        self._main: tuple[int, int] | None = None
        self._next_look_s = 0.0
        self._misses = 0
        """Looks in a row that found nobody."""
        self._gone_since = ""
        self._systemd: int | None = None
        self._kept: dict[int, int] = {}
        self.found = Found()
        self.restarts = 0
        self.all: list[Stat] = []
        """Its processes with those that ended and were not waited for yet."""

    def members(self) -> list[Stat]:
        """Its live processes, the main one first; none when it does not run."""
        has_just_ended = not self._misses and not self._is_main_there()
        if has_just_ended or time.monotonic() >= self._next_look_s:
            self._look()
        self.all = self._descendants()
        alive = [stat for stat in self.all if stat.is_alive]
        return sorted(alive, key=lambda stat: (stat.pid != self.found.roots[0], stat.pid))

    def why_gone(self) -> str:
        """Why there are none, and since when."""
        why = self.found.why or "its main process has ended"
        return f"not running since {self._gone_since}: {why}" if self._gone_since else why

    def _is_main_there(self) -> bool:
        if self._main is None:
            return False
        stat = proc.stat_of(self._main[0])
        return stat is not None and stat.is_alive and stat.started == self._main[1]

    def _look(self) -> None:
        self.found = find(self._process, proc.all_processes())
        stat = proc.stat_of(self.found.roots[0]) if self.found.roots else None
        if stat is not None and self._is_stranger(stat):
            self.found = Found(why=f"process {stat.pid} has ended; its number is another's now")
            stat = None
        if stat is None:
            wait_s = BACK_OFF_S[min(self._misses, len(BACK_OFF_S) - 1)]
            self._next_look_s, self._misses = time.monotonic() + wait_s, self._misses + 1
            self.found = Found(why=self.found.why, is_hidden=self.found.is_hidden)
            if self._main is not None and not self._gone_since:
                self._gone_since = time.strftime("%H:%M:%S")
            return
        self._next_look_s, self._misses = time.monotonic() + LOOK_AGAIN_S, 0
        self._gone_since = ""
        is_other = self._main is not None and self._main != (stat.pid, stat.started)
        self._main = (stat.pid, stat.started)
        self._count_restarts(is_other)

    def _is_stranger(self, stat: Stat) -> bool:
        # A number names one process for good; a unit or a port passes from one to the next.
        is_by_pid = self._process.startswith("pid:")
        return is_by_pid and self._main is not None and self._main != (stat.pid, stat.started)

    def _count_restarts(self, is_other: bool) -> None:
        by_itself = 0
        told = self.found.restarts
        if told is not None:
            # Two restarts between two looks are one change of the pid.
            by_itself = max(told - self._systemd, 0) if self._systemd is not None else 0
            self._systemd = told
        self.restarts += max(by_itself, int(is_other))

    def _descendants(self) -> list[Stat]:
        if not self.found.roots:
            self._kept = {}
            return []
        table = self._table.update()
        # A daemon's child whose parent ended belongs to init now, and still to the service.
        heads = {*self.found.roots, *self._kept}
        known = self._kept
        while True:
            own = [
                stat.pid
                for pid in heads
                if (stat := table.get(pid)) and known.get(pid, stat.started) == stat.started
            ]
            seen = proc.family(own, table, without=os.getpid())
            now = [stat for old in seen if (stat := proc.stat_of(old.pid)) is not None]
            # Somebody else has the pid by now: neither he nor his children are the service's.
            others = [stat for stat in now if stat.started != table[stat.pid].started]
            if not others:
                break
            self._table.renew(others)
        self._kept = {stat.pid: stat.started for stat in now}
        return now
