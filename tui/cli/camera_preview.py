"""A camera's live picture in the terminal, with its rate and its focus, as the link takes it."""

from __future__ import annotations

import textwrap
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.cli.board_table import SIGNS
from tui.cli.half_blocks import Cell, Depth, cells_of, painted
from tui.core.camera.fold import CameraFold
from tui.core.camera.grade import is_enough
from tui.core.camera.pace import MOST_BUSY, LinkPace, Sent, paced
from tui.core.events.camera import CameraFailed, CameraOpened, CameraPictured
from tui.core.format import fixed
from tui.ports.camera import PictureAsk
from tui.reports.clean import shortened, visible

if TYPE_CHECKING:
    from tui.cli.bare_screen import BareScreen
    from tui.cli.camera_sight import Lookout
    from tui.core.camera.camera import Camera
    from tui.core.camera.faults import CameraFault
    from tui.core.camera.reference import Reference
    from tui.core.camera.view import CameraView, Picture

BESIDE_ROWS = 6
"""Lines that are no picture: title, rate, focus, light, how it stands, keys."""
JUDGED_PICTURES = 4
CHOKED_S = 1.0
"""A link on which all waits is judged without so many."""
RATE_S = 5.0
"""Over which the bytes a second are told."""
TURN_S = 0.1
KEYS = "q leave · z centre 1:1 · f best focus anew"
_LEVELS = " ▏▎▍▌▋▊▉█"


class Preview:
    """One camera on one screen, until somebody wants the end."""

    def __init__(
        self,
        camera: Camera,
        sight: Lookout,
        screen: BareScreen,
        depth: Depth,
        fps: float,
        columns: int,
        reference: Reference | None = None,
    ) -> None:
        """At most so many pictures a second, and so wide; compared with its `reference`."""
        self._camera, self._sight, self._screen, self._depth = camera, sight, screen, depth
        self._fps, self._columns = fps, columns
        self._fold = CameraFold(camera, reference)
        self._link = Sending(screen)
        self._pace = LinkPace()
        self._ask: PictureAsk | None = None
        self._is_centre = False
        self._cells: list[list[Cell]] = []
        self._texts: dict[int, str] = {}
        self._picture: Picture | None = None
        self._size = screen.size

    def run(self, is_stopped: Callable[[], bool]) -> CameraFault | None:
        """Why it never came to a picture; None when it did, or was left before."""
        self._link.go_on = lambda: not is_stopped()
        is_opened = False
        while not is_stopped() and not self._screen.is_gone:
            event = self._sight.next(TURN_S)
            if event is not None:
                self._fold.apply(event)
            is_opened = is_opened or isinstance(event, CameraOpened)
            if isinstance(event, CameraFailed) and not is_opened and event.retry_s is None:
                return event.fault
            keys = self._screen.keys()
            if not self._obey(keys):
                return None
            is_picture = isinstance(event, CameraPictured)
            self._pace = self._link.judged(self._pace, *self._room, is_picture=is_picture)
            self._ask_anew()
            if event is not None or keys or self._screen.size != self._size:
                self._draw()
        return None

    @property
    def _room(self) -> tuple[int, int]:
        """Columns and rows for the picture."""
        columns, lines = self._size
        return max(min(self._columns, columns), 2), max(lines - BESIDE_ROWS, 1)

    def _obey(self, keys: str) -> bool:
        """Whether to go on."""
        if "q" in keys:
            return False
        if "z" in keys:
            self._is_centre = not self._is_centre
        if "f" in keys:
            self._fold.reset_peak()
        return True

    def _ask_anew(self) -> None:
        columns, rows = self._pace.size(*self._room)
        ask = PictureAsk(columns, rows, min(self._fps, self._pace.fps), self._is_centre)
        watch = self._sight.watches.get(self._camera.name)
        if ask != self._ask and watch is not None:
            self._ask = ask
            watch.show(ask)

    def _draw(self) -> None:
        size = self._screen.size
        if size != self._size:
            self._size, self._cells, self._picture, self._texts = size, [], None, {}
            self._link.send("\x1b[0m\x1b[2J")
        view = self._fold.view()
        below = 2 + self._draw_picture(view)
        width, height = size
        beside = [self._rate(view), focus_line(view, width), light_line(view), grade_line(view)]
        told = trouble_lines(view, width) if view.fault is not None else beside
        rows = {1: title(view), **dict(enumerate([*told, KEYS], start=below))}
        texts = {row: shortened(visible(text), width) for row, text in rows.items()}
        changed = [
            f"\x1b[{row};1H{texts.get(row, '')}\x1b[K"
            for row in sorted({*texts, *self._texts})
            if texts.get(row) != self._texts.get(row) and row <= height
        ]
        self._texts = texts
        self._link.send("".join(changed))

    def _draw_picture(self, view: CameraView) -> int:
        """How many rows it takes."""
        if view.picture is self._picture:
            return len(self._cells)
        self._picture, old = view.picture, self._cells
        cells = cells_of(view.picture) if view.picture is not None else []
        if [len(row) for row in old] != [len(row) for row in cells]:
            self._link.send("\x1b[0m\x1b[2J")
            self._texts, old = {}, []
        self._link.send(painted(old, cells, self._depth, top=2, left=1))
        self._cells = cells
        return len(cells)

    def _rate(self, view: CameraView) -> str:
        parts = []
        if view.fps_now is not None:
            nominal = f" of {fixed(view.nominal_fps, 1)}" if view.nominal_fps else ""
            parts.append(f"{fixed(view.fps_now, 1)}{nominal} fps")
        if self._ask is not None:
            why = f", {self._pace.why}" if self._pace.why else ""
            parts.append(f"shown {self._ask.fps:g} fps{why}")
        parts.append(f"{fixed(self._link.bytes_s / 1000, 1)} KB/s")
        if view.reader_cpu_percent is not None:
            parts.append(f"reader {fixed(view.reader_cpu_percent)} % of a core")
        return " · ".join(parts)


class Sending:
    """The way to the terminal: what left, and how long it waited."""

    def __init__(self, screen: BareScreen) -> None:
        self._screen = screen
        self.go_on: Callable[[], bool] = lambda: True
        self._since_s = self._began_s = time.monotonic()
        self._pictures, self._bytes, self._busy_s = 0, 0, 0.0
        self._recent: deque[tuple[float, int]] = deque()

    def send(self, text: str) -> None:
        """Returns when it has left, or the end is wanted."""
        if text:
            sent, took_s = self._screen.write(text, self.go_on)
            self._bytes += sent
            self._busy_s += took_s
            self._recent.append((time.monotonic(), sent))

    def judged(self, pace: LinkPace, columns: int, rows: int, *, is_picture: bool) -> LinkPace:
        """The pace from now on; `is_picture`: one is about to be sent."""
        now_s = time.monotonic()
        over_s = now_s - self._since_s
        is_choked = over_s >= CHOKED_S and self._busy_s > MOST_BUSY * over_s
        # From picture to picture: else there would be one too many in this time, or too few.
        is_whole = is_picture and self._pictures >= JUDGED_PICTURES
        sent = Sent(self._bytes, self._busy_s, over_s)
        if is_choked or is_whole:
            self._since_s, self._pictures, self._bytes, self._busy_s = now_s, 0, 0, 0.0
        self._pictures += is_picture
        return paced(pace, sent, columns, rows) if is_choked or is_whole else pace

    @property
    def bytes_s(self) -> float:
        """Of the last seconds."""
        now_s = time.monotonic()
        while self._recent and now_s - self._recent[0][0] > RATE_S:
            self._recent.popleft()
        over_s = min(now_s - self._began_s, RATE_S)
        return sum(sent for _, sent in self._recent) / over_s if over_s > 0 else 0.0


def title(view: CameraView) -> str:
    """`dock-3  h264 1280x720  [replay]`."""
    opened = view.opened
    size = f"  {opened.codec} {opened.width}x{opened.height}" if opened is not None else ""
    label = f"  [{view.source.label}]" if view.source.label else ""
    part = "  centre 1:1" if view.picture is not None and view.picture.is_centre else ""
    return f"{view.name}{size}{part}{label}"


def focus_line(view: CameraView, width: int) -> str:
    """A bar that is full at the best focus seen, and the share of it."""
    if view.quality is None or view.state != "live":
        return "focus"
    if view.peak_percent is None:
        return "focus  the picture is too flat to tell"
    said = f" {fixed(view.peak_percent):>3} % of the best"
    room = max(min(width, 60) - len("focus  ") - len(said) - 1, 4)
    eighths = round(min(view.peak_percent, 100.0) / 100 * room * 8)
    bar = _LEVELS[8] * (eighths // 8) + (_LEVELS[eighths % 8] if eighths % 8 else "")
    return f"focus  {bar:<{room}}│{said}"


def grade_line(view: CameraView) -> str:
    """What weighs most of what is wrong by its limits, and what to do; empty before it is known."""
    for one in view.findings:
        if one.level != "info":
            return f"{SIGNS[one.level]} {one.what}{f': {one.next}' if one.next else ''}"
    is_known = view.grade == "good" and is_enough(view)
    return f"{SIGNS['ok']} nothing is wrong with it" if is_known else ""


def trouble_lines(view: CameraView, width: int) -> list[str]:
    """Why there is no picture, when it is tried again, and what to do about it."""
    worst = view.findings[0]
    again = f" (tried again in {view.retry_s:g} s)" if view.retry_s is not None else ""
    texts = (f"{worst.what}{again}", f"next: {worst.next}")
    return ["", *(line for text in texts for line in textwrap.wrap(text, width)), ""]


def light_line(view: CameraView) -> str:
    """How bright it is; that it is being opened."""
    quality = view.quality
    if view.state != "live" or quality is None:
        return "" if view.state == "live" else "opening…"
    clipped = max(quality.clipped_dark_percent, quality.clipped_bright_percent)
    return (
        f"brightness {fixed(quality.brightness)} · contrast {fixed(quality.contrast)} · "
        f"clipped {fixed(clipped, 1)} % · noise {fixed(quality.noise, 1)}"
    )
