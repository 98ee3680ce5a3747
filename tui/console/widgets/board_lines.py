"""What there is to say on the board's readings, a line each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from tui.console.cells import Piece
from tui.console.glyphs import FULL
from tui.console.theme import Ink
from tui.console.widgets.gauge import bar_of, fill_ink
from tui.core.events import Reading
from tui.core.format import brief_duration, fixed

Readings = dict[str, Reading]


class Line(msgspec.Struct, frozen=True):
    """One row of the panel: a label, a level if there is one, and figures."""

    label: str
    value: str
    """Right-aligned and bold; empty when there is none."""
    rest: list[Piece]
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

    @property
    def figures(self) -> list[Piece]:
        """Value and rest, as they stand in a row without columns."""
        return [(self.value, Ink.TEXT, True), *self.rest]


def lines_of(board: Readings, bars: str = FULL.levels) -> list[Line]:
    """Every line there is something to say on, the weightiest first.

    `bars` from low to high draw the cores; without them there is no such line.
    """
    makers: tuple[Callable[[Readings], list[Line]], ...] = (
        _cpu,
        partial(_cores, bars=bars),
        _memory,
        _temperatures,
        _swap,
        _disk,
        _net,
        _load,
    )
    return [line for maker in makers for line in maker(board)]


def _value(board: Readings, key: str) -> float | None:
    reading = board.get(key)
    return reading.value if reading else None


def _missing(board: Readings, key: str, label: str) -> list[Line]:
    """A line that says why there is no value; nothing when the key is absent."""
    reading = board.get(key)
    if reading is None:
        return []
    return [Line(label, "", [(f"n/a: {reading.why or 'no reading'}", Ink.MUTE)])]


def _cpu(board: Readings) -> list[Line]:
    percent = _value(board, "cpu_percent")
    if percent is None:
        return _missing(board, "cpu_percent", "CPU")
    mhz = _value(board, "cpu_mhz")
    more = (f"  {fixed(mhz / 1000, 2)} GHz",) if mhz else ()
    unit: list[Piece] = [(" %", Ink.MUTE)]
    return [Line("CPU", fixed(percent), unit, more, percent / 100, key="cpu_percent", top=100)]


def _cores(board: Readings, bars: str) -> list[Line]:
    levels = [_value(board, key) or 0.0 for key in _core_keys(board)]
    if len(levels) < 2 or not bars:
        return []
    shown = "".join(bar_of(level / 100, bars) for level in levels[:16])
    return [Line(f"{len(levels)} cores", "", [(shown, Ink.P50)])]


def core_lines(board: Readings) -> list[Line]:
    """A row for each core, where there is room for that."""
    lines = []
    for number, key in enumerate(_core_keys(board)):
        percent = _value(board, key)
        if percent is None:
            lines += _missing(board, key, f"cpu{number}")
            continue
        text, unit = fixed(percent), [(" %", Ink.MUTE)]
        lines.append(Line(f"cpu{number}", text, [*unit], (), percent / 100, key=key, top=100))
    return lines if len(lines) > 1 else []


def _core_keys(board: Readings) -> list[str]:
    number = 0
    while f"cpu{number}_percent" in board:
        number += 1
    return [f"cpu{core}_percent" for core in range(number)]


def _memory(board: Readings) -> list[Line]:
    used, total = _value(board, "ram_used_mb"), _value(board, "ram_total_mb")
    if used is None or not total:
        return _missing(board, "ram_used_mb", "RAM")
    share = used / total
    rest: list[Piece] = [(f" / {fixed(total / 1024, 1)} GiB", Ink.MUTE)]
    value = fixed(used / 1024, 1)
    return [Line("RAM", value, rest, (), share, fill_ink(share), "ram_used_mb", span=total / 20)]


def _temperatures(board: Readings) -> list[Line]:
    lines = []
    for key, reading in board.items():
        if not key.endswith("_c"):
            continue
        label = key.removesuffix("_c").replace("_", " ")
        if reading.value is None:
            lines += _missing(board, key, label)
        else:
            value = fixed(reading.value, 1)
            lines.append(Line(label, value, [(" °C", Ink.MUTE)], key=key, span=8))
    return lines[:4]


def _swap(board: Readings) -> list[Line]:
    used = _value(board, "swap_used_mb")
    if used is None:
        return _missing(board, "swap_used_mb", "swap")
    return [Line("swap", fixed(used / 1024, 1), [(" GiB", Ink.MUTE)])]


def _disk(board: Readings) -> list[Line]:
    free = _value(board, "disk_free_mb")
    if free is None:
        return _missing(board, "disk_free_mb", "disk free")
    return [Line("disk free", fixed(free / 1024), [(" GiB", Ink.MUTE)])]


def _net(board: Readings) -> list[Line]:
    received, sent = _value(board, "net_rx_kbps"), _value(board, "net_tx_kbps")
    if received is None or sent is None:
        return _missing(board, "net_rx_kbps", "net")
    rest: list[Piece] = [("  ↑ ", Ink.MUTE), (_bits(sent), Ink.TEXT, True), (" Mb/s", Ink.MUTE)]
    return [Line("net ↓", _bits(received), rest, key="net_rx_kbps")]


def _bits(kbps: float) -> str:
    return fixed(kbps / 1000, 1 if kbps < 100_000 else 0)


def _load(board: Readings) -> list[Line]:
    load, uptime_s = _value(board, "load_1m"), _value(board, "uptime_s")
    if load is None:
        return _missing(board, "load_1m", "load")
    more = () if uptime_s is None else (f"  up {brief_duration(uptime_s)}",)
    return [Line("load", fixed(load, 2), [], more, key="load_1m")]


def own_lines(board: Readings) -> list[Line]:
    """What this program costs the board."""
    lines = []
    for key, label in (("console_cpu_percent", "console"), ("generator_cpu_percent", "generator")):
        percent = _value(board, key)
        if percent is None:
            lines += _missing(board, key, label)
            continue
        rss = _value(board, key.replace("cpu_percent", "rss_mb"))
        size = "" if rss is None else f"  {fixed(rss)} MiB"
        more = (f" of a core{size}", size, " of a core")
        lines.append(Line(label, fixed(percent), [(" %", Ink.MUTE)], more, key=key, top=100))
    return lines
