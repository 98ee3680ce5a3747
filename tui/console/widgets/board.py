"""The board's gauges: what was read, from where, how old."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.gauge import fill_ink, gauge
from tui.console.widgets.limits import line_width
from tui.core.events import Reading
from tui.core.format import brief_duration, fixed

_CORES = "▁▂▃▄▅▆▇█"
STALE_S = 5.0
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

    @property
    def figures(self) -> list[Piece]:
        """Value and rest, as they stand in a row without columns."""
        return [(self.value, Ink.TEXT, True), *self.rest]


def draw_board(canvas: Canvas, scene: Scene) -> None:
    """The panel, as many lines as fit; two rows in a narrow window."""
    snapshot = scene.snapshot
    # A board is what Jetson's own sources tell of; psutil knows any host.
    sources = {reading.source for reading in snapshot.board.values()}
    title: list[Piece] = [("host" if sources <= {"psutil", "host", ""} else "board", Ink.MUTE)]
    if scene.is_narrow:
        title.append((f"   {snapshot.device}", Ink.TEXT))
    canvas.frame(title, _source(scene))
    if not snapshot.board:
        canvas.put(2, 1, "no reading yet", Ink.FAINT, end=canvas.width - 1)
        return
    if canvas.height <= 4:
        _draw_pairs(canvas, snapshot.board)
        return
    rows, own = lines_of(snapshot.board), own_lines(snapshot.board)
    room = canvas.height - 2
    for y, line in enumerate([*rows, *own][:room], 1):
        # The program's own cost stands apart where there is room for that.
        gap = 1 if y > len(rows) and len(rows) + len(own) < room else 0
        _draw_line(canvas, 2, y + gap, line, canvas.width - 2)


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
    return [Line("CPU", fixed(percent), [(" %", Ink.MUTE)], more, percent / 100)]


def _cores(board: Readings) -> list[Line]:
    levels: list[float] = []
    while f"cpu{len(levels)}_percent" in board:
        levels.append(_value(board, f"cpu{len(levels)}_percent") or 0.0)
    if len(levels) < 2:
        return []
    bars = "".join(_CORES[min(int(level / 100 * 8), 7)] for level in levels[:16])
    return [Line(f"{len(levels)} cores", "", [(bars, Ink.P50)])]


def _memory(board: Readings) -> list[Line]:
    used, total = _value(board, "ram_used_mb"), _value(board, "ram_total_mb")
    if used is None or not total:
        return _missing(board, "ram_used_mb", "RAM")
    share = used / total
    rest: list[Piece] = [(f" / {fixed(total / 1024, 1)} GiB", Ink.MUTE)]
    return [Line("RAM", fixed(used / 1024, 1), rest, (), share, fill_ink(share))]


def _temperatures(board: Readings) -> list[Line]:
    lines = []
    for key, reading in board.items():
        if not key.endswith("_c"):
            continue
        label = key.removesuffix("_c").replace("_", " ")
        if reading.value is None:
            lines += _missing(board, key, label)
        else:
            lines.append(Line(label, fixed(reading.value, 1), [(" °C", Ink.MUTE)]))
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
    return [Line("net ↓", _bits(received), rest)]


def _bits(kbps: float) -> str:
    return fixed(kbps / 1000, 1 if kbps < 100_000 else 0)


def _load(board: Readings) -> list[Line]:
    load, uptime_s = _value(board, "load_1m"), _value(board, "uptime_s")
    if load is None:
        return _missing(board, "load_1m", "load")
    more = () if uptime_s is None else (f"  up {brief_duration(uptime_s)}",)
    return [Line("load", fixed(load, 2), [], more)]


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
        lines.append(Line(label, fixed(percent), [(" %", Ink.MUTE)], more))
    return lines


def _draw_line(canvas: Canvas, x: int, y: int, line: Line, end: int) -> None:
    """Label, level, and the value in the column of all values."""
    column = x + min(max(end - x - 12, 15), 34)
    if not line.value:
        behind = canvas.pieces(x, y, [(line.label, Ink.MUTE)], end=end)
        canvas.pieces(max(x + 8, behind + 1), y, line.rest, end=end)
        return
    # A long unit moves its value out of the column rather than being cut.
    column = min(column, end - line_width(line.rest))
    start = canvas.right(column, y, line.value, Ink.TEXT, True)
    canvas.pieces(x, y, [(line.label, Ink.MUTE)], end=start - 1)
    if line.share is not None:
        canvas.pieces(x + 4, y, gauge(column - x - 10, line.share, line.ink))
    column = canvas.pieces(column, y, line.rest, end=end)
    more = next((text for text in line.more if column + len(text) <= end), "")
    canvas.put(column, y, more, Ink.MUTE)


def _draw_pairs(canvas: Canvas, board: Readings) -> None:
    """Two rows of what matters most: levels at the left, the rest beside them."""
    lines = lines_of(board)
    levels = [line for line in lines if line.share is not None][:2]
    rest = [line for line in lines if line not in levels]
    half = canvas.width // 2
    for y, line in enumerate(levels, 1):
        _draw_line(canvas, 2, y, line, half - 2)
    x = half if levels else 2
    end = canvas.width - 2
    for y, line in enumerate(rest[:2], 1):
        column = canvas.pieces(x, y, [(f"{line.label} ", Ink.MUTE), *line.figures], end=end)
        if y + 1 < len(rest) and column + 3 < end:
            other = rest[y + 1]
            pieces: list[Piece] = [(f"{other.label} ", Ink.MUTE), *other.figures]
            if column + 3 + sum(len(piece[0]) for piece in pieces) <= end:
                canvas.pieces(column + 3, y, pieces, end=end)
