from __future__ import annotations

import ast
import copy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tui.board import jtop_feed, jtop_shape
from tui.board.jtop_feed import explain
from tui.board.jtop_shape import gauges_of, gpu_processes_of
from tui.child import lifeline
from tui.core.gauges import meaning_of

ONLINE = {
    "online": True,
    "governor": "schedutil",
    "freq": {"min": 729600, "max": 1728000, "cur": 1497600},
    "user": 20.0,
    "nice": 5.0,
    "system": 5.0,
    "idle": 60.0,
}
ORIN_NANO: dict[str, Any] = {
    # What 7.2.2 hands out on an Orin Nano, in its own units: kHz, KiB, mV, mA, mW, permille gone.
    "gpu": {
        "gpu": {
            "type": "integrated",
            "status": {"railgate": False, "3d_scaling": True, "load": 34.7},
            "freq": {"governor": "nvhost_podgov", "cur": 612000, "max": 1020000, "min": 306000},
            "power_control": "auto",
        }
    },
    "cpu": {
        "total": {"user": 48.9, "nice": 0, "system": 0, "idle": 51.1},
        "cpu": [ONLINE, {**ONLINE, "user": 0.0}, {"online": False, "model": ""}],
    },
    "memory": {
        "RAM": {"tot": 7802880, "used": 3000000, "free": 1000, "shared": 524288},
        "SWAP": {"tot": 3901440, "used": 102400},
        "EMC": {"cur": 2133000, "max": 3199000, "min": 204000, "val": 61, "online": True},
    },
    "engine": {
        "APE": {"APE": {"online": True, "cur": 200000}},
        "NVDEC": {"NVDEC": {"online": True, "cur": 524800, "max": 998400}},
        "NVENC": {"NVENC": {"online": False, "cur": 0}},
        "NVJPG": {"NVJPG": {"online": False, "cur": 0}, "NVJPG1": {"online": False, "cur": 0}},
        "DLA0": {"DLA0_CORE": {"online": False}},
    },
    "temperature": {
        "cpu": {"temp": 51.375, "online": True},
        "cv0": {"temp": -256, "online": False},
        "tj": {"temp": 52.0, "online": True},
        "nvme Composite": {"temp": 60.85, "max": 84.85, "crit": -256, "online": True},
        "tmp451 local": {"temp": 90.0, "online": True},
    },
    "power": {
        "rail": {
            "VDD_SOC": {"volt": 5000, "curr": 500, "warn": 32760, "crit": 32760, "power": 2500}
            | {"online": True, "avg": 2500},
        },
        "tot": {"volt": 5000, "curr": 2000, "warn": 32760, "crit": 4984, "power": 10000}
        | {"online": True, "avg": 10000, "name": "VDD_IN"},
    },
    "fan": {"pwmfan": {"speed": [30.2], "rpm": [1636], "profile": "quiet"}},
    "nvpmodel": {"id": 2, "name": "MAXN_SUPER"},
}
MODEL = "NVIDIA Jetson Orin Nano (Developer kit)"


def told(**changes: Any) -> dict[str, dict[str, Any]]:
    """The gauges of an Orin Nano that is so in some respect."""
    return gauges_of({**copy.deepcopy(ORIN_NANO), **changes}, model=MODEL)


@pytest.mark.parametrize(
    ("gauge", "value", "limit"),
    [
        ("gpu_percent", 34.7, None),
        ("gpu_mhz", 612, 1020),
        ("gpu_floor_mhz", 306, None),
        ("cpu0_percent", 30, None),
        ("cpu1_percent", 10, None),
        ("cpu_percent", 20, None),
        ("cpu0_mhz", 1497.6, 1728),
        ("cpu_mhz", 1497.6, 1728),
        ("cpu_floor_mhz", 729.6, None),
        ("cores_offline", 1, None),
        ("clocks_pinned", 0, None),
        ("ram_total_mb", 7620, None),
        ("nvmap_used_mb", 512, None),
        ("swap_used_mb", 100, 3810),
        ("emc_percent", 61, None),
        ("emc_mhz", 2133, 3199),
        ("nvdec_mhz", 524.8, 998.4),
        ("tj_c", 52, None),
        ("hottest_c", 52, None),
        ("nvme_c", 60.85, 84.85),
        ("vdd_in_mw", 10000, 24920),
        ("vdd_in_mv", 5000, None),
        ("vdd_soc_mw", 2500, None),
        ("vdd_soc_ma", 500, None),
        ("fan_percent", 30.2, None),
        ("fan_rpm", 1636, None),
    ],
)
def test_a_figure_of_the_library_becomes_a_gauge_in_our_unit(
    gauge: str, value: float, limit: float | None
) -> None:
    said = told()[gauge]
    assert said["value"] == pytest.approx(value)
    assert said["limit"] == (None if limit is None else pytest.approx(limit))


def test_every_gauge_is_one_that_the_table_knows() -> None:
    assert {name for name in told() if not meaning_of(name)} == set()


def test_a_rail_acts_at_its_critical_current() -> None:
    assert told()["vdd_in_ma"]["critical"] == 4984
    assert told()["vdd_soc_ma"]["critical"] is None


def test_a_zone_that_is_off_says_so_instead_of_its_sentinel() -> None:
    assert told()["cv0_c"] == {"value": None, "why": "the zone is off"}
    assert told()["nvme_c"]["critical"] is None


def test_an_engine_that_is_off_stands_still_and_says_so() -> None:
    assert (told()["nvjpg1_mhz"]["value"], told()["nvjpg1_mhz"]["text"]) == (0, "off")


def test_what_an_orin_nano_does_not_have_is_absent() -> None:
    assert not {name for name in told() if name.startswith(("nvenc", "dla", "ape"))}
    other = gauges_of(ORIN_NANO, model="NVIDIA Jetson AGX Orin")
    assert other["nvenc_mhz"]["text"] == "off"


def test_shares_that_are_since_the_start_of_the_board_are_left_out() -> None:
    gauges = gauges_of(ORIN_NANO, shares_hold=False)
    assert not {name for name in gauges if name.startswith("cpu") and name.endswith("percent")}
    assert gauges["cpu0_mhz"]["value"] == pytest.approx(1497.6)


def test_a_memory_controller_that_can_t_be_read_says_why() -> None:
    # Without its nodes the library either leaves it out or takes 1 kHz for its clock.
    for emc in ({}, {"EMC": {"cur": 1, "val": 1301130000, "online": True}}):
        memory = {"RAM": ORIN_NANO["memory"]["RAM"], **emc}
        assert told(memory=memory)["emc_percent"]["value"] is None
        assert "debugfs" in told(memory=memory)["emc_mhz"]["why"]


def test_a_zero_that_stands_for_unknown_is_left_out() -> None:
    thor = {"thor": {"type": "integrated", "status": {"load": 0.0}, "freq": {"cur": 0, "min": 0}}}
    thor["thor"]["power_control"] = "nvml"
    gauges = told(gpu=thor, memory={"RAM": {"tot": 1024, "shared": 0}})
    assert not {name for name in gauges if name.startswith("gpu") and name != "gpu_c"}
    assert "nvmap_used_mb" not in gauges


def test_clocks_are_pinned_when_none_of_them_can_move() -> None:
    core = {**ONLINE, "freq": {"min": 1728000, "max": 1728000, "cur": 1728000}}
    gpu = {"gpu": {"type": "integrated", "freq": {"min": 1020000, "max": 1020000}}}
    assert told(cpu={"cpu": [core]}, gpu=gpu)["clocks_pinned"]["value"] == 1
    assert told(cpu={"cpu": [core]})["clocks_pinned"]["value"] == 0


def test_a_sum_of_rails_is_no_rail() -> None:
    gauges = told(power={"rail": {}, "tot": {"power": 100, "avg": 100}})
    assert not {name for name in gauges if name.endswith("_mw")}


def test_a_board_that_tells_nothing_has_no_gauges_but_what_it_ought_to_have() -> None:
    assert set(gauges_of({})) == {"emc_percent", "emc_mhz"}


def test_the_gpu_s_memory_goes_by_process() -> None:
    row = [412, "root", "I", "Graphic", 20, "S", 3.0, 20480, 46080, "python3"]
    assert gpu_processes_of([row, []]) == {"412": 45.0}


MISMATCHED = "Mismatch version jtop service: [7.2.2] and client: [4.3.2]. Please run:"


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (Exception(MISMATCHED), "mismatch", "service 7.2.2 and client 4.3.2 differ"),
        (Exception("I can't access jtop.service.\nPlease logout"), "refused", "usermod -aG jtop"),
        (PermissionError(13, "Permission denied"), "refused", "usermod -aG jtop"),
        (Exception("The jtop.service is not active. Please run:"), "no-service", "restart jtop"),
        (ImportError("No module named 'jtop'"), "no-client", "pip install"),
        (ConnectionResetError(104, "reset by peer"), "lost", "restart jtop"),
        (EOFError(), "lost", "restart jtop"),
        (Exception("Lost connection with jtop server"), "lost", "restart jtop"),
        (TypeError("'NoneType' object"), "lost", "TypeError: 'NoneType' object"),
    ],
)
def test_an_error_of_the_library_is_told_with_what_mends_it(
    error: Exception, state: str, words: str
) -> None:
    said = explain(error)
    assert said["state"] == state
    assert words in said["why"]
    assert "\n" not in said["why"]


@pytest.mark.parametrize("module", [jtop_feed, jtop_shape, lifeline])
def test_an_old_board_s_interpreter_understands_what_the_feed_consists_of(
    module: ModuleType,
) -> None:
    assert module.__file__ is not None
    text = Path(module.__file__).read_text()
    ast.parse(text, feature_version=(3, 8))
    imported = {
        name
        for node in ast.walk(ast.parse(text))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    ours = {"jtop", "tui.child.lifeline", "tui.board.jtop_shape"}
    assert {name.partition(".")[0] for name in imported - ours} <= sys.stdlib_module_names
