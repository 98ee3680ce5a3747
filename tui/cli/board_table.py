"""The board as lines of text with inks, at most `width` columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from tui.cli.board_rows import Row, brakes_of, rows_of, unread_of, why_throttling_is_unknown
from tui.cli.scene import Scene, Watched
from tui.core.events import Reading
from tui.core.format import count, counted, duration
from tui.core.incidents import Incident
from tui.core.leak import Leak
from tui.core.log_lines import line_of_news
from tui.reports.board_words import leak_words
from tui.reports.gauge_words import REPLAY
from tui.reports.utc import moment

WIDTH = 80
GROUP, LABEL = 14, 15
SIGNS = {"info": "·", "ok": "✓", "warn": "!", "fail": "✗"}
INKS = {"info": "", "ok": "ok", "warn": "warn", "fail": "bad"}
_UPTIME_INKS = {"unknown": "dim", "alert": "bad", "below": "warn", "met": "ok"}

_LEAK_INKS = {"leak": "bad", "steady": "ok", "inconclusive": "dim"}

Line = tuple[tuple[str, str], ...]
"""Pieces of text with their ink: `head`, `dim`, `ok`, `warn`, `bad`, or none."""


def table(scene: Scene, width: int = WIDTH) -> list[Line]:
    """Everything, the verdict first."""
    return [
        *_title(scene, width),
        (),
        *verdict(scene, width),
        *_rows(_told_by_the_board(scene), width),
        *uptime_lines(scene.watched, width),
        *_unread(scene, width),
        *_sources(scene, width),
    ]


def verdict(scene: Scene, width: int = WIDTH) -> list[Line]:
    """Whether the board holds itself back and why, and every incident that goes on."""
    reasons = [one for one in scene.incidents if one.kind == "throttle"]
    others = [one for one in scene.incidents if one.kind != "throttle"]
    lines: list[Line] = []
    if scene.is_throttled:
        why = " and ".join(one.text for one in reasons)
        lines += _wrapped("✗ THROTTLED: yes", "bad", f", {why}" if why else "", width)
    elif scene.is_throttled is None:
        why = why_throttling_is_unknown(scene.sample.readings)
        lines += _wrapped("? THROTTLED: ", "warn", f"unknown, {why}", width)
    else:
        looked = _looked_at(scene.sample.readings)
        lines.append((("✓ THROTTLED: no", "ok"), (f"  ({looked})" if looked else "", "dim")))
    for one in [*reasons, *others]:
        lines += _wrapped(f"{SIGNS[one.level]} ", INKS[one.level], _since(one), width)
    return [*lines, ()]


def news_line(one: Incident, now_s: float) -> Line:
    """`13:49:05  ! oc3 over-current: 12/s, since 13:49:02`, in the words of a run's log."""
    level, words = line_of_news(one)
    since = f", since {clock_of(one.began_s)}" if one.is_open else ""
    return ((f"{clock_of(now_s)}  {SIGNS[level]} {words}{since}", INKS[level]),)


def clock_of(at_s: float) -> str:
    """Local time of day, as the clock beside the board shows it."""
    return f"{moment(at_s).astimezone():%H:%M:%S}"


def text_of(line: Line) -> str:
    """A line without its inks."""
    return "".join(text for text, _ in line).rstrip()


def _since(one: Incident) -> str:
    detail = f", {one.detail}" if one.detail else ""
    return f"{one.text}{detail}, since {clock_of(one.began_s)}"


def _title(scene: Scene, width: int) -> list[Line]:
    device = scene.device
    mark = " [replay]" if scene.is_replay else ""
    facts = [
        f"L4T {device.l4t}" if device.l4t else "",
        f"JetPack {device.jetpack}" if device.jetpack else "",
        counted(device.cpu_count, "core"),
        f"{count(device.memory_mb)} MiB",
    ]
    uptime = scene.sample.readings.get("uptime_s")
    if uptime is not None and uptime.value is not None:
        facts.append(f"up {duration(max(round(uptime.value / 60), 1) * 60)}")
    model: Line = ((_cut(device.model, width - len(mark)), "head"), (mark, "warn"))
    return [model, ((_cut(" · ".join(filter(None, facts)), width), "dim"),)]


def _told_by_the_board(scene: Scene) -> Sequence[Row]:
    rows = rows_of(scene.sample.readings)
    # Beside a replay, what jetproof costs this machine is no part of the picture.
    return [row for row in rows if row.source.startswith(REPLAY)] if scene.is_replay else rows


def _rows(rows: Sequence[Row], width: int) -> Iterator[Line]:
    before = ""
    for row in rows:
        group = row.group if row.group != before else ""
        before = row.group
        source = _cut(row.source, 12)
        room = width - GROUP - LABEL - len(source) - 1
        said = textwrap.wrap(row.said, max(room, 20), subsequent_indent="  ") or [""]
        # An indent at its head lines figures up.
        said[0] = row.said[: len(row.said) - len(row.said.lstrip())] + said[0].lstrip()
        head: Line = ((f"{group:<{GROUP}}", "head"), (f"{_cut(row.label, LABEL - 1):<{LABEL}}", ""))
        yield (*head, (f"{said[0]:<{room}} ", row.ink), (source, "dim"))
        for more in said[1:]:
            yield ((" " * (GROUP + LABEL), ""), (more, row.ink))


def uptime_lines(watched: Watched | None, width: int) -> Iterator[Line]:
    if watched is None:
        return
    yield ()
    ink = "dim" if watched.answered is None else "ok" if watched.answered else "bad"
    yield from _wrapped(
        f"{'UPTIME':<{GROUP}}", "head", f"{watched.name} {watched.said}", width, ink
    )
    for each in watched.uptimes:
        head = f"{'':<{GROUP}}{f'last {each.period}':<{LABEL}}"
        yield from _wrapped(head, "", each.text, width, _UPTIME_INKS[each.state])


def leak_lines(leaks: Sequence[Leak], width: int) -> Iterator[Line]:
    """Whether the memory of each of the service's main processes leaks."""
    yield ()
    head = f"{'MEMORY':<{GROUP}}"
    if not leaks:
        said = "no process of the service was seen: whether it leaks is not known"
        yield from _wrapped(head, "head", said, width, "dim")
    for leak in leaks:
        yield from _wrapped(head, "head", leak_words(leak), width, _LEAK_INKS[leak.verdict])
        head = " " * GROUP


def _unread(scene: Scene, width: int) -> Iterator[Line]:
    found = [(name, f"lost: {why}") for name, why in scene.sample.lost.items()]
    found += [
        (", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else ""), why)
        for why, names in unread_of(scene.sample.readings).items()
    ]
    yield from _block("NOT READ", found, width, "warn")


def _sources(scene: Scene, width: int) -> Iterator[Line]:
    found = [
        (each.name, each.why if each.used else f"not used: {each.why}") for each in scene.chosen
    ]
    yield from _block("SOURCES", found, width)


def _block(
    title: str, found: Sequence[tuple[str, str]], width: int, ink: str = "dim"
) -> Iterator[Line]:
    if found:
        yield ()
    for number, (name, why) in enumerate(found):
        head = f"{title if not number else '':<{GROUP}}"
        yield from _wrapped(head, "head", f"{name}: {why}", width, ink)


def _wrapped(head: str, head_ink: str, said: str, width: int, ink: str = "") -> Iterator[Line]:
    for number, part in enumerate(textwrap.wrap(said, max(width - len(head), 20)) or [""]):
        yield ((head if not number else " " * len(head), head_ink), (part, ink))


def _looked_at(readings: Mapping[str, Reading]) -> str:
    known = [name for name, reading in readings.items() if reading.value is not None]
    counters = sum(name.startswith("oc") and name.endswith("_events") for name in known)
    brakes = len(brakes_of(known))
    parts = [
        counted(counters, "over-current counter") if counters else "",
        counted(brakes, "cooling device") if brakes else "",
        "the GPU's driver" if "gpu_throttle" in known else "",
    ]
    return ", ".join(filter(None, parts))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
