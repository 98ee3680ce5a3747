"""The processes of one burner: what they told, and how they ended."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core.events import BurnerEnded, BurnerSecond
from tui.core.stress.view import FoundLimit
from tui.stress.burner_process import BurnerProcess
from tui.stress.merged import figures, first, merged
from tui.stress.specs import NotHere, Program

PEER_S = 10.0
"""The other end of the network's burner listens within so long, or is not had."""
OWN_PEER = "free the board of other work, or name a peer on another machine (stress.network.peer)"
"""What helps where the other end on this board does not start."""
_REPORT = {"asked", "reached", "unit", "verified", "bad"}


class Waiting(msgspec.Struct, frozen=True):
    """A process that starts when its other end listens."""

    number: int
    program: Program
    ends_s: float
    """Monotonic."""


class Crew:
    """One burner. `kill` may come from any thread; they are heard on their readers' threads."""

    def __init__(self, name: str, level: float, found: Callable[[FoundLimit], None]) -> None:
        """`found` is told of each limit, on a reader's thread."""
        self.name = name
        self._why_not = ""
        self._advice = ""
        self.peer: Child | None = None
        """The other end, where that is a process of ours."""
        self.waiting: Waiting | None = None
        self._waits_until_s = 0.0
        self._level = level
        self._asked = level
        self._order = ""
        self._stuck: list[int] = []
        self._found = found
        self._processes: list[BurnerProcess] = []
        self._ports: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def give_up(self, error: OSError | NotHere) -> None:
        """It can't burn here."""
        self._why_not = str(error)
        self._advice = error.advice if isinstance(error, NotHere) else ""

    def hear_peer(self, line: Line | None) -> None:
        """What takes the lines of the other end."""
        self._ports.put(None if line is None else line.get("port"))

    def wait_for_peer(self, waiting: Waiting) -> None:
        """A process of it starts once `peer_port` is known."""
        self.waiting = waiting
        self._waits_until_s = time.monotonic() + PEER_S
        self._process(waiting.number)

    def give_up_waiting(self) -> None:
        """It ends before it began."""
        if self.waiting is not None:
            self._process(self.waiting.number).is_gone = True
            self._process(self.waiting.number).was_told = True
            self.waiting = None

    def peer_port(self) -> int | None:
        """Where the other end listens; None while it does not. Raises NotHere if it never will."""
        port = None
        with contextlib.suppress(queue.Empty):
            port = self._ports.get_nowait()
            if port is None:
                self._waits_until_s = 0.0
        if port is None and time.monotonic() >= self._waits_until_s:
            raise NotHere("the other end could not be started", OWN_PEER)
        return port

    def add(self, number: int, child: Child) -> None:
        """One more process, whose lines `hear` takes."""
        process = self._process(number)
        process.child, process.started_s = child, time.monotonic()
        if self._order:
            child.order(self._order)  # what was asked while it waited

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
                process.advice = str(line.get("advice", ""))
            elif line.get("done"):
                process.is_done_early = not process.was_told
                process.done = line
            elif line.keys() >= _REPORT:
                process.last, process.heard_s = line, time.monotonic()
            for key in ("found", "limits"):
                self._tell(line.get(key, []))

        return take

    def ask(self, share: float) -> None:
        """So much of its own level from now on."""
        self._asked = share * self._level
        self._order = f"level {self._asked:.4f}"
        for process in self._processes:
            if process.child is not None:
                process.child.order(self._order)

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
        """What its processes told last; one that should tell something and does not reaches
        nothing. None where none tells anything and none should yet."""
        now_s = time.monotonic()
        silent = [each for each in self._processes if each.is_silent(now_s)]
        reports = [
            each.last for each in self._processes if each.last is not None and each.is_fresh(now_s)
        ]
        reports += [self._nothing(each) for each in silent]
        lost = sum(each.is_lost for each in self._processes)
        return merged(self.name, reports, lost, len(silent)) if reports else None

    def _nothing(self, silent: BurnerProcess) -> dict[str, Any]:
        """The report that a silent process owes."""
        known = silent.last or {"unit": "", "verified": 0, "bad": 0}
        kept = {key: known[key] for key in ("unit", "verified", "bad")}
        return {**kept, "asked": self._asked, "reached": 0.0}

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to wait for."""
        return bool(self._why_not) or all(each.is_gone for each in self._processes)

    def close(self, lifelines: Lifelines) -> None:
        """Give back what its processes held; those that live are ended."""
        self.kill()
        for process in self._processes:
            if process.child is not None:
                lifelines.end(process.child)
        if self.peer is not None:
            lifelines.end(self.peer)

    def abandon(self, lifelines: Lifelines) -> None:
        """Leave to the kernel what no signal ends; nobody waits for it."""
        for process in self._processes:
            if process.is_stuck and process.child is not None:
                self._stuck.append(process.child.pid)
        children = [each.child for each in self._processes] + [self.peer]
        for child in filter(None, children):
            threading.Thread(target=lifelines.end, args=(child, 0.0), daemon=True).start()

    def end(self) -> BurnerEnded:
        """What became of it."""
        told = [each.done or each.last for each in self._processes]
        reports = [each for each in told if each is not None]
        failed = next((each for each in self._processes if each.error), BurnerProcess())
        if self._why_not:
            return BurnerEnded(name=self.name, why_not=self._why_not, advice=self._advice)
        if failed.error and not reports:
            return BurnerEnded(name=self.name, why_not=failed.error, advice=failed.advice)
        ended_by = str(first(reports, "ended_by")) or failed.error or self._death()
        if self._stuck:
            pids = ", ".join(map(str, self._stuck))
            ended_by = f"stuck in the kernel (pid {pids}): it ends when its I/O returns"
        return BurnerEnded(
            name=self.name,
            totals=figures(reports),
            verified=sum(int(each.get("verified", 0)) for each in reports),
            bad=sum(int(each.get("bad", 0)) for each in reports),
            ended_by=ended_by,
            is_early=any(each.ended_early for each in self._processes),
            advice=str(first(reports, "advice")) or failed.advice,
            held_by=first(reports, "held_by"),
        )

    def _death(self) -> str:
        """In words how a process ended that went by itself; empty without one."""
        for process in self._processes:
            if not process.went_by_itself or process.child is None:
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

    def _process(self, number: int) -> BurnerProcess:
        while len(self._processes) <= number:
            self._processes.append(BurnerProcess())
        return self._processes[number]
