from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.lib import processes
from tests.stress.burning import burning
from tui.stress.cpu_rounds import ROUNDS
from tui.stress.merged import merged

CPU = "tui.stress.cpu"


@pytest.mark.parametrize("method", ROUNDS)
def test_it_says_the_share_of_a_core_that_the_kernel_counted(method: str) -> None:
    with burning(CPU, method=method, level=0.4, intent="contend") as burner:
        first = burner.line()
        began_s, cpu_s = time.monotonic(), burner.cpu_s()
        second = burner.line()
        counted = (burner.cpu_s() - cpu_s) / (time.monotonic() - began_s)
        assert second["reached"] == pytest.approx(counted, abs=0.05)
        # What it missed it makes up for, but in sum it never takes more than it was asked to.
        windows = [
            (line["reached"] * line["window_s"], line["window_s"]) for line in (first, second)
        ]
        assert sum(used for used, _ in windows) < 0.4 * sum(wall for _, wall in windows) + 0.05
        assert second["verified"] > first["verified"] > 0
        assert second["bad"] == 0
        assert second["unit"] == "share of a core"


def test_one_that_gets_no_core_says_so() -> None:
    with burning(CPU, level=1.0, intent="contend") as burner:
        burner.line()
        processes.freeze(burner.pid)
        time.sleep(0.7)
        os.kill(burner.pid, signal.SIGCONT)
        assert burner.line()["reached"] < 0.7


def test_each_process_tells_of_its_core_and_together_they_tell_how_many() -> None:
    with burning(CPU, level=0.05) as burner:
        line = burner.line()
    assert line["cores"] == 1
    assert merged("cpu", [line, line, line]).figures["cores"] == 3


def test_at_level_0_it_rests() -> None:
    with burning(CPU, level=0.0) as burner:
        burner.line()
        quiet = burner.line()
        assert quiet["reached"] < 0.02
        assert quiet["rounds_per_s"] == 0


def test_the_totals_are_those_of_the_whole_time() -> None:
    with burning(CPU, level=0.3, intent="contend", seconds=1.5) as burner:
        report, last = burner.line(), burner.rest()[-1]
        assert last["rounds"] == last["verified"] >= report["verified"]
        assert last["cpu_s"] == pytest.approx(last["reached"] * last["ran_s"], rel=0.2)


def test_it_stays_on_the_core_that_it_is_given() -> None:
    core = max(os.sched_getaffinity(0))
    with burning(CPU, core=core, level=0.1) as burner:
        burner.line()
        assert os.sched_getaffinity(burner.pid) == {core}


def test_a_core_that_is_not_there_is_named() -> None:
    with burning(CPU, core=4000) as burner:
        (line,) = burner.rest()
        assert line["error"].startswith("there is no core 4000 to burn (there are: ")
        assert burner.child.returncode == 2


@pytest.mark.parametrize("method", ["vector", "matrix"])
def test_one_worker_takes_one_core(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    with burning(CPU, method=method, level=0.1) as burner:
        burner.line()
        # The one that works and the one that watches the owner.
        assert len(list(Path(f"/proc/{burner.pid}/task").iterdir())) == 2
