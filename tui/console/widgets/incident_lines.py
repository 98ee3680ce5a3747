"""Whether the board holds itself back, what else is wrong with it, and which source is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.console.cells import Piece
from tui.console.glyphs import LEVEL
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.board_lines import Line
from tui.console.widgets.header import wall_clock
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.core.events import Level
from tui.core.format import clock
from tui.core.incidents import Incident
from tui.core.model import RunView

_WORDS: dict[Level, str] = {"warn": "WARN", "fail": "FAIL"}
OWN_COST = ("console_", "generator_", "feed_", "service_", "health_")
"""Gauges that tell nothing of the board itself."""
_KNOWN = ("sysfs", "jtop", "nvml", "psutil")


def open_incidents(scene: Scene) -> tuple[Incident, ...]:
    """Those that go on at the second that is shown: what holds the board back before all else.

    Lost sources have lines of their own.
    """
    found = [each for each in scene.snapshot.incidents if each.kind != "source"]
    return tuple(sorted(found, key=lambda each: not _holds_back(each)))


def _holds_back(incident: Incident) -> bool:
    """Whether it is throttling beyond what NVIDIA calls expected."""
    return incident.kind == "throttle" and _is_heavy(incident)


def _is_heavy(incident: Incident) -> bool:
    return incident.level in ("warn", "fail")


def incident_lines(scene: Scene, width: int, room: int) -> list[Line]:
    """The verdict on throttling and what goes on, in at least one row and at most `room`."""
    heavy = [each for each in open_incidents(scene) if _is_heavy(each)]
    notes = [each for each in open_incidents(scene) if not _is_heavy(each)]
    if not heavy:
        rows = _calm_rows(scene, notes, width, room)
    else:
        # Whatever else is wrong: that nothing holds the board back is worth a row.
        is_calm = not any(map(_holds_back, heavy)) and scene.snapshot.is_throttled is False
        calm = _calm_rows(scene, notes, width, room - len(heavy)) if is_calm else []
        if calm and len(heavy) + len(calm) <= room:
            rows = [*_rows(scene, heavy, width, len(heavy)), *calm]
        else:
            rows = _rows(scene, [*heavy, *notes], width, room)
    return [Line("", words=row, weight=0 if at == 0 else 9) for at, row in enumerate(rows)]


def _calm_rows(scene: Scene, notes: Sequence[Incident], width: int, room: int) -> list[list[Piece]]:
    """That nothing holds the board back, and beside it or below it what is no warning."""
    calm = calm_words(scene, width)
    for row in (
        _joined(calm, (_long(scene, each) for each in notes)),
        _joined(calm, map(_short, notes)),
    ):
        if line_width(row) <= width:
            return [row]
    if room < 2:
        return [_with_others(calm, notes, width)]
    return [calm, *_rows(scene, notes, width, room - 1)]


def _rows(scene: Scene, incidents: Sequence[Incident], width: int, room: int) -> list[list[Piece]]:
    """A row each; those that there are no rows for share the last one."""
    alone = len(incidents) if len(incidents) <= room else max(room, 1) - 1
    rows = [incident_words(scene, each, width) for each in incidents[:alone]]
    return [*rows, _one_row(scene, incidents[alone:], width)] if incidents[alone:] else rows


def verdict_row(scene: Scene, width: int) -> list[Piece]:
    """What there is to say on throttling and all that goes on, in one row."""
    incidents = open_incidents(scene)
    if any(map(_is_heavy, incidents)):
        return _one_row(scene, incidents, width)
    return _calm_rows(scene, incidents, width, 1)[0]


def _one_row(scene: Scene, incidents: Sequence[Incident], width: int) -> list[Piece]:
    """All of them in one row: the first in the longest form that leaves the others their names.

    Of those that have no room for that it tells the number.
    """
    first, others = incidents[0], incidents[1:]
    tails = [line_width(_named([], others, kept)) for kept in range(len(others), -1, -1)]
    behind = next((tail for tail in tails if line_width(_name(first)) + tail <= width), tails[-1])
    return _with_others(incident_words(scene, first, width - behind), others, width)


def _with_others(words: list[Piece], others: Sequence[Incident], width: int) -> list[Piece]:
    """Others behind these words: with their figures, else by name; how many more there are."""
    row = _joined(words, map(_short, others))
    for kept in range(len(others), -1, -1):
        if line_width(row) <= width:
            break
        row = _named(words, others, kept)
    return row


def _named(words: list[Piece], others: Sequence[Incident], kept: int) -> list[Piece]:
    """The names of the first few, and the number of the rest."""
    hidden = len(others) - kept
    row = _joined(words, map(_name, others[:kept]))
    return [*row, (f" +{hidden}", Ink.MUTE)] if hidden else row


def _joined(words: list[Piece], more: Iterable[list[Piece]]) -> list[Piece]:
    return [*words, *(piece for each in more for piece in ((" ", Ink.MUTE), *each))]


def _name(incident: Incident) -> list[Piece]:
    """`! heat`."""
    glyph, ink = LEVEL[incident.level]
    return [(f"{glyph} ", ink, True), (incident.label, Ink.TEXT, True)]


def _short(incident: Incident) -> list[Piece]:
    """`· oc3 4/s`."""
    figure = _figure(incident)
    return [*_name(incident), (f" {figure}" if figure else "", Ink.TEXT)]


def calm_words(scene: Scene, width: int) -> list[Piece]:
    """What is said on throttling while nothing holds the board back."""
    throttled = scene.snapshot.is_throttled
    if throttled is None:
        text = "throttling: nothing here tells"
        text = text if len(text) + 2 <= width else "throttling unknown"
        return [("? ", Ink.INVALID, True), (text, Ink.MUTE)]
    if throttled:
        return [("! ", Ink.WARN, True), ("throttled", Ink.TEXT, True)]
    return [("✓ ", Ink.PASS, True), ("not throttled", Ink.TEXT)]


def _long(scene: Scene, incident: Incident) -> list[Piece]:
    """`· oc3 over-current 4/s since 01:38`."""
    glyph, ink = LEVEL[incident.level]
    since = (f" since {began_text(scene, incident)}", Ink.MUTE)
    return [(f"{glyph} ", ink, True), (sentence_of(incident), Ink.TEXT, True), since]


def incident_words(scene: Scene, incident: Incident, width: int) -> list[Piece]:
    """`! WARN oc3 12/s since 01:38`, in the longest form that fits."""
    glyph, ink = LEVEL[incident.level]
    word = _WORDS.get(incident.level, "")
    since = f" since {began_text(scene, incident)}"
    full = sentence_of(incident)
    figure = _figure(incident)
    short = f"{incident.label} {figure}" if figure else incident.label
    forms: list[list[Piece]] = []
    for text, tail, with_word in (
        (f"{full}{_worst_at(scene, incident)}", since, True),
        (full, since, True),
        (short, since, True),
        (incident.text, since, True),
        (short, since, False),
        (incident.text, since, False),
        (incident.label, since, True),
        (incident.label, since, False),
        (short, "", False),
        (incident.label, "", False),
    ):
        badge = f"{glyph} {word} " if word and with_word else f"{glyph} "
        forms.append([(badge, ink, True), (text, Ink.TEXT, True), (tail, Ink.MUTE)])
    return next((form for form in forms if line_width(form) <= width), forms[-1])


def sentence_of(incident: Incident) -> str:
    """`oc3 over-current 12/s`, `thermal throttling, tj 99.2 °C`, `p95 above 750 ms, at worst 1 240
    ms`."""
    if _tells_worst(incident):
        return f"{incident.text}, at worst {incident.peak_detail}"
    if not incident.detail:
        return incident.text
    gap = " " if incident.detail.endswith("/s") else ", "
    return f"{incident.text}{gap}{incident.detail}"


def _tells_worst(incident: Incident) -> bool:
    """Whether it is told by its worst value: the one of now may be within its limit already."""
    return incident.kind == "alert" and incident.peak_s is not None


def _figure(incident: Incident) -> str:
    return incident.peak_detail if _tells_worst(incident) else incident.detail


def _worst_at(scene: Scene, incident: Incident) -> str:
    at_s = incident.peak_s
    return f" at {_time_text(scene, at_s)}" if at_s is not None and _tells_worst(incident) else ""


def began_text(scene: Scene, incident: Incident) -> str:
    """Since when, on the clock of the run if it began in it, else the time of day."""
    return _time_text(scene, incident.began_s)


def _time_text(scene: Scene, at_utc_s: float) -> str:
    run = scene.run
    if run is not None and run.began_s is not None:
        load_s = at_utc_s - run.facts.started_at - run.began_s
        if 0 <= load_s <= _length_s(run):
            return clock(load_s)
    return wall_clock(at_utc_s, seconds=True)


def _length_s(run: RunView) -> float:
    if run.ended_s is None or run.began_s is None:
        return float("inf")
    return run.ended_s - run.began_s


def sources_of(scene: Scene) -> list[str]:
    """Where the board's gauges come from now, the most trusted first."""
    found = {
        reading.source
        for name, reading in scene.snapshot.board.items()
        if reading.source and reading.value is not None and not name.startswith(OWN_COST)
    }
    found -= set(scene.snapshot.lost)
    return [*(name for name in _KNOWN if name in found), *sorted(found.difference(_KNOWN))]


def lost_lines(scene: Scene, width: int) -> list[Line]:
    """`n/a: jtop stopped 11:41:07, sysfs since`, and why; three rows at most for each source."""
    lines = []
    for name, why in scene.snapshot.lost.items():
        gone = [each for each in scene.snapshot.incidents if each.key == f"source.{name}"]
        text = f"n/a: {name} {why}"
        if gone:
            rest = next(iter(sources_of(scene)), "")
            stays = f", {rest} since" if rest else ""
            text = f"n/a: {name} stopped {began_text(scene, gone[0])}{stays}: {why}"
        for number, row in enumerate(wrapped(text, width)):
            words: list[Piece] = [(row, Ink.MUTE)]
            if number == 0:
                words = [("n/a", Ink.WARN, True), (row.removeprefix("n/a"), Ink.TEXT)]
            lines.append(Line("", words=words, weight=6 if number == 0 else 25))
    return lines


def weighty(incidents: Sequence[Incident]) -> Incident | None:
    """The first that speaks against starting a run now; none as a rule."""
    return next(
        (
            each
            for each in incidents
            if each.level in ("warn", "fail") and each.kind in ("throttle", "alert")
        ),
        None,
    )
