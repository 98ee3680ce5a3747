"""Everything that can be asked of the console: footer, keys, help and palette read this table."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.console.scene import Scene

CommandId = Literal[
    "up", "down", "run", "stop", "pause", "more", "fewer", "target", "find",
    "chart", "panel", "back", "mouse", "redraw", "palette", "help", "quit",
]  # fmt: skip


class Command(msgspec.Struct, frozen=True):
    """One command."""

    id: CommandId
    keys: tuple[str, ...]
    """As Textual names them."""
    shown: str
    """The keys as a person reads them."""
    words: str
    """What it does, for help and palette."""


COMMANDS: tuple[Command, ...] = (
    Command("up", ("up", "k"), "↑ k", "Move up in the list, the table or the log"),
    Command("down", ("down", "j"), "↓ j", "Move down in the list, the table or the log"),
    Command(
        "run", ("enter",), "enter", "Run the selected scenario; behind the running one, if any"
    ),
    Command("stop", ("s",), "s", "Stop the run: press it twice within 3 s"),
    Command("pause", ("p",), "p", "Pause the load, or resume it"),
    Command("more", ("+", "="), "+", "Ten percent more users"),
    Command("fewer", ("-",), "-", "Ten percent fewer users"),
    Command("target", ("t",), "t", "Choose the target of the next run"),
    Command("find", ("/",), "/", "Find a scenario by its name"),
    Command("chart", ("c",), "c", "Next chart or panel (in a small window)"),
    Command("panel", ("tab",), "tab", "Next panel; in a small window: the scenarios"),
    Command(
        "back", ("escape",), "esc", "Close what is open, put a verdict away; never stops a run"
    ),
    Command("mouse", ("m",), "m", "Hand the mouse back to the terminal, or take it"),
    Command("redraw", ("ctrl+l",), "ctrl+l", "Paint the whole screen again"),
    Command("palette", (":", "ctrl+p"), ": ctrl+p", "All commands by name"),
    Command("help", ("?",), "?", "This help"),
    Command("quit", ("q", "ctrl+q", "ctrl+c"), "q", "Quit; asks while a run goes on"),
)
BY_KEY: dict[str, Command] = {key: command for command in COMMANDS for key in command.keys}


def works(command: CommandId, scene: Scene) -> bool:
    """Whether a command does anything now."""
    run = scene.snapshot.run if scene.snapshot.is_running else None
    if command in ("stop",):
        return run is not None or bool(scene.snapshot.preparing)
    if command == "pause":
        return run is not None and run.phase in ("warm-up", "measuring", "paused")
    if command in ("more", "fewer"):
        return run is not None and run.phase in ("warm-up", "measuring")
    if command in ("run", "up", "down"):
        return bool(scene.scenarios)
    if command == "chart":
        return scene.is_narrow
    return True


def footer_commands(scene: Scene) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """`(key, label)` for the left and for the right; eight together at most."""
    run = scene.snapshot.run if scene.snapshot.is_running else None
    if scene.dialog_keys:
        return list(scene.dialog_keys), []
    if scene.find is not None:
        return [("enter", "take"), ("esc", "show all"), ("↑ ↓", "choose")], []
    if scene.armed:
        return [("s", "again within 3 s ends the run")], [("?", "help"), ("q", "quit")]
    left: list[tuple[str, str]] = []
    if run is not None or scene.snapshot.preparing:
        left.append(("s", "stop"))
        if works("pause", scene):
            left.append(("p", "resume" if run and run.phase == "paused" else "pause"))
        if works("more", scene):
            left.append(("+ -", "users"))
        if not scene.is_narrow or scene.is_list_open:
            left.append(("enter", "queue"))
    else:
        shown, chosen = scene.run, scene.chosen
        same = shown is not None and chosen is not None and shown.facts.scenario.id == chosen.id
        left += [("enter", "again" if same else "run"), ("/", "find"), ("t", "target")]
    if scene.is_narrow:
        left += [] if scene.is_list_open else [("c", "chart")]
        left.append(("tab", "chart" if scene.is_list_open else "list"))
        return left[:5], [(":", "all"), ("?", "help"), ("q", "quit")]
    return left[:4], [("tab", "panel"), (":", "all"), ("?", "help"), ("q", "quit")]
