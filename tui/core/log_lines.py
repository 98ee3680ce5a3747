"""Events as lines of the log."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.e2e.workflow import Workflow
from tui.core.format import count, counted, duration
from tui.core.headline import cause_text, rise_text
from tui.core.incidents import Incident, Rise
from tui.core.model import RunView
from tui.core.stress.way import told_name

Line = tuple[ev.Level, str]


def line_of_news(news: Incident | Rise) -> Line:
    """What began or ended on the board, or with p95."""
    if isinstance(news, Rise):
        level: ev.Level = "warn" if news.ended_s is None else "info"
        return level, f"{rise_text(news)}, {cause_text(news)}"
    detail = f"{news.detail and ': '}{news.detail}"
    if news.is_open or news.is_change:
        return news.level, f"{news.text}{detail}"
    assert news.ended_s is not None
    length_s = round(news.ended_s - news.began_s)
    length = duration(length_s) if length_s else "less than a second"
    return "info", f"{news.text} over after {length}"


def line_of(
    event: ev.Event, before: ev.Phase, ended: RunView | None, *, is_open: bool = False
) -> Line | None:
    """The level and text of an event; None for what is not worth a line.

    `before` is the phase in which it happened, `ended` the run's view once it is over.
    """
    match event:
        case ev.RunStarted(facts=facts):
            where = f" on {facts.target.name}" if facts.target.name else ""
            return "info", f"{facts.scenario.id}{where} started"
        case ev.TargetProbed(answered=True, ms=ms):
            return "ok", f"target answered in {ms:.0f} ms"
        case ev.TargetProbed(detail=detail):
            return "fail", f"target: {detail}"
        case ev.WorkersJoined(names=names):
            return "info", f"{counted(len(names), 'worker')} ready"
        case ev.LevelReached(users=users):
            # Users of an open load are no crowd: only as many as it may have under way at once.
            text = (
                f"ready for {counted(users, 'operation')} at once"
                if is_open
                else f"{counted(users, 'user')} spawned"
            )
            return "info", text
        case ev.PhaseEntered(phase=phase):
            return _phase_line(phase, before)
        case ev.UsersRequested(users=users):
            text = (
                f"{counted(users, 'operation')} at once" if is_open else f"users changed to {users}"
            )
            return "info", text
        case ev.WorkerLost(name=name, reason=reason):
            return "fail", f"worker {name} lost: {reason}"
        case ev.StressEntered(part=part, why=why):
            texts = {"before": "watching the service as it is", "stress": "stress"}
            because = f": {why}" if why else ""
            return "info", texts.get(part, f"stress over{because}, watching the way back")
        case ev.BurnerEnded(name=name, why_not=why_not) if why_not:
            return "warn", f"{name} is not burnt: {why_not}"
        case ev.BurnerEnded(name=name, ended_by=ended_by) if ended_by:
            return "warn", f"{name} ended: {ended_by}"
        case ev.FaultDone(name=name, text=text):
            return "warn", f"{told_name(name)}: {text}"
        case ev.FaultUndone(name=name, trouble=trouble):
            if trouble:
                return "fail", f"{told_name(name)} could not be undone: {trouble}"
            return "info", f"{told_name(name)}: undone"
        case ev.LevelSought(level=sought) if sought:
            return "info", f"the search goes to {sought:g}"
        case ev.DrainEnded(unfinished=unfinished) if unfinished:
            return "warn", f"{counted(unfinished, 'request')} unfinished at the stop"
        case ev.CleanedUp(created=created, deleted=deleted, left=left) if created:
            level: ev.Level = "warn" if left else "info"
            return level, f"cleaned up: {deleted} of {created} deleted on the target"
        case ev.RunEnded() if ended is not None and ended.judgement is not None:
            judgement = ended.judgement
            passed = judgement.verdict == "PASS"
            return "ok" if passed else "fail", f"{judgement.verdict}: {judgement.reason}"
    return None


def line_of_step(event: ev.StepEnded, workflow: Workflow) -> Line | None:
    """Of one that failed or does not apply; the round is left out, so that one fault again and
    again reads alike."""
    if event.state not in ("failed", "omitted"):
        return None
    name = workflow.names[event.step]
    test = next((test.id for test in workflow.tests if name in test.steps), "")
    named = f"{test} {name}".lstrip()
    if event.state == "omitted":
        return "info", f"{named} left out: {event.why}"
    return "fail", f"{named} failed: {event.why}"


def repeated(text: str, times: int) -> str:
    """A line that stands for something that happened so often in a row."""
    return f"{text}, {count(times)} times" if times > 1 else text


def _phase_line(phase: ev.Phase, before: ev.Phase) -> Line | None:
    if phase in ("warm-up", "measuring") and before == "paused":
        return "info", "resumed"
    texts = {
        # A stress alone has no warm-up.
        "measuring": "warm-up done, measuring" if before == "warm-up" else "measuring",
        "paused": "paused",
        "draining": "stopping the users",
    }
    return ("info", texts[phase]) if phase in texts else None
