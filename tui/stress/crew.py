"""The processes of one burner: what they told, and how they ended."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable
from typing import Any

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core.events import BurnerEnded, BurnerSecond
from tui.core.stress.view import FoundLimit
from tui.stress.merged import figures, merged

SILENT_S = 3.0
"""What was told longer ago is no longer how it stands."""
PEER_S = 10.0
"""The other end of the network's burner listens within so long, or is not had."""
_REPORT = {"asked", "reached", "unit", "verified", "bad"}


class _Process:
    """One process of a burner, and what it told."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.last: dict[str, Any] | None = None
        self.heard_s = 0.0
        self.done: dict[str, Any] | None = None
        self.error = ""
        self.is_gone = False
        self.was_told = False
        """To end, while it lived."""

    def tell_to_end(self, how: Callable[[Child], None]) -> None:
        if self.child is not None and self.child.returncode is None:
            self.was_told = True
            how(self.child)


class Crew:
    """One burner. `kill` may come from any thread; they are heard on their readers' threads."""

    def __init__(self, name: str, level: float, found: Callable[[FoundLimit], None]) -> None:
        """`found` is told of each limit, on a reader's thread."""
        self.name = name
        self.why_not = ""
        """Why it can't burn here."""
        self.peer: Child | None = None
        """The other end, where that is a process of ours."""
        self._level = level
        self._found = found
        self._processes: list[_Process] = []
        self._ports: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def hear_peer(self, line: Line | None) -> None:
        """What takes the lines of the other end."""
        self._ports.put(None if line is None else line.get("port"))

    def peer_port(self) -> int | None:
        """Where the other end listens, once it does; None when it never will."""
        with contextlib.suppress(queue.Empty):
            return self._ports.get(timeout=PEER_S)
        return None

    def add(self, number: int, child: Child) -> None:
        """One more process, whose lines `hear` takes."""
        self._process(number).child = child

    def hear(self, number: int) -> Callable[[Line | None], None]:
        """What takes the lines of one process."""
        process = self._process(number)

        def take(line: Line | None) -> None:
            # Nothing may raise here: without its reader a process would never be seen to end.
            if line is None:
                process.is_gone = True
                return
            if "error" in line:
                process.error = str(line["error"])
            elif line.get("done"):
                process.done = line
            elif line.keys() >= _REPORT:
                process.last, process.heard_s = line, time.monotonic()
            for key in ("found", "limits"):
                self._tell(line.get(key, []))

        return take

    def ask(self, share: float) -> None:
        """So much of its own level from now on."""
        for process in self._processes:
            if process.child is not None:
                process.child.order(f"level {share * self._level:.4f}")

    def stop(self) -> None:
        """Have it stop by itself and tell its totals."""
        for process in self._processes:
            process.tell_to_end(lambda child: child.order("stop"))

    def kill(self) -> None:
        """End it at once."""
        for process in self._processes:
            process.tell_to_end(Child.kill)
        if self.peer is not None:
            self.peer.kill()

    def second(self) -> BurnerSecond | None:
        """What its processes told last; None where that is too long ago."""
        newest_s = time.monotonic() - SILENT_S
        reports = [
            each.last
            for each in self._processes
            if each.last is not None and each.heard_s > newest_s and not _is_over(each)
        ]
        lost = sum(_is_over(each) and each.done is None for each in self._processes)
        return merged(self.name, reports, lost) if reports else None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to wait for."""
        return bool(self.why_not) or all(each.is_gone for each in self._processes)

    def close(self, lifelines: Lifelines) -> None:
        """Give back what its processes held; those that live are ended."""
        self.kill()
        for process in self._processes:
            if process.child is not None:
                lifelines.end(process.child)
        if self.peer is not None:
            lifelines.end(self.peer)

    def end(self) -> BurnerEnded:
        """What became of it."""
        told = [each.done or each.last for each in self._processes]
        reports = [each for each in told if each is not None]
        error = next((each.error for each in self._processes if each.error), "")
        why_not = self.why_not or (error if not reports else "")
        if why_not:
            return BurnerEnded(name=self.name, why_not=why_not)
        ended_by = next((str(each["ended_by"]) for each in reports if each.get("ended_by")), error)
        ended_by = ended_by or self._death()
        return BurnerEnded(
            name=self.name,
            totals=figures(reports),
            verified=sum(int(each.get("verified", 0)) for each in reports),
            bad=sum(int(each.get("bad", 0)) for each in reports),
            ended_by=ended_by,
        )

    def _death(self) -> str:
        """In words how a process ended that was not told to; empty without one."""
        for process in self._processes:
            if process.done is not None or process.was_told or process.child is None:
                continue
            status = process.child.returncode
            if status:
                what = f"signal {-status}" if status < 0 else f"status {status}"
                return f"its process was ended by {what}"
            return "it heard nothing of the engine for too long"
        return ""

    def _tell(self, found: object) -> None:
        for each in found if isinstance(found, list) else [found]:
            with contextlib.suppress(msgspec.ValidationError):
                self._found(msgspec.convert(each, FoundLimit))

    def _process(self, number: int) -> _Process:
        while len(self._processes) <= number:
            self._processes.append(_Process())
        return self._processes[number]


def _is_over(process: _Process) -> bool:
    return process.is_gone or process.done is not None
