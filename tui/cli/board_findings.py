"""What `jetproof doctor` says of the board: a line for each thing, and what mends it."""

from __future__ import annotations

import grp
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tui.cli.board_rows import rows_of, unread_of, why_throttling_is_unknown
from tui.cli.scene import Scene
from tui.core.events import Reading, Sample
from tui.core.finding import Finding
from tui.core.format import count, counted
from tui.core.gauge_figure import figure

SHOWN_NAMES = 4
GIGABIT_MBPS = 1000.0
NO_PROCESS = (
    "its memory, restarts and OOM kills are not seen: start it, or correct `process` of its target"
)


def board_findings(scene: Scene) -> Iterator[Finding]:
    """In the order of what matters; quiet about what this machine does not have."""
    for finding in _findings(scene):
        # Whoever replays a board is elsewhere: nothing that is typed here would mend it.
        yield msgspec.structs.replace(finding, advice="") if scene.is_replay else finding


def _findings(scene: Scene) -> Iterator[Finding]:
    readings = scene.sample.readings
    yield _board(scene)
    yield from _sources(scene)
    yield from _gauges(readings)
    yield from _now(scene)
    yield from _pressure(readings)
    yield from _swap(readings)
    yield from _clocks(readings)
    yield from _links(readings)


def jtop_access(socket: Path) -> Iterator[Finding]:
    """Who may use the jtop service, and whether that is us; nothing where there is none."""
    try:
        status = socket.stat()
    except OSError:
        return
    try:
        group = grp.getgrgid(status.st_gid).gr_name
    except KeyError:
        group = str(status.st_gid)
    said = f"{socket} is open to group {group}"
    if not os.access(socket, os.W_OK):
        advice = f"sudo usermod -aG {group} $USER, then log in again"
        yield Finding("jtop access", "warn", f"{said}, not to this user", advice)
        return
    # Its protocol is Python's pickle with a key that everybody knows.
    advice = f"who is in group {group} can become root: have only those in it who may"
    yield Finding("jtop access", "ok", said, advice)


def process_findings(process: str, sample: Sample) -> Iterator[Finding]:
    """Whether the service is seen as the process that it is said to be, and what of it is hidden.

    `sample` is of a board that watches it.
    """
    told = {name: one for name, one in sample.readings.items() if name.startswith("service_")}
    known = told.get("service_processes")
    if known is None or not known.value:
        memory = told.get("service_rss_mb")
        why = memory.why if memory is not None else "whether it runs was not told in time"
        yield Finding("process", "warn", f"{process}: {why}", NO_PROCESS)
        return
    many = f", {count(known.value)} processes in all" if known.value > 1 else ""
    yield Finding("process", "ok", f"{process} is {known.text}{many}")
    for why, names in unread_of(told).items():
        yield Finding("process", "warn", f"{', '.join(names)}: {why}")


def _board(scene: Scene) -> Finding:
    device = scene.device
    facts = [
        device.model,
        f"L4T {device.l4t}" if device.l4t else "",
        f"JetPack {device.jetpack}" if device.jetpack else "",
        "replay" if scene.is_replay else "",
    ]
    return Finding("board", "ok", ", ".join(filter(None, facts)))


def _sources(scene: Scene) -> Iterator[Finding]:
    for each in scene.chosen:
        lost = scene.sample.lost.get(each.name)
        if lost is not None:
            yield Finding("sources", "warn", f"{each.name}: {lost}")
        elif each.used and each.name != "proc":
            yield Finding("sources", "ok", f"{each.name}: {each.why}")
        elif each.name == "jtop":
            # Only a Jetson has it among its choices; what it lacks is known by what it misses.
            yield Finding("sources", "warn", f"{each.name} is not used: {each.why}")


def _gauges(readings: Mapping[str, Reading]) -> Iterator[Finding]:
    known = sum(reading.value is not None for reading in readings.values())
    groups = Counter(row.group for row in rows_of(readings))
    names = ", ".join(name if name in ("GPU", "CPU") else name.lower() for name in groups)
    said = f"{known} of {len(readings)} can be read: {names}" if known else "none can be read"
    yield Finding("gauges", "ok" if known else "warn", said)
    for why, lacking in unread_of(readings).items():
        more = len(lacking) - SHOWN_NAMES
        listed = ", ".join(lacking[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
        yield Finding("gauges", "warn", f"{listed}: {why}")


def _now(scene: Scene) -> Iterator[Finding]:
    if scene.is_throttled is None:
        why = why_throttling_is_unknown(scene.sample.readings)
        yield Finding("throttling", "unknown", f"unknown: {why}")
    elif not scene.is_throttled:
        yield Finding("throttling", "ok", "none now")
    for one in scene.incidents:
        name = "throttling" if one.kind == "throttle" else "board now"
        detail = f", {one.detail}" if one.detail else ""
        if one.kind != "source":
            yield Finding(name, "ok" if one.level == "info" else "warn", f"{one.text}{detail}")


def _pressure(readings: Mapping[str, Reading]) -> Iterator[Finding]:
    if not any("_psi_" in name for name in readings):
        said = "this kernel does not measure what waits for memory (PSI)"
        yield Finding("pressure", "warn", said, "psi=1 on the kernel's command line, if it has it")


def _swap(readings: Mapping[str, Reading]) -> Iterator[Finding]:
    swap = readings.get("swap_used_mb")
    if "zram_used_mb" in readings and swap is not None and swap.limit:
        said = f"{count(swap.limit)} MiB, in compressed memory (zram)"
        yield Finding("swap", "ok", said, "full memory then costs CPU too: watch swap moved")


def _clocks(readings: Mapping[str, Reading]) -> Iterator[Finding]:
    mode, pinned = readings.get("power_mode"), readings.get("clocks_pinned")
    if mode is not None and mode.value is not None:
        yield Finding("power mode", "ok", mode.text or f"number {count(mode.value)}")
    if pinned is not None and pinned.value == 0:
        advice = "figures that must be repeatable need them pinned: sudo jetson_clocks"
        yield Finding("clocks", "ok", "not pinned: they follow the load", advice)
    offline = readings.get("cores_offline")
    if offline is not None and offline.value:
        said = f"{counted(int(offline.value), 'core')} switched off"
        yield Finding("clocks", "warn", said, "the power mode may do that: sudo nvpmodel -q")


def _links(readings: Mapping[str, Reading]) -> Iterator[Finding]:
    for name, what in (("nvme_lanes", "lanes"), ("nvme_gts", "")):
        link = readings.get(name)
        if link is not None and link.value is not None and link.limit and link.value < link.limit:
            said = f"{figure(name, link.value)} of {figure(name, link.limit)} {what}".rstrip()
            # Half the speed is what a slot of the generation before gives to a newer drive.
            is_slot = name == "nvme_gts" and link.value * 2 >= link.limit
            advice = (
                "as a slot of an older PCIe generation gives it"
                if is_slot
                else "seat the drive anew: it can more"
            )
            yield Finding("NVMe link", "ok" if is_slot else "warn", said, advice)
    net = readings.get("net_link_mbps")
    if net is None or net.value is None:
        return
    said = f"{figure('net_link_mbps', net.value)} {net.text}".rstrip()
    if net.value < GIGABIT_MBPS or "half" in net.text:
        advice = "look at the cable and the switch's port: cameras need more"
        yield Finding("network link", "warn", said, advice)
