"""Other boards than an Orin: where their nodes stand, and what they have not."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.lib.reader import reader, whole
from tui.board.source import Readings

CPUFREQ = "sys/devices/system/cpu/cpufreq"


def lay(root: Path, nodes: dict[str, str | int]) -> Path:
    for node, text in nodes.items():
        path = root / node
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return root


def read(root: Path) -> Readings:
    with reader(root) as source:
        source.read()
        return source.read()


def zone(number: int, kind: str, temp: int, **trips: str) -> dict[str, str | int]:
    folder = f"sys/class/thermal/thermal_zone{number}"
    nodes: dict[str, str | int] = {f"{folder}/type": kind, f"{folder}/temp": temp}
    for place, (trip, value) in enumerate(trips.items()):
        nodes[f"{folder}/trip_point_{place}_type"] = trip
        nodes[f"{folder}/trip_point_{place}_temp"] = value
    return nodes


@pytest.fixture
def pc(tmp_path: Path) -> Path:
    nodes: dict[str, str | int] = {
        **zone(0, "acpitz", 27800, critical="119000"),
        **zone(1, "acpitz", 29800),
        **zone(2, "x86_pkg_temp", 61000, passive="0"),
        **zone(3, "INT3400 Thermal", 20000, passive="-274000"),
        "proc/pressure/cpu": "some avg10=1.50 avg60=0 avg300=0 total=9",
        "proc/stat": "cpu 30 0 0 70 0 0 0 0\ncpu0 10 0 0 40 0 0 0 0\ncpu1 20 0 0 30 0 0 0 0",
        "sys/devices/system/cpu/present": "0-1",
    }
    for number, (kind, state) in enumerate(
        [("Processor", 0), ("Processor", 3), ("intel_powerclamp", -1), ("Fan", 1)]
    ):
        folder = f"sys/class/thermal/cooling_device{number}"
        nodes |= {f"{folder}/type": kind, f"{folder}/cur_state": state, f"{folder}/max_state": 10}
    for core, khz in enumerate((800_000, 3_600_000)):
        folder = f"{CPUFREQ}/policy{core}"
        nodes |= {
            f"{folder}/related_cpus": core,
            f"{folder}/scaling_cur_freq": khz,
            f"{folder}/scaling_min_freq": 800_000,
            f"{folder}/scaling_max_freq": 4_200_000,
        }
    return lay(tmp_path / "pc", nodes)


def test_a_pc_has_its_zones_clocks_and_pressure(pc: Path) -> None:
    readings = read(pc)
    assert readings["acpitz_c"].value == 27.8
    assert readings["acpitz_c"].critical == 119
    assert readings["acpitz_2_c"].value == 29.8
    assert (readings["hottest_c"].value, readings["hottest_c"].text) == (61, "x86_pkg_temp")
    assert readings["x86_pkg_temp_c"].limit is None  # a trip of 0 °C is none
    assert readings["int3400_c"].limit is None
    assert readings["cpu1_mhz"].value == readings["cpu_mhz"].value == 3600
    assert readings["cpu_floor_mhz"].value == 800
    assert readings["cpu_psi_percent"].value == 1.5


def test_of_several_cooling_devices_of_a_kind_the_one_that_does_most_shows(pc: Path) -> None:
    readings = read(pc)
    assert readings["cooling_processor"].value == 3
    assert readings["cooling_intel_powerclamp"].value is None
    assert "cooling_fan" not in readings


def test_a_pc_has_nothing_that_only_a_jetson_has(pc: Path) -> None:
    readings = read(pc)
    for name in ("gpu_percent", "gpu_mhz", "emc_percent", "power_mode", "clocks_pinned", "tj_c"):
        assert name not in readings


def test_a_thor_tells_its_gpus_clock_and_no_load(tmp_path: Path) -> None:
    nodes: dict[str, str | int] = {"etc/nv_tegra_release": "# R38 (release), REVISION: 2.0"}
    for name, mhz in (("gpu-nvd-0", 300), ("gpu-gpc-0", 1000)):
        folder = f"sys/class/devfreq/{name}"
        nodes |= {
            f"{folder}/cur_freq": mhz * 1_000_000,
            f"{folder}/min_freq": 300_000_000,
            f"{folder}/max_freq": 1_575_000_000,
        }
    hwmon = "sys/class/hwmon/hwmon0"
    nodes |= {
        f"{hwmon}/name": "ina238",
        f"{hwmon}/in0_input": 2,
        f"{hwmon}/in1_input": 19000,
        f"{hwmon}/curr1_input": 2000,
        f"{hwmon}/power1_input": 38_100_000,
    }
    readings = read(lay(tmp_path, nodes))
    assert "gpu_percent" not in readings
    assert readings["gpu_mhz"].value == 1000
    assert readings["gpu_mhz"].limit == pytest.approx(1575)
    assert readings["vin_mw"].value == pytest.approx(38100)
    assert readings["vin_mv"].value == 19000


@pytest.mark.parametrize(
    "node",
    [
        "sys/devices/platform/gpu.0/load",
        "sys/devices/gpu.0/load",
        "sys/devices/platform/17000000.gpu/load",
        "sys/devices/platform/bus@0/17000000.gpu/load",
    ],
)
def test_the_gpus_load_is_found_wherever_a_release_has_it(tmp_path: Path, node: str) -> None:
    readings = read(lay(tmp_path, {node: 437}))
    assert readings["gpu_percent"].value == pytest.approx(43.7)
    assert "gpu_mhz" not in readings


def test_a_gpu_is_known_by_the_name_in_the_device_tree(tmp_path: Path) -> None:
    folder = "sys/class/devfreq/57000000.something"
    nodes: dict[str, str | int] = {
        f"{folder}/device/of_node/name": "gv11b",
        f"{folder}/device/load": 120,
        f"{folder}/cur_freq": 318_750_000,
        f"{folder}/min_freq": 114_750_000,
        f"{folder}/max_freq": 1_109_250_000,
    }
    readings = read(lay(tmp_path, nodes))
    assert readings["gpu_percent"].value == 12
    assert readings["gpu_mhz"].value == pytest.approx(318.75)


def test_zones_of_jetpack_5_have_the_same_names(tmp_path: Path) -> None:
    readings = read(lay(tmp_path, {**zone(0, "CPU-therm", 45000), **zone(1, "tj-therm", 46000)}))
    assert readings["cpu_c"].value == 45
    assert readings["tj_c"].value == 46


def test_a_kernel_that_names_no_bound_devices_still_has_its_passive_trip(tmp_path: Path) -> None:
    readings = read(lay(tmp_path, zone(0, "tj-thermal", 46000, passive="99000", critical="104500")))
    assert (readings["tj_c"].limit, readings["tj_c"].critical) == (99, 104.5)


def test_this_machine_is_read_as_psutil_reads_it(tmp_path: Path) -> None:
    with reader(Path("/"), tmp_path) as source:
        readings = whole(source, "disk_free_mb")
        free_mb = psutil.disk_usage(str(tmp_path)).free / 2**20
    memory = psutil.virtual_memory()
    total, used = readings["ram_total_mb"].value, readings["ram_used_mb"].value
    assert total == pytest.approx(memory.total / 2**20)
    assert used == pytest.approx((memory.total - memory.available) / 2**20, rel=0.2)
    assert readings["disk_free_mb"].value == pytest.approx(free_mb, rel=0.05)
    assert readings["uptime_s"].value


def test_the_disk_of_the_data_has_its_traffic(tmp_path: Path) -> None:
    with reader(Path("/"), tmp_path) as source:
        if whole(source, "disk_free_mb") and "disk_read_mb_per_s" not in source.read():
            source.read()
        readings = source.read()
    if "disk_read_mb_per_s" not in readings:
        pytest.skip(f"{tmp_path} is on no disk of its own here")
    for name in ("disk_read_mb_per_s", "disk_write_mb_per_s"):
        rate = readings[name].value
        assert rate is not None
        assert rate >= 0
