from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from tests.lib.eventually import eventually
from tui.board.own import OwnCost


def test_the_engine_tells_its_own_share_and_memory() -> None:
    readings = OwnCost(list).read()
    assert readings["console_cpu_percent"].value is not None
    assert readings["console_rss_mb"].value == pytest.approx(
        psutil.Process().memory_info().rss / 2**20, rel=0.2
    )


def test_the_generators_share_is_that_of_its_workers() -> None:
    spin = "while True: pass"
    with subprocess.Popen([sys.executable, "-c", spin]) as busy:
        own = OwnCost(lambda: [busy.pid])

        def share() -> bool:
            value = own.read()["generator_cpu_percent"].value
            return value is not None and value > 5

        eventually(share, "a busy worker costs nothing")
        busy.kill()


def test_a_worker_that_is_gone_is_left_out() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    assert "generator_cpu_percent" not in OwnCost(lambda: [done.pid]).read()


def test_a_worker_that_ends_between_two_reads_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ended() -> float:
        raise psutil.NoSuchProcess(1)

    own = OwnCost(lambda: [os.getpid()])
    own.read()
    monkeypatch.setattr(own._processes[os.getpid()], "cpu_percent", ended)
    assert own.read()["generator_cpu_percent"].value == 0.0
