"""What there is to say on the board's gauges, a line each."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.console.widgets.gauge import fill_ink
from tui.core.events import Reading
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.heat_signs import HEAT_MARGIN_C
from tui.core.rails import whole_rail

Readings = Mapping[str, Reading]
_CORE = re.compile(r"cpu(\d+)_percent")
_MOST_ZONES = 4
_JETSONS_OWN = ("power_mode", "tj_c", "emc_percent", "oc3_events", "nvmap_used_mb", "vdd_in_mw")


class Line(msgspec.Struct, frozen=True):
    """One row of the panel: a label, a level if there is one, and figures; or words in a row."""

    label: str
    value: str = ""
    """Right-aligned and bold; empty when there is none."""
    rest: list[Piece] = []
    """The unit; never cut."""
    more: tuple[str, ...] = ()
    """What else there is to say, the longest first: one that fits as a whole is shown."""
    share: float | None = None
    ink: Ink = Ink.P50
    key: str = ""
    """The reading whose last minute belongs to this line; empty for none."""
    top: float | None = None
    """The value at the upper edge of that minute, zero at the lower; None: its own highest."""
    span: float | None = None
    """Instead of from zero to `top`: around its own values, at least so much from edge to edge."""
    words: list[Piece] = []
    """The whole row, in place of everything above."""
    weight: int = 50
    """When there are too few rows, the heaviest numbers go first."""

    @property
    def figures(self) -> list[Piece]:
        """Value and rest, as they stand in a row without columns."""
        return [(self.value, Ink.TEXT, True), *self.rest] if self.value else self.rest


def is_jetson(board: Readings) -> bool:
    """Whether these are gauges that a Jetson alone has."""
    return any(name in board for name in _JETSONS_OWN)


def lines_of(board: Readings) -> list[Line]:
    """A line for each gauge that has a place of its own, in the order in which they are read."""
    makers = (_gpu, _cpu, _memory, _emc, _heat, _power, _fan)
    return [line for maker in makers for line in maker(board)]


def value_of(board: Readings, key: str) -> float | None:
    """What was read; None where nothing was, for whatever reason."""
    reading = board.get(key)
    return reading.value if reading else None


def missing(board: Readings, key: str, label: str, weight: int = 50) -> list[Line]:
    """A line that says why there is no value; nothing when the key is absent."""
    reading = board.get(key)
    if reading is None or reading.value is not None:
        return []
    why: list[Piece] = [(f"n/a: {reading.why or 'no reading'}", Ink.MUTE)]
    return [Line(label, rest=why, weight=weight)]


def fitting(groups: list[list[Line]], room: int) -> list[list[Line]]:
    """Without the lines that weigh least, as many as there are too many; no empty group."""
    order = sorted(
        (line.weight, number, at)
        for number, group in enumerate(groups)
        for at, line in enumerate(group)
    )
    kept = {place[1:] for place in order[: max(room, 0)]}
    fitted = [
        [line for at, line in enumerate(group) if (number, at) in kept]
        for number, group in enumerate(groups)
    ]
    return [group for group in fitted if group]


def _clock(board: Readings, key: str, scale: int, decimals: int) -> tuple[str, ...]:
    """A clock in MHz or in 1000 of them, beside the highest there is when it is below that."""
    reading = board.get(key)
    if reading is None or not reading.value:
        return ()
    unit = "GHz" if scale == 1000 else "MHz"
    value, limit = fixed(reading.value / scale, decimals), reading.limit
    alone = f"  {value} {unit}"
    if not limit or reading.value > limit * 0.99:
        return (alone,)
    most = fixed(limit / scale, decimals)
    tight = f"{value}/{most}".replace(" ", "")
    return (f"  {value} / {most} {unit}", f"  {tight} {unit}", f"  {tight}", alone)


def _gpu(board: Readings) -> list[Line]:
    percent = value_of(board, "gpu_percent")
    if percent is None:
        return missing(board, "gpu_percent", "GPU", 4)
    unit: list[Piece] = [(" %", Ink.MUTE)]
    more = _clock(board, "gpu_mhz", 1, 0)
    share = percent / 100
    return [Line("GPU", fixed(percent), unit, more, share, key="gpu_percent", top=100, weight=4)]


def _cpu(board: Readings) -> list[Line]:
    percent = value_of(board, "cpu_percent")
    if percent is None:
        return missing(board, "cpu_percent", "CPU", 5)
    unit: list[Piece] = [(" %", Ink.MUTE)]
    more = _clock(board, "cpu_mhz", 1000, 2)
    share = percent / 100
    return [Line("CPU", fixed(percent), unit, more, share, key="cpu_percent", top=100, weight=5)]


def _memory(board: Readings) -> list[Line]:
    used, total = value_of(board, "ram_used_mb"), value_of(board, "ram_total_mb")
    if used is None or not total:
        return missing(board, "ram_used_mb", "RAM", 3)
    share = used / total
    rest: list[Piece] = [(f" / {fixed(total / 1024, 1)} GiB", Ink.MUTE)]
    gpu = value_of(board, "nvmap_used_mb")
    more: tuple[str, ...] = ()
    if gpu is not None:
        text = f"  NvMap {fixed(gpu / 1024, 1)}"
        more = (f"{text} GiB", text)
    value = fixed(used / 1024, 1)
    ink = fill_ink(share)
    return [Line("RAM", value, rest, more, share, ink, "ram_used_mb", span=total / 20, weight=3)]


def _emc(board: Readings) -> list[Line]:
    percent = value_of(board, "emc_percent")
    if percent is None:
        return missing(board, "emc_percent", "EMC", 20)
    more = _clock(board, "emc_mhz", 1000, 1)
    unit: list[Piece] = [(" %", Ink.MUTE)]
    share = percent / 100
    return [Line("EMC", fixed(percent), unit, more, share, key="emc_percent", top=100, weight=20)]


def heat_ink(value_c: float, limit_c: float) -> Ink:
    """Yellow where the alert of heat begins, red at the trip."""
    if value_c >= limit_c:
        return Ink.FAIL
    return Ink.WARN if value_c >= limit_c - HEAT_MARGIN_C else Ink.P50


def _heat(board: Readings) -> list[Line]:
    """The junction where there is one: it is the hottest of the chip. Else the zones."""
    if "tj_c" in board:
        return missing(board, "tj_c", "tj", 1) or [_zone("tj_c", board["tj_c"], 1)]
    lines: list[Line] = []
    for name, reading in board.items():
        if not name.endswith("_c") or name == "hottest_c" or name.startswith("nvme"):
            continue
        weight = 8 if lines else 1
        if reading.value is None:
            lines += missing(board, name, label_of(name), weight)
        else:
            lines.append(_zone(name, reading, weight))
    return lines[:_MOST_ZONES] or missing(board, "hottest_c", "heat", 1)


def _zone(name: str, reading: Reading, weight: int) -> Line:
    assert reading.value is not None
    value, limit = reading.value, reading.limit
    rest: list[Piece] = [(" °C", Ink.MUTE)]
    share, ink = None, Ink.P50
    if limit:
        rest = [(f" / {fixed(limit, 1)} °C", Ink.MUTE)]
        share, ink = value / limit, heat_ink(value, limit)
    text = fixed(value, 1)
    return Line(label_of(name), text, rest, (), share, ink, name, span=8, weight=weight)


def _power(board: Readings) -> list[Line]:
    """The rail that carries all of the board's power; absent where none is measured."""
    rail = whole_rail(board)
    if not rail:
        return []
    key, label = f"{rail}_mw", rail[:3].upper()
    reading = board[key]
    if reading.value is None:
        return missing(board, key, label, 2)
    limit = reading.limit
    rest: list[Piece] = [(" W", Ink.MUTE)]
    share, ink = None, Ink.P50
    if limit:
        rest = [(f" / {fixed(limit / 1000, 1)} W", Ink.MUTE)]
        share, ink = reading.value / limit, fill_ink(reading.value / limit)
    volts = value_of(board, f"{rail}_mv")
    more = (f"  {fixed(volts / 1000, 2)} V",) if volts else ()
    value = fixed(reading.value / 1000, 1)
    return [Line(label, value, rest, more, share, ink, key, span=5000, weight=2)]


def _fan(board: Readings) -> list[Line]:
    percent, rpm = value_of(board, "fan_percent"), value_of(board, "fan_rpm")
    if percent is None:
        return missing(board, "fan_percent", "fan", 21)
    more = () if rpm is None else (f"  {fixed(rpm)} rpm", f" {fixed(rpm)} rpm")
    unit: list[Piece] = [(" %", Ink.MUTE)]
    share = percent / 100
    return [Line("fan", fixed(percent), unit, more, share, key="fan_percent", top=100, weight=21)]


def core_numbers(board: Readings) -> list[int]:
    """Every core up to the highest that is known; one that is off may have no gauge."""
    known = [int(match.group(1)) for name in board if (match := _CORE.fullmatch(name))]
    return list(range(max(known) + 1)) if known else []


def core_lines(board: Readings) -> list[Line]:
    """A row for each core, where there is room for that."""
    lines = []
    for number in core_numbers(board):
        key, label = f"cpu{number}_percent", f"cpu{number}"
        percent = value_of(board, key)
        if percent is None:
            reading = board.get(key)
            is_off = reading is None or reading.text == "off" or not reading.why
            off = Line(label, rest=[("off", Ink.MUTE)], weight=60)
            lines += [off] if is_off else missing(board, key, label, 60)
            continue
        unit: list[Piece] = [(" %", Ink.MUTE)]
        more = _clock(board, f"cpu{number}_mhz", 1000, 2)
        share = percent / 100
        lines.append(Line(label, fixed(percent), unit, more, share, key=key, top=100, weight=60))
    return lines if len(lines) > 1 else []


def traffic_lines(board: Readings) -> list[Line]:
    """What goes over the network."""
    received, sent = value_of(board, "net_rx_kbps"), value_of(board, "net_tx_kbps")
    lines = missing(board, "net_rx_kbps", "net", 41)
    if received is not None and sent is not None:
        rest: list[Piece] = [("  ↑ ", Ink.MUTE), (_bits(sent), Ink.TEXT, True), (" Mb/s", Ink.MUTE)]
        lines = [Line("net ↓", _bits(received), rest, key="net_rx_kbps", weight=41)]
    return lines


def _bits(kbps: float) -> str:
    return fixed(kbps / 1000, 1 if kbps < 100_000 else 0)
