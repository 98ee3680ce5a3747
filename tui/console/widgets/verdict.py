"""The strip after a run: the verdict in large letters, why, and what to do."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece, crop
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.bigword import big_word
from tui.console.widgets.header import wall_clock
from tui.console.widgets.limits import broken_first, limits_line, line_width
from tui.console.widgets.stage import judged_stage
from tui.console.widgets.stress_strip import price_line
from tui.console.widgets.workflow_strip import difference_line, passed_line
from tui.core.e2e.standing import outcome_text
from tui.core.format import clock, counted, duration
from tui.core.model import RunView
from tui.core.verdict import Judgement, Verdict

_GROUNDS: dict[Verdict, Ink] = {
    "PASS": Ink.PASS,
    "FAIL": Ink.FAIL,
    "INVALID": Ink.INVALID,
    "INTERRUPTED": Ink.BADGE,
    "ABORTED": Ink.FAIL,
}
_STRIPS: dict[Verdict, Ink] = {"FAIL": Ink.FAIL_STRIP, "ABORTED": Ink.FAIL_STRIP}
REPLAYED = " on the replayed board"
"""Behind a cause that was read off another board, as the sentence of a run has it."""
# Wider than these shares of the row, the word would push out its own reason.
_ROOMY, _MOST = 0.3, 0.46


def draw_verdict(canvas: Canvas, scene: Scene, run: RunView, judgement: Judgement) -> None:
    """Three rows: the word at the left; reason, limits and advice beside it."""
    verdict = judgement.verdict
    strip = _STRIPS.get(verdict, Ink.STRIP)
    canvas.fill(0, 0, canvas.width, canvas.height, strip)
    x = _draw_word(canvas, verdict) + 1
    end = canvas.width - 1
    ended_utc = run.facts.started_at + (run.ended_s or 0.0)
    stamp = wall_clock(ended_utc, seconds=True)
    ink = Ink.FAIL if verdict in ("FAIL", "ABORTED") else _GROUNDS[verdict]
    line: list[Piece] = [
        (run.facts.scenario.id, Ink.TEXT, True),
        (f"  {judgement.reason}", ink, True),
    ]
    # The reason comes first: without room for both there is no time of day.
    if not scene.is_narrow and x + line_width(line) + len(stamp) + 2 <= end:
        end = canvas.right(end, 0, stamp, Ink.MUTE) - 2
    canvas.sentence(x, 0, line, end=end)
    width = canvas.width - 1 - x
    states = broken_first(run.thresholds)
    of = judged_stage(run, width)
    validity = run.validity if run.facts.scenario.load is not None else None
    limits = limits_line(states, validity, width - line_width(of), gauges=False)
    if run.workflow is not None and not states:
        limits = [(outcome_text(run.workflow), Ink.MUTE)]
    canvas.pieces(x, 1, [*of, *limits])
    end = draw_link(canvas, scene)
    advice = advice_line(scene, run, judgement)
    if run.stress is not None and not _needs_words(run, judgement):
        advice = price_line(run, run.stress, end - x) or advice
    elif judgement.verdict == "FAIL" and x + line_width(advice) > end:
        # How long it lasted gives way as a whole to when and why it broke.
        advice = [(in_short(piece[0]), *piece[1:]) for piece in advice[:-1]]
    canvas.sentence(x, 2, advice, end=end)


def in_short(text: str) -> str:
    """The same where there is little room."""
    return text.replace(REPLAYED, ", replayed")


def draw_link(canvas: Canvas, scene: Scene) -> int:
    """At the end of the last row, where the terminal is slow; the first column not to touch."""
    end = canvas.width - 1
    return canvas.right(end, 2, "! slow link", Ink.WARN) - 2 if scene.is_link_slow else end


def _draw_word(canvas: Canvas, verdict: Verdict) -> int:
    ground = _GROUNDS[verdict]
    rows = _word_rows(canvas, verdict)
    width = max(map(len, rows)) + 4
    canvas.fill(0, 0, width, canvas.height, ground)
    for y, row in enumerate(rows):
        canvas.put(2, y, row, Ink.BG, True)
    return width


def _word_rows(canvas: Canvas, verdict: Verdict) -> tuple[str, str, str]:
    if canvas.height < 3:
        return (verdict, "", "")
    if canvas.tier.name == "ascii":
        return ("", f"[ {verdict} ]", "")
    for rows, most in ((big_word(verdict), _ROOMY), (big_word(verdict, narrow=True), _MOST)):
        if len(rows[0]) + 4 <= canvas.width * most:
            return rows
    return ("", verdict, "")


def advice_line(scene: Scene, run: RunView, judgement: Judgement) -> list[Piece]:
    """What came before a failure, what to change, or what the pass rests on."""
    if judgement.verdict == "FAIL":
        return _failure_line(scene, run, judgement)
    if judgement.verdict == "PASS":
        return _pass_line(run)
    if judgement.advice and judgement.verdict == "INVALID":
        return [(judgement.advice, Ink.TEXT, True)]
    measured = duration(round(run.measured_s))
    return [
        (scene.starts_by, Ink.ACCENT, True),
        (" runs it again.", Ink.TEXT),
        (f"  Measured for {measured}, not judged.", Ink.MUTE),
    ]


def _needs_words(run: RunView, judgement: Judgement) -> bool:
    """Whether something matters more than what a stress did."""
    if judgement.verdict == "INVALID":
        return True
    return judgement.verdict == "FAIL" and broke_at(run) is not None


def _failure_line(scene: Scene, run: RunView, judgement: Judgement) -> list[Piece]:
    since = broke_at(run)
    if since is not None:
        at_s, seconds = since
        before = _cause_before(run, at_s) or _mark_before(run, at_s)
        return [
            ("! ", Ink.WARN, True),
            (f"p95 went over at {clock(at_s)}", Ink.TEXT, True),
            (before, Ink.WARN),
            (f", over in {duration(seconds)} of {duration(round(run.measured_s))}", Ink.MUTE),
        ]
    if run.failures:
        worst = run.failures[0]
        return [
            ("! ", Ink.WARN, True),
            (f"{worst.method} {worst.name}: {crop(worst.error, 60)}", Ink.TEXT, True),
            (f", {counted(worst.count, 'time')} from {clock(worst.first_s)}", Ink.MUTE),
        ]
    if run.workflow is not None and (line := difference_line(run.workflow)):
        return line
    return [(judgement.advice or f"{scene.starts_by} runs it again", Ink.MUTE)]


def broke_at(run: RunView) -> tuple[float, float] | None:
    """When p95 first went over its broken limit in the measured phase, and for how long in all."""
    broken = [
        state.limit.value
        for state in run.thresholds
        if state.passed is False and state.limit.metric == "p95_ms"
    ]
    measured_from_s = run.measured_from_s
    if not broken or measured_from_s is None:
        return None
    over = [
        point
        for point in run.points
        if point.p95_ms is not None
        and point.p95_ms >= broken[0]
        and point.start_s + point.width_s > measured_from_s
    ]
    if not over:
        return None
    return max(over[0].start_s, measured_from_s), sum(point.width_s for point in over)


def _cause_before(run: RunView, at_s: float) -> str:
    """What began before the newest rise until then, and how long before."""
    rises = [rise for rise in run.rises if rise.began_s <= at_s and rise.cause]
    if not rises:
        return ""
    rise = rises[-1]
    lag_s = at_s - (rise.began_s - rise.lag_s)
    began = " began" if rise.by == "incident" else ""
    detail = f", {rise.detail}" if rise.detail else ""
    where = REPLAYED if rise.is_replayed else ""
    return f", {duration(round(max(lag_s, 0.0)))} after {rise.cause}{began}{detail}{where}"


def _mark_before(run: RunView, at_s: float) -> str:
    earlier = [mark for mark in run.marks if 0 <= at_s - mark.at_s <= 60]
    if not earlier:
        return ""
    mark = earlier[-1]
    return f", {duration(round(at_s - mark.at_s))} after {mark.label}"


def _pass_line(run: RunView) -> list[Piece]:
    if run.workflow is not None and not run.warnings:
        return passed_line(run.workflow)
    if run.warnings:
        number = counted(len(run.warnings), "warning")
        return [
            ("! ", Ink.WARN, True),
            (f"{number}: ", Ink.WARN, True),
            (run.warnings[0], Ink.TEXT),
        ]
    facts = f"measured for {duration(round(run.measured_s))}"
    if run.clean_up and run.clean_up.created:
        facts += f", all {counted(run.clean_up.created, 'thing')} it created deleted again"
    return [("no warnings", Ink.PASS, True), (f", {facts}", Ink.MUTE)]
