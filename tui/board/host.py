"""What psutil reads on any Linux host; on a Jetson the fallback."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tui.board.beside import Beside
from tui.board.source import Readings
from tui.core.events import Reading
from tui.core.gauges import is_of_the_board

SOURCE = "psutil"
LINKS = Path("/sys/class/net")
MIB = 1024 * 1024
HEAT_S = 1.0
DISK_S = 5.0
COLDEST_C, HOTTEST_C = -40.0, 150.0
"""What a sensor says outside of this is its way to say that it is off."""


class HostBoard:
    """A source. Shares and rates are over the time since the read before. Sensors and the disk
    can block, so they are read beside."""

    name = SOURCE

    def __init__(self, data_path: Path) -> None:
        self._data_path = data_path
        self._net: tuple[float, frozenset[str], int, int] | None = None
        self._readers: tuple[tuple[Callable[[], Readings], tuple[str, ...]], ...] = (
            (self._cpu, ("cpu_percent", "load_1m", "uptime_s")),
            (_clocks, ("cpu_mhz",)),
            (_memory, ("ram_used_mb", "ram_total_mb", "swap_used_mb")),
            (self._network, ("net_rx_kbps", "net_tx_kbps", "net_errors")),
        )
        self._beside = (
            Beside("sensors", lambda: _guarded(_heat, ("hottest_c",)), HEAT_S),
            Beside("disk", lambda: _guarded(self._disk, ("disk_free_mb",)), DISK_S),
        )
        psutil.cpu_percent(percpu=True)

    def read(self) -> Readings:
        """Every gauge now; one that can't be read says why."""
        readings: Readings = {}
        for read, names in self._readers:
            readings |= _guarded(read, names)
        for beside in self._beside:
            readings |= beside.read()
        return readings

    def _cpu(self) -> Readings:
        shares = psutil.cpu_percent(percpu=True)
        readings = {"cpu_percent": _value(sum(shares) / len(shares))}
        readings |= {f"cpu{core}_percent": _value(share) for core, share in enumerate(shares)}
        readings["load_1m"] = _value(os.getloadavg()[0])
        readings["uptime_s"] = _value(time.clock_gettime(time.CLOCK_BOOTTIME))
        return readings

    def _network(self) -> Readings:
        counters = psutil.net_io_counters(pernic=True)
        # A bridge or a container's link counts the same bytes again. Load on loopback would drown
        # what goes over the wire.
        names = [name for name in counters if (LINKS / name / "device").exists()]
        names = names or [name for name in counters if name != "lo"]
        wired = [counters[name] for name in names]
        now = (
            time.monotonic(),
            frozenset(names),
            sum(counter.bytes_recv for counter in wired),
            sum(counter.bytes_sent for counter in wired),
        )
        errors = sum(
            counter.errin + counter.errout + counter.dropin + counter.dropout for counter in wired
        )
        readings = {"net_errors": _value(errors)}
        before, self._net = self._net, now
        if before is not None and now[1] != before[1]:
            changed = Reading(None, SOURCE, "other links than before")
            readings |= {"net_rx_kbps": changed, "net_tx_kbps": changed}
        elif before is not None and now[0] > before[0]:
            seconds = now[0] - before[0]
            readings["net_rx_kbps"] = _value((now[2] - before[2]) * 8 / 1000 / seconds)
            readings["net_tx_kbps"] = _value((now[3] - before[3]) * 8 / 1000 / seconds)
        return readings

    def _disk(self) -> Readings:
        disk = psutil.disk_usage(str(self._data_path))
        return {"disk_free_mb": _value(disk.free / MIB, limit=disk.total / MIB or None)}

    def trouble(self) -> str:
        """What hangs beside the samples; each other gauge says for itself what is wrong."""
        said = ((beside.name, beside.trouble()) for beside in self._beside)
        return "; ".join(f"{name} {trouble}" for name, trouble in said if trouble)

    def close(self) -> None:
        """End the threads that read beside."""
        for beside in self._beside:
            beside.close()


def _guarded(read: Callable[[], Readings], names: tuple[str, ...]) -> Readings:
    try:
        return read()
    except Exception as error:  # psutil meets whatever a kernel writes
        why = f"{type(error).__name__}: {error}"
        return {name: Reading(None, SOURCE, why) for name in names}


def _clocks() -> Readings:
    cores = psutil.cpu_freq(percpu=True) if hasattr(psutil, "cpu_freq") else []
    fastest = max(cores or [], key=lambda core: core.current, default=None)
    if fastest is None or not fastest.current:
        return {"cpu_mhz": Reading(None, SOURCE, "no cpufreq here")}
    return {"cpu_mhz": _value(fastest.current, limit=fastest.max or None)}


def _memory() -> Readings:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    total_mb = memory.total / MIB
    return {
        "ram_used_mb": _value(total_mb - memory.available / MIB, limit=total_mb),
        "ram_total_mb": _value(total_mb),
        "swap_used_mb": _value(swap.used / MIB, limit=swap.total / MIB),
    }


def _heat() -> Readings:
    """The hottest entry of each sensor chip by the chip's name, and the board's own hottest."""
    chips = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
    zones: Readings = {}
    for chip, entries in chips.items():
        for entry in entries:
            if not COLDEST_C < entry.current < HOTTEST_C:
                continue
            limits = (_trip(entry.high), _trip(entry.critical))
            name, text = f"{_slug(chip)}_c", entry.label or chip
            reading = Reading(entry.current, SOURCE, text=text, limit=limits[0], critical=limits[1])
            known = zones.get(name)
            if known is None or (known.value or 0.0) < entry.current:
                zones[name] = reading
    own = [name for name in zones if is_of_the_board(name)]
    if not own:
        why = "no sensor of the board's own" if zones else "no sensor here"
        return {**zones, "hottest_c": Reading(None, SOURCE, why)}
    hottest = max(own, key=lambda name: zones[name].value or 0.0)
    return {**zones, "hottest_c": _hottest(hottest, zones[hottest])}


def _hottest(name: str, reading: Reading) -> Reading:
    return Reading(
        reading.value,
        SOURCE,
        text=name.removesuffix("_c"),
        limit=reading.limit,
        critical=reading.critical,
    )


def _trip(degrees_c: float | None) -> float | None:
    """A threshold; drivers write 0 or absurd heights where they have none."""
    return degrees_c if degrees_c and 0 < degrees_c < HOTTEST_C else None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "zone"


def _value(value: float, limit: float | None = None) -> Reading:
    return Reading(float(value), SOURCE, limit=limit)
