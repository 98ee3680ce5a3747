"""The board's panel: what it does, whether it holds itself back, from where, how old."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.board_columns import draw_columns
from tui.console.widgets.board_lines import (
    Line,
    core_lines,
    fitting,
    is_jetson,
    lines_of,
    traffic_lines,
)
from tui.console.widgets.board_row import draw_line
from tui.console.widgets.board_small import draw_small
from tui.console.widgets.board_words import lost_gauges, side_lines, word_lines
from tui.console.widgets.header import short_device
from tui.console.widgets.incident_lines import OWN_COST, incident_lines, lost_lines, sources_of
from tui.console.widgets.plot import next_foot
from tui.console.widgets.service_lines import (
    own_lines,
    own_words,
    service_details,
    service_lines,
)
from tui.console.widgets.spark import draw_spark, points_in, shares
from tui.console.widgets.trail import Trail
from tui.core.format import brief_duration, fixed

STALE_S = 5.0
SPARKS_FROM = 56
"""A panel as wide as this has room for the last minute of each reading."""
REPLAY = "replay"
SMALL_ROWS = 4
"""A panel no higher than this has two rows inside."""
_MOST_INCIDENTS = 4
_GAPS = 3
"""Blank rows between groups that are worth more than further details."""


class BoardPanel:
    """Draws the panel; remembers the last minute from frame to frame."""

    def __init__(self) -> None:
        self._trail = Trail()

    def __call__(self, canvas: Canvas, scene: Scene) -> None:
        live = scene.newest
        if live.board_at_utc is not None:
            self._trail.take(live.board_at_utc, live.board)
        # A second that is read back has no last minute here.
        draw_board(canvas, scene, self._trail if live is scene.snapshot else None)


def draw_board(canvas: Canvas, scene: Scene, trail: Trail | None = None) -> None:
    """The panel, as many lines as fit; a narrow window has two rows, or two columns."""
    snapshot = scene.snapshot
    border = Ink.WARN if is_replay(scene) else Ink.LINE
    canvas.frame(_title(scene), _foot(canvas, scene), border=border)
    if not snapshot.board:
        canvas.put(2, 1, "no reading yet", Ink.FAINT, end=canvas.width - 1)
        return
    if scene.is_narrow:
        draw = draw_columns if canvas.height > SMALL_ROWS else draw_small
        draw(canvas, scene)
        return
    is_wide = canvas.width >= SPARKS_FROM
    groups = _groups(canvas, scene, is_wide=is_wide)
    _draw_groups(canvas, groups, trail if is_wide else None)


def is_replay(scene: Scene) -> bool:
    """Whether these gauges are of another board, or of another time."""
    return any(reading.source.startswith(REPLAY) for reading in scene.snapshot.board.values())


def _title(scene: Scene) -> list[Piece]:
    """`board   Orin Nano Super · MAXN_SUPER`; a machine of another kind is a host."""
    board = scene.snapshot.board
    title: list[Piece] = [("board" if is_jetson(board) or not board else "host", Ink.MUTE)]
    if is_replay(scene):
        title.append((f"   {REPLAY}", Ink.WARN, True))
    if scene.is_narrow:
        mode = board.get("power_mode")
        name = short_device(scene.snapshot.device)
        title.append((f"   {name} · {mode.text}" if mode and mode.text else f"   {name}", Ink.TEXT))
    return title


def _foot(canvas: Canvas, scene: Scene) -> list[Piece]:
    """Which key shows what else, where the panel takes a chart's place; then sources and age."""
    keys = next_foot(scene) if scene.is_narrow and canvas.height > SMALL_ROWS else []
    age = _age(scene)
    return [*keys, *([(" · ", Ink.FAINT)] if keys and age else []), *age]


def _age(scene: Scene) -> list[Piece]:
    """`sysfs + jtop · 0.4 s ago`."""
    snapshot = scene.snapshot
    if not snapshot.board or snapshot.board_at_utc is None:
        return []
    names = sources_of(scene)
    ink = Ink.WARN if is_replay(scene) else Ink.FAINT
    age_s = max(snapshot.at_utc - snapshot.board_at_utc, 0.0) + _lag_s(scene, names)
    pieces: list[Piece] = [(f"{' + '.join(names[:3]) or 'no source'} · ", ink)]
    if age_s < 0.05:
        return [*pieces, ("now", Ink.FAINT)]
    age = f"{fixed(age_s, 1)} s" if age_s < 9.95 else brief_duration(age_s)
    return [*pieces, (f"{age} ago", Ink.WARN if age_s > STALE_S else Ink.FAINT)]


def _lag_s(scene: Scene, names: list[str]) -> float:
    """How old the newest value of the slowest source was when it was sampled.

    Not the oldest value: some gauges, such as a disk's, are read once in a while on purpose.
    """
    newest = dict.fromkeys(names, float("inf"))
    for name, reading in scene.snapshot.board.items():
        if reading.value is not None and not name.startswith(OWN_COST):
            newest[reading.source] = min(newest.get(reading.source, 0.0), reading.age_s)
    return max((newest[name] for name in names), default=0.0)


def _groups(canvas: Canvas, scene: Scene, *, is_wide: bool) -> list[list[Line]]:
    """What there is to say in the rows that there are: the weightiest lines, in their order."""
    board, width, room = scene.snapshot.board, canvas.width - 4, canvas.height - 2
    gauges = [*lines_of(board), *traffic_lines(board)]
    lost = lost_lines(scene, width)
    service = service_lines(board, width)
    own = own_lines(board) if is_wide else own_words(board, width)
    rest = lost_gauges(board)
    cores = core_lines(board) if is_wide else []
    fixed_rows = len(gauges) + len(lost) + len(service) + len(own) + len(rest)
    bars = canvas.tier.levels
    if cores and fixed_rows + len(cores) + len(word_lines(board, width, "")) + 3 <= room:
        bars = ""
    else:
        cores = []
    words = word_lines(board, width, bars)
    spare = room - fixed_rows - len(cores) - len(words)
    incidents = incident_lines(scene, width, min(spare, _MOST_INCIDENTS))
    groups = [[*incidents, *gauges], cores, [*words, *rest, *lost], service, own]
    spare -= len(incidents) + _GAPS
    # The service's own details first, then the board's.
    for at, more in ((3, service_details(board, width)), (2, side_lines(board, width))):
        if groups[at] and len(more) <= spare:
            groups[at] += more
            spare -= len(more)
    return fitting([group for group in groups if group], room)


def _draw_groups(canvas: Canvas, groups: list[list[Line]], trail: Trail | None) -> None:
    """One below the other; blank rows between them, the last but one first, as far as they fit."""
    gaps = canvas.height - 2 - sum(map(len, groups))
    parted = sorted(range(1, len(groups)), key=lambda at: (at != len(groups) - 2, -at))[
        : max(gaps, 0)
    ]
    columns = 30 if canvas.width >= 64 else 20
    end = canvas.width - 2
    y = 1
    for number, lines in enumerate(groups):
        y += number in parted
        for line in lines:
            draw_line(canvas, 2, y, line, end - columns - 2 if trail and not line.words else end)
            if trail and line.key:
                values = trail.course(line.key, points_in(canvas, columns))
                draw_spark(canvas, end - columns, y, shares(values, line.top, line.span), line.ink)
            y += 1
