"""A burner under an owner: its lines, its end, and what the kernel says of it."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lib.eventually import LIMIT_S
from tests.lib.machine import ROOT
from tui.child.spawn import Child, Lifelines, Line


class Burning:
    """A burner that runs."""

    def __init__(
        self, module: str, spec: Line, log: Path | None, deadline_s: float, *args: str
    ) -> None:
        self._lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self.child = Child(
            "burner",
            module,
            *args,
            spec=spec,
            env={"PYTHONPATH": str(ROOT)},
            log=log,
            deadline_s=deadline_s,
            on_line=self._lines.put,
        )
        self.pid = self.child.pid

    def order(self, line: str) -> None:
        """Tell it what to do from now on."""
        self.child.order(line)

    def line(self) -> Line:
        """What it says next; it must say something."""
        line = self._lines.get(timeout=LIMIT_S)
        assert line is not None, "it ended without a word"
        return line

    def line_with(self, **figures: Any) -> Line:
        """The next line that has these figures."""
        while True:
            line = self.line()
            if figures.items() <= line.items():
                return line

    def rest(self) -> list[Line]:
        """Everything that it says up to its end."""
        return list(iter(lambda: self._lines.get(timeout=LIMIT_S), None))

    def cpu_s(self) -> float:
        """The CPU time that the kernel counted for it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """What it holds in memory, in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def burning(
    module: str,
    *args: str,
    log: Path | None = None,
    deadline_s: float = 60.0,
    seconds: float = 60.0,
    **spec: Any,
) -> Iterator[Burning]:
    """A burner that is beaten for, and ended at the end."""
    lifelines = Lifelines()
    try:
        burner = Burning(module, {"seconds": seconds, **spec}, log, deadline_s, *args)
        lifelines.adopt(burner.child)
        yield burner
    finally:
        lifelines.close()
