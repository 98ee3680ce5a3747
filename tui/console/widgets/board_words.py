"""What needs no row of its own on the board's panel: words that share one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui.console.cells import Piece
from tui.console.glyphs import FULL, NOTHING
from tui.console.theme import Ink
from tui.console.widgets.board_lines import Line, Readings, core_numbers, missing, value_of
from tui.console.widgets.gauge import bar_of
from tui.console.widgets.limits import line_width
from tui.core.events import Reading
from tui.core.format import brief_duration, fixed
from tui.core.gauges import label_of
from tui.core.rails import WHOLE
from tui.core.zones import zones

Word = list[Piece]
"""A label with its figure."""

_ENGINE = re.compile(r"(nvdec|nvenc|nvjpg|vic|ofa|dla)\d*_mhz")
_OTHER_RAILS = {"vdd_cpu_gpu_cv": "CPU+GPU", "vdd_soc": "SOC"}
"""An Orin has no rail of its GPU alone."""


def word_lines(board: Readings, width: int, bars: str = FULL.levels) -> list[Line]:
    """What needs no row of its own, in as few rows as it fits; `bars` draw the cores.

    Only what changes rarely stands here: rows that are packed must not jump about.
    """
    words = [word for word in _words(board, bars) if word]
    return [
        Line("", words=row, weight=30 + number) for number, row in enumerate(packed(words, width))
    ]


def packed(words: Sequence[Word], width: int) -> list[Word]:
    """The words in rows of at most `width` cells, two blanks between them."""
    rows: list[Word] = []
    for word in words:
        if rows and line_width(rows[-1]) + 2 + line_width(word) <= width:
            rows[-1] += [("  ", Ink.MUTE), *word]
        else:
            rows.append([*word])
    return rows


def _words(board: Readings, bars: str) -> Iterator[Word]:
    yield _cores(board, bars)
    pinned = value_of(board, "clocks_pinned")
    if pinned is not None:
        yield [("clocks ", Ink.MUTE), ("pinned" if pinned else "free", Ink.TEXT)]
    swap = value_of(board, "swap_used_mb")
    if swap is not None:
        text = f"{fixed(swap / 1024, 1)} GiB" if swap >= 1 else "0"
        yield [("swap ", Ink.MUTE), (text, Ink.TEXT)]
    kills = value_of(board, "oom_kills")
    if kills is not None:
        yield [("OOM ", Ink.MUTE), (fixed(kills), Ink.WARN if kills else Ink.TEXT)]
    link = board.get("net_link_mbps")
    if link is not None and link.value is not None:
        slow = 0 < link.value <= 100
        text = f"{link.value:.0f} Mb/s" if link.value else "no link"
        yield [(f"{link.text or 'link'} ", Ink.MUTE), (text, Ink.WARN if slow else Ink.TEXT)]
    free = value_of(board, "disk_free_mb")
    if free is not None:
        yield [("data ", Ink.MUTE), (f"{fixed(free / 1024)} GiB", Ink.TEXT)]
    drive = value_of(board, "nvme_c")
    if drive is not None:
        yield [("nvme ", Ink.MUTE), (f"{fixed(drive)} °C", Ink.TEXT)]
    load = value_of(board, "load_1m")
    if load is not None:
        yield [("load ", Ink.MUTE), (fixed(load, 1), Ink.TEXT)]
    uptime_s = value_of(board, "uptime_s")
    if uptime_s is not None:
        yield [("up ", Ink.MUTE), (brief_duration(uptime_s), Ink.TEXT)]


def _cores(board: Readings, bars: str) -> Word:
    """`6 cores ▅▃▂▇··`: a dot for each that is off."""
    numbers = core_numbers(board)
    if len(numbers) < 2 or not bars:
        return []
    levels = [value_of(board, f"cpu{number}_percent") for number in numbers[:16]]
    shown = "".join(NOTHING if level is None else bar_of(level / 100, bars) for level in levels)
    off = int(value_of(board, "cores_offline") or 0)
    hidden = off - sum(level is None for level in levels)
    word: Word = [(f"{len(numbers)} cores ", Ink.MUTE), (shown, Ink.P50)]
    return [*word, (f" +{hidden} off", Ink.WARN)] if hidden > 0 else word


def side_lines(board: Readings, width: int) -> list[Line]:
    """For panels with room to spare: other rails, other zones, engines, waiting."""
    rails: list[Word] = []
    for name, reading in board.items():
        rail = name.removesuffix("_mw")
        if rail == name or rail in WHOLE or reading.value is None:
            continue
        label = _OTHER_RAILS.get(rail, label_of(name))
        rails.append([(f"{label} ", Ink.MUTE), (f"{fixed(reading.value / 1000, 1)} W", Ink.TEXT)])
    heat: list[Word] = []
    if "tj_c" in board:
        heat = [
            [(f"{label_of(name)} ", Ink.MUTE), (f"{fixed(value)} °C", Ink.TEXT)]
            for name, value, _ in zones(board)
            if name != "tj_c"
        ]
    engines: list[Word] = [
        [(f"{label_of(name).upper()} ", Ink.MUTE), (_engine(reading), Ink.TEXT)]
        for name, reading in board.items()
        if _ENGINE.fullmatch(name) and (reading.value is not None or reading.text)
    ]
    waits: list[Word] = [
        [(f"{label} waits ", Ink.MUTE), (f"{fixed(share)} %", Ink.TEXT)]
        for name, label in (("cpu", "CPU"), ("memory", "memory"), ("io", "disk"))
        if (share := value_of(board, f"{name}_psi_percent")) is not None
    ]
    rows = [row for words in (rails, heat, engines, waits) for row in packed(words, width)]
    return [Line("", words=row, weight=70 + number) for number, row in enumerate(rows)]


def _engine(reading: Reading) -> str:
    return f"{fixed(reading.value)} MHz" if reading.value else reading.text or "off"


def lost_gauges(board: Readings) -> list[Line]:
    """Why gauges that share a row can't be read."""
    named = (
        ("net_link_mbps", "link"),
        ("disk_free_mb", "data"),
        ("swap_used_mb", "swap"),
        ("nvme_c", "nvme"),
        ("clocks_pinned", "clocks"),
        ("power_mode", "mode"),
        ("oom_kills", "OOM"),
        ("load_1m", "load"),
    )
    return [line for key, label in named for line in missing(board, key, label, 80)]
