"""The first row: product, the screens there are, board, target, clock."""

from __future__ import annotations

from datetime import datetime, timezone

from tui.console.cells import Canvas
from tui.console.scene import Scene
from tui.console.theme import Ink


def draw_header(canvas: Canvas, scene: Scene) -> None:
    """Who, where, on what, and when."""
    x = canvas.put(1, 0, "jetproof", Ink.ACCENT, True) + 2
    canvas.fill(x, 0, 9, 1, Ink.SELECT)
    canvas.put(x, 0, " 1 bench ", Ink.TEXT, True)
    clock = wall_clock(scene.snapshot.at_utc, seconds=not scene.is_narrow)
    left = canvas.right(canvas.width - 1, 0, clock, Ink.MUTE) - 2
    run = scene.snapshot.run
    target = run.facts.target if run and not run.is_over else scene.target
    if target.protected:
        text = f" {target.name} protected "
        left -= len(text)
        canvas.put(left, 0, text, Ink.BG, True, ground=Ink.FAIL)
    else:
        left = canvas.right(left, 0, target.name, Ink.TEXT)
    device = scene.snapshot.device
    if left - 2 - len(device) > x + 11:
        canvas.right(left - 2, 0, device, Ink.MUTE)


def wall_clock(at_utc: float, *, seconds: bool) -> str:
    """The time of day where the user sits."""
    local = datetime.fromtimestamp(at_utc, tz=timezone.utc).astimezone()
    return local.strftime("%H:%M:%S" if seconds else "%H:%M")
