from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from tests.lib.eventually import eventually
from tui.board.host import HostBoard
from tui.core.events import Reading
from tui.core.gauges import meaning_of

MakeBoard = Callable[[], HostBoard]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[MakeBoard]:
    """Makes boards when a test has set its machine up, and ends them."""
    made = []

    def make() -> HostBoard:
        made.append(HostBoard(tmp_path))
        return made[-1]

    yield make
    for board in made:
        board.close()


def gauge(board: HostBoard, name: str) -> Reading:
    """A gauge, once it is there: some are read beside."""
    return eventually(lambda: [board.read()[name]] if name in board.read() else [], name)[0]


def sensor(
    current: float, label: str = "", high: float | None = None, critical: float | None = None
) -> SimpleNamespace:
    return SimpleNamespace(current=current, label=label, high=high, critical=critical)


def test_a_host_has_its_gauges(host: MakeBoard) -> None:
    board = host()
    gauge(board, "disk_free_mb")
    gauge(board, "hottest_c")
    readings = board.read()
    assert {
        "cpu_percent",
        "cpu0_percent",
        "cpu_mhz",
        "ram_used_mb",
        "ram_total_mb",
        "swap_used_mb",
        "load_1m",
        "uptime_s",
        "net_rx_kbps",
        "net_tx_kbps",
        "net_errors",
    } <= set(readings)


def test_memory_in_use_is_told_with_all_there_is(host: MakeBoard) -> None:
    readings = host().read()
    total, used = readings["ram_total_mb"].value, readings["ram_used_mb"]
    assert total is not None
    assert used.value is not None
    assert 0 < used.value < total == used.limit


def test_what_can_not_be_read_says_why_and_hides_nothing_else(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise FileNotFoundError("/proc/meminfo")

    monkeypatch.setattr(psutil, "virtual_memory", gone)
    monkeypatch.setattr(psutil, "disk_usage", gone)
    monkeypatch.setattr(psutil, "sensors_temperatures", dict)
    monkeypatch.setattr(psutil, "cpu_freq", lambda percpu: [])
    board = host()
    for name in ("ram_used_mb", "ram_total_mb", "swap_used_mb", "disk_free_mb"):
        assert gauge(board, name).value is None
        assert gauge(board, name).why.endswith("/proc/meminfo")
    assert gauge(board, "hottest_c").why == "no sensor here"
    assert gauge(board, "cpu_mhz").why == "no cpufreq here"
    assert gauge(board, "cpu_percent").value is not None


def test_the_hottest_of_all_sensors_is_told_with_its_name_and_its_own_limits(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = {
        "coretemp": [sensor(51.5, "Core 0", 90.0, 100.0), sensor(62.0, "Core 1", 95.0, 105.0)],
        "nvme": [sensor(58.0, "Composite", 81.8, 84.8)],
    }
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: zones)
    board = host()
    hottest = gauge(board, "hottest_c")
    assert (hottest.value, hottest.text) == (62.0, "coretemp")
    assert (hottest.limit, hottest.critical) == (95.0, 105.0)
    drive = gauge(board, "nvme_c")
    assert (drive.value, drive.limit, drive.critical) == (58.0, 81.8, 84.8)


def test_a_sensor_that_is_off_is_no_temperature(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = {"cv0": [sensor(-256.0)], "acpi": [sensor(40.0, high=0.0, critical=65261.85)]}
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: zones)
    board = host()
    hottest = gauge(board, "hottest_c")
    assert (hottest.value, hottest.limit, hottest.critical) == (40.0, None, None)
    assert "cv0_c" not in board.read()


def test_every_zones_name_is_a_known_gauge(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = {"Dell SMM-1": [sensor(40.0)], "iwlwifi_1": [sensor(35.0)]}
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: zones)
    board = host()
    gauge(board, "hottest_c")
    assert {"dell_smm_1_c", "iwlwifi_1_c"} <= {
        name for name in board.read() if name.endswith("_c") and meaning_of(name)
    }


def test_a_disk_that_hangs_holds_nothing_up_and_its_figure_grows_old(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed = threading.Event()
    real = psutil.disk_usage
    monkeypatch.setattr("tui.board.host.DISK_S", 0.01)
    board = host()
    before = gauge(board, "disk_free_mb")

    def hang(path: str) -> Any:
        freed.wait()
        return real(path)

    monkeypatch.setattr(psutil, "disk_usage", hang)
    try:
        eventually(lambda: gauge(board, "disk_free_mb").age_s > 0.5, "the age never grew")
        assert gauge(board, "disk_free_mb").value == pytest.approx(before.value, rel=0.5)
        assert board.read()["cpu_percent"].age_s == 0.0
    finally:
        freed.set()


def test_its_time_since_the_start_is_the_kernels(host: MakeBoard) -> None:
    up_s = float(Path("/proc/uptime").read_text().split()[0])
    assert gauge(host(), "uptime_s").value == pytest.approx(up_s, abs=30.0)


def test_it_has_a_share_for_each_core(host: MakeBoard) -> None:
    names = {name for name in host().read() if name.startswith("cpu") and name[3].isdigit()}
    assert len(names) == os.cpu_count()


def test_sensors_that_hang_are_a_trouble_and_their_figure_is_none_any_more(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed, hangs = threading.Event(), threading.Event()
    monkeypatch.setattr("tui.board.host.HEAT_S", 0.01)
    for bound in ("STALE_S", "HUNG_S"):
        monkeypatch.setattr(f"tui.board.beside.{bound}", 0.3)

    def zones() -> Any:
        if hangs.is_set():
            freed.wait()
        return {"coretemp": [sensor(60.0)]}

    monkeypatch.setattr(psutil, "sensors_temperatures", zones)
    board = host()
    try:
        assert gauge(board, "hottest_c").value == 60.0
        assert board.trouble() == ""
        hangs.set()
        eventually(board.trouble)
        assert board.trouble().startswith("sensors has not answered since ")
        eventually(lambda: gauge(board, "hottest_c").value is None)
        assert gauge(board, "hottest_c").why.startswith("has not answered since ")
    finally:
        freed.set()


@pytest.mark.parametrize(
    "chip", ["nvme", "iwlwifi_1", "spd5118", "jc42", "drivetemp", "ath10k_hwmon", "r8169_0_300:00"]
)
def test_the_hottest_is_of_the_board_and_not_of_what_is_plugged_in(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch, chip: str
) -> None:
    zones = {"k10temp": [sensor(55.0)], chip: [sensor(83.0)]}
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: zones)
    assert gauge(host(), "hottest_c").text == "k10temp"


def test_a_machine_that_tells_no_heat_of_its_own_says_so(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: {"nvme": [sensor(58.0)]})
    board = host()
    assert gauge(board, "hottest_c").why == "no sensor of the board's own"
    assert gauge(board, "nvme_c").value == 58.0


def carried(received: int, sent: int, errors: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        bytes_recv=received, bytes_sent=sent, errin=errors, errout=0, dropin=0, dropout=0
    )


def test_traffic_over_a_bridge_into_a_container_is_counted_once(
    host: MakeBoard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "net/eth0/device").mkdir(parents=True)
    monkeypatch.setattr("tui.board.host.LINKS", tmp_path / "net")
    now = [1000]

    def counters(pernic: bool) -> dict[str, SimpleNamespace]:
        of_each = carried(now[0] * 20, now[0], errors=3)
        return {name: of_each for name in ("lo", "eth0", "docker0", "veth1a2b3c4")}

    monkeypatch.setattr(psutil, "net_io_counters", counters)
    board = host()
    assert gauge(board, "net_errors").value == 3
    now[0] = 2_000_000
    readings = board.read()
    (tmp_path / "net/docker0/device").mkdir(parents=True)
    rx, tx = readings["net_rx_kbps"].value, readings["net_tx_kbps"].value
    assert rx
    assert tx
    assert rx / tx == pytest.approx(20)
    assert board.read()["net_rx_kbps"].why == "other links than before"
    assert gauge(board, "net_errors").value == 6
