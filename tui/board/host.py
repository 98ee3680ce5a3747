"""What psutil reads on any Linux host; on a Jetson the fallback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tui.board.source import Readings
from tui.core.events import Reading

SOURCE = "psutil"
MIB = 1024 * 1024


class HostBoard:
    """A source. CPU shares are over the time since the read before."""

    name = SOURCE

    def __init__(self, data_path: Path) -> None:
        self._data_path = data_path
        self._net: tuple[float, int, int] | None = None
        self._readers: tuple[tuple[Callable[[], Readings], tuple[str, ...]], ...] = (
            (self._cpu, ("cpu_percent", "cpu_mhz", "load_1m", "uptime_s")),
            (self._memory, ("ram_used_mb", "ram_total_mb", "swap_used_mb")),
            (self._heat, ("hottest_c",)),
            (self._network, ("net_rx_kbps", "net_tx_kbps")),
            (self._disk, ("disk_free_mb",)),
        )
        psutil.cpu_percent(percpu=True)

    def read(self) -> Readings:
        """Every gauge now; one that can't be read says why."""
        readings: Readings = {}
        for read, names in self._readers:
            try:
                readings.update(read())
            except Exception as error:  # psutil meets whatever a kernel writes
                why = f"{type(error).__name__}: {error}"
                readings |= {name: Reading(None, SOURCE, why) for name in names}
        return readings

    def _cpu(self) -> Readings:
        shares = psutil.cpu_percent(percpu=True)
        readings = {"cpu_percent": _value(sum(shares) / len(shares))}
        readings |= {f"cpu{core}_percent": _value(share) for core, share in enumerate(shares)}
        frequency = psutil.cpu_freq()
        readings["cpu_mhz"] = (
            _value(frequency.current)
            if frequency and frequency.current
            else Reading(None, SOURCE, "no cpufreq here")
        )
        readings["load_1m"] = _value(os.getloadavg()[0])
        readings["uptime_s"] = _value(time.time() - psutil.boot_time())
        return readings

    def _memory(self) -> Readings:
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return {
            "ram_used_mb": _value((memory.total - memory.available) / MIB),
            "ram_total_mb": _value(memory.total / MIB),
            "swap_used_mb": _value(swap.used / MIB),
        }

    def _heat(self) -> Readings:
        zones = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
        hottest = max(
            (entry.current for entries in zones.values() for entry in entries), default=None
        )
        if hottest is None:
            return {"hottest_c": Reading(None, SOURCE, "no sensor here")}
        return {"hottest_c": _value(hottest)}

    def _network(self) -> Readings:
        counters = psutil.net_io_counters(pernic=True)
        # Load on loopback would drown what goes over the wire.
        wired = [counter for name, counter in counters.items() if name != "lo"]
        now = (
            time.monotonic(),
            sum(counter.bytes_recv for counter in wired),
            sum(counter.bytes_sent for counter in wired),
        )
        before, self._net = self._net, now
        if before is None or now[0] <= before[0]:
            return {}
        seconds = now[0] - before[0]
        return {
            "net_rx_kbps": _value((now[1] - before[1]) * 8 / 1000 / seconds),
            "net_tx_kbps": _value((now[2] - before[2]) * 8 / 1000 / seconds),
        }

    def _disk(self) -> Readings:
        return {"disk_free_mb": _value(psutil.disk_usage(str(self._data_path)).free / MIB)}

    def trouble(self) -> str:
        """Nothing: each gauge says for itself what is wrong."""
        return ""

    def close(self) -> None:
        """Nothing is held."""


def _value(value: float) -> Reading:
    return Reading(value, SOURCE)
