"""An emulated Jetson Orin Nano Super: a tree of nodes that a reader takes for `/`.

Figures are made up to be plausible, except these, which are transcribed from real boards: the
names of zones, rails, cooling devices and power modes, L4T's version lines, the trips of the cpu
zone (99 throttles, 70 only warns of a hot surface, 104.5 shuts down), the memory's size, and the
clocks of idle and Super mode. Rights, timing and numbering of a real board are not emulated.

`python -m tests.lib.orin DIR` writes a tree; with `--live` its figures move until it is ended.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lib import orin_nodes as nodes

CORES = 6
UP_S = 86400.0
"""How long it has been up at first."""
TICKS_PER_S = 100


class OrinTree:
    """The board; its methods change what a reader sees, each node at once as a whole."""

    def __init__(self, path: Path, jetpack: str = "6.2") -> None:
        """Write the tree below `path` (it becomes `root`); `jetpack` is 6.2 or 7.2."""
        self.root = path
        self._fifos: list[int] = []
        self._ticks = [[1000 * (core + 1), 9000, 200] for core in range(CORES)]
        self._off: set[int] = set()
        self._hwmons: dict[str, str] = {}
        self._began_s, self._up_s = time.monotonic(), UP_S
        self._write_all(nodes.L4T_RELEASE[jetpack])

    def write(self, node: str, text: str | float) -> None:
        """Give a node another content; missing folders are made."""
        path = self._path(node)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_fifo():
            path.unlink()
        # Nobody may see half of it.
        fresh = self.root / ".fresh" if path.exists() else path
        fresh.write_text(text if isinstance(text, str) else f"{text}\n")
        if fresh != path:
            os.replace(fresh, path)

    def text(self, node: str) -> str:
        """What a node holds."""
        return self._path(node).read_text()

    def remove(self, node: str) -> None:
        """A node or a whole folder vanishes; a link goes, what it leads to stays."""
        path = self._path(node)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

    def have_fail(self, node: str, error: int = errno.EAGAIN) -> None:
        """Reading the node fails from now on: EAGAIN for real, EISDIR with a folder in its place.

        EAGAIN needs this process to live on: it holds the other end of a pipe.
        """
        path = self._path(node)
        if path.exists():
            self.remove(node)
        if error == errno.EISDIR:
            path.mkdir()
            return
        assert error == errno.EAGAIN, "only these two can be made without a kernel's help"
        os.mkfifo(path)
        self._fifos.append(os.open(path, os.O_RDWR | os.O_NONBLOCK))

    def close(self) -> None:
        """Let go of the nodes that fail with EAGAIN."""
        for fifo in self._fifos:
            os.close(fifo)
        self._fifos.clear()

    def zone(self, name: str) -> str:
        """Where a thermal zone stands: `tj` is `/sys/class/thermal/thermal_zone8`."""
        return f"/sys/class/thermal/thermal_zone{nodes.ZONES.index(name)}"

    def hwmon(self, name: str) -> str:
        """Where a sensor stands, by the name in it: `ina3221`, `pwmfan`, `soctherm_oc`."""
        return f"/sys/class/hwmon/{self._hwmons[name]}"

    def renumber(self, name: str, to: str) -> None:
        """A sensor gets another number, such as `hwmon9`, as after its driver was bound again."""
        old = self._path(self.hwmon(name))
        os.rename(old, old.with_name(to))
        self._hwmons[name] = to

    def set_temp(self, zone: str, celsius: float) -> None:
        """A zone's temperature; -256 is what a zone says that is switched off."""
        self.write(self.zone(zone) + "/temp", round(celsius * 1000))

    def set_temps(self, celsius: float) -> None:
        """All zones that are on (cv0 to cv2 are off), tj the hottest of them."""
        for zone in nodes.ZONES:
            if not zone.startswith("cv"):
                self.set_temp(zone, celsius if zone == "tj" else celsius - 0.5)

    def set_rail(self, label: str, mw: float, mv: float = 5000.0) -> None:
        """A rail's power, such as `VDD_IN`, at a voltage; the current follows."""
        self._channel(label, "in{}_input", round(mv))
        self._channel(label, "curr{}_input", round(mw * 1000 / mv))

    def set_rail_limit(self, label: str, critical_ma: int, warning_ma: int = 32760) -> None:
        """A rail's alarm lines; 32760 is no line."""
        self._channel(label, "curr{}_crit", critical_ma)
        self._channel(label, "curr{}_max", warning_ma)

    def set_alarm(self, label: str, line: str = "crit", is_on: bool = True) -> None:
        """A rail is over a line, `crit` or `max`, or not any more."""
        self._channel(label, "curr{}_" + line + "_alarm", int(is_on))

    def over_current(self, number: int, events: int = 1) -> None:
        """So many more events of OC1 (under-voltage), OC2 (average power), OC3 (over-current)."""
        node = f"{self.hwmon('soctherm_oc')}/oc{number}_event_cnt"
        self.write(node, int(self.text(node)) + events)
        self.pass_time()

    def pass_time(self) -> None:
        """Its clock goes on to now. It stands still while nobody moves a counter, as in a
        recording."""
        if self._path("/proc/uptime").is_symlink():
            return  # it leads to a clock that goes by itself
        self._up_s = max(self._up_s + 0.01, UP_S + time.monotonic() - self._began_s)
        self.write("/proc/uptime", f"{self._up_s:.2f} 500000.00\n")

    def set_gpu(self, percent: float, mhz: float = 612) -> None:
        """The GPU's load and clock."""
        self.write(nodes.GPU + "/load", round(percent * 10))
        self.write(nodes.GPU_CLOCK + "/cur_freq", round(mhz * 1e6))

    def set_clock(self, policy: int, mhz: float) -> None:
        """The clock of cores 0 to 3 (policy 0) or 4 and 5 (policy 4)."""
        self.write(f"{nodes.CPU}/cpufreq/policy{policy}/scaling_cur_freq", round(mhz * 1000))

    def pin_clocks(self, is_pinned: bool = True) -> None:
        """What jetson_clocks does: lowest and highest clock are the same; or undone."""
        for policy in nodes.POLICIES:
            folder = f"{nodes.CPU}/cpufreq/policy{policy}"
            highest = self.text(folder + "/scaling_max_freq")
            self.write(folder + "/scaling_min_freq", highest if is_pinned else 729600)
        highest = self.text(nodes.GPU_CLOCK + "/max_freq")
        self.write(nodes.GPU_CLOCK + "/min_freq", highest if is_pinned else 306_000_000)

    def work(self, percents: Sequence[float], seconds: float = 10.0) -> None:
        """So much time passes for the cores, each so busy; half of what is idle waits for I/O."""
        for core, percent in enumerate(percents):
            ticks, busy = seconds * TICKS_PER_S, seconds * TICKS_PER_S * percent / 100
            held = self._ticks[core]
            held[0] += round(busy)
            held[1] += round((ticks - busy) / 2)
            held[2] += round(ticks) - round(busy) - round((ticks - busy) / 2)
        self._write_ticks()
        self.pass_time()

    def cores_off(self, *cores: int) -> None:
        """Exactly these cores are switched off; none: all are on."""
        self._off = set(cores)
        for core in range(CORES):
            self.write(f"{nodes.CPU}/cpu{core}/online", int(core not in self._off))
        on = ",".join(str(core) for core in range(CORES) if core not in self._off)
        self.write(f"{nodes.CPU}/online", on + "\n")
        self._write_ticks()

    def set_power_mode(self, number: int) -> None:
        """0 is 15W, 1 is 25W, 2 is MAXN_SUPER, 3 is 7W; the highest clocks follow."""
        self.write("/var/lib/nvpmodel/status", f"pmode:{number:04d}\n")
        cpu_mhz, gpu_mhz = nodes.MODES[number][1:]
        for policy in nodes.POLICIES:
            folder = f"{nodes.CPU}/cpufreq/policy{policy}"
            self.write(folder + "/scaling_max_freq", cpu_mhz * 1000)
        self.write(nodes.GPU_CLOCK + "/max_freq", gpu_mhz * 1_000_000)

    def cool(self, device: str, state: int = 1) -> None:
        """A cooling device such as `cpu-throttle-alert` takes a state; 0: none."""
        number = list(nodes.COOLING).index(device)
        self.write(f"/sys/class/thermal/cooling_device{number}/cur_state", state)

    def set_fan(self, percent: float, rpm: int) -> None:
        """What the fan is asked for, and what it does."""
        self.write(self.hwmon("pwmfan") + "/pwm1", round(percent * 255 / 100))
        self.write(self.hwmon("pwm_tach") + "/rpm", rpm)

    def set_memory(self, used_mb: float, swap_used_mb: float = 0, nvmap_mb: float = 512) -> None:
        """Memory in use, of 7620 MiB and 3810 MiB of swap."""
        self.write("/proc/meminfo", nodes.meminfo(used_mb, swap_used_mb, nvmap_mb))

    def set_vmstat(self, pages_in: int = 0, pages_out: int = 0, oom_kills: int = 0) -> None:
        """Counters since the board started."""
        text = (
            f"nr_free_pages 90000\npswpin {pages_in}\npswpout {pages_out}\noom_kill {oom_kills}\n"
        )
        self.write("/proc/vmstat", text)
        self.pass_time()

    def set_pressure(self, name: str, some: float, full: float = 0.0) -> None:
        """PSI of `cpu`, `memory` or `io`: percent of the last ten seconds."""
        lines = [
            f"{kind} avg10={value:.2f} avg60=0.00 avg300=0.00 total=0\n"
            for kind, value in (("some", some), ("full", full))
        ]
        self.write(f"/proc/pressure/{name}", "".join(lines))

    def set_emc(self, percent: float, mhz: int) -> None:
        """The memory's bandwidth and clock."""
        self.write(nodes.EMC + "/rate", mhz * 1_000_000)
        self.write(nodes.DEBUG + "/cactmon/mc_all", round(percent * mhz * 1000))

    def set_network(self, rx: int, tx: int, errors: int = 0) -> None:
        """Bytes received and sent, and errors, on the wired link since the board started."""
        self.write("/proc/net/dev", nodes.net_dev(rx, tx, errors))
        self.pass_time()

    def set_link(self, mbps: int, duplex: str = "full") -> None:
        """What the wired link negotiated."""
        self.write("/sys/class/net/enP8p1s0/speed", mbps)
        self.write("/sys/class/net/enP8p1s0/duplex", duplex + "\n")

    def set_nvme(self, celsius: float) -> None:
        """The drive's temperature."""
        self.write(self.hwmon("nvme") + "/temp1_input", round(celsius * 1000))

    def _path(self, node: str) -> Path:
        return self.root / node.lstrip("/")

    def _channel(self, label: str, node: str, value: str | float) -> None:
        channel = nodes.RAILS.index(label) + 1
        self.write(f"{self.hwmon('ina3221')}/{node.format(channel)}", value)

    def _write_ticks(self) -> None:
        rows = {core: held for core, held in enumerate(self._ticks) if core not in self._off}
        self.write("/proc/stat", nodes.stat(rows))

    def _link(self, node: str, to: str) -> None:
        """As the kernel makes them: relative. The class folder leads to the device."""
        path = self._path(node)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(os.path.relpath(self._path(to), path.parent))

    def _write_all(self, release: str) -> None:
        for node, text in nodes.PLAIN.items():
            self.write(node, text)
        self.write("/etc/nv_tegra_release", release)
        for number, zone in enumerate(nodes.ZONES):
            folder = f"/sys/devices/virtual/thermal/thermal_zone{number}"
            self._write_folder(folder, nodes.zone(zone))
            self._link(f"/sys/class/thermal/thermal_zone{number}", folder)
        for number, (device, highest) in enumerate(nodes.COOLING.items()):
            folder = f"/sys/devices/virtual/thermal/cooling_device{number}"
            self._write_folder(folder, {"type": device, "cur_state": 0, "max_state": highest})
            self._link(f"/sys/class/thermal/cooling_device{number}", folder)
        for zone, trip, device in nodes.BOUND:
            number = nodes.ZONES.index(zone)
            folder = f"/sys/devices/virtual/thermal/thermal_zone{number}"
            bound = len(list(self._path(folder).glob("cdev*_trip_point")))
            self.write(f"{folder}/cdev{bound}_trip_point", trip)
            cooler = (
                f"/sys/devices/virtual/thermal/cooling_device{list(nodes.COOLING).index(device)}"
            )
            self._link(f"{folder}/cdev{bound}", cooler)
        for number, (name, place, content) in enumerate(nodes.HWMONS):
            folder = f"{place}/hwmon/hwmon{number}"
            self._write_folder(folder, {"name": name, **content})
            self._link(f"/sys/class/hwmon/hwmon{number}", folder)
            self._hwmons[name] = f"hwmon{number}"
        self._link("/sys/class/devfreq/17000000.gpu", nodes.GPU_CLOCK)
        self._link(nodes.GPU_CLOCK + "/device", nodes.GPU)
        self._link("/sys/class/nvme/nvme0/device", nodes.NVME)
        self._path("/proc/device-tree").symlink_to("/sys/firmware/devicetree/base")
        self._path("/etc/nvpmodel.conf").symlink_to("/etc/nvpmodel/nvpmodel_p3767_0003_super.conf")
        self.cores_off()
        self.set_power_mode(2)
        self.set_memory(1343, 165)
        self.set_vmstat()
        for name in ("cpu", "memory", "io"):
            self.set_pressure(name, 0.0)
        self.set_temps(49.5)
        for label, mw in zip(nodes.RAILS, (5251, 512, 2720), strict=True):
            self.set_rail(label, mw)
        self.set_gpu(0, 306)
        self.set_fan(30.2, 1636)
        self.set_emc(15, 204)
        self.set_network(1_000_000, 500_000)

    def _write_folder(self, folder: str, content: Mapping[str, str | float]) -> None:
        for name, value in content.items():
            self.write(f"{folder}/{name}", f"{value}\n")


if __name__ == "__main__":
    from tests.lib.orin_live import live

    given = argparse.ArgumentParser(description="An emulated board as a tree of nodes.")
    given.add_argument("path", type=Path)
    given.add_argument("--live", action="store_true", help="its figures move until it is ended")
    asked = given.parse_args()
    emulated = OrinTree(asked.path)
    if asked.live:
        live(emulated)
