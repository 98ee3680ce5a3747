"""What jetson-stats hands out, as gauges with our names and units. Pure.

Facts about its shapes are of 7.2.2, measured on an emulated Orin Nano, and of its source.
Python 3.8 and the standard library alone: `jtop_feed` also runs on boards' own interpreters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # Python 3.8 can't make these
    Gauges = dict[str, dict[str, Any]]
    """By the names of tui.core.gauges; each as a Reading without its source."""

OFFLINE_C = -256
NO_LIMIT_MA = 32_760
"""What the INA3221's driver says when no line was set."""
NO_CLOCK_KHZ = 1
"""What stands for the memory's clock when none was found; the share is nonsense then."""
VIDEO = re.compile(r"(nvdec|nvenc|nvjpg|vic|ofa|dla)[a-z0-9_]*")
NOT_ON_AN_ORIN_NANO = ("nvenc", "dla")
"""The kernel lists their clocks all the same: the silicon is that of larger modules."""
NO_EMC = "the jtop service can't read the memory controller (debugfs)"


def gauges_of(data: dict[str, Any], *, model: str = "", shares_hold: bool = True) -> Gauges:
    """One tick of jetson-stats as gauges. `data` holds its attributes by their names.

    `shares_hold` False: the cores' shares are since the board started, not since the last tick.
    """
    return {
        **_gpu(data.get("gpu") or {}),
        **_cpu((data.get("cpu") or {}).get("cpu") or [], shares_hold),
        **_pinned(data),
        **_memory(data.get("memory") or {}),
        **_engines(data.get("engine") or {}, model),
        **_heat(data.get("temperature") or {}),
        **_power(data.get("power") or {}),
        **_fan(data.get("fan") or {}),
        **_mode(data.get("nvpmodel") or {}),
    }


def gpu_processes_of(rows: Any) -> dict[str, float]:
    """MiB of GPU memory by pid, from the library's table of processes (KiB in its ninth column)."""
    return {str(row[0]): row[8] / 1024 for row in rows or () if len(row) > 8}


def _gpu(gpus: Any) -> Gauges:
    # The key is gpu, ga10b, gv11b…: the first one that is part of the board.
    gpu: dict[str, Any] = next(
        (gpus[name] for name in gpus if gpus[name].get("type") == "integrated"), {}
    )
    if gpu.get("power_control") == "nvml":
        return {}  # what NVML can't tell is 0 here, and its clocks are in MHz or kHz
    freq = gpu.get("freq") or {}
    return {
        **_value("gpu_percent", (gpu.get("status") or {}).get("load")),
        **_mhz("gpu_mhz", freq.get("cur"), freq.get("max")),
        **_mhz("gpu_floor_mhz", freq.get("min")),
    }


def _cpu(cores: Any, shares_hold: bool) -> Gauges:
    gauges: Gauges = {}
    shares = []
    for number, core in enumerate(cores):
        freq = core.get("freq") or {}
        gauges.update(_mhz(f"cpu{number}_mhz", freq.get("cur"), freq.get("max")))
        if shares_hold and core.get("online") and "idle" in core:
            # "total" of 7.2.2 is wrong: it is the mean over the wrong time.
            shares.append(sum(core[kind] for kind in ("user", "nice", "system")))
            gauges.update(_value(f"cpu{number}_percent", shares[-1]))
    if shares:
        gauges.update(_value("cpu_percent", sum(shares) / len(shares)))
    clocks = [core["freq"] for core in cores if core.get("freq")]
    if clocks:
        fastest = max(clocks, key=lambda freq: freq.get("cur") or 0)
        gauges.update(_mhz("cpu_mhz", fastest.get("cur"), fastest.get("max")))
        gauges.update(_mhz("cpu_floor_mhz", min(freq["min"] for freq in clocks)))
        offline = sum(not core.get("online") for core in cores)
        gauges.update(_value("cores_offline", offline))
    return gauges


def _pinned(data: dict[str, Any]) -> Gauges:
    # From the clocks: the library calls jetson_clocks active when it could not ask it.
    gpus = data.get("gpu") or {}
    clocks = [core.get("freq") for core in (data.get("cpu") or {}).get("cpu") or ()]
    clocks += [gpu.get("freq") for gpu in gpus.values() if gpu.get("power_control") != "nvml"]
    spans = [(freq["min"], freq["max"]) for freq in clocks if freq and {"min", "max"} <= set(freq)]
    if not spans or not gpus:
        return {}
    return _value("clocks_pinned", all(low == high for low, high in spans))


def _memory(memory: Any) -> Gauges:
    # "used" of RAM is left out: it counts shared memory as free, which "not available" does not.
    ram, swap = memory.get("RAM") or {}, memory.get("SWAP") or {}
    gauges = {
        **_value("ram_total_mb", ram.get("tot"), divisor=1024),
        # 0 is also what it says when the kernel does not tell.
        **_value("nvmap_used_mb", ram.get("shared") or None, divisor=1024),
        **_value("swap_used_mb", swap.get("used"), divisor=1024, limit=swap.get("tot")),
    }
    emc = memory.get("EMC") or {}
    if emc.get("cur", 0) <= NO_CLOCK_KHZ:
        return {**gauges, **_why("emc_percent", NO_EMC), **_why("emc_mhz", NO_EMC)}
    return {
        **gauges,
        **_value("emc_percent", emc.get("val")),
        **_mhz("emc_mhz", emc["cur"], emc.get("max")),
    }


def _engines(groups: Any, model: str) -> Gauges:
    absent = NOT_ON_AN_ORIN_NANO if "orin nano" in model.lower() else ()
    gauges: Gauges = {}
    for engines in groups.values():
        for label, engine in engines.items():
            name = label.lower().replace("msenc", "nvenc")
            if not VIDEO.fullmatch(name) or name.startswith(absent or ("?",)):
                continue
            is_off = not engine.get("online")
            clock = 0 if is_off else engine.get("cur")
            text = "off" if is_off else ""
            gauges.update(_mhz(f"{name}_mhz", clock, engine.get("max"), text=text))
    return gauges


def _heat(sensors: Any) -> Gauges:
    gauges: Gauges = {}
    zones = {}
    for label, sensor in sensors.items():
        if label == "nvme Composite":
            limit, critical = (_celsius(sensor.get(name)) for name in ("max", "crit"))
            gauges.update(_value("nvme_c", _celsius(sensor["temp"]), limit=limit))
            if "nvme_c" in gauges:
                gauges["nvme_c"]["critical"] = critical
        elif " " not in label:  # a blank: some other chip's own sensor, no zone
            zones[_slug(label)] = _celsius(sensor["temp"])
    for zone, value in zones.items():
        is_off = value is None
        gauges.update(
            _why(f"{zone}_c", "the zone is off") if is_off else _value(f"{zone}_c", value)
        )
    hottest = max((value for value in zones.values() if value is not None), default=None)
    gauges.update(_value("hottest_c", hottest))
    return gauges


def _power(power: Any) -> Gauges:
    rails = dict(power.get("rail") or {})
    total = power.get("tot") or {}
    if "name" in total:  # a rail of its own; without a name it is only a sum
        rails[total["name"]] = total
    gauges: Gauges = {}
    for label, rail in rails.items():
        if not rail.get("online") or not {"volt", "curr"} <= set(rail):
            continue
        name, warn, critical = _slug(label), _line(rail.get("warn")), _line(rail.get("crit"))
        most_mw = critical * rail["volt"] / 1000 if critical else None
        gauges.update(_value(f"{name}_mw", rail.get("power"), limit=most_mw))
        gauges.update(_value(f"{name}_mv", rail["volt"]))
        gauges.update(_value(f"{name}_ma", rail["curr"], limit=warn))
        gauges[f"{name}_ma"]["critical"] = critical
    return gauges


def _fan(fans: Any) -> Gauges:
    fan: dict[str, Any] = next(iter(fans.values()), {})
    speeds, turns = fan.get("speed") or (None,), fan.get("rpm") or (None,)
    return {
        **_value("fan_percent", speeds[0], text=str(fan.get("profile", ""))),
        **_value("fan_rpm", turns[0]),
    }


def _mode(model: Any) -> Gauges:
    return _value("power_mode", model.get("id"), text=str(model.get("name", "")))


def _value(
    name: str,
    value: Any,
    *,
    divisor: float = 1,
    limit: float | None = None,
    text: str = "",
) -> Gauges:
    if value is None:
        return {}
    most = None if limit is None else limit / divisor
    return {name: {"value": float(value) / divisor, "limit": most, "text": text}}


def _mhz(name: str, khz: Any, most_khz: Any = None, *, text: str = "") -> Gauges:
    return _value(name, khz, divisor=1000, limit=most_khz, text=text)


def _why(name: str, why: str) -> Gauges:
    return {name: {"value": None, "why": why}}


def _celsius(value: Any) -> float | None:
    return None if value is None or value <= OFFLINE_C else float(value)


def _line(current_ma: Any) -> float | None:
    return None if not current_ma or current_ma >= NO_LIMIT_MA else float(current_ma)


def _slug(label: str) -> str:
    return re.sub("[^a-z0-9]+", "_", label.lower()).strip("_")
