"""The service that is watched, and what this program itself costs the board."""

from __future__ import annotations

import re

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.console.widgets.board_lines import Line, Readings, missing, value_of
from tui.console.widgets.board_words import Word, packed
from tui.core.format import counted, fixed

_NAMED = re.compile(r"(.+?) (?:pid )?(\d+)")
_OWN = (
    ("console_cpu_percent", "console"),
    ("generator_cpu_percent", "generator"),
    ("feed_cpu_percent", "jtop feed"),
)


def service_lines(board: Readings, width: int) -> list[Line]:
    """Who it is, and what it takes; nothing when nobody is watched."""
    reading = board.get("service_processes")
    if reading is None:
        return []
    if reading.value is None:
        return missing(board, "service_processes", "service", 7)
    if not reading.value:
        text = reading.text or "the service"
        return [
            Line("", words=[("! ", Ink.WARN, True), (f"{text} does not run", Ink.TEXT)], weight=6)
        ]
    named = _NAMED.fullmatch(reading.text)
    who: list[Piece] = [(reading.text or "the service", Ink.TEXT)]
    if named is not None:
        who = [(named.group(1), Ink.TEXT), (f" pid {named.group(2)}", Ink.MUTE)]
    costs = [Line("", words=row, weight=8) for row in packed(_costs(board), width)]
    return [Line("", words=who, weight=7), *costs]


def service_details(board: Readings, width: int) -> list[Line]:
    """For panels with room to spare: what else the service holds."""
    return [Line("", words=row, weight=43) for row in packed(_holds(board), width)]


def _costs(board: Readings) -> list[Word]:
    words: list[Word] = []
    percent = value_of(board, "service_cpu_percent")
    if percent is not None:
        words.append([(fixed(percent / 100, 1), Ink.TEXT, True), (" cores", Ink.MUTE)])
    size_mb = value_of(board, "service_pss_mb") or value_of(board, "service_rss_mb")
    if size_mb is not None:
        words.append([(fixed(size_mb / 1024, 1), Ink.TEXT, True), (" GiB", Ink.MUTE)])
    restarts = value_of(board, "service_restarts")
    if restarts is not None:
        number, noun = counted(int(restarts), "restart").rsplit(" ", 1)
        ink = Ink.FAIL if restarts else Ink.TEXT
        words.append([(number, ink, True), (f" {noun}", Ink.MUTE)])
    kills = value_of(board, "service_oom_kills")
    if kills:
        words.append([(fixed(kills), Ink.FAIL, True), (" OOM", Ink.MUTE)])
    return words


def _holds(board: Readings) -> list[Word]:
    words: list[Word] = []
    gpu_mb = value_of(board, "service_gpu_mb")
    if gpu_mb is not None:
        words.append([("GPU ", Ink.MUTE), (f"{fixed(gpu_mb / 1024, 1)} GiB", Ink.TEXT)])
    for key, noun in (
        ("service_threads", "thread"),
        ("service_descriptors", "file"),
        ("service_connections", "connection"),
        ("service_journal_errors", "error"),
    ):
        value = value_of(board, key)
        # No errors in the journal is nothing to say.
        if value is None or (noun == "error" and not value):
            continue
        number, noun = counted(int(value), noun).rsplit(" ", 1)
        words.append([(number, Ink.WARN if "error" in noun else Ink.TEXT), (f" {noun}", Ink.MUTE)])
    return words


def own_lines(board: Readings) -> list[Line]:
    """What this program costs the board, a row each."""
    lines = []
    for key, label in _OWN:
        percent = value_of(board, key)
        if percent is None:
            lines += missing(board, key, label, 71)
            continue
        rss = value_of(board, key.replace("cpu_percent", "rss_mb"))
        size = "" if rss is None else f"  {fixed(rss)} MiB"
        more = (f" of a core{size}", size, " of a core")
        unit: list[Piece] = [(" %", Ink.MUTE)]
        lines.append(Line(label, fixed(percent), unit, more, key=key, top=100, weight=71))
    return lines


def own_words(board: Readings, width: int) -> list[Line]:
    """The same in as few rows as it fits."""
    words: list[Word] = []
    for key, label in _OWN:
        if key not in board:
            continue
        percent = value_of(board, key)
        text = "n/a" if percent is None else f"{fixed(percent)} %"
        words.append([(f"{label} ", Ink.MUTE), (text, Ink.TEXT)])
    rows = packed(words, width)
    tail: Piece = (" of a core", Ink.MUTE)
    if rows and sum(len(piece[0]) for piece in [*rows[-1], tail]) <= width:
        rows[-1] = [*rows[-1], tail]
    return [Line("", words=row, weight=44 + number) for number, row in enumerate(rows)]
