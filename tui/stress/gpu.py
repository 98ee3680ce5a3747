"""Burns the GPU by a program that is installed here. `python -m tui.stress.gpu`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import Given, begin

_GIVEN = begin() if __name__ == "__main__" else None

import os
import re
import subprocess
import sys
import time
from contextlib import suppress

from tui.core.floors import memory_floor_mb
from tui.stress import gpu_program
from tui.stress.burner import GRACE_S, Burner, BurnerSpec, Figures, Unusable, burn
from tui.stress.gpu_lines import GpuBurnLines, Lines, TrtexecLines
from tui.stress.gpu_tools import GPU_BURN_NEEDS_MB, Asked, Tool, find
from tui.stress.memory import PROC, headroom

LOOK_S = 0.1
MAX_CHUNKS = 16


class GpuSpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` above 0: the program runs, at its own full rate, and all of it is asked; 0: it rests.

    `engine` is the file that trtexec runs; without one there is only gpu-burn.
    """

    by: Asked = "auto"
    engine: str = ""


class Kept:
    """A program under its keeper."""

    def __init__(self, tool: Tool, seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", gpu_program.__file__, tool.path, *tool.words_for(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=tool.directory,
        )
        assert self._process.stdout is not None
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._out, False)
        self.rest = ""
        """The begin of a line."""

    @property
    def status(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def lines(self) -> list[str]:
        """Whole ones that it printed since the last call."""
        text = self.rest
        with suppress(BlockingIOError):
            for _ in range(MAX_CHUNKS):  # one that prints without an end must not hold us
                text += os.read(self._out, 65_536).decode(errors="replace")
        # gpu-burn begins each line with a carriage return, and ends few.
        *lines, rest = re.split(r"[\r\n]", text)
        self.rest = rest[-4096:]
        return lines

    def end(self) -> None:
        """End it and all that it started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(GRACE_S / 2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Gpu:
    """The program, started and ended as the level asks."""

    def __init__(self, spec: GpuSpec, burner: Burner, tool: Tool) -> None:
        self._burner = burner
        self._tool = tool
        self._lines: Lines = GpuBurnLines() if tool.by == "gpu-burn" else TrtexecLines()
        self._kept: Kept | None = None
        self._began_s = self._seen_s = time.monotonic()
        self._ends_s = self._began_s + spec.seconds
        self._alive_s = self._reported_alive_s = 0.0
        self._starts = 0
        self._has_burnt = False

    def burn(self) -> Figures:
        """Until the end; the totals. Raises Unusable when the program never burns."""
        ended_by = ""
        try:
            while not ended_by and self._burner.goes_on():
                ended_by = self._turn()
                if self._burner.is_report_due:
                    self._report()
        except Unusable as error:
            if not self._has_burnt:
                raise
            ended_by = str(error)
        finally:
            self._end()
        ran_s = time.monotonic() - self._began_s
        return {
            "by": self._tool.by,
            "reached": self._alive_s / ran_s,
            "burnt_s": self._alive_s,
            "starts": self._starts,
            **self._lines.figures(),
            "ended_by": ended_by,
        }

    def _turn(self) -> str:
        """A short while; why it can't go on, or nothing."""
        wanted = self._burner.level > 0
        if wanted and self._kept is None:
            self._start()
        elif not wanted and self._kept is not None:
            self._end()
        self._burner.wait(LOOK_S)
        now_s = time.monotonic()
        if self._kept is not None:
            self._alive_s += now_s - self._seen_s
        self._seen_s = now_s
        return self._look()

    def _start(self) -> None:
        if self._tool.by == "gpu-burn":
            _check_memory()
        self._lines.begin()
        self._kept = Kept(self._tool, self._ends_s - time.monotonic())
        self._starts += 1

    def _look(self) -> str:
        if self._kept is None:
            return ""
        status = self._kept.status  # before its lines, or the last ones are missed
        for line in self._kept.lines():
            self._lines.add(line)
        self._lines.glance(self._kept.rest)
        self._burner.verified, self._burner.bad = self._lines.verified, self._lines.bad
        self._has_burnt = self._has_burnt or self._lines.is_burning
        if status is None and not self._lines.is_dead:
            return ""
        self._end()
        if status == 0 and self._lines.is_burning:
            return ""
        why = f"{self._tool.by} ended (status {status}): {self._lines.trouble or 'without a word'}"
        if not self._has_burnt:
            raise Unusable(f"no GPU is burnt here: {why}")
        return why

    def _end(self) -> None:
        if self._kept is not None:
            self._kept.end()
            self._kept = None

    def _report(self) -> None:
        alive_s = self._alive_s - self._reported_alive_s
        self._reported_alive_s = self._alive_s
        state = "rests" if self._kept is None else "burns" if self._lines.is_burning else "starts"
        self._burner.report(
            min(alive_s / self._burner.window_s, 1.0),
            by=self._tool.by,
            asked=float(self._burner.level > 0),
            state=state,
            check=self._lines.check,
            **self._lines.figures(),
        )


def _check_memory() -> None:
    now = headroom(PROC)
    floor = memory_floor_mb(now.total_mb)
    if now.available_mb - GPU_BURN_NEEDS_MB < floor:
        raise Unusable(
            f"gpu-burn takes {GPU_BURN_NEEDS_MB} MiB, and of the {now.available_mb:.0f} MiB that "
            f"are available {floor:.0f} must stay so",
            "end what else takes memory, then run it again",
        )


def work(spec: GpuSpec, burner: Burner) -> Figures:
    """Burn until the end; the totals. Raises Unusable."""
    return Gpu(spec, burner, find(spec.by, spec.engine)).burn()


def main(given: Given) -> int:
    """Burn as the spec says; the exit status."""
    return burn("gpu", "share of the time that its program runs", GpuSpec, work, given)


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(main(_GIVEN))
