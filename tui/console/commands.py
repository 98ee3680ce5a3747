"""Everything that can be asked of the console: footer, keys, help and palette read this table."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.console.scene import LOAD_VIEWS, ONE_CHART, SCROLLED_VIEWS, VIEWS_OF, Scene, View
from tui.core.campaign import Campaign
from tui.core.model import RunView

CommandId = Literal[
    "bench", "cameras", "runs", "log",
    "up", "down", "left", "right", "far_up", "far_down", "first", "last",
    "run", "edit", "stop", "pause", "more", "fewer", "hold", "target", "find",
    "read_back", "narrower", "wider", "worst", "report", "copy",
    "space", "delete", "undo", "chart", "panel", "back",
    "centre", "grid", "refocus", "still", "predict", "sound",
    "mouse", "commission", "theme", "glyphs", "redraw", "palette", "help", "quit", "calm",
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
    Command("cameras", ("3",), "3", "cameras", "Cameras: alive, sharp, bright, at full rate?"),
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
        "Run the scenario, behind the running one if any; open the run; jump to the line's second;"
        " keep the camera open",
    ),
    Command("commission", ("a",), "a", "all that must pass", "Commission: all that must pass"),
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
    Command(
        "worst",
        ("w",),
        "w",
        "worst, or failed steps",
        "Slowest requests, and what failed; of a workflow the steps",
    ),
    Command("report", ("r",), "r", "report and export", "Write reports of the run to files"),
    Command("copy", ("y",), "y", "copy command, id or line", "Copy what is under the cursor"),
    Command(
        "space",
        (" ",),
        "space",
        "freeze picture, hide lines",
        "Cameras: freeze the picture; Log: hide this kind of line",
    ),
    Command("centre", ("z",), "z", "picture's middle 1:1", "Cameras: the picture's middle, 1:1"),
    Command("grid", ("g",), "g", "grid over the picture", "Cameras: a grid over the picture"),
    Command("refocus", ("f",), "f", "seek the best focus anew", "Cameras: seek the focus anew"),
    Command("sound", ("o",), "o", "ring at a better focus", "Cameras: ring at each new best focus"),
    Command("still", ("n",), "n", "store a snapshot", "Cameras: store a snapshot, with a reason"),
    Command("predict", ("v",), "v", "send it to /predict", "Cameras: send a picture to /predict"),
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
CAMERA_VIEWS: dict[View, str] = {"watched": "Show what each camera of the run delivers"}
"""The same of a benchmark of cameras."""
STEP_VIEWS: dict[View, str] = {"steps": "Show the steps of the workflow, and what failed"}
"""The same of a workflow."""
STORAGE_VIEWS: dict[View, str] = {"stored": "Show the storage that is measured, cell by cell"}
"""The same of a benchmark of storage."""
END_THE_STRESS = "End the stress, undo its faults, and watch the way back"
"""For the palette alone: the first `s` does it too."""
NEVER_HELD = "a stress is neither paused nor held: s ends it"
NEVER_PAUSED = "watching cameras is neither paused nor held: s ends it"
NEVER_WAITS = "a benchmark of storage is neither paused nor held: s ends it, and cleans up"
NEVER_HALF = "a workflow is neither paused nor held: s ends it, and cleans up"


COMMISSION = "commission"
"""The campaign that has a key of its own."""
_BENCH_ONLY = ("commission", "edit", "target", "narrower", "wider", "chart", "panel")
_CAMERAS_ONLY = ("centre", "grid", "refocus", "still", "predict", "sound")
_ON_CAMERAS = ("target", "chart")
"""Of those of the Bench, what the Cameras screen has a use for too."""
_MOVES = ("up", "down", "far_up", "far_down", "first", "last")


def works(command: CommandId, scene: Scene) -> bool:
    """Whether a command does anything now."""
    newest = scene.newest
    run = newest.run if newest.is_running else None
    if command == "stop":
        return run is not None or bool(newest.preparing) or newest.cooling is not None
    if command == "calm":
        return run is not None and is_stressed(scene)
    if command in ("pause", "more", "fewer", "hold"):
        return scene.back is None and run is not None and _steers(command, run)
    if command in _CAMERAS_ONLY:
        return scene.page == "cameras" and scene.camera.chosen is not None
    if scene.page == "cameras" and command == "chart":
        return scene.is_narrow
    if scene.page == "cameras" and command == "find":
        return False
    if scene.page != "bench" and command in _BENCH_ONLY:
        return scene.page == "cameras" and command in _ON_CAMERAS
    if command in ("left", "right"):
        return scene.page == "bench" and scene.back is not None
    if command == "run" and scene.page == "bench" and scene.back is not None:
        return False
    if scene.page == "bench" and scene.back is not None and scene.is_narrow:
        # The list stays closed: these would open it over the second that is read back.
        if command == "panel":
            return False
        if command in ("up", "down"):
            return scene.view in SCROLLED_VIEWS
    if command in (*_MOVES, "run"):
        return _has_lines(scene) or (command == "run" and newest.cooling is not None)
    if command == "commission":
        return commission_of(scene) is not None and scene.back is None and not newest.is_running
    if command == "edit":
        return scene.chosen is not None and scene.campaign is None and scene.back is None
    if command in ("worst", "read_back"):
        if scene.page != "bench" or scene.run is None or scene.run.began_s is None:
            return False
        return command == "read_back" or scene.work == "workflow" or scene.work not in ONE_CHART
    if command == "report":
        return scene.reportable != ""
    if command in ("narrower", "wider"):
        return scene.run is not None
    if command == "space":
        on_cameras = scene.page == "cameras" and scene.camera.chosen is not None
        return on_cameras or (scene.page == "log" and bool(scene.lines.entries))
    if command == "delete":
        return scene.page == "runs" and bool(scene.kept.runs)
    if command == "undo":
        return scene.page == "runs" and scene.kept.can_undo
    if command == "copy":
        return _has_lines(scene)
    if command == "chart":
        return scene.is_narrow or bool(offered_views(scene))
    return True


def commission_of(scene: Scene) -> Campaign | None:
    """The campaign that is the product; None where the catalogue has none of its name."""
    return next((each for each in scene.campaigns if each.id == COMMISSION), None)


def why_not(command: CommandId, scene: Scene) -> str:
    """What to say of a key that does nothing now; empty where nobody would expect more."""
    newest = scene.newest
    run = newest.run if newest.is_running else None
    if run is None or command not in ("pause", "hold"):
        return ""
    if run.facts.scenario.workflow is not None:
        return NEVER_HALF
    if run.facts.scenario.storage is not None:
        return NEVER_WAITS
    return NEVER_HELD if run.stress is not None else NEVER_PAUSED if run.cameras else ""


def is_stressed(scene: Scene) -> bool:
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
    if scene.is_tall or scene.work in ONE_CHART:
        return ()
    return ("throughput",) if scene.view == "board" else ("board",)


def _steers(command: CommandId, run: RunView) -> bool:
    if (run.stress is not None or run.workflow is not None) and command in ("pause", "hold"):
        return False
    is_loaded = run.facts.scenario.load is not None
    is_paused = command == "pause" and run.phase == "paused"
    return is_loaded and (run.phase in ("warm-up", "measuring") or is_paused)


def _has_lines(scene: Scene) -> bool:
    if scene.page == "runs":
        return bool(scene.kept.runs)
    if scene.page == "log":
        return bool(scene.lines.entries)
    if scene.page == "cameras":
        return bool(scene.camera.views)
    return scene.back is not None or bool(scene.scenarios or scene.campaigns)
