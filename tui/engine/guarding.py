"""The guards of the run that goes on, fed on the sampler's own thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import NamedTuple

from tui.core.events import Reading
from tui.core.guards import Halt, RunGuards
from tui.core.guards.halt import halt
from tui.core.stress.plan import Stress
from tui.engine.run import Harmful, Run


class _Guarded(NamedTuple):
    run: Run
    guards: RunGuards
    started_s: float


class Guarding:
    """A supervisor that waits for something must not keep the guards waiting: what hurts the board
    is taken away on the thread that saw it; the supervisor hears of it by `tripped`.

    All times are monotonic.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        """Held while a run is halted: none is after its end, when its burners are the next one's
        already."""
        self._guards = RunGuards(None)
        self._started_s = 0.0
        self._guarded: _Guarded | None = None
        """None: nobody is, or a guard has tripped. One object, for two threads read it."""
        self._tripped: SimpleQueue[tuple[Run, Halt]] = SimpleQueue()
        self._is_unwatched = False
        """Whether the terminal is gone: no later run may do harm either."""

    def begin(self, run: Run, stress: Stress | None, started_s: float) -> None:
        """A run begins."""
        self._guards, self._started_s = RunGuards(stress), started_s
        with self._lock:
            self._guarded = _Guarded(run, self._guards, started_s)
        if self._is_unwatched and isinstance(run, Harmful):
            run.hang_up()

    def end(self) -> None:
        """It is over."""
        with self._lock:
            self._guarded = None

    def burn(self, burns: bool, now_s: float) -> tuple[str, ...]:
        """Burners begin, or have ended. Which guards could not watch them, and why."""
        if burns:
            self._guards.begin_stress(now_s - self._started_s)
            return ()
        self._guards.end_stress()
        return self._guards.missing

    def sample(self, readings: Mapping[str, Reading], now_s: float) -> None:
        """What was read; on the sampler's thread."""
        guarded = self._guarded
        if guarded is None:
            return
        try:
            found = guarded.guards.sample(readings, now_s - guarded.started_s)
        except Exception as error:
            # A guard that broke watches nothing, and those behind it were not asked.
            logging.getLogger(__name__).exception("a guard failed")
            found = halt("sensors", f"a guard itself failed: {type(error).__name__}: {error}")
        self._heed(guarded, found)

    def tripped(self, now_s: float) -> tuple[Run, Halt] | None:
        """What a guard found, once; a board that tells nothing any more is found here."""
        guarded = self._guarded
        if guarded is not None:
            self._heed(guarded, guarded.guards.silence(now_s - guarded.started_s))
        return None if self._tripped.empty() else self._tripped.get()

    def hurrying(self, act: Callable[[Harmful], None]) -> Callable[[], None]:
        """What has the run of this moment do something, on whichever thread it is called; nothing
        once that run is over, or was halted by a guard."""
        guarded = self._guarded

        def hurry() -> None:
            with self._lock:
                if guarded is None or self._guarded is not guarded:
                    return
                if isinstance(guarded.run, Harmful):
                    act(guarded.run)

        return hurry

    def hanging_up(self) -> Callable[[], None]:
        """Nobody watches any more: no later run does harm, and what is returned ends that of the
        run of this moment, as by `hurrying`."""
        # First of all: a run that begins just now sees it, or is that of this moment.
        self._is_unwatched = True
        return self.hurrying(lambda run: run.hang_up())

    def _heed(self, guarded: _Guarded, found: Halt | None) -> None:
        if found is None:
            return
        with self._lock:
            if self._guarded is not guarded:
                return
            self._guarded = None
            # First of all: a halt that fails must not cost the abort, and one that works must not
            # look as if the burners had come to their end by themselves.
            self._tripped.put((guarded.run, found))
            if isinstance(guarded.run, Harmful):
                guarded.run.halt()
