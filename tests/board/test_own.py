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
            reading = own.read().get("generator_cpu_percent")
            return reading is not None and (reading.value or 0.0) > 5

        try:
            eventually(share, "a busy worker costs nothing")
        finally:
            busy.kill()


def test_a_worker_that_is_gone_is_left_out() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    assert "generator_cpu_percent" not in OwnCost(lambda: [done.pid]).read()


def test_a_worker_that_ends_between_two_looks_at_it_takes_nothing_else_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ended(_: psutil.Process) -> float:
        raise psutil.NoSuchProcess(1)

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as worker:
        own = OwnCost(lambda: [worker.pid])
        own.read()
        monkeypatch.setattr(own._processes[worker.pid], "cpu_percent", lambda: ended(own._me))
        readings = own.read()
        worker.kill()
    assert "generator_cpu_percent" not in readings
    assert readings["console_rss_mb"].value


def test_a_worker_that_is_gone_before_it_is_looked_at_costs_no_other_gauge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    # As between the question whether it is there and the look at it.
    monkeypatch.setattr(psutil, "pid_exists", lambda pid: True)
    readings = OwnCost(lambda: [done.pid]).read()
    assert readings.keys() == {"console_cpu_percent", "console_rss_mb"}


def test_a_new_workers_first_share_is_not_told_for_it_is_of_no_time() -> None:
    own = OwnCost(lambda: [os.getpid()])
    assert "generator_cpu_percent" not in own.read()
    assert "generator_cpu_percent" in own.read()


def test_its_source_is_not_the_hosts() -> None:
    own = OwnCost(list)
    assert {reading.source for reading in own.read().values()} == {own.name} == {"own"}
