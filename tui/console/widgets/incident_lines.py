"""Whether the board holds itself back, what else is wrong with it, and which source is lost."""

from __future__ import annotations

from collections.abc import Sequence

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
    """Those that go on at the second that is shown; lost sources have lines of their own."""
    return tuple(each for each in scene.snapshot.incidents if each.kind != "source")


def incident_lines(scene: Scene, width: int, room: int) -> list[Line]:
    """The verdict on throttling, or what goes on, in at least one row and at most `room`."""
    incidents = open_incidents(scene)
    if not incidents:
        return [Line("", words=calm_words(scene, width), weight=0)]
    shown = incidents[: max(room, 1)]
    hidden = len(incidents) - len(shown)
    more: list[Piece] = [(f"  +{hidden}", Ink.MUTE)] if hidden else []
    lines = []
    for number, incident in enumerate(shown):
        tail = more if number == len(shown) - 1 else []
        words = incident_words(scene, incident, width - line_width(tail))
        lines.append(Line("", words=[*words, *tail], weight=0 if number == 0 else 9))
    return lines


def calm_words(scene: Scene, width: int) -> list[Piece]:
    """What is said on throttling while no incident is open."""
    throttled = scene.snapshot.is_throttled
    if throttled is None:
        text = "throttling: nothing here tells"
        text = text if len(text) + 2 <= width else "throttling unknown"
        return [("? ", Ink.INVALID, True), (text, Ink.MUTE)]
    if throttled:
        return [("! ", Ink.WARN, True), ("throttled", Ink.TEXT, True)]
    return [("✓ ", Ink.PASS, True), ("not throttled", Ink.TEXT)]


def incident_words(scene: Scene, incident: Incident, width: int) -> list[Piece]:
    """`! WARN oc3 12/s since 01:38`, in the longest form that fits."""
    glyph, ink = LEVEL[incident.level]
    word = _WORDS.get(incident.level, "")
    since = f" since {began_text(scene, incident)}"
    full = sentence_of(incident)
    short = f"{incident.label} {incident.detail}" if incident.detail else incident.label
    forms: list[list[Piece]] = []
    for text, tail, with_word in (
        (full, since, True),
        (short, since, True),
        (incident.text, since, True),
        (short, since, False),
        (incident.text, since, False),
        (short, "", False),
        (incident.label, "", False),
    ):
        badge = f"{glyph} {word} " if word and with_word else f"{glyph} "
        forms.append([(badge, ink, True), (text, Ink.TEXT, True), (tail, Ink.MUTE)])
    return next((form for form in forms if line_width(form) <= width), forms[-1])


def sentence_of(incident: Incident) -> str:
    """`oc3 over-current 12/s`, `thermal throttling, tj 99.2 °C`."""
    if not incident.detail:
        return incident.text
    gap = " " if incident.detail.endswith("/s") else ", "
    return f"{incident.text}{gap}{incident.detail}"


def began_text(scene: Scene, incident: Incident) -> str:
    """Since when, on the clock of the run if it began in it, else the time of day."""
    run = scene.run
    if run is not None and run.began_s is not None:
        load_s = incident.began_s - run.facts.started_at - run.began_s
        if 0 <= load_s <= _length_s(run):
            return clock(load_s)
    return wall_clock(incident.began_s, seconds=True)


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
