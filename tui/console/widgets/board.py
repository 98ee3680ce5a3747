"""The board's gauges: what was read, from where, how old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.gauge import fill_ink, gauge
from tui.core.events import Reading
from tui.core.format import brief_duration, fixed

_CORES = "▁▂▃▄▅▆▇█"
STALE_S = 5.0
Readings = dict[str, Reading]


@dataclass(frozen=True)
class Line:
    """One row of the panel: a label, a level if there is one, and figures."""

    label: str
    figures: list[Piece]
    share: float | None = None
    ink: Ink = Ink.P50
    limit: float = 1.0


def draw_board(canvas: Canvas, scene: Scene) -> None:
    """The panel, as many lines as fit; two rows in a narrow window."""
    snapshot = scene.snapshot
    title: list[Piece] = [("board", Ink.MUTE)]
    if scene.is_narrow:
        title.append((f"   {snapshot.device}", Ink.TEXT))
    canvas.frame(title, _source(scene))
    if not snapshot.board:
        canvas.put(2, 1, "no reading yet", Ink.FAINT, end=canvas.width - 1)
        return
    if canvas.height <= 4:
        _draw_pairs(canvas, snapshot.board)
        return
    for y, line in enumerate(lines_of(snapshot.board)[: canvas.height - 2], 1):
        _draw_line(canvas, 2, y, line, canvas.width - 2)


def _source(scene: Scene) -> list[Piece]:
    snapshot = scene.snapshot
    if not snapshot.board or snapshot.board_at_utc is None:
        return []
    sources = sorted({reading.source for reading in snapshot.board.values() if reading.source})
    text = " + ".join(sources[:3]) or "host"
    age_s = max(snapshot.at_utc - snapshot.board_at_utc, 0.0)
    if age_s < 2:
        return [(f"{text} · now", Ink.FAINT)]
    age = f"{brief_duration(age_s)} ago"
    return [(f"{text} · ", Ink.FAINT), (age, Ink.WARN if age_s > STALE_S else Ink.FAINT)]


def lines_of(board: Readings) -> list[Line]:
    """Every line there is something to say on, the weightiest first."""
    makers: tuple[Callable[[Readings], list[Line]], ...] = (
        _cpu,
        _cores,
        _memory,
        _temperatures,
        _swap,
        _disk,
        _net,
        _load,
        _own,
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
    return [Line(label, [(f"n/a: {reading.why or 'no reading'}", Ink.MUTE)])]


def _cpu(board: Readings) -> list[Line]:
    percent = _value(board, "cpu_percent")
    if percent is None:
        return _missing(board, "cpu_percent", "CPU")
    figures: list[Piece] = [(fixed(percent).rjust(5), Ink.TEXT, True), (" %", Ink.MUTE)]
    mhz = _value(board, "cpu_mhz")
    if mhz:
        figures.append((f"  {fixed(mhz / 1000, 2)} GHz", Ink.MUTE))
    return [Line("CPU", figures, percent / 100)]


def _cores(board: Readings) -> list[Line]:
    levels = []
    number = 0
    while f"cpu{number}_percent" in board:
        levels.append(_value(board, f"cpu{number}_percent") or 0.0)
        number += 1
    if len(levels) < 2:
        return []
    bars = "".join(_CORES[min(int(level / 100 * 8), 7)] for level in levels[:16])
    return [Line(f"{len(levels)} cores", [(bars, Ink.P50)])]


def _memory(board: Readings) -> list[Line]:
    used, total = _value(board, "ram_used_mb"), _value(board, "ram_total_mb")
    if used is None or not total:
        return _missing(board, "ram_used_mb", "RAM")
    share = used / total
    figures: list[Piece] = [
        (fixed(used / 1024, 1).rjust(5), Ink.TEXT, True),
        (f" / {fixed(total / 1024, 1)} GiB", Ink.MUTE),
    ]
    return [Line("RAM", figures, share, fill_ink(share), limit=0.8)]


def _temperatures(board: Readings) -> list[Line]:
    lines = []
    for key, reading in board.items():
        if not key.endswith("_c"):
            continue
        label = key.removesuffix("_c").replace("_", " ")
        if reading.value is None:
            lines += _missing(board, key, label)
        else:
            figures: list[Piece] = [(fixed(reading.value, 1), Ink.TEXT, True), (" °C", Ink.MUTE)]
            lines.append(Line(label, figures))
    return lines[:4]


def _swap(board: Readings) -> list[Line]:
    used = _value(board, "swap_used_mb")
    if used is None:
        return _missing(board, "swap_used_mb", "swap")
    return [Line("swap", [(fixed(used / 1024, 1), Ink.TEXT, True), (" GiB", Ink.MUTE)])]


def _disk(board: Readings) -> list[Line]:
    free = _value(board, "disk_free_mb")
    if free is None:
        return _missing(board, "disk_free_mb", "disk")
    return [Line("disk", [(fixed(free / 1024), Ink.TEXT, True), (" GiB free", Ink.MUTE)])]


def _net(board: Readings) -> list[Line]:
    received, sent = _value(board, "net_rx_kbps"), _value(board, "net_tx_kbps")
    if received is None or sent is None:
        return _missing(board, "net_rx_kbps", "net")
    figures: list[Piece] = [
        ("↓ ", Ink.MUTE),
        (_bits(received), Ink.TEXT, True),
        ("  ↑ ", Ink.MUTE),
        (_bits(sent), Ink.TEXT, True),
        (" Mb/s", Ink.MUTE),
    ]
    return [Line("net", figures)]


def _bits(kbps: float) -> str:
    return fixed(kbps / 1000, 1 if kbps < 100_000 else 0)


def _load(board: Readings) -> list[Line]:
    load, uptime_s = _value(board, "load_1m"), _value(board, "uptime_s")
    figures: list[Piece] = []
    if load is not None:
        figures += [(fixed(load, 2), Ink.TEXT, True)]
    if uptime_s is not None:
        figures += [("   up ", Ink.MUTE), (brief_duration(uptime_s), Ink.TEXT)]
    return [Line("load", figures)] if figures else _missing(board, "load_1m", "load")


def _own(board: Readings) -> list[Line]:
    """What this program costs the board."""
    lines = []
    for key, label in (("console_cpu_percent", "console"), ("generator_cpu_percent", "generator")):
        percent = _value(board, key)
        if percent is None:
            lines += _missing(board, key, label)
            continue
        figures: list[Piece] = [(fixed(percent), Ink.TEXT, True), (" % of a core", Ink.MUTE)]
        rss = _value(board, key.replace("cpu_percent", "rss_mb"))
        if rss is not None:
            figures.append((f"  {fixed(rss)} MiB", Ink.MUTE))
        lines.append(Line(label, figures))
    return lines


def _draw_line(canvas: Canvas, x: int, y: int, line: Line, end: int) -> None:
    canvas.pieces(x, y, [(line.label, Ink.MUTE)], end=end)
    if line.share is None:
        canvas.pieces(x + max(len(line.label) + 1, 10), y, line.figures, end=end)
        return
    width = min(max(end - x - 23, 6), 24)
    behind = canvas.pieces(x + 4, y, gauge(width, line.share, line.ink, limit=line.limit), end=end)
    canvas.pieces(behind, y, line.figures, end=end)


def _draw_pairs(canvas: Canvas, board: Readings) -> None:
    """Two rows of what matters most: levels at the left, the rest beside them."""
    lines = lines_of(board)
    levels = [line for line in lines if line.share is not None][:2]
    rest = [line for line in lines if line not in levels]
    half = canvas.width // 2
    for y, line in enumerate(levels, 1):
        _draw_line(canvas, 2, y, line, half)
    x = half if levels else 2
    end = canvas.width - 2
    for y, line in enumerate(rest[:2], 1):
        column = canvas.pieces(x, y, [(f"{line.label} ", Ink.MUTE), *line.figures], end=end)
        if y + 1 < len(rest) and column + 3 < end:
            other = rest[y + 1]
            pieces: list[Piece] = [(f"{other.label} ", Ink.MUTE), *other.figures]
            if column + 3 + sum(len(piece[0]) for piece in pieces) <= end:
                canvas.pieces(column + 3, y, pieces, end=end)
