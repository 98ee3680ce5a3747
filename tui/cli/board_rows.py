"""The board's gauges as rows of a table, by groups. Pure: readings in, words out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from tui.cli.board_sheet import Sheet, clock, headroom, of_limit, watts
from tui.core.events import Reading
from tui.core.format import count, counted, fixed
from tui.core.gauge_figure import figure
from tui.core.gauges import label_of
from tui.core.heat_signs import is_brake
from tui.core.power_signs import OVER_CURRENT
from tui.core.rails import whole_rail

ENGINES = ("nvdec", "nvenc", "nvjpg", "vic", "ofa", "dla")
CORES_IN_A_ROW = 8


class Row(msgspec.Struct, frozen=True):
    """One line: what it is, its figures, and where they come from."""

    group: str
    label: str
    said: str
    source: str
    ink: str = ""
    """`ok`, `warn` or `bad`; empty: nothing special."""


def rows_of(readings: Mapping[str, Reading]) -> tuple[Row, ...]:
    """Everything that has a value, each gauge in one row."""
    sheet = Sheet(readings)
    return tuple(
        Row(group, label, said, source, ink)
        for group, rows in _GROUPS.items()
        for label, said, source, ink in rows(sheet)
        if said
    )


def unread_of(readings: Mapping[str, Reading]) -> dict[str, list[str]]:
    """Why gauges can't be read, and which those are."""
    unread: dict[str, list[str]] = {}
    for name, reading in readings.items():
        if reading.value is None:
            unread.setdefault(reading.why or "no reason told", []).append(name)
    return unread


def why_throttling_is_unknown(readings: Mapping[str, Reading]) -> str:
    """What keeps everybody from telling whether the board holds itself back."""
    for name, reading in readings.items():
        if name.startswith("oc") and name.endswith(("_per_s", "_events")) and reading.why:
            return reading.why
    return "nothing here tells (no over-current counter, no cooling device)"


def brief_of(readings: Mapping[str, Reading]) -> str:
    """The board in one line: `GPU 74 % 918 MHz  CPU 43 %  RAM 4 910/7 620 MiB  tj 71.4 °C`."""
    sheet = Sheet(readings)
    hottest = "tj_c" if "tj_c" in sheet.known else "hottest_c"
    heat_label = "tj" if hottest == "tj_c" else "hottest"
    rail = whole_rail(sheet.known)
    ram_mb = sheet.limit("ram_used_mb") or sheet.value("ram_total_mb")
    total = f"/{count(ram_mb)}" if ram_mb else ""
    used = sheet.value("ram_used_mb")
    parts = (
        ("GPU", " ".join(filter(None, (sheet.said("gpu_percent"), sheet.said("gpu_mhz"))))),
        ("CPU", sheet.said("cpu_percent")),
        ("RAM", "" if used is None else f"{count(used)}{total} MiB"),
        (heat_label, sheet.said(hottest)),
        (label_of(rail), watts(sheet.value(f"{rail}_mw"))),
        ("fan", sheet.said("fan_percent")),
        ("health", sheet.said("health_ms") or "fails" * ("health_ms" in readings)),
    )
    return "  ".join(f"{label} {said}" for label, said in parts if said)


def brakes_of(known: Iterable[str]) -> list[str]:
    """Of the gauges that have a value, the cooling devices that hold something back."""
    return [name for name in known if is_brake(name)]


_Rows = Iterator[tuple[str, str, str, str]]


def _gpu(sheet: Sheet) -> _Rows:
    yield "load", sheet.said("gpu_percent"), sheet.source("gpu_percent"), ""
    yield "clock", clock(sheet, "gpu"), sheet.source("gpu_mhz"), ""
    for label, name in (("memory", "gpu_memory_mb"), ("power", "gpu_power_mw")):
        yield label, of_limit(sheet, name), sheet.source(name), ""
    held = sheet.value("gpu_throttle")
    if held is not None:
        said = sheet.text("gpu_throttle") or "held back" if held else "nothing"
        yield "held back by", said, sheet.source("gpu_throttle"), "warn" if held else ""


def _cpu(sheet: Sheet) -> _Rows:
    yield "load", sheet.said("cpu_percent"), sheet.source("cpu_percent"), ""
    cores = [
        name for name in sheet.ending("_percent") if name[3:-8].isdigit() and name[:3] == "cpu"
    ]
    for first in range(0, len(cores), CORES_IN_A_ROW):
        some = cores[first : first + CORES_IN_A_ROW]
        shares = "".join(f"{fixed(sheet.value(name) or 0):>5}" for name in some)
        label = f"cores {first} to {first + len(some) - 1}"
        yield label, f"{shares.lstrip()} %", sheet.source(some[0]), ""
    yield "clock", clock(sheet, "cpu"), sheet.source("cpu_mhz"), ""
    clocks = [name for name in sheet.ending("_mhz") if name[:3] == "cpu" and name[3:-4].isdigit()]
    each = {sheet.value(name) for name in clocks}
    if len(each) > 1:
        spread = f"{count(min(filter(None, each), default=0))} to {count(max(filter(None, each)))}"
        yield "each core", f"{spread} MHz", sheet.source(clocks[0]), ""
    offline = sheet.value("cores_offline")
    if offline:
        yield "switched off", counted(int(offline), "core"), sheet.source("cores_offline"), "warn"
    yield "load average", sheet.said("load_1m"), sheet.source("load_1m"), ""
    yield "waits", sheet.said("cpu_psi_percent"), sheet.source("cpu_psi_percent"), ""


def _memory(sheet: Sheet) -> _Rows:
    sheet.value("ram_total_mb")
    yield "used", of_limit(sheet, "ram_used_mb"), sheet.source("ram_used_mb"), ""
    yield "held by GPU", sheet.said("nvmap_used_mb"), sheet.source("nvmap_used_mb"), ""
    yield "swap", of_limit(sheet, "swap_used_mb"), sheet.source("swap_used_mb"), ""
    yield "swap moved", sheet.said("swap_mb_per_s"), sheet.source("swap_mb_per_s"), ""
    yield "zram takes", sheet.said("zram_used_mb"), sheet.source("zram_used_mb"), ""
    bandwidth = sheet.said("emc_percent")
    both = ", ".join(filter(None, (bandwidth, clock(sheet, "emc"))))
    yield "bandwidth", both, sheet.source("emc_percent", "emc_mhz"), ""
    waits = [sheet.said(f"memory_psi_{kind}percent") for kind in ("", "full_")]
    said = f"{waits[0]} some, {waits[1]} everything" if all(waits) else waits[0]
    yield "waits", said, sheet.source("memory_psi_percent"), ""
    kills = sheet.value("oom_kills")
    if kills is not None:
        yield "OOM kills", f"{count(kills)} since the start", sheet.source("oom_kills"), ""


def _heat(sheet: Sheet) -> _Rows:
    zones = [name for name in sheet.ending("_c") if name not in ("hottest_c", "nvme_c")]
    hottest = sheet.value("hottest_c")
    if not zones and hottest is not None:
        zones = ["hottest_c"]
    # The board's own headline first, then from hot to cool.
    for name in sorted(zones, key=lambda zone: (zone != "tj_c", -sheet.known[zone][1])):
        said, ink = headroom(sheet, name)
        yield label_of(name), said, sheet.source(name), ink


def _power(sheet: Sheet) -> _Rows:
    for name in sheet.ending("_mw"):
        rail = name.removesuffix("_mw")
        value, limit = sheet.value(name), sheet.limit(name)
        parts = [watts(value)]
        if limit and value is not None:
            parts.append(f"{fixed(value / limit * 100)} % of {watts(limit)}")
        parts += [
            f"{fixed(part / 1000, 2)} {unit}"
            for unit, part in (("V", sheet.value(f"{rail}_mv")), ("A", sheet.value(f"{rail}_ma")))
            if part is not None
        ]
        alarm = sheet.value(f"{rail}_alarm")
        if alarm:
            parts.append("ALARM")
        yield label_of(rail), ", ".join(parts), sheet.source(name), "bad" if alarm else ""
    for name in sheet.ending("_mv", "_ma", "_alarm"):
        yield label_of(name), sheet.said(name), sheet.source(name), ""


def _fan(sheet: Sheet) -> _Rows:
    asked, turns = sheet.value("fan_percent"), sheet.said("fan_rpm")
    parts = [f"asked for {figure('fan_percent', asked)}"] if asked is not None else []
    parts += [f"turns at {turns}"] if turns else []
    stalled = bool(asked) and sheet.value("fan_rpm") == 0
    ink = "bad" if stalled else ""
    yield "fan", ", ".join(parts), sheet.source("fan_percent", "fan_rpm"), ink


def _over_current(sheet: Sheet) -> _Rows:
    for name in [each for each in sheet.ending("_events") if each.startswith("oc")]:
        number = name[2:-7]
        what = OVER_CURRENT.get(int(number), "") if number.isdigit() else ""
        events = sheet.value(name) or 0
        rate = sheet.said(f"oc{number}_per_s")
        figures = ", ".join(filter(None, (rate, f"{count(events)} since the start")))
        said = f"{what}: {figures}".removeprefix(": ")
        yield f"oc{number}", said, sheet.source(name), "warn" if events and number == "1" else ""


def _cooling(sheet: Sheet) -> _Rows:
    devices = [name for name in sheet.known if name.startswith("cooling_")]
    states = {name: sheet.value(name) or 0 for name in devices}
    active = [name for name in devices if states[name] > 0]
    for name in active:
        most = sheet.limit(name)
        said = f"{count(states[name])} of {count(most)}" if most else count(states[name])
        is_held = is_brake(name)
        label = label_of(name.removeprefix("cooling_").removesuffix("_alert"))
        yield label, said + ", holds back" * is_held, sheet.source(name), "warn" if is_held else ""
    brakes = brakes_of(sheet.known)
    if brakes and not any(name in active for name in brakes):
        # The same devices that the verdict counts: a warning of a hot surface holds nothing back.
        yield "devices", f"none of {len(brakes)} holds back", sheet.source(brakes[0]), ""
    elif devices and not active:
        yield "devices", f"none of {len(devices)} is active", sheet.source(devices[0]), ""


def _clocks(sheet: Sheet) -> _Rows:
    mode = sheet.value("power_mode")
    if mode is not None:
        said = sheet.text("power_mode") or f"number {count(mode)}"
        yield "power mode", said, sheet.source("power_mode"), ""
    pinned = sheet.value("clocks_pinned")
    if pinned is not None:
        said = "yes (jetson_clocks)" if pinned else "no"
        yield "pinned", said, sheet.source("clocks_pinned"), ""
    engines = [name for name in sheet.ending("_mhz") if name.startswith(ENGINES)]
    for name in engines:
        yield label_of(name), sheet.text(name) or sheet.said(name), sheet.source(name), ""
        sheet.shown.add(name)


def _disk(sheet: Sheet) -> _Rows:
    yield "free", of_limit(sheet, "disk_free_mb"), sheet.source("disk_free_mb"), ""
    moved = [
        f"{how} {sheet.said(f'disk_{how}_mb_per_s')}"
        for how in ("read", "write")
        if sheet.value(f"disk_{how}_mb_per_s") is not None
    ]
    yield "moved", ", ".join(moved), sheet.source("disk_read_mb_per_s"), ""
    yield "waits", sheet.said("io_psi_percent"), sheet.source("io_psi_percent"), ""
    said, ink = headroom(sheet, "nvme_c")
    yield "NVMe", said, sheet.source("nvme_c"), ink
    links = [of_limit(sheet, name, share=False) for name in ("nvme_lanes", "nvme_gts")]
    said = ", ".join(
        f"{link}{end}" for link, end in zip(links, (" lanes", ""), strict=True) if link
    )
    is_less = any(
        (sheet.value(name) or 0) < (sheet.limit(name) or 0) for name in ("nvme_lanes", "nvme_gts")
    )
    yield "NVMe link", said, sheet.source("nvme_lanes", "nvme_gts"), "warn" if is_less else ""


def _network(sheet: Sheet) -> _Rows:
    link = sheet.said("net_link_mbps")
    named = " ".join(filter(None, (link, sheet.text("net_link_mbps"))))
    yield "link", named, sheet.source("net_link_mbps"), ""
    moved = [
        f"{how} {sheet.said(name)}"
        for how, name in (("in", "net_rx_kbps"), ("out", "net_tx_kbps"))
        if sheet.value(name) is not None
    ]
    yield "moved", ", ".join(moved), sheet.source("net_rx_kbps"), ""
    errors = sheet.value("net_errors")
    if errors is not None:
        yield "errors, drops", f"{count(errors)} since the start", sheet.source("net_errors"), ""


def _kernel(sheet: Sheet) -> _Rows:
    errors = sheet.value("kernel_errors")
    if errors is not None:
        newest = sheet.text("kernel_errors")
        said = f"{count(errors)} since it is watched" + (f", newest: {newest}" if newest else "")
        yield "errors", said, sheet.source("kernel_errors"), "bad" if errors else ""


def _service(sheet: Sheet) -> _Rows:
    for name in [each for each in sheet.known if each.startswith("service_")]:
        said = " ".join(filter(None, (sheet.said(name), sheet.text(name))))
        yield label_of(name.removeprefix("service_")), said, sheet.source(name), ""
    yield "health check", sheet.said("health_ms"), sheet.source("health_ms"), ""


def _itself(sheet: Sheet) -> _Rows:
    for name in [
        each for each in sheet.known if each.startswith(("console_", "generator_", "feed_"))
    ]:
        yield label_of(name), sheet.said(name), sheet.source(name), ""


def _others(sheet: Sheet) -> _Rows:
    sheet.shown.add("uptime_s")  # it stands in the title
    for name in [each for each in sheet.known if each not in sheet.shown]:
        yield label_of(name), sheet.said(name), sheet.source(name), ""


_GROUPS: dict[str, Callable[[Sheet], _Rows]] = {
    "GPU": _gpu,
    "CPU": _cpu,
    "MEMORY": _memory,
    "HEAT": _heat,
    "POWER": _power,
    "FAN": _fan,
    "OVER-CURRENT": _over_current,
    "COOLING": _cooling,
    "CLOCKS": _clocks,
    "DISK": _disk,
    "NETWORK": _network,
    "KERNEL": _kernel,
    "SERVICE": _service,
    "JETPROOF": _itself,
    "OTHERS": _others,
}
