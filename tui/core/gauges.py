"""The board's gauges by name: what each is, and in which unit."""

from __future__ import annotations

import re

GAUGES: dict[str, str] = {
    "gpu_percent": "load of the GPU",
    "gpu_mhz": "clock of the GPU; its limit is the highest that the power mode allows",
    "gpu_floor_mhz": "lowest clock that the GPU may take",
    "gpu_memory_mb": "memory of a GPU that has its own",
    "gpu_power_mw": "power of a GPU that has its own sensor",
    "gpu_throttle": "why the GPU's driver holds its clocks down (a bit mask; the text names it)",
    "cpu_percent": "load of all cores that are online",
    "cpu{n}_percent": "load of one core",
    "cpu{n}_mhz": "clock of one core; its limit is the highest that the power mode allows",
    "cpu_mhz": "highest clock of all cores",
    "cpu_floor_mhz": "lowest clock that the cores may take",
    "cores_offline": "cores that are switched off",
    "clocks_pinned": "1: lowest and highest clock of CPU and GPU are the same (jetson_clocks)",
    "power_mode": "number of the power mode; the text is its name",
    "ram_used_mb": "memory that is not available; its limit is all there is",
    "ram_total_mb": "all memory",
    "nvmap_used_mb": "memory that the GPU and the video engines hold, part of the same memory",
    "swap_used_mb": "swap in use; its limit is all there is",
    "zram_used_mb": "memory that compressed swap takes itself",
    "swap_mb_per_s": "memory moved to and from swap",
    "cpu_psi_percent": "share of ten seconds in which something waited for a core",
    "memory_psi_percent": "share of ten seconds in which something waited for memory",
    "memory_psi_full_percent": "share of ten seconds in which everything waited for memory",
    "io_psi_percent": "share of ten seconds in which something waited for the disk",
    "oom_kills": "processes that the kernel ended for want of memory, since the board started",
    "kernel_errors": "serious messages of the kernel since it is watched; the text is the newest",
    "emc_percent": "use of the memory's bandwidth",
    "emc_mhz": "clock of the memory; its limit is the highest",
    "{zone}_c": "temperature of a zone; limit: lowest passive trip, critical: critical trip",
    "hottest_c": "the hottest of all zones, with its own trips",
    "{rail}_mw": "power of a rail; its limit follows from the rail's critical current",
    "{rail}_mv": "voltage of a rail",
    "{rail}_ma": "current of a rail; limit and critical are the sensor's own alarm lines",
    "{rail}_alarm": "1: the sensor says that the rail is over a line",
    "fan_percent": "what the fan is asked for",
    "fan_rpm": "how fast the fan turns",
    "oc{n}_events": "times the board held its clocks back since it started: 1 under-voltage, "
    "2 average power, 3 over-current",
    "oc{n}_per_s": "the same in the last seconds",
    "cooling_{device}": "state of a cooling device; its limit is its highest",
    "nvme_c": "temperature of the NVMe drive",
    "nvme_lanes": "PCIe lanes in use; its limit is what the drive can",
    "nvme_gts": "PCIe speed in use, in GT/s; its limit is what the drive can",
    "{engine}_mhz": "clock of a video engine (nvdec, nvenc, nvjpg, vic, ofa, dla)",
    "{engine}_percent": "load of a video engine",
    "net_link_mbps": "speed that the network link negotiated; the text names it",
    "net_rx_kbps": "received over all links with a device behind them",
    "net_tx_kbps": "sent over all links with a device behind them",
    "net_errors": "errors and drops on those links, since the board started",
    "disk_free_mb": "free space where jetproof keeps its data; its limit is all there is",
    "scratch_free_mb": "free space where burners write, where that is another disk; its limit is "
    "all there is",
    "disk_read_mb_per_s": "read from that disk",
    "disk_write_mb_per_s": "written to that disk",
    "load_1m": "load average of a minute",
    "uptime_s": "since the board started",
    "service_processes": "processes of the service; the text names them",
    "service_cpu_percent": "of one core",
    "service_rss_mb": "resident memory, shared pages counted in each process",
    "service_pss_mb": "memory that is the service's own share",
    "service_vms_mb": "address space",
    "service_gpu_mb": "memory that the GPU holds for it",
    "service_threads": "threads",
    "service_descriptors": "open files and sockets",
    "service_connections": "open TCP connections",
    "service_read_mb_per_s": "read from disks",
    "service_write_mb_per_s": "written to disks",
    "service_restarts": "times its main process was another than before, since it is watched",
    "service_oom_kills": "of its processes, ended by the kernel for want of memory, since watched",
    "service_journal_errors": "entries of level error in its journal, since it is watched",
    "console_cpu_percent": "what the engine and its screen cost, of one core",
    "console_rss_mb": "resident memory of the engine",
    "generator_cpu_percent": "what the load's workers cost, of one core",
    "feed_cpu_percent": "what reading through jtop costs, its service left out, of one core",
    "health_ms": "how long the target's health check takes, beside the load",
}

UNITS = {
    "percent": "%",
    "per_s": "/s",
    "mb_per_s": "MiB/s",
    "c": "°C",
    "mhz": "MHz",
    "mb": "MiB",
    "mw": "mW",
    "mv": "mV",
    "ma": "mA",
    "rpm": "rpm",
    "kbps": "kb/s",
    "mbps": "Mb/s",
    "gts": "GT/s",
    "ms": "ms",
    "s": "s",
}
"""What the last part of a gauge's name means; the longest that fits counts."""
_UNIT = re.compile("_(mb_per_s|per_s|" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")$")
_PARTS = {
    "{n}": r"\d+",
    "{engine}": r"(nvdec|nvenc|nvjpg|vic|ofa|dla|pva)[a-z0-9_]*",
    "{zone}": r"[a-z0-9_]+",
    "{rail}": r"[a-z0-9_]+",
    "{device}": r"[a-z0-9_]+",
}


def _pattern(name: str) -> re.Pattern[str]:
    for part, meant in _PARTS.items():
        name = name.replace(part, meant)
    return re.compile(name)


_NAMES = [(_pattern(name), name) for name in GAUGES if "{" in name]


_GUESTS = re.compile(
    r"nvme|drivetemp|spd5118|jc42|ee1004|iwlwifi|ath\d|mt7\d|rtw|rtl\d|r8\d|bat\d"
    r"|ixgbe|i40e|ice_|igb|tg3|bnxt|mlx|sfp"
)
"""Chips of drives, memory modules, radios, network cards and batteries."""


def is_of_the_board(zone: str) -> bool:
    """Whether a temperature is of the board, its processor or GPU, and not of what is plugged in:
    that has limits of its own, and nothing slows down for them."""
    return not _GUESTS.match(zone)


def unit_of(gauge: str) -> str:
    """The unit of a gauge's figures: `°C`, `MHz`; empty for counts and states."""
    found = _UNIT.search(gauge)
    return UNITS[found.group(1)] if found else ""


def meaning_of(gauge: str) -> str:
    """What a gauge is, in words; empty for an unknown name."""
    if gauge in GAUGES:
        return GAUGES[gauge]
    return next((GAUGES[name] for known, name in _NAMES if known.fullmatch(gauge)), "")


def label_of(gauge: str) -> str:
    """A gauge's name as a screen shows it, without its unit: `tj`, `vdd in`."""
    return _UNIT.sub("", gauge).replace("_", " ")
