"""The worker processes of one run, and what they say until it begins."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core.validity import Floor
from tui.load.floors import worst
from tui.load.wire import WorkerSpec
from tui.ports import LoadFailed, LoadPlan

READY_S = 30.0
STOPPED = "stopped while the workers were starting"


class Crew:
    """Started together, awaited together, ended together."""

    def __init__(self, lifelines: Lifelines, log_dir: Path, plan: LoadPlan) -> None:
        self.children: dict[str, Child] = {}
        self.on_gone: Callable[[str, str], None] | None = None
        """Told the name and the ending of a worker that ends by itself; set when the load begins:
        until then `await_ready` is what notices."""
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._plan = plan
        self._words: queue.SimpleQueue[tuple[str, Line | None]] = queue.SimpleQueue()

    def start(self, master_port: int) -> None:
        """One process for each worker of the plan."""
        names = self._plan.worker_names()
        for number, name in enumerate(names):
            spec = _spec(self._plan, name, number, master_port)
            child = Child(
                name,
                "tui.load.worker",
                spec=msgspec.to_builtins(spec),
                log=self._log_dir / "workers.log",
                deadline_s=self._plan.deadline_s,
                on_line=lambda line, name=name: self._on_word(name, line),  # type: ignore[misc]
            )
            self.children[name] = self._lifelines.adopt(child)

    def await_ready(self) -> dict[str, dict[str, int]]:
        """The user classes, once every worker has named them, is connected and takes orders.
        Raises LoadFailed."""
        classes: dict[str, dict[str, int]] = {}
        waiting = set(self.children)
        ends_s = time.monotonic() + READY_S
        while waiting:
            word = self._next_word(ends_s)
            if word is None:
                what = f"worker {min(waiting)} was not ready after {READY_S:.0f} s"
                raise LoadFailed(what, is_input=False)
            name, line = word
            if line.get("type") == "error":
                file = Path(self._plan.locustfile).name
                raise LoadFailed(f"{file}: {line['error']}", is_input=True)
            if line.get("type") == "hello":
                classes = line["classes"]
            if line.get("type") == "ready":
                waiting.discard(name)
        return classes

    def await_floors(self, ends_s: float) -> Floor | str:
        """The worst worker's floor, or why there is none. Raises LoadFailed if a worker ends."""
        floors: dict[str, Floor] = {}
        while len(floors) < len(self.children):
            word = self._next_word(ends_s)
            if word is None:
                return "a worker took too long"
            name, line = word
            if line.get("type") == "floor":
                if "error" in line:
                    return str(line["error"])
                floors[name] = msgspec.convert(line["floor"], Floor)
        return worst(floors.values())

    def interrupt(self) -> None:
        """Have whoever waits for the workers give up; callable from any thread."""
        self._words.put(("", {"type": "interrupt"}))

    def end(self) -> None:
        """No process is left when this returns."""
        self.on_gone = None
        for child in self.children.values():
            # It quits by itself on the master's word; the lifeline is the second road.
            self._lifelines.end(child, grace_s=1.5)

    def _on_word(self, name: str, line: Line | None) -> None:
        if self.on_gone is None:
            self._words.put((name, line))
        elif line is None:
            self.on_gone(name, _ending(self.children[name].returncode))

    def _next_word(self, ends_s: float) -> tuple[str, Line] | None:
        try:
            name, line = self._words.get(timeout=max(ends_s - time.monotonic(), 0.01))
        except queue.Empty:
            return None
        if line is None:
            what = f"worker {name} {_ending(self.children[name].returncode)} at its start"
            raise LoadFailed(what, is_input=False)
        if line.get("type") == "interrupt":
            raise LoadFailed(STOPPED, is_input=False)
        return name, line


def _spec(plan: LoadPlan, name: str, number: int, master_port: int) -> WorkerSpec:
    return WorkerSpec(
        name=name,
        master_host="127.0.0.1" if plan.bind in ("*", "0.0.0.0") else plan.bind,
        master_port=master_port,
        url=plan.url,
        token=plan.token,
        verify_tls=plan.verify_tls,
        paths=list(plan.paths),
        locustfile=plan.locustfile,
        user_classes=dict(plan.user_classes),
        timeout_s=plan.timeout_s,
        slow_ms=plan.slow_ms,
        mix=plan.mix,
        counted=list(plan.counted),
        number=number,
        workers=plan.workers,
        duration_s=plan.duration_s,
        arrival=plan.arrival,
        operations_per_user=plan.operations_per_user,
        barrier_s=plan.barrier_s,
        shape=plan.shape,
        tags=list(plan.tags),
        exclude_tags=list(plan.exclude_tags),
        way_url=plan.way_url,
    )


def _ending(returncode: int | None) -> str:
    if returncode is None:
        return "is gone"
    if returncode < 0:
        return f"was killed by signal {-returncode}"
    return f"ended with status {returncode}"
