from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from tests.lib.eventually import eventually
from tui.board.host import HostBoard


def test_a_host_has_its_gauges(tmp_path: Path) -> None:
    board = HostBoard(tmp_path, list)
    board.read()
    readings = board.read()
    assert {
        "cpu_percent",
        "cpu0_percent",
        "ram_used_mb",
        "ram_total_mb",
        "disk_free_mb",
        "load_1m",
        "uptime_s",
        "net_rx_kbps",
        "console_cpu_percent",
        "console_rss_mb",
    } <= set(readings)
    total, used = readings["ram_total_mb"].value, readings["ram_used_mb"].value
    assert total is not None
    assert used is not None
    assert 0 < used < total


def test_what_can_not_be_read_says_why_and_hides_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise FileNotFoundError("/proc/meminfo")

    monkeypatch.setattr(psutil, "virtual_memory", gone)
    monkeypatch.setattr(psutil, "sensors_temperatures", dict)
    monkeypatch.setattr(psutil, "cpu_freq", lambda: None)
    readings = HostBoard(tmp_path, list).read()
    for name in ("ram_used_mb", "ram_total_mb", "swap_used_mb"):
        assert readings[name].value is None
        assert readings[name].why.endswith("/proc/meminfo")
    assert readings["hottest_c"].why.endswith("no sensor here")
    assert readings["cpu_mhz"].why.endswith("no cpufreq here")
    assert readings["cpu_percent"].value is not None


def test_the_hottest_of_all_sensors_is_the_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = {
        "cpu": [SimpleNamespace(current=51.5), SimpleNamespace(current=62.0)],
        "gpu": [SimpleNamespace(current=58.0)],
    }
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: zones)
    assert HostBoard(tmp_path, list).read()["hottest_c"].value == 62.0


def test_the_generators_share_is_that_of_its_workers(tmp_path: Path) -> None:
    spin = "while True: pass"
    with subprocess.Popen([sys.executable, "-c", spin]) as busy:
        board = HostBoard(tmp_path, lambda: [busy.pid])

        def share() -> bool:
            value = board.read()["generator_cpu_percent"].value
            return value is not None and value > 5

        eventually(share, "a busy worker costs nothing")
        busy.kill()


def test_a_worker_that_is_gone_is_left_out(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    board = HostBoard(tmp_path, lambda: [done.pid])
    assert "generator_cpu_percent" not in board.read()


def test_a_worker_that_ends_between_two_reads_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: psutil.Process) -> float:
        raise psutil.NoSuchProcess(1)

    board = HostBoard(tmp_path, lambda: [os.getpid()])
    board.read()
    worker = board._processes[os.getpid()]
    monkeypatch.setattr(worker, "cpu_percent", lambda: ended(worker))
    assert board.read()["generator_cpu_percent"].value == 0.0
