"""What the reader makes of an emulated Orin Nano Super: cores, clocks, memory, the whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.orin import OrinTree
from tests.lib.reader import read, reader, value
from tui.board import tree_clock
from tui.core.gauges import meaning_of


@pytest.fixture
def board(tmp_path: Path) -> Iterator[OrinTree]:
    made = OrinTree(tmp_path / "orin")
    yield made
    made.close()


@pytest.mark.parametrize("jetpack", ["6.2", "7.2"])
def test_every_gauge_is_a_known_one_with_a_value_or_a_reason(jetpack: str, tmp_path: Path) -> None:
    readings = read(OrinTree(tmp_path, jetpack), "nvme_c", "net_link_mbps")
    assert len(readings) > 70
    for name, reading in readings.items():
        assert meaning_of(name), name
        assert reading.source == "sysfs"
        assert (reading.value is None) == bool(reading.why), name


def test_what_an_orin_nano_has_not_is_absent(board: OrinTree) -> None:
    readings = read(board)
    for name in ("nvenc_mhz", "dla0_mhz", "gpu_power_mw", "gpu_memory_mb", "vdd_gpu_mw"):
        assert name not in readings


def test_the_gpu_shows_load_and_clock_of_the_highest(board: OrinTree) -> None:
    board.set_gpu(34.7, 612)
    readings = read(board)
    assert value(readings, "gpu_percent") == pytest.approx(34.7)
    assert value(readings, "gpu_mhz") == pytest.approx(612)
    assert readings["gpu_mhz"].limit == pytest.approx(1020)
    assert value(readings, "gpu_floor_mhz") == pytest.approx(306)


def test_a_cores_share_is_over_the_time_since_the_read_before(board: OrinTree) -> None:
    with reader(board.root) as source:
        first = source.read()
        board.work([90, 0, 10, 0, 50, 0])
        readings = source.read()
        board.work([0] * 6)
        later = source.read()
    assert "cpu_percent" not in first
    assert value(readings, "cpu0_percent") == pytest.approx(90)
    assert value(readings, "cpu4_percent") == pytest.approx(50)
    assert value(readings, "cpu_percent") == pytest.approx(25)
    assert value(later, "cpu_percent") == 0


def test_waiting_for_the_disk_is_idle_as_others_count_it(board: OrinTree) -> None:
    with reader(board.root) as source:
        source.read()
        board.work([20] * 6)  # half of the rest waits
        assert value(source.read(), "cpu_percent") == pytest.approx(20)


def test_shares_are_as_old_as_the_kernels_last_tick(board: OrinTree) -> None:
    with reader(board.root) as source:
        source.read()
        board.work([40] * 6)
        fresh = source.read()["cpu_percent"]
        stale = source.read()["cpu_percent"]
    assert fresh.value == stale.value == pytest.approx(40)
    assert fresh.age_s == 0 < stale.age_s


def test_cores_that_are_off_say_so(board: OrinTree) -> None:
    board.cores_off(4, 5)
    with reader(board.root) as source:
        source.read()
        board.work([30, 30, 30, 30, 0, 0])
        readings = source.read()
        board.cores_off()
        back = source.read()
        board.work([50] * 6)
        later = source.read()
    assert value(readings, "cores_offline") == 2
    assert readings["cores_offline"].text == "4, 5"
    assert readings["cpu4_percent"].why == readings["cpu5_mhz"].why == "offline"
    assert value(readings, "cpu_percent") == pytest.approx(30)
    assert back["cpu4_percent"].why == "switched on just now"
    assert value(later, "cpu4_percent") == pytest.approx(50)
    assert value(later, "cores_offline") == 0


def test_clocks_show_floor_and_ceiling_of_the_power_mode(board: OrinTree) -> None:
    board.set_clock(0, 1497.6)
    readings = read(board)
    assert value(readings, "cpu0_mhz") == value(readings, "cpu3_mhz") == pytest.approx(1497.6)
    assert value(readings, "cpu4_mhz") == pytest.approx(729.6)
    assert readings["cpu4_mhz"].limit == readings["cpu_mhz"].limit == pytest.approx(1728)
    assert value(readings, "cpu_mhz") == pytest.approx(1497.6)
    assert value(readings, "cpu_floor_mhz") == pytest.approx(729.6)


def test_pinned_clocks_and_their_loss_show_in_the_next_sample(board: OrinTree) -> None:
    with reader(board.root) as source:
        assert value(source.read(), "clocks_pinned") == 0
        board.pin_clocks()
        pinned = source.read()
        board.pin_clocks(False)
        lost = source.read()
    assert value(pinned, "clocks_pinned") == 1
    assert value(pinned, "gpu_floor_mhz") == pytest.approx(1020)
    assert value(pinned, "cpu_floor_mhz") == pytest.approx(1728)
    assert value(lost, "clocks_pinned") == 0


def test_another_power_mode_shows_in_the_next_sample_with_its_ceilings(board: OrinTree) -> None:
    with reader(board.root) as source:
        before = source.read()
        board.set_power_mode(0)
        after = source.read()
    assert (value(before, "power_mode"), before["power_mode"].text) == (2, "MAXN_SUPER")
    assert (value(after, "power_mode"), after["power_mode"].text) == (0, "15W")
    assert before["gpu_mhz"].limit == pytest.approx(1020)
    assert after["gpu_mhz"].limit == pytest.approx(612)


def test_a_power_mode_without_a_name_keeps_its_number(board: OrinTree) -> None:
    board.write("/var/lib/nvpmodel/status", "pmode:0009\n")
    assert read(board)["power_mode"].text == "mode 9"


@pytest.mark.parametrize("status", ["", "garbage", "pmode:x"])
def test_a_power_mode_that_can_not_be_told_says_why(board: OrinTree, status: str) -> None:
    board.write("/var/lib/nvpmodel/status", status)
    reading = read(board)["power_mode"]
    assert reading.value is None
    assert reading.why


def test_a_power_mode_that_was_never_set_names_the_command(board: OrinTree) -> None:
    board.remove("/var/lib/nvpmodel/status")
    assert "sudo nvpmodel" in read(board)["power_mode"].why


def test_memory_is_what_is_not_available(board: OrinTree) -> None:
    board.set_memory(6712, 369, nvmap_mb=1024)
    readings = read(board)
    assert value(readings, "ram_used_mb") == pytest.approx(6712)
    assert readings["ram_used_mb"].limit == value(readings, "ram_total_mb") == 7620
    assert value(readings, "swap_used_mb") == pytest.approx(369)
    assert readings["swap_used_mb"].limit == 3810
    assert value(readings, "nvmap_used_mb") == 1024
    assert value(readings, "zram_used_mb") == pytest.approx(6 * 65536 / 2**20)


def test_a_board_without_swap_says_so_without_a_limit(board: OrinTree) -> None:
    text = board.text("/proc/meminfo")
    kept = [line for line in text.splitlines() if not line.startswith("Swap")]
    board.write("/proc/meminfo", "\n".join([*kept, "SwapTotal: 0 kB", "SwapFree: 0 kB\n"]))
    reading = read(board)["swap_used_mb"]
    assert (reading.value, reading.text, reading.limit) == (0, "no swap", None)


def test_swapping_is_a_rate_of_both_ways_together(board: OrinTree) -> None:
    with reader(board.root) as source:
        assert "swap_mb_per_s" not in source.read()
        board.pass_time()
        assert value(source.read(), "swap_mb_per_s") == 0
        board.set_vmstat(pages_in=100_000, pages_out=100_000)
        assert value(source.read(), "swap_mb_per_s") > 0


def test_processes_that_were_ended_for_want_of_memory_are_counted(board: OrinTree) -> None:
    board.set_vmstat(oom_kills=3)
    assert value(read(board), "oom_kills") == 3


def test_pressure_is_of_the_last_ten_seconds(board: OrinTree) -> None:
    board.set_pressure("memory", 12.5, 3.25)
    board.set_pressure("io", 7.0)
    readings = read(board)
    assert value(readings, "memory_psi_percent") == 12.5
    assert value(readings, "memory_psi_full_percent") == 3.25
    assert value(readings, "io_psi_percent") == 7.0
    assert value(readings, "cpu_psi_percent") == 0.0


def test_a_kernel_without_pressure_has_no_such_gauges(board: OrinTree) -> None:
    board.remove("/proc/pressure")
    assert not [name for name in read(board) if "psi" in name]


def test_root_reads_the_memorys_bandwidth_and_the_engines(board: OrinTree) -> None:
    board.set_emc(61, 2133)
    board.write("/sys/kernel/debug/clk/nvdec/clk_enable_count", 1)
    readings = read(board)
    assert value(readings, "emc_percent") == pytest.approx(61)
    assert value(readings, "emc_mhz") == pytest.approx(2133)
    assert readings["emc_mhz"].limit == pytest.approx(3199)
    assert value(readings, "nvdec_mhz") == pytest.approx(524.8)
    assert readings["vic_mhz"].text == "off"


@contextmanager
def without_root(folder: Path) -> Iterator[None]:
    """Nobody but root may enter the folder, and this process is not root for a while."""
    folder.chmod(0o700 if os.geteuid() == 0 else 0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if before == 0:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that others may enter too, unlike those of pytest."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_without_root_the_memorys_bandwidth_says_who_could_read_it(open_place: Path) -> None:
    board = OrinTree(open_place / "orin")
    with without_root(board.root / "sys/kernel/debug"), reader(board.root) as source:
        readings = source.read()
    assert readings["emc_percent"].why == readings["emc_mhz"].why == "needs root or jtop"
    assert "nvdec_mhz" not in readings
    assert value(readings, "tj_c") == 49.5


def test_uptime_and_load_are_the_boards(board: OrinTree) -> None:
    readings = read(board)
    assert value(readings, "uptime_s") == pytest.approx(86400, abs=600)
    assert value(readings, "load_1m") == 0.42


def test_another_tree_has_no_data_path_of_its_own(board: OrinTree) -> None:
    assert not [name for name in read(board) if name.startswith("disk")]


RATES = ("net_rx_kbps", "net_tx_kbps", "swap_mb_per_s", "oc3_per_s")


def test_counters_that_stand_still_while_time_passes_are_a_rate_of_nothing(
    board: OrinTree,
) -> None:
    with reader(board.root) as source:
        source.read()
        board.pass_time()
        readings = source.read()
    for name in RATES:
        assert value(readings, name) == 0
    assert "cpu_percent" not in readings


def test_a_tree_in_which_no_time_passes_has_counters_and_no_rates(board: OrinTree) -> None:
    board.over_current(3, 2320)
    with reader(board.root, name="replay") as source:
        first = source.read()
        readings = source.read()
    assert not [name for name in (*RATES, "cpu_percent") if name in first]
    for name in (*RATES, "cpu_percent", "cpu0_percent"):
        assert readings[name].value is None
        assert readings[name].why == "a recording has no rates"
    assert value(readings, "oc3_events") == 2320
    assert value(readings, "oom_kills") == value(readings, "net_errors") == 0


def test_a_tree_whose_clock_stops_loses_its_rates_and_gets_them_back(
    board: OrinTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_clock, "STILL_S", 0.2)
    with reader(board.root) as source:
        source.read()
        board.set_network(3_000_000, 600_000)
        moved = source.read()["net_rx_kbps"]
        eventually(lambda: source.read()["net_rx_kbps"].why == "a recording has no rates")
        board.set_network(9_000_000, 600_000)
        back = source.read()["net_rx_kbps"]
    assert moved.value
    assert back.value


def test_a_tree_that_is_written_more_slowly_than_read_keeps_its_last_rates(
    board: OrinTree,
) -> None:
    with reader(board.root) as source:
        source.read()
        board.set_network(3_000_000, 600_000)
        fresh = source.read()["net_rx_kbps"]
        kept = source.read()["net_rx_kbps"]
    assert kept.value == fresh.value
    assert kept.age_s > fresh.age_s == 0


def test_a_container_without_l4t_says_why_the_memorys_bandwidth_is_not_known(
    board: OrinTree,
) -> None:
    board.remove("/etc/nv_tegra_release")
    board.remove("/sys/kernel/debug")
    assert "jtop" in read(board)["emc_percent"].why
