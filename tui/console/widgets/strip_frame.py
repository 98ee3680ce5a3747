"""What the verdict strip shows beside a run of its own: read back, cooling, or a campaign."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.glyphs import VERDICT
from tui.console.scene import Back, Scene
from tui.console.theme import Ink
from tui.console.widgets.header import wall_clock
from tui.console.widgets.limits import line_width
from tui.console.widgets.strip import badge, draw_strip
from tui.core.campaign import Campaign, total_s, works_text
from tui.core.format import clock, counted, duration, fixed, short_clock
from tui.core.model import Cooling, RunView


def draw_framed_strip(canvas: Canvas, scene: Scene) -> None:
    """The strip, and over it what must not be overlooked."""
    cooling, campaign = scene.newest.cooling, scene.campaign
    is_idle = scene.run is None and not scene.snapshot.preparing
    if cooling is not None and scene.back is None:
        _draw_cooling(canvas, scene, cooling)
    elif campaign is not None and is_idle:
        _draw_campaign(canvas, scene, campaign)
    else:
        draw_strip(canvas, scene)
    if scene.back is not None:
        _draw_back(canvas, scene, scene.back)


def _draw_cooling(canvas: Canvas, scene: Scene, cooling: Cooling) -> None:
    canvas.fill(0, 0, canvas.width, canvas.height, Ink.STRIP)
    end = canvas.width - 1
    x = badge(canvas, "● COOLING", Ink.BADGE)
    last = scene.snapshot.run
    left = canvas.right(end, 0, f"{short_clock(cooling.left_s)} left", Ink.MUTE) - 2
    line: list[Piece] = [
        (cooling.next, Ink.TEXT, True),
        ("  starts once the board has cooled", Ink.TEXT),
    ]
    canvas.pieces(x, 0, line, end=left)
    canvas.pieces(1, 1, _wanted_lines(cooling), end=end)
    line = [("enter", Ink.ACCENT, True), (" skip the wait", Ink.TEXT)]
    if last is not None and last.judgement is not None:
        glyph, ink = VERDICT[last.judgement.verdict]
        line += [
            (f"    {glyph} {last.judgement.verdict} ", ink, True),
            (f"{last.facts.scenario.id} before it: {last.judgement.reason}", Ink.MUTE),
        ]
    canvas.pieces(1, 2, line, end=end)


def _wanted_lines(cooling: Cooling) -> list[Piece]:
    pieces: list[Piece] = []
    if cooling.temperature_c is not None and cooling.wanted_c is not None:
        pieces += [
            ("hottest zone ", Ink.MUTE),
            (fixed(cooling.temperature_c, 1), Ink.TEXT, True),
            (f" > {fixed(cooling.wanted_c, 1)} °C    ", Ink.MUTE),
        ]
    if cooling.load_1m is not None:
        pieces += [
            ("load ", Ink.MUTE),
            (fixed(cooling.load_1m, 2), Ink.TEXT, True),
            (f" > {fixed(cooling.wanted_load, 2)}", Ink.MUTE),
        ]
    return pieces


def campaign_length(scene: Scene, campaign: Campaign) -> str:
    """`3 rungs, 12 min, up to 6 min of cooling between`."""
    rungs = scene.rungs(campaign)
    _, cooling_s = total_s(rungs)
    text = f"{counted(len(campaign.runs), 'rung')}, {works_text(rungs)}"
    return f"{text}, up to {duration(round(cooling_s))} of cooling between" if cooling_s else text


def _draw_campaign(canvas: Canvas, scene: Scene, campaign: Campaign) -> None:
    canvas.fill(0, 0, canvas.width, canvas.height, Ink.STRIP)
    end = canvas.width - 1
    x = badge(canvas, "· IDLE", Ink.BADGE)
    line: list[Piece] = [
        (campaign.id, Ink.TEXT, True),
        (f"  {campaign_length(scene, campaign)}, on {scene.target.name}", Ink.TEXT),
    ]
    canvas.pieces(x, 0, line, end=end)
    canvas.pieces(1, 1, [(" → ".join(campaign.runs), Ink.MUTE)], end=end)
    line = [("enter", Ink.ACCENT, True), (" runs them one after the other.  ", Ink.TEXT)]
    if scene.target.protected:
        line = [("! ", Ink.WARN, True), (f"{scene.target.name} is protected.  ", Ink.TEXT, True)]
    why = campaign.summary or "The first that does not pass ends it."
    canvas.pieces(1, 2, [*line, (why, Ink.MUTE)], end=end)


def _draw_back(canvas: Canvas, scene: Scene, back: Back) -> None:
    """At the lower right, over whatever stands there: this is not how things are now."""
    text, ground = back_text(scene, back)
    pieces: list[Piece] = []
    live = scene.newest.run
    if live is not None and scene.newest.is_running and not (back.trouble and scene.is_narrow):
        pieces = [(" ● ", Ink.ACCENT, True), (_live_text(live), Ink.TEXT)]
    width = line_width(pieces) + len(text) + 3
    x, y = canvas.width - width, canvas.height - 1
    canvas.fill(x - 1, y, width + 1, 1, Ink.STRIP)
    x = canvas.pieces(x, y, pieces) + (1 if pieces else 0)
    canvas.put(canvas.width - len(text) - 2, y, f" {text} ", Ink.BG, True, ground=ground)


def back_text(scene: Scene, back: Back) -> tuple[str, Ink]:
    """`11:40:31, not live`; while the archive is asked, that."""
    if back.trouble:
        return back.trouble[:60], Ink.FAIL
    if back.is_reading and back.course is None:
        share = f" {fixed(back.done * 100)} %" if back.done else ""
        return f"reading…{share}", Ink.WARN
    run = back.course
    began_utc = run.facts.started_at + (run.began_s or 0.0) if run else 0.0
    text = f"{wall_clock(began_utc + back.at_s, seconds=True)}, not live"
    return (f"{text}, reading…" if back.is_reading else text), Ink.WARN


def _live_text(run: RunView) -> str:
    return f"{run.facts.scenario.id} {clock(run.elapsed_s)} goes on "
