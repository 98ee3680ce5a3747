"""Everything that can be asked of the console: footer, keys, help and palette read this table."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.console.scene import LOAD_VIEWS, VIEWS_OF, Scene, View
from tui.core.model import RunView

CommandId = Literal[
    "bench", "runs", "log",
    "up", "down", "left", "right", "far_up", "far_down", "first", "last",
    "run", "edit", "stop", "pause", "more", "fewer", "hold", "target", "find",
    "read_back", "narrower", "wider", "worst", "report", "copy",
    "hide", "delete", "undo", "chart", "panel", "back",
    "mouse", "theme", "glyphs", "redraw", "palette", "help", "quit", "calm",
]  # fmt: skip


class Command(msgspec.Struct, frozen=True):
    """One command."""

    id: CommandId
    keys: tuple[str, ...]
    """As Textual names them."""
    shown: str
    """The keys as a person reads them."""
    brief: str
    """What it does, for a column of the help."""
    words: str
    """The same in full, for the palette."""


COMMANDS: tuple[Command, ...] = (
    Command("bench", ("1",), "1", "bench", "Bench: choose, run, watch, judge"),
    Command("runs", ("4",), "4", "runs that were kept", "Runs: everything that was kept"),
    Command("log", ("5",), "5", "log", "Log: everything that happened"),
    Command("up", ("up", "k"), "↑ k", "up", "Move up in the list, the table or the log"),
    Command("down", ("down", "j"), "↓ j", "down", "Move down in the list, the table or the log"),
    Command("left", ("left",), "←", "earlier", "Read back: a step earlier"),
    Command("right", ("right",), "→", "later", "Read back: a step later"),
    Command("far_up", ("pageup",), "pgup", "far up", "Ten steps up, or earlier"),
    Command("far_down", ("pagedown",), "pgdn", "far down", "Ten steps down, or later"),
    Command("first", ("home",), "home", "to the start", "To the first line, or second"),
    Command("last", ("end",), "end", "to the end", "To the last line, or second"),
    Command(
        "run",
        ("enter",),
        "enter",
        "run, open, jump there",
        "Run the scenario, behind the running one if any; open the run; jump to the line's second",
    ),
    Command("edit", ("e",), "e", "change the next start", "Change load, length or limits once"),
    Command("stop", ("s",), "s", "stop: twice within 3 s", "Stop: press it twice within 3 s"),
    Command("pause", ("p",), "p", "pause or resume", "Pause the load, or resume it"),
    Command("more", ("+", "="), "+", "ten percent more users", "Ten percent more users"),
    Command("fewer", ("-",), "-", "ten percent fewer users", "Ten percent fewer users"),
    Command("hold", ("h",), "h", "hold this level, go on", "Hold the level, or let it go on"),
    Command("target", ("t",), "t", "choose the target", "Choose the target of the next run"),
    Command("find", ("/",), "/", "find", "Find a scenario, a run or a line"),
    Command("read_back", ("x",), "x", "read back, ← → move", "Read back: any second of the run"),
    Command("narrower", (",",), ",", "narrower time window", "Show less time in the charts"),
    Command("wider", (".",), ".", "wider time window", "Show more time in the charts"),
    Command("worst", ("w",), "w", "worst requests", "Slowest requests, and what failed"),
    Command("report", ("r",), "r", "report and export", "Write reports of the run to files"),
    Command("copy", ("y",), "y", "copy command, id or line", "Copy what is under the cursor"),
    Command("hide", (" ",), "space", "hide this kind of line", "Log: hide this kind of line"),
    Command("delete", ("d",), "d", "delete a run", "Runs: delete this one"),
    Command("undo", ("u",), "u", "undo the deletion", "Runs: take the last deletion back"),
    Command("chart", ("c",), "c", "next chart or panel", "Next chart or panel"),
    Command("panel", ("tab",), "tab", "next panel, scenarios", "Next panel, or the scenarios"),
    Command("back", ("escape",), "esc", "close, go back", "Close what is open; never stops a run"),
    Command("mouse", ("m",), "m", "mouse to the terminal", "Hand the mouse back, or take it"),
    Command("theme", ("l",), "l", "dark, sun, 16 colours", "Colours: dark, light, or 16"),
    Command("glyphs", ("i",), "i", "full, blocks, ascii", "Glyphs: full, blocks, or ASCII"),
    Command("redraw", ("ctrl+l",), "ctrl+l", "paint all again", "Paint the whole screen again"),
    Command("palette", (":", "ctrl+p"), ": ctrl+p", "all commands by name", "All commands by name"),
    Command("help", ("?",), "?", "this help", "This help"),
    Command("quit", ("q", "ctrl+q", "ctrl+c"), "q", "quit", "Quit; asks while a run goes on"),
)
BY_KEY: dict[str, Command] = {key: command for command in COMMANDS for key in command.keys}

VIEWS: dict[View, str] = {
    "latency": "Show latency",
    "throughput": "Show throughput, requests per second",
    "board": "Show the board's chart",
    "gauges": "Show all gauges of the board",
    "endpoints": "Show the endpoints",
    "scenario": "Show the scenario",
    "log": "Show the last lines of the log",
}
"""What `c` goes round, for the palette; no key leads to one of them at once."""
STRESS_VIEWS: dict[View, str] = {
    "stress": "Show what the burners were asked and reached",
    "burners": "Show the burners, health, faults and limits found",
}
"""The same of a stress."""
END_THE_STRESS = "End the stress, undo its faults, and watch the way back"
"""For the palette alone: the first `s` does it too."""
NEVER_HELD = "a stress is neither paused nor held: s ends it"


_BENCH_ONLY = ("edit", "target", "narrower", "wider", "chart", "panel")
_MOVES = ("up", "down", "far_up", "far_down", "first", "last")
Entries = list[tuple[str, str]]


def works(command: CommandId, scene: Scene) -> bool:
    """Whether a command does anything now."""
    newest = scene.newest
    run = newest.run if newest.is_running else None
    if command == "stop":
        return run is not None or bool(newest.preparing) or newest.cooling is not None
    if command == "calm":
        return run is not None and _is_stressed(scene)
    if command in ("pause", "more", "fewer", "hold"):
        return scene.back is None and run is not None and _steers(command, run)
    if scene.page != "bench" and command in _BENCH_ONLY:
        return False
    if command in ("left", "right"):
        return scene.page == "bench" and scene.back is not None
    if command == "run" and scene.page == "bench" and scene.back is not None:
        return False
    if scene.page == "bench" and scene.back is not None and scene.is_narrow:
        # The list stays closed: these would open it over the second that is read back.
        if command == "panel":
            return False
        if command in ("up", "down"):
            return scene.view in ("endpoints", "burners", "log")
    if command in (*_MOVES, "run"):
        return _has_lines(scene) or (command == "run" and newest.cooling is not None)
    if command == "edit":
        return scene.chosen is not None and scene.campaign is None and scene.back is None
    if command in ("worst", "read_back"):
        if scene.page != "bench" or scene.run is None or scene.run.began_s is None:
            return False
        return command == "read_back" or scene.work != "stress"
    if command == "report":
        return scene.reportable != ""
    if command in ("narrower", "wider"):
        return scene.run is not None
    if command == "hide":
        return scene.page == "log" and bool(scene.lines.entries)
    if command == "delete":
        return scene.page == "runs" and bool(scene.kept.runs)
    if command == "undo":
        return scene.page == "runs" and scene.kept.can_undo
    if command == "copy":
        return _has_lines(scene)
    if command == "chart":
        return scene.is_narrow or bool(offered_views(scene))
    return True


def why_not(command: CommandId, scene: Scene) -> str:
    """What to say of a key that does nothing now; empty where nobody would expect more."""
    newest = scene.newest
    is_stress = newest.run is not None and newest.is_running and newest.run.stress is not None
    return NEVER_HELD if is_stress and command in ("pause", "hold") else ""


def _is_stressed(scene: Scene) -> bool:
    """Whether there is something to take away."""
    run = scene.newest.run
    return run is not None and run.stress is not None and run.stress.part == "stress"


def offered_views(scene: Scene) -> tuple[View, ...]:
    """What else the Bench can show in this window: one panel of many, or another lower chart."""
    if scene.is_narrow:
        is_seen = scene.page == "bench" and not scene.is_list_open
        views = VIEWS_OF[scene.work]
        return tuple(view for view in views if view != scene.view or not is_seen)
    if scene.work == "both":
        return ("stress",) if scene.view in LOAD_VIEWS else ("latency",)
    if scene.is_tall or scene.work == "stress":
        return ()
    return ("throughput",) if scene.view == "board" else ("board",)


def _steers(command: CommandId, run: RunView) -> bool:
    if run.stress is not None and command in ("pause", "hold"):
        return False
    is_loaded = run.facts.scenario.load is not None
    is_paused = command == "pause" and run.phase == "paused"
    return is_loaded and (run.phase in ("warm-up", "measuring") or is_paused)


def _has_lines(scene: Scene) -> bool:
    if scene.page == "runs":
        return bool(scene.kept.runs)
    if scene.page == "log":
        return bool(scene.lines.entries)
    return scene.back is not None or bool(scene.scenarios or scene.campaigns)


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
    left = [("s", "end stress" if _is_stressed(scene) else "stop")]
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
    return [*left, ("w", "worst")] if works("worst", scene) else left


def _idle_footer(scene: Scene) -> Entries:
    shown, chosen = scene.run, scene.chosen
    if scene.newest.cooling is not None:
        return [("enter", "skip"), ("s", "stop")]
    same = shown is not None and chosen is not None and shown.facts.scenario.id == chosen.id
    left = [("enter", "again" if same and scene.campaign is None else "run")]
    if shown is not None:
        left.append(("r", "report"))
        left += [("w", "worst")] if scene.work != "stress" else []
        left.append(("x", "read back"))
    if works("edit", scene):
        left.append(("e", "edit"))
    return [*left, ("t", "target"), ("/", "find"), *([("esc", "put away")] if shown else [])]


def _back_footer(scene: Scene) -> Entries:
    left = [("← →", "move"), ("pgup pgdn", "far"), ("esc", "live" if _is_live(scene) else "close")]
    left += [(", .", "window"), *([("w", "worst")] if scene.work != "stress" else [])]
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


def _log_footer(scene: Scene) -> Entries:
    left: Entries = []
    if scene.lines.entries:
        left = [("enter", "go there"), ("space", "hide kind"), ("y", "copy")]
    shown_all = not scene.lines.find and not scene.lines.hidden
    return [*left, ("/", "find"), ("esc", "bench" if shown_all else "show all")]
