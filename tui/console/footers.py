"""The keys that the last row offers at this moment, on each screen."""

from __future__ import annotations

from tui.console.commands import is_stressed, works
from tui.console.scene import Scene

Entries = list[tuple[str, str]]


def footer_commands(scene: Scene) -> tuple[Entries, Entries]:
    """`(key, label)` for the left, eight at most, and for the right; what fits is shown."""
    if scene.dialog_keys:
        return list(scene.dialog_keys), []
    if scene.typing is not None:
        return [("enter", "take"), ("esc", "show all"), ("↑ ↓", "choose")], []
    always = [(":", "all"), ("?", "help"), ("q", "quit")]
    if scene.armed:
        undone = "stress undone; " if scene.calmed else ""
        return [("s", f"{undone}again within 3 s ends the run")], always[1:]
    if scene.page == "runs":
        return _runs_footer(scene), always
    if scene.page == "log":
        return _log_footer(scene), always
    if scene.page == "cameras":
        return _cameras_footer(scene), always
    if scene.back is not None:
        return _back_footer(scene), always
    newest = scene.newest
    left = _run_footer(scene) if newest.is_running or newest.preparing else _idle_footer(scene)
    if scene.is_narrow:
        left += [] if scene.is_list_open else [("c", "chart")]
        left.insert(min(len(left), 5), ("tab", "chart" if scene.is_list_open else "list"))
        return left[:6], always
    return left[:8], [("tab", "panel"), *always]


def _run_footer(scene: Scene) -> Entries:
    run = scene.newest.run
    left = [("s", "end stress" if is_stressed(scene) else "stop")]
    if works("pause", scene):
        left.append(("p", "resume" if run and run.phase == "paused" else "pause"))
    if works("more", scene):
        is_open = run is not None and run.facts.scenario.is_open
        left.append(("+ -", "slots" if is_open else "users"))
    if works("hold", scene):
        left.append(("h", "go on" if run and run.is_holding else "hold"))
    if not scene.is_narrow or scene.is_list_open:
        left.append(("enter", "queue"))
    if works("read_back", scene):
        left += [("x", "read back"), (", .", "window")]
    return [*left, *_worst(scene)]


def _idle_footer(scene: Scene) -> Entries:
    shown, chosen = scene.run, scene.chosen
    if scene.newest.cooling is not None:
        return [("enter", "skip"), ("s", "stop")]
    same = shown is not None and chosen is not None and shown.facts.scenario.id == chosen.id
    left = [("enter", "again" if same and scene.campaign is None else "run")]
    if works("commission", scene) and shown is None:
        left.append(("a", "commission"))
    if shown is not None:
        left.append(("r", "report"))
        left += _worst(scene)
        left.append(("x", "read back"))
    if works("edit", scene):
        left.append(("e", "edit"))
    return [*left, ("t", "target"), ("/", "find"), *([("esc", "put away")] if shown else [])]


def _worst(scene: Scene) -> Entries:
    if not works("worst", scene):
        return []
    if scene.run is None or scene.run.workflow is None:
        return [("w", "worst")]
    return [("w", "failed")] if scene.run.workflow.failures else []


def _back_footer(scene: Scene) -> Entries:
    left = [("← →", "move"), ("pgup pgdn", "far"), ("esc", "live" if _is_live(scene) else "close")]
    left += [(", .", "window"), *_worst(scene)]
    left.append(("5", "log"))
    return [*left, ("r", "report")] if works("report", scene) else left


def _is_live(scene: Scene) -> bool:
    return scene.back is not None and not scene.back.is_stored


def _runs_footer(scene: Scene) -> Entries:
    left: Entries = []
    if scene.kept.runs:
        left = [("enter", "open"), ("r", "report"), ("y", "copy id"), ("d", "delete")]
    if scene.kept.can_undo:
        left.append(("u", "undo"))
    return [*left, ("/", "find"), ("esc", "show all" if scene.kept.find else "bench")]


def _cameras_footer(scene: Scene) -> Entries:
    view = scene.camera.chosen
    if view is None:
        return [("esc", "bench")]
    if view.state == "failed" and view.retry_s is None:
        return [("enter", "try again"), ("y", "copy what next"), ("esc", "bench")]
    held = "go on" if scene.camera.held is not None else "freeze"
    left = [("space", held), ("z", "whole" if scene.camera.is_centre else "1:1"), ("g", "grid")]
    left += [("f", "focus"), ("n", "snap" if scene.is_narrow else "snapshot"), ("v", "predict")]
    if scene.is_narrow:
        return [*left, ("c", "measures" if scene.camera.side == "picture" else "picture")]
    return [*left, ("o", "sound"), ("enter", "keep open")]


def _log_footer(scene: Scene) -> Entries:
    left: Entries = []
    if scene.lines.entries:
        left = [("enter", "go there"), ("space", "hide kind"), ("y", "copy")]
    shown_all = not scene.lines.find and not scene.lines.hidden
    return [*left, ("/", "find"), ("esc", "bench" if shown_all else "show all")]
