"""What goes wrong with nodes in mid-run costs the gauge that it is about, and no other."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.orin import OrinTree
from tests.lib.reader import reader, whole
from tui.board import sysfs
from tui.board.source import Readings
from tui.board.sysfs import SysfsSource


@pytest.fixture
def board(tmp_path: Path) -> Iterator[OrinTree]:
    made = OrinTree(tmp_path / "orin")
    yield made
    made.close()


@pytest.fixture
def source(board: OrinTree) -> Iterator[SysfsSource]:
    with reader(board.root) as made:
        whole(made, "nvme_c", "net_link_mbps")
        board.work([0] * 6)
        made.read()
        yield made


def known(readings: Readings) -> set[str]:
    return {name for name, reading in readings.items() if reading.value is not None}


def test_a_zone_that_vanishes_says_so_and_takes_no_other_with_it(
    board: OrinTree, source: SysfsSource
) -> None:
    before = source.read()
    board.remove(board.zone("gpu"))
    after = source.read()
    assert after["gpu_c"].why == "it is gone from this board"
    assert known(before) - known(after) == {"gpu_c"}
    assert source.read()["gpu_c"].why == "it is gone from this board"


def test_a_zone_that_comes_back_is_found_again(
    board: OrinTree, source: SysfsSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = board.root / board.zone("gpu").lstrip("/")
    to = os.readlink(at)
    board.remove(board.zone("gpu"))
    assert source.read()["gpu_c"].value is None
    at.symlink_to(to)
    for group in source._groups:
        group.find_at_s = 0.0  # ten seconds have passed
    assert source.read()["gpu_c"].value == 49.0


def test_sensors_are_looked_for_again_after_a_while(
    board: OrinTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysfs, "FIND_EVERY_S", 0.0)
    board.remove(board.hwmon("soctherm_oc") + "/oc3_event_cnt")
    with reader(board.root) as source:
        assert "oc3_events" not in source.read()
        board.write(board.hwmon("soctherm_oc") + "/oc3_event_cnt", 7)
        assert source.read()["oc3_events"].value == 7


@pytest.mark.parametrize("name", ["ina3221", "soctherm_oc", "pwmfan"])
def test_a_sensor_with_another_number_is_found_in_the_same_sample(
    board: OrinTree, source: SysfsSource, name: str
) -> None:
    before = source.read()
    board.renumber(name, "hwmon17")
    after = source.read()
    assert known(after) == known(before)
    board.set_rail("VDD_IN", 9000)
    assert source.read()["vdd_in_mw"].value == 9000


def test_two_sensors_that_change_places_are_told_apart(board: OrinTree) -> None:
    with reader(board.root) as source:
        board.renumber("ina3221", "hwmon99")
        board.renumber("pwm_tach", "hwmon4")
        board.renumber("ina3221", "hwmon2")
        readings = source.read()
    assert readings["fan_rpm"].value == 1636
    assert readings["vdd_in_mw"].value == 5250


EVERY_NODE = [
    (errno.EAGAIN, "switched off"),
    (errno.EISDIR, "can't be read: is a directory"),
]


@pytest.mark.parametrize(("code", "why"), EVERY_NODE)
@pytest.mark.parametrize(
    ("node", "gauges"),
    [
        ("zone:tj/temp", {"tj_c"}),
        ("ina3221/in1_input", {"vdd_in_mv", "vdd_in_mw"}),
        ("ina3221/curr3_input", {"vdd_soc_ma", "vdd_soc_mw"}),
        ("ina3221/curr1_crit_alarm", {"vdd_in_alarm"}),
        ("soctherm_oc/oc2_event_cnt", {"oc2_events", "oc2_per_s"}),
        ("pwmfan/pwm1", {"fan_percent"}),
        ("pwm_tach/rpm", {"fan_rpm"}),
        ("/sys/class/thermal/cooling_device4/cur_state", {"cooling_cpu_throttle_alert"}),
        ("/sys/class/devfreq/17000000.gpu/cur_freq", {"gpu_mhz"}),
        ("/sys/class/devfreq/17000000.gpu/min_freq", {"gpu_floor_mhz", "clocks_pinned"}),
        ("/sys/devices/platform/bus@0/17000000.gpu/load", {"gpu_percent"}),
        (
            "/sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq",
            {"cpu4_mhz", "cpu5_mhz"},
        ),
        ("/proc/meminfo", {"ram_used_mb", "ram_total_mb", "swap_used_mb", "nvmap_used_mb"}),
        ("/proc/vmstat", {"oom_kills", "swap_mb_per_s"}),
        ("/proc/pressure/io", {"io_psi_percent"}),
        ("/proc/pressure/memory", {"memory_psi_percent", "memory_psi_full_percent"}),
        ("/proc/stat", {"cpu_percent", "cores_offline", *(f"cpu{n}_percent" for n in range(6))}),
        ("/proc/loadavg", {"load_1m"}),
        ("/proc/uptime", {"uptime_s"}),
        ("/proc/net/dev", {"net_errors", "net_rx_kbps", "net_tx_kbps"}),
        ("/sys/block/zram0/mm_stat", {"zram_used_mb"}),
        ("/var/lib/nvpmodel/status", {"power_mode"}),
        ("/sys/kernel/debug/cactmon/mc_all", {"emc_percent"}),
        ("/sys/kernel/debug/bpmp/debug/clk/emc/rate", {"emc_mhz", "emc_percent"}),
        ("/sys/kernel/debug/clk/vic/clk_enable_count", {"vic_mhz"}),
    ],
)
def test_a_node_that_fails_costs_its_own_gauges_with_the_reason(
    board: OrinTree, source: SysfsSource, node: str, gauges: set[str], code: int, why: str
) -> None:
    before = source.read()
    board.have_fail(place(board, node), code)
    after = source.read()
    assert known(before) - known(after) == gauges
    for gauge in gauges - {"clocks_pinned"}:
        assert after[gauge].why == why, gauge


@pytest.mark.parametrize("text", ["", "nonsense", "12 34", "nan", "0x10", "\x00\x01", "9" * 400])
def test_nonsense_in_every_node_never_raises_and_is_no_figure(board: OrinTree, text: str) -> None:
    with reader(board.root) as source:
        source.read()
        for node in (
            "zone:tj/temp",
            "ina3221/in1_input",
            "soctherm_oc/oc2_event_cnt",
            "/sys/class/devfreq/17000000.gpu/load",
            "/sys/devices/platform/bus@0/17000000.gpu/load",
            "/proc/stat",
            "/proc/meminfo",
            "/proc/vmstat",
            "/proc/net/dev",
            "/proc/net/route",
            "/proc/loadavg",
            "/proc/uptime",
            "/proc/pressure/io",
            "/sys/block/zram0/mm_stat",
            "/var/lib/nvpmodel/status",
            "/sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq",
        ):
            board.write(place(board, node), text)
        readings = source.read()
    numbers = [reading.value for reading in readings.values() if reading.value is not None]
    assert all(number == number and abs(number) < 1e15 for number in numbers)
    for reading in readings.values():
        assert (reading.value is None) == bool(reading.why)
    assert readings["cpu_c"].value == 49.0
    assert readings["tj_c"].value is None
    assert readings["vdd_in_mw"].value is None


@pytest.mark.parametrize(
    "text", ["cpu  1\ncpu0\n", "cpu0 a b c d e f g h\n", "cpu0 1 2\ncpu1 1 2 3 4 5 6 7 8\n"]
)
def test_half_a_line_of_counters_is_a_reason(
    board: OrinTree, source: SysfsSource, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        board.write("/proc/stat", text)
        readings = source.read()
        source.read()
    assert "nonsense" in readings["cpu_percent"].why
    assert readings["tj_c"].value == 49.5
    assert len([record for record in caplog.records if "nonsense" in record.message]) == 1


def test_an_empty_tree_has_no_gauges_and_no_trouble(tmp_path: Path) -> None:
    with reader(tmp_path) as source:
        readings = source.read()
        assert source.trouble() == ""
    assert known(readings) == set()
    assert all(reading.why for reading in readings.values())


def test_a_tree_that_goes_away_leaves_reasons_alone(board: OrinTree, source: SysfsSource) -> None:
    before = source.read()
    os.rename(board.root, board.root.with_name("moved"))
    after = source.read()
    os.rename(board.root.with_name("moved"), board.root)
    beside = {"nvme_c", "nvme_lanes", "nvme_gts", "net_link_mbps"}  # as old as they are
    assert after.keys() == before.keys()
    assert known(after) == beside


def test_a_mount_that_hangs_delays_no_sample(
    board: OrinTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, asked = threading.Event(), threading.Event()
    real = os.statvfs

    def hangs(path: Path) -> os.statvfs_result:
        asked.set()
        released.wait(30)
        return real(path)

    monkeypatch.setattr(os, "statvfs", hangs)
    try:
        with reader(board.root, tmp_path) as source:
            assert asked.wait(30)
            readings = source.read()
            assert readings["tj_c"].value == 49.5
            assert "disk_free_mb" not in readings
            released.set()
    finally:
        released.set()


def test_a_data_path_that_is_gone_says_why(tmp_path: Path) -> None:
    with reader(Path("/"), tmp_path / "none") as source:
        reading = whole(source, "disk_free_mb")["disk_free_mb"]
    assert reading.why == f"{tmp_path / 'none'} can't be asked: no such file or directory"


def place(board: OrinTree, node: str) -> str:
    """`zone:tj/temp` and `ina3221/in1_input` as paths."""
    first, _, rest = node.partition("/")
    if first.startswith("zone:"):
        return f"{board.zone(first.removeprefix('zone:'))}/{rest}"
    return f"{board.hwmon(first)}/{rest}" if first else node
