"""All burners of one stress: started together, heard once a second, gone when it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from tui.child.spawn import STUCK_S, Child, Lifelines, Line
from tui.core.events import BurnerEnded, BurnerSecond
from tui.core.stress.plan import BurnerPlan, name_of
from tui.core.stress.view import FoundLimit
from tui.ports import BurnersPlan
from tui.stress.crew import Crew, Waiting
from tui.stress.specs import NotHere, Program, Spec, programs

SPARE_S = 10.0
"""Burners outlive the planned end by no more than this, whatever happens."""
GRACE_S = 1.0
"""A burner that was told to stop has this long to say its totals."""


class Rig:
    """Implements `ports.Burners`. Processes start on the thread that calls `start` and asks for
    news, which must live as long as they do."""

    def __init__(self, lifelines: Lifelines, log_dir: Path) -> None:
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._lock = threading.Lock()
        """Held while a process starts: `halt` sees it or keeps it from starting."""
        self._burners: dict[str, Crew] = {}
        self._limits: SimpleQueue[FoundLimit] = SimpleQueue()
        self._ended: list[BurnerEnded] = []
        self._share = -1.0
        self._release_by_s: float | None = None
        """When they are ended that did not end by themselves; None: they burn."""
        self._is_halted = False

    def prepare(self) -> None:
        for burner in list(self._burners.values()):  # of a run that ended in a crash
            burner.close(self._lifelines)
        with self._lock:
            self._burners.clear()
            self._release_by_s = None
            self._is_halted = False
        self._share = -1.0
        self._ended.clear()
        self.limits()

    def start(self, plan: BurnersPlan) -> None:
        seconds = plan.stress.duration_s + SPARE_S
        for each in plan.stress.burners:
            if not self._is_halted:
                self._start_one(each, plan, seconds)

    def ask(self, share: float) -> None:
        if share == self._share:
            return
        self._share = share
        for burner in list(self._burners.values()):
            burner.ask(share)

    def seconds(self) -> list[BurnerSecond]:
        self._start_waiting()
        found = [burner.second() for burner in list(self._burners.values())]
        return [second for second in found if second is not None]

    def limits(self) -> list[FoundLimit]:
        found = []
        while not self._limits.empty():
            found.append(self._limits.get())
        return found

    def ended(self) -> list[BurnerEnded]:
        self._reap()
        ended, self._ended = self._ended, []
        return ended

    def release(self) -> None:
        if self._release_by_s is None:
            self._release_by_s = time.monotonic() + GRACE_S
            for burner in list(self._burners.values()):
                burner.stop()

    def halt(self) -> None:
        with self._lock:
            self._is_halted = True
            now_s = time.monotonic()
            # Earlier than a release had it: nobody waits for totals any more.
            self._release_by_s = min(self._release_by_s or now_s, now_s)
            burners = list(self._burners.values())
        for burner in burners:
            burner.kill()

    @property
    def is_over(self) -> bool:
        self._reap()
        # Whoever waits for the end hears first how each of them ended.
        return not self._burners and not self._ended

    def _start_one(self, plan: BurnerPlan, about: BurnersPlan, seconds: float) -> None:
        name = name_of(plan)
        try:
            wanted = programs(plan, about, seconds)
        except NotHere as error:
            self._ended.append(BurnerEnded(name=name, why_not=str(error), advice=error.advice))
            return
        burner = Crew(name, plan.level, self._limits.put)
        with self._lock:
            self._burners[name] = burner
        for number, program in enumerate(wanted):
            ends_s = time.monotonic() + seconds
            try:
                if program.needs_peer:
                    burner.wait_for_peer(Waiting(number, program, ends_s))
                    self._start_peer(burner, program, seconds)
                else:
                    self._start_program(burner, number, program, program.spec)
            except OSError as error:
                burner.give_up(error)
                return

    def _start_peer(self, burner: Crew, program: Program, seconds: float) -> None:
        """The other end, on this board. Raises OSError."""
        spec = {"seconds": seconds, "intent": program.spec["intent"], "role": "peer"}

        def keep(child: Child) -> None:
            burner.peer = child

        self._start_child(program, spec, burner.hear_peer, keep)

    def _start_program(self, burner: Crew, number: int, program: Program, spec: Spec) -> None:
        """Raises OSError."""

        def keep(child: Child) -> None:
            burner.add(number, child)

        self._start_child(program, spec, burner.hear(number), keep)

    def _start_waiting(self) -> None:
        """Start those whose other end listens by now."""
        for burner in list(self._burners.values()):
            try:
                self._start_with_peer(burner)
            except (OSError, NotHere) as error:
                burner.give_up(error)

    def _start_with_peer(self, burner: Crew) -> None:
        """Raises OSError or NotHere."""
        waiting = burner.waiting
        if waiting is None:
            return
        if self._release_by_s is not None:
            burner.give_up_waiting()
            return
        port = burner.peer_port()
        if port is not None:
            burner.waiting = None
            left_s = max(waiting.ends_s - time.monotonic(), 1.0)
            spec = {**waiting.program.spec, "port": port, "seconds": left_s}
            self._start_program(burner, waiting.number, waiting.program, spec)

    def _start_child(
        self,
        program: Program,
        spec: Spec,
        on_line: Callable[[Line | None], None],
        keep: Callable[[Child], None],
    ) -> None:
        with self._lock:
            if self._release_by_s is not None:
                on_line(None)  # a guard was quicker than the start
                return
            child = Child(
                program.name,
                program.module,
                spec=spec,
                log=self._log_dir / f"stress-{program.name}.log",
                deadline_s=spec["seconds"],
                on_line=on_line,
            )
            self._lifelines.adopt(child)
            keep(child)

    def _reap(self) -> None:
        """Forget what has ended, and end what was told to stop and did not."""
        self._start_waiting()
        late_s = -1.0 if self._release_by_s is None else time.monotonic() - self._release_by_s
        for name, burner in list(self._burners.items()):
            if late_s > 0:
                burner.kill()
            if burner.is_over:
                burner.close(self._lifelines)
            elif late_s > STUCK_S:
                burner.abandon(self._lifelines)
            else:
                continue
            with self._lock:
                del self._burners[name]
            self._ended.append(burner.end())
