"""The verdict strip: three rows at the same place on every screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.console.cells import Canvas, Piece
from tui.console.glyphs import LEVEL
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.incident_lines import began_text, sentence_of, weighty
from tui.console.widgets.limits import all_wanted, broken_first, limits_line, line_width
from tui.console.widgets.stage import judged_stage
from tui.console.widgets.storage_strip import cells_done, cells_line
from tui.console.widgets.stress_strip import figures_line, part_text, standing, stress_progress
from tui.console.widgets.verdict import draw_link, draw_verdict, in_short
from tui.console.widgets.workflow_strip import failed_text, rounds_done, rounds_line
from tui.core.events import Phase
from tui.core.format import (
    brief_duration,
    clock,
    counted,
    duration,
    metric_label,
    short_clock,
)
from tui.core.limits import LimitState
from tui.core.model import Headline, RunView
from tui.core.scenario import Scenario

_BADGES: dict[Phase, tuple[str, Ink]] = {
    "preparing": ("● PREPARING", Ink.ACCENT),
    "warm-up": ("● WARM-UP", Ink.ACCENT),
    "measuring": ("● RUN", Ink.ACCENT),
    "paused": ("┃┃ PAUSED", Ink.BADGE),
    "draining": ("● STOPPING", Ink.ACCENT),
    "cleaning": ("● CLEANING UP", Ink.ACCENT),
    "ended": ("● ENDED", Ink.BADGE),
}
ARMED = "s again within 3 s ends the run"
CALMED = "the stress is undone: "


def draw_strip(canvas: Canvas, scene: Scene) -> None:
    """Idle, asking the target, running, or the verdict."""
    canvas.fill(0, 0, canvas.width, canvas.height, Ink.STRIP)
    run = scene.run
    if run is None and scene.snapshot.preparing:
        _draw_asking(canvas, scene)
    elif run is None:
        _draw_idle(canvas, scene)
    elif run.judgement is not None:
        draw_verdict(canvas, scene, run, run.judgement)
    else:
        _draw_run(canvas, scene, run)


def badge(canvas: Canvas, text: str, ground: Ink) -> int:
    """What kind of strip this is, at its left; the column behind it."""
    text = f"[ {text.split(maxsplit=1)[-1]} ]" if canvas.tier.name == "ascii" else f" {text} "
    return canvas.put(0, 0, text, Ink.BG, True, ground=ground) + 1


def _draw_idle(canvas: Canvas, scene: Scene) -> None:
    x = badge(canvas, "· IDLE", Ink.BADGE)
    end = canvas.width - 1
    chosen, last = scene.chosen, scene.last
    if chosen is None:
        canvas.put(x, 0, "no scenario", Ink.WARN, True)
        text = scene.problems[0] if scene.problems else "the catalogue is empty: jetproof list"
        canvas.pieces(1, 1, [(text, Ink.TEXT)], end=end)
        return
    if last is not None:
        age = brief_duration(max(scene.snapshot.at_utc - last.started_at, 0))
        end = canvas.right(end, 0, f"last run {age} ago", Ink.MUTE) - 2
    judged = "Passes if:" if chosen.thresholds else "No limits: any answer passes."
    if chosen.workflow is not None:
        judged = "Passes if:"
    if chosen.stress is not None and not chosen.thresholds:
        judged = "No limits."
    users = f"{counted(chosen.users, 'user')}, {duration(chosen.duration_s)}"
    is_search = chosen.load is not None and chosen.load.search is not None
    is_more = chosen.stress is not None or chosen.workflow is not None
    if chosen.is_open or chosen.stages or is_search or chosen.load is None or is_more:
        users = chosen.plan
    where = f", on {scene.target.name}" if chosen.asks_service else ""
    line: list[Piece] = [
        (chosen.id, Ink.TEXT, True),
        (f"  {users}{where}. {judged}", Ink.TEXT),
    ]
    canvas.pieces(x, 0, line, end=end)
    _draw_wanted(canvas, chosen)
    canvas.sentence(1, 2, next_step(scene), end=draw_link(canvas, scene))


def _draw_wanted(canvas: Canvas, scenario: Scenario) -> None:
    loose = sum(line_width(item) + 4 for item in all_wanted(scenario))
    tight = loose > canvas.width
    x = 1
    for item in all_wanted(scenario, tight=tight):
        x = canvas.pieces(x, 1, item, end=canvas.width - 1)
        x += 2 if tight else 4


def next_step(scene: Scene) -> list[Piece]:
    """The one thing to do next."""
    chosen = scene.chosen
    assert chosen is not None
    if scene.target.protected and chosen.asks_service:
        text = " is protected: its name is asked before the first request"
        return [("! ", Ink.WARN, True), (scene.target.name, Ink.TEXT, True), (text, Ink.MUTE)]
    incident = weighty(scene.snapshot.incidents)
    if incident is not None:
        glyph, ink = LEVEL[incident.level]
        since = f" since {began_text(scene, incident)}.  "
        return [
            (f"{glyph} ", ink, True),
            (sentence_of(incident), Ink.TEXT, True),
            (since, Ink.MUTE),
            (scene.starts_by, Ink.ACCENT, True),
            (" runs it." if scene.is_narrow else " runs it all the same.", Ink.TEXT),
        ]
    first = scene.scenarios[0]
    is_reached = scene.moves_list and scene.find is None
    if not scene.snapshot.past and chosen.id != first.id and is_reached:
        took = f" ({duration(first.duration_s)})" if first.duration_s else ""
        return [
            (f"{first.id} first", Ink.TEXT, True),
            (f"{took} tells whether the service answers at all: ", Ink.MUTE),
            ("home, enter", Ink.ACCENT, True),
        ]
    what = chosen.summary or f"runs {chosen.title}"
    return [(scene.starts_by, Ink.ACCENT, True), (" runs it.  ", Ink.TEXT), (what, Ink.MUTE)]


def _draw_asking(canvas: Canvas, scene: Scene) -> None:
    x = badge(canvas, "● PREPARING", Ink.ACCENT)
    name = scene.snapshot.preparing
    x = canvas.put(x, 0, name, Ink.TEXT, True)
    canvas.pieces(x + 2, 0, [("asking the target whether it is there", Ink.TEXT)])
    for scenario in scene.scenarios:
        if scenario.id == name:
            _draw_wanted(canvas, scenario)
    canvas.put(1, 2, "· ", Ink.MUTE)
    canvas.put(3, 2, "no load yet", Ink.MUTE)


def _draw_run(canvas: Canvas, scene: Scene, run: RunView) -> None:
    text, ground = _BADGES[run.phase]
    x = badge(canvas, text, ground)
    end = canvas.width - 1
    stress = run.stress
    part = part_text(run)
    view = run.workflow
    storage = run.storage
    if (view is not None or storage is not None) and run.phase != "preparing":
        end = canvas.right(end, 0, clock(run.elapsed_s), Ink.TEXT, True) - 2
    elif run.phase != "preparing":
        # Of a stress the part's own time tells more, and two would be mistaken for each other.
        if canvas.width >= 56 and not part:
            end = canvas.right(end, 0, f"{left_text(run)} left", Ink.MUTE) - 3
        if canvas.width >= 40:
            end = canvas.right(end, 0, f" / {clock(run.total_s)}", Ink.MUTE)
        end = canvas.right(end, 0, clock(run.elapsed_s), Ink.TEXT, True) - 2
    x = canvas.pieces(x, 0, [(run.facts.scenario.id, Ink.TEXT, True)], end=end) + 2
    status, ink = status_of(run)
    if scene.is_narrow:
        # Else nothing is left of the bar; the third row says the rest.
        status = status.removeprefix("measurement ")
    if view is not None and run.phase == "measuring":
        x = canvas.pieces(x, 0, rounds_line(view, (end - x) // 2), end=end) + 2
    if storage is not None and run.phase == "measuring":
        x = canvas.pieces(x, 0, cells_line(storage), end=end) + 2
    if part:
        part = part if x + len(part) <= end else part_text(run, is_brief=True)
        x = canvas.pieces(x, 0, [(part, Ink.TEXT)], end=end) + 2
    is_told = bool(part) or (view is not None and view.begun > 0) or storage is not None
    # Of a stress or a workflow the row has told enough: how it stands only where there is room.
    is_due = ink is not Ink.TEXT or not part
    if not is_told or (is_due and x + len(status) + 8 <= end):
        x = canvas.pieces(x, 0, [(status, ink, ink is not Ink.TEXT)], end=end) + 2
    if end - x >= 6:
        room = min(end - x, 120)
        canvas.pieces(x, 0, _bar(run, room))
    if stress is not None:
        line = figures_line(run, stress, scene.snapshot.board, canvas.width - 2)
        canvas.pieces(1, 1, line, end=canvas.width - 1)
        _draw_sentence(canvas, scene, run.headline)
        return
    states = broken_first(run.thresholds)
    of = judged_stage(run, canvas.width)
    width = canvas.width - 2 - line_width(of)
    validity = run.validity if run.facts.scenario.load is not None else None
    canvas.pieces(1, 1, [*of, *limits_line(states, validity, width)], end=canvas.width - 1)
    _draw_sentence(canvas, scene, run.headline)


def _bar(run: RunView, width: int) -> list[Piece]:
    if run.workflow is not None:
        return rounds_done(run.workflow, width)
    if run.storage is not None:
        return cells_done(run.storage, width)
    return progress(run, width) if run.stress is None else stress_progress(run, run.stress, width)


def left_text(run: RunView) -> str:
    """What is left, in whole seconds that add up with those of the elapsed time to the total."""
    return short_clock(max(int(run.total_s) - int(run.elapsed_s), 0))


def _draw_sentence(canvas: Canvas, scene: Scene, headline: Headline) -> None:
    end = draw_link(canvas, scene)
    if scene.armed:
        undone = CALMED if scene.calmed else ""
        canvas.put(1, 2, f"! {undone}{ARMED}", Ink.WARN, True, end=end)
        return
    if scene.snapshot.queued:
        names = ", ".join(scene.snapshot.queued)
        if len(names) < canvas.width // 3:
            end = canvas.right(end, 2, f"then {names}", Ink.MUTE) - 2
    glyph, ink = LEVEL[headline.level]
    strong = Ink.FAIL if headline.level == "fail" else Ink.TEXT
    line: Sequence[Piece] = [
        (f"{glyph} ", ink, True),
        (headline.strong, strong, True),
        *_rest_of(scene, headline.rest),
    ]
    for rest in _shorter(scene, headline.rest):
        if line_width(line) < end:
            break
        line = [*line[:2], *_rest_of(scene, rest)]
    canvas.sentence(1, 2, line, end=end)


def _shorter(scene: Scene, rest: str) -> Iterator[str]:
    """Without what did not change, then in fewer words, then without the cause's figure."""
    rest = rest.partition("   ")[0]
    yield rest
    yield in_short(rest)
    detail = scene.run.rises[-1].detail if scene.run is not None and scene.run.rises else ""
    if detail:
        yield in_short(rest).replace(f", {detail}", "")


def _rest_of(scene: Scene, rest: str) -> list[Piece]:
    """What explains it; the cause on the board in its colour."""
    rises = scene.run.rises if scene.run is not None else ()
    cause = rises[-1].cause if rises and rises[-1].by != "load" else ""
    before, found, after = rest.partition(cause) if cause else ("", "", rest)
    return [(before, Ink.MUTE), (found, Ink.WARN), (after, Ink.MUTE)]


def status_of(run: RunView) -> tuple[str, Ink]:
    """How the run stands, in words; never a verdict before its end."""
    broken = [state for state in standing(run) if state.passed is False]
    failing = [camera.name for camera in run.cameras if camera.grade == "fail"]
    if run.phase == "preparing":
        where = f"on {run.facts.target.name}" if run.facts.target.name else "opening"
        return where, Ink.TEXT
    if run.phase == "warm-up":
        return "not judged yet", Ink.TEXT
    if run.validity.valid is False:
        return "measurement not valid so far", Ink.INVALID
    if run.workflow is not None and (failed := failed_text(run.workflow)):
        return failed, Ink.FAIL
    if failing:
        more = f" and {len(failing) - 1} more" if len(failing) > 1 else ""
        return f"{failing[0]}{more} {'fail' if more else 'fails'}", Ink.FAIL
    if broken:
        return over_text(broken), Ink.FAIL
    if not run.total.requests and run.facts.scenario.load is not None:
        return "nothing measured yet", Ink.TEXT
    if not run.thresholds:
        return "nothing failed so far" if run.workflow else "no limits to keep", Ink.TEXT
    return "within limits so far", Ink.TEXT


def over_text(broken: Sequence[LimitState]) -> str:
    """`p95 over its limit`, `rps under its limit`, `p95 and 1 more past their limits`."""
    first = broken[0].limit
    name = metric_label(first.metric)
    if len(broken) > 1:
        return f"{name} and {len(broken) - 1} more past their limits"
    return f"{name} {'under' if first.is_floor else 'over'} its limit"


def progress(run: RunView, width: int) -> list[Piece]:
    """Warm-up dashed, measured thick, what is left thin."""
    total_s = max(run.total_s, 1e-9)
    done = min(round(run.elapsed_s / total_s * width), width)
    warm_s = run.elapsed_s if run.measured_from_s is None else run.measured_from_s
    # However short the warm-up was, it leaves a trace.
    warm = min(max(round(warm_s / total_s * width), 1 if warm_s else 0), done)
    return [
        ("╍" * warm, Ink.MUTE),
        ("━" * (done - warm), Ink.ACCENT),
        ("─" * (width - done), Ink.LINE),
    ]
