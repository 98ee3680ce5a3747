"""What fault tests stand on: a process to torment, a guardian, an owner that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tui.child.spawn import Lifelines
from tui.faults.guardian import Guardian
from tui.faults.target import Target
from tui.faults.undo import Undone
from tui.faults.undo_journal import journals


class Victim:
    """A process that sleeps."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.target = Target.of(process.pid)

    @property
    def state(self) -> str:
        """As the kernel has it: S sleeps, T is frozen."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0]


class Guarded:
    """A guardian of this process, and what it undid."""

    def __init__(self, state: Path, lifelines: Lifelines) -> None:
        state.mkdir(exist_ok=True)
        self.state = state
        self.undone: list[Undone] = []
        self.guardian = Guardian(state, lifelines, on_undone=self.undone.append)

    def causes(self) -> list[str]:
        """Why each undo was tried."""
        return [undone.cause for undone in self.undone]


class Owner:
    """A process that does faults to a victim."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def says(self) -> str:
        """Its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def left(self) -> list[int]:
        """Its live processes, its guardian too."""
        return processes.children_of(self.process.pid)


@contextmanager
def owner(state: Path, what: str, victim: Victim, directory: Path) -> Iterator[Owner]:
    """One that does `what` (tests.faults.owner); killed at the end, with its guardian."""
    state.mkdir(exist_ok=True)
    arguments = [str(state), what, str(victim.process.pid), str(directory)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.owner", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        made = Owner(process)
        try:
            yield made
        finally:
            process.kill()
            eventually(lambda: not made.left(), "something of the owner is left")


def nothing_left(state: Path, directory: Path, victim: Victim, by: Owner) -> bool:
    """No process, no frozen victim, no file, no journal."""
    is_clean = not by.left() and victim.state != "T" and not any(journals(state))
    return is_clean and not any(directory.glob("jetproof-fill-*"))
