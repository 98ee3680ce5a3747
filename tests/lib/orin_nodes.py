"""What stands in the nodes of the emulated board at its start; `orin` says what of it is real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ZONES = ["cpu", "gpu", "cv0", "cv1", "cv2", "soc0", "soc1", "soc2", "tj"]
RAILS = ["VDD_IN", "VDD_CPU_GPU_CV", "VDD_SOC"]
POLICIES = {0: "0 1 2 3", 4: "4 5"}
MODES = [("15W", 1497, 612), ("25W", 1344, 918), ("MAXN_SUPER", 1728, 1020), ("7W", 960, 408)]
"""Name, highest MHz of CPU and of GPU; the number of a mode is its place."""
L4T_RELEASE = {
    "6.2": "# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64\n",
    "7.2": "# R39 (release), REVISION: 2.0, GCID: 43210000, BOARD: generic, EABI: aarch64\n",
}
COOLING = {
    "pwm-fan": 4,
    "cpufreq-cpu0": 28,
    "cpufreq-cpu4": 28,
    "devfreq-17000000.gpu": 10,
    "cpu-throttle-alert": 2,
    "gpu-throttle-alert": 2,
    "cv0-throttle-alert": 2,
    "cv1-throttle-alert": 2,
    "cv2-throttle-alert": 2,
    "soc0-throttle-alert": 2,
    "soc1-throttle-alert": 2,
    "soc2-throttle-alert": 2,
    "hot-surface-alert": 2,
}
BOUND = [
    *((zone, 0, f"{zone}-throttle-alert") for zone in ZONES if zone != "tj"),
    *((zone, 2, "hot-surface-alert") for zone in ZONES if zone != "tj"),
    ("cpu", 0, "cpufreq-cpu0"),
    ("cpu", 0, "cpufreq-cpu4"),
    ("gpu", 0, "devfreq-17000000.gpu"),
    ("tj", 1, "pwm-fan"),
    ("tj", 2, "pwm-fan"),
]
"""Zone, trip, and the cooling device that acts at it."""

CPU = "/sys/devices/system/cpu"
GPU = "/sys/devices/platform/bus@0/17000000.gpu"
GPU_CLOCK = GPU + "/devfreq/17000000.gpu"
NVME = "/sys/devices/platform/bus@0/14160000.pcie/pci0004:00/0004:00:00.0/0004:01:00.0"
DEBUG = "/sys/kernel/debug"
EMC = DEBUG + "/bpmp/debug/clk/emc"
BUS = "/sys/devices/platform/bus@0"

Content = Mapping[str, str | float]
PARTS: list[tuple[str, str, Content]] = [
    (
        "nvme",
        f"{NVME}/nvme/nvme0",
        {"temp1_label": "Composite", "temp1_input": 41850, "temp1_max": 84850, "temp1_crit": 87850},
    ),
    ("pwmfan", "/sys/devices/platform/pwm-fan", {"pwm1": 77, "pwm1_enable": 1}),
    ("pwm_tach", f"{BUS}/39c0000.tachometer", {"rpm": 1636}),
    (
        "soctherm_oc",
        "/sys/devices/platform/soctherm-oc-event",
        {
            f"oc{number}_{node}": value
            for number in (1, 2, 3)
            for node, value in (("event_cnt", 0), ("throt_en", 1))
        },
    ),
]


def _policy(related: str) -> dict[str, str | float]:
    return {
        "affected_cpus": related + "\n",
        "related_cpus": related + "\n",
        "scaling_cur_freq": 729600,
        "scaling_min_freq": 729600,
        "scaling_max_freq": 1728000,
        "cpuinfo_max_freq": 1728000,
        "cpuinfo_min_freq": 115200,
        "scaling_governor": "schedutil\n",
    }


def _ina3221() -> dict[str, str | float]:
    nodes: dict[str, str | float] = {"in7_label": "sum of shunt voltages", "in7_input": 60}
    for channel, label in enumerate(RAILS, 1):
        nodes |= {
            f"in{channel}_label": label,
            f"in{channel}_input": 5000,
            f"in{channel}_enable": 1,
            f"curr{channel}_input": 100,
            f"curr{channel}_max": 32760,
            f"curr{channel}_crit": 4984 if label == "VDD_IN" else 32760,
            f"curr{channel}_max_alarm": 0,
            f"curr{channel}_crit_alarm": 0,
        }
    return nodes


HWMONS: list[tuple[str, str, Content]] = [
    *PARTS,
    ("ina3221", f"{BUS}/c240000.i2c/i2c-1/1-0040", _ina3221()),
]


def zone(name: str) -> dict[str, str | float]:
    """A thermal zone's nodes. cv0 to cv2 say -256, as where nothing powers them."""
    nodes: dict[str, str | float] = {"type": f"{name}-thermal", "temp": -256000}
    trips = [(99000, "passive"), (104500, "critical"), (70000, "passive")]
    if name == "tj":
        # Its passive trip is elsewhere: user space cools here, at trips of its own.
        trips = [(104500, "critical"), (74000, "active"), (95000, "active")]
    for number, (temp, kind) in enumerate(trips):
        nodes |= {f"trip_point_{number}_temp": temp, f"trip_point_{number}_type": kind}
    return nodes


def meminfo(used_mb: float, swap_used_mb: float, nvmap_mb: float) -> str:
    """`/proc/meminfo` of a board with 7620 MiB and 3810 MiB of swap."""
    total, swap = 7620 * 1024, 3810 * 1024
    free = round(total - used_mb * 1024)
    rows = {
        "MemTotal": total,
        "MemFree": free // 2,
        "MemAvailable": free,
        "Buffers": 40000,
        "Cached": free // 3,
        "SwapCached": 3072,
        "SwapTotal": swap,
        "SwapFree": round(swap - swap_used_mb * 1024),
        "NvMapMemFree": 0,
        "NvMapMemUsed": round(nvmap_mb * 1024),
    }
    return "".join(f"{name + ':':<16}{value:>8} kB\n" for name, value in rows.items())


def stat(rows: Mapping[int, Sequence[int]]) -> str:
    """`/proc/stat`: busy, idle and waiting ticks of the cores that are online."""

    def line(name: str, busy: int, idle: int, waiting: int) -> str:
        return f"{name} {busy} 0 0 {idle} {waiting} 0 0 0 0 0\n"

    total = [sum(row[column] for row in rows.values()) for column in range(3)]
    cores = "".join(line(f"cpu{core}", *row) for core, row in rows.items())
    return line("cpu ", *total) + cores + "intr 1 2 3\nctxt 12345\nbtime 1760000000\n"


def net_dev(rx: int, tx: int, errors: int) -> str:
    """`/proc/net/dev` with loopback, the wired link and a wireless one."""
    head = (
        "Inter-|   Receive                                                |  Transmit\n"
        " face |bytes    packets errs drop fifo frame compressed multicast"
        "|bytes    packets errs drop fifo colls carrier compressed\n"
    )
    return (
        head
        + f"    lo: {rx * 7} 10 0 0 0 0 0 0 {rx * 7} 10 0 0 0 0 0 0\n"
        + f"enP8p1s0: {rx} 1000 {errors} 0 0 0 0 0 {tx} 900 0 0 0 0 0 0\n"
        + "wlP1p1s0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    )


ROUTE = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "wlP1p1s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "enP8p1s0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "enP8p1s0\t0000000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
)

PLAIN: dict[str, str | float] = {
    "/sys/firmware/devicetree/base/model": (
        "NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super\0"
    ),
    "/etc/nvpmodel/nvpmodel_p3767_0003_super.conf": (
        "# the part of a real file that names the modes\n"
        + "".join(
            f"< POWER_MODEL ID={number} NAME={name} >\nCPU_A78_0 MAX_FREQ {cpu * 1000}\n\n"
            for number, (name, cpu, _) in enumerate(MODES)
        )
        + "# mandatory section to configure the default power mode\n< PM_CONFIG DEFAULT=1 >\n"
    ),
    "/proc/net/route": ROUTE,
    "/proc/loadavg": "0.42 0.31 0.20 1/345 6789\n",
    "/proc/uptime": "86400.00 500000.00\n",
    "/sys/class/net/enP8p1s0/speed": 1000,
    "/sys/class/net/enP8p1s0/duplex": "full\n",
    "/sys/class/net/enP8p1s0/operstate": "up\n",
    "/sys/class/net/enP8p1s0/device/vendor": "0x10ec\n",
    "/sys/class/net/wlP1p1s0/device/vendor": "0x10ec\n",
    f"{CPU}/present": "0-5\n",
    f"{CPU}/possible": "0-5\n",
    f"{GPU}/load": 0,
    f"{GPU}/of_node/name": "gpu\0",
    f"{GPU_CLOCK}/cur_freq": 306_000_000,
    f"{GPU_CLOCK}/min_freq": 306_000_000,
    f"{GPU_CLOCK}/max_freq": 1_020_000_000,
    f"{GPU_CLOCK}/governor": "nvhost_podgov\n",
    f"{NVME}/current_link_speed": "8.0 GT/s PCIe\n",
    f"{NVME}/max_link_speed": "8.0 GT/s PCIe\n",
    f"{NVME}/current_link_width": 4,
    f"{NVME}/max_link_width": 4,
    f"{EMC}/rate": 204_000_000,
    f"{EMC}/max_rate": 3_199_000_000,
    f"{EMC}/min_rate": 204_000_000,
    **{
        f"{DEBUG}/clk/{engine}/clk_rate": 524_800_000 for engine in ("nvdec", "nvjpg", "vic", "ofa")
    },
    **{f"{DEBUG}/clk/{engine}/clk_enable_count": 0 for engine in ("nvdec", "nvjpg", "vic", "ofa")},
    **{
        f"/sys/block/zram{number}/mm_stat": "40960 4096 65536 0 65536 0 0 0 0\n"
        for number in range(6)
    },
    **{
        f"{CPU}/cpufreq/policy{policy}/{node}": value
        for policy, related in POLICIES.items()
        for node, value in _policy(related).items()
    },
}
