"""Burns one core at the level that is asked. `python -m tui.stress.cpu`, once for each core."""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import Given, begin

_GIVEN = begin() if __name__ == "__main__" else None

import os
import sys
import time
from typing import Annotated, Literal

import msgspec

from tui.stress.burner import Burner, BurnerSpec, Figures, Unusable, burn
from tui.stress.cpu_rounds import ROUNDS, Round
from tui.stress.duty import PERIOD_S, busy_s, owed_s

_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class CpuSpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` is the share of one core; `core` pins to it, None leaves that to the kernel."""

    method: Literal["hash", "vector", "matrix"] = "hash"
    core: Annotated[int, msgspec.Meta(ge=0)] | None = None


def work(spec: CpuSpec, burner: Burner) -> Figures:
    """Burn until the end; the totals: the mean share of a core, CPU seconds and rounds."""
    if spec.core is not None:
        _pin(spec.core)
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = "1"  # or one worker of BLAS takes every core
    work_a_round = ROUNDS[spec.method]()
    burner.begin_window()
    pace = _Pace(burner, work_a_round)
    while burner.goes_on():
        pace.period()
        if burner.is_report_due:
            pace.report()
    return pace.totals()


class _Pace:
    """Periods of work and rest; what is reached is the CPU time of this process."""

    def __init__(self, burner: Burner, work_a_round: Round) -> None:
        self._burner = burner
        self._work_a_round = work_a_round
        self._owed_s = 0.0
        self._began_s = time.monotonic()
        self._cpu_began_s = self._cpu_reported_s = time.process_time()
        self._reported_rounds = 0

    def period(self) -> None:
        """Burn for the part of a period that the level asks, and rest."""
        level = self._burner.level
        began_s, cpu_began_s = time.monotonic(), time.process_time()
        ends_s = began_s + PERIOD_S
        until_s = cpu_began_s + busy_s(level, self._owed_s)
        while time.process_time() < until_s and time.monotonic() < ends_s:
            if self._work_a_round():
                self._burner.verified += 1
            else:
                self._burner.bad += 1
        self._burner.wait(ends_s - time.monotonic())
        wall_s = time.monotonic() - began_s
        self._owed_s = owed_s(self._owed_s, level, wall_s, time.process_time() - cpu_began_s)

    def report(self) -> None:
        """Say the share of a core that this process had since the last report."""
        window_s, cpu_s = self._burner.window_s, time.process_time()
        rounds = self._burner.verified + self._burner.bad
        self._burner.report(
            reached=(cpu_s - self._cpu_reported_s) / window_s,
            rounds_per_s=(rounds - self._reported_rounds) / window_s,
            nice=os.getpriority(os.PRIO_PROCESS, 0),
            cores=1,
        )
        self._cpu_reported_s, self._reported_rounds = cpu_s, rounds

    def totals(self) -> Figures:
        """The figures of the last line."""
        cpu_s = time.process_time() - self._cpu_began_s
        rounds = self._burner.verified + self._burner.bad
        wall_s = time.monotonic() - self._began_s
        return {"reached": cpu_s / wall_s, "cpu_s": cpu_s, "rounds": rounds}


def _pin(core: int) -> None:
    try:
        os.sched_setaffinity(0, {core})
    except OSError:
        allowed = ", ".join(str(number) for number in sorted(os.sched_getaffinity(0)))
        raise Unusable(f"there is no core {core} to burn (there are: {allowed})") from None


def main(given: Given) -> int:
    """Burn as the spec says; the exit status."""
    return burn("cpu", "share of a core", CpuSpec, work, given)


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(main(_GIVEN))
