"""The first row: product, the screens there are, board, target, clock."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from tui.console.cells import Canvas, Piece
from tui.console.scene import Page, Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width

_BOILERPLATE = re.compile(r"\b(NVIDIA|Jetson|Engineering Reference|Developer Kit)\b *")
TABS: tuple[tuple[str, Page], ...] = (
    ("1", "bench"),
    ("3", "cameras"),
    ("4", "runs"),
    ("5", "log"),
)


def draw_header(canvas: Canvas, scene: Scene) -> None:
    """Who, where, on what, and when."""
    x = canvas.put(1, 0, "jetproof", Ink.ACCENT, True) + 2
    for digit, page in TABS:
        x = _draw_tab(canvas, x, digit, page, scene)
    clock = wall_clock(scene.newest.at_utc, seconds=not scene.is_narrow)
    left = canvas.right(canvas.width - 1, 0, clock, Ink.MUTE) - 2
    run = scene.snapshot.run
    shown = scene.back is not None or (run is not None and not run.is_over)
    target = run.facts.target if run and shown else scene.target
    if target.protected:
        text = f" {target.name} protected "
        # On red it is clear without the word, too.
        text = text if left - len(text) >= x else f" {target.name} "
        left -= len(text)
        canvas.put(left, 0, text, Ink.BG, True, ground=Ink.FAIL)
    else:
        left = canvas.right(left, 0, target.name, Ink.TEXT)
    _draw_device(canvas, x + 2, left - 2, scene)


def short_device(name: str) -> str:
    """`Orin Nano Super` of what a kit's own tree calls it in 66 letters."""
    return _BOILERPLATE.sub("", name).strip() or name


def _draw_device(canvas: Canvas, x: int, end: int, scene: Scene) -> None:
    """The board and its power mode, as far as they fit as a whole."""
    mode = scene.snapshot.board.get("power_mode")
    names: list[Piece] = [(short_device(scene.snapshot.device), Ink.TEXT)]
    if mode is not None and mode.text:
        names.append((f" {mode.text}", Ink.MUTE))
    while names and end - line_width(names) <= x:
        names.pop()
    canvas.pieces(end - line_width(names), 0, names, end=end)


def _draw_tab(canvas: Canvas, x: int, digit: str, page: Page, scene: Scene) -> int:
    """One tab in the columns that it takes when it is the open one: nothing moves."""
    is_open = scene.page == page
    wrong = wrong_lines(scene) if page == "log" else 0
    pieces: list[Piece] = [
        (f" {digit} ", Ink.TEXT if is_open else Ink.ACCENT, True),
        (f"{page} ", Ink.TEXT if is_open else Ink.MUTE, is_open),
    ]
    if wrong:
        pieces.append((f"!{min(wrong, 99)} ", Ink.WARN, True))
    if page == "cameras" and (bad := bad_cameras(scene)):
        pieces.append((f"✗{bad} ", Ink.FAIL, True))
    if is_open:
        canvas.fill(x, 0, line_width(pieces), 1, Ink.SELECT)
    return canvas.pieces(x, 0, pieces) + 1


def bad_cameras(scene: Scene) -> int:
    """How many of the cameras that somebody looks at are not good enough."""
    return sum(
        view.grade == "fail" and view.state in ("live", "failed") for view in scene.newest.cameras
    )


def wrong_lines(scene: Scene) -> int:
    """How many lines of the newest log tell of something wrong."""
    return sum(entry.level in ("warn", "fail") for entry in scene.newest.log)


def wall_clock(at_utc: float, *, seconds: bool) -> str:
    """The time of day where the user sits."""
    local = datetime.fromtimestamp(at_utc, tz=timezone.utc).astimezone()
    return local.strftime("%H:%M:%S" if seconds else "%H:%M")
