"""The guards of the run that goes on, fed on the sampler's own thread."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from queue import SimpleQueue

from tui.core.events import Reading
from tui.core.guards import Halt, RunGuards
from tui.core.guards.halt import halt
from tui.core.stress.plan import Stress
from tui.engine.run import Run


class Guarding:
    """A supervisor that waits for something must not keep the guards waiting: what hurts the board
    is taken away on the thread that saw it; the supervisor hears of it by `tripped`."""

    def __init__(self) -> None:
        self._guards = RunGuards(None)
        self._run: Run | None = None
        self._tripped: SimpleQueue[tuple[Run, Halt]] = SimpleQueue()

    def begin(self, run: Run, stress: Stress | None) -> None:
        """A run begins."""
        self._guards = RunGuards(stress)
        self._run = run

    def end(self) -> None:
        """It is over."""
        self._run = None

    def burn(self, burns: bool, at_s: float) -> tuple[str, ...]:
        """Burners begin, or have ended. Which guards could not watch them, and why."""
        if burns:
            self._guards.begin_stress(at_s)
            return ()
        self._guards.end_stress()
        return self._guards.missing

    def sample(self, readings: Mapping[str, Reading], at_s: float) -> None:
        """What was read, since the run started; on the sampler's thread."""
        if self._run is None:
            return
        try:
            found = self._guards.sample(readings, at_s)
        except Exception as error:
            # A guard that broke watches nothing, and those behind it were not asked.
            logging.getLogger(__name__).exception("a guard failed")
            found = halt("sensors", f"a guard itself failed: {type(error).__name__}: {error}")
        self._heed(found)

    def tripped(self, at_s: float) -> tuple[Run, Halt] | None:
        """What a guard found, once; a board that tells nothing any more is found here."""
        if self._run is not None:
            self._heed(self._guards.silence(at_s))
        return None if self._tripped.empty() else self._tripped.get()

    def _heed(self, found: Halt | None) -> None:
        run = self._run
        if run is None or found is None:
            return
        self._run = None
        # First of all: a halt that fails must not cost the abort, and one that works must not look
        # as if the burners had come to their end by themselves.
        self._tripped.put((run, found))
        run.halt()
