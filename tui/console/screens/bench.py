"""The one screen behind all dialogs: each page of it under the same header and strip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from textual.app import ComposeResult
from textual.events import Click, Key, MouseScrollDown, MouseScrollUp
from textual.screen import Screen

from tui.console.cells import crop
from tui.console.commands import BY_KEY, CommandId, why_not, works
from tui.console.desk import Desk
from tui.console.link import Link
from tui.console.outside import Outside
from tui.console.pages import arrange_page, place_of
from tui.console.read_back import ReadBack
from tui.console.reader import Reader
from tui.console.scene import Scene, View
from tui.console.screens.cameras import Watching
from tui.console.screens.keeping import Keeping
from tui.console.screens.looking import Looking
from tui.console.screens.steering import Steering
from tui.console.tiles import Tile, is_narrow, is_tall
from tui.console.widgets.panels import panels
from tui.console.widgets.plot import HEADS, LABELS, shown_total_s
from tui.console.widgets.scenarios import index_at
from tui.console.widgets.tile_layout import Tiles
from tui.console.widgets.window import Stretch, stretch_of
from tui.core.model import Snapshot
from tui.ports import Engine

COARSE_POINTS = 60
"""Fewer points than this in a window: finer ones are read from the archive."""


class Bench(Screen[None]):
    """Paints a scene; every key means a command of the table."""

    DEFAULT_CSS = "Bench > Tiles { width: 1fr; height: 1fr; }"
    AUTO_FOCUS = ""

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        workers: int,
        clock: Callable[[], float],
        outside: Outside,
        reader: Reader,
        link: Link,
    ) -> None:
        super().__init__()
        self.engine = engine
        self.desk = desk
        self.load_workers = workers
        self.outside = outside
        self.reader = reader
        self.link = link
        self.now_s = clock
        self.read_back = ReadBack(outside.archive, reader, self.repaint)
        self.keeping = Keeping(self)
        self._steering = Steering(self, workers)
        self._looking = Looking(self)
        self.watching = Watching(self)
        self._window = (80, 24)
        self._covered = False
        self._snapshot = engine.snapshot()
        self._frame = self._scene()
        self._panels = panels(lambda: self._frame)

    def compose(self) -> ComposeResult:
        yield Tiles(self._arrange, *self._panels.values())

    @property
    def frame(self) -> Scene:
        """What is on the screen."""
        return self._frame

    def show(self, snapshot: Snapshot) -> None:
        """A newer snapshot: repaint what it changes, ask what it asks."""
        was_running = self._snapshot.is_running
        self._snapshot = snapshot
        self.read_back.follow(snapshot)
        if self.desk.page == "runs" and was_running != snapshot.is_running:
            self.keeping.read_runs()
        self.repaint()
        self._steering.follow(snapshot)

    def repaint(self) -> None:
        """Draw a frame from the newest snapshot and the user's own state."""
        before = self._frame
        self._frame = self._scene()
        if place_of(before) != place_of(self._frame):
            # A child's wish clears its parent's arrangement; the parent's own would not.
            self._panels["strip"].refresh(layout=True)
        tiles = self._arrange(*self._window)
        for name in tiles:
            self._panels[name].repaint()
        self.watching.follow(tiles.get("camera-picture"))

    def paint_once(self) -> None:
        """Before the first painting: its layout paints everything, once is enough."""
        self._repaint_required = False

    @contextmanager
    def without_pictures(self) -> Iterator[None]:
        """What is drawn meanwhile shows nothing that a camera sees."""
        desk = self.watching.desk
        desk.is_blank = True
        self.repaint()
        try:
            yield
        finally:
            desk.is_blank = False
            self.repaint()

    def resized(self, width: int, height: int) -> None:
        """The window has another size: the next painting must know."""
        self._window = (width, height)
        self._frame = self._scene()

    def say(self, notice: str, *, is_bad: bool = False) -> None:
        """Something was done, or can't be: the footer says so for a while."""
        self.desk.say(notice, self.now_s(), is_bad=is_bad)
        self.repaint()

    def copy(self, text: str) -> None:
        """To the clipboard of the user's own terminal, and a word on what it was."""
        self.app.copy(text)  # type: ignore[attr-defined]

    def said_copied(self, text: str) -> None:
        """What was copied, as far as there is room for it."""
        self.say(f"sent to the clipboard: {crop(text.splitlines()[0], self._window[0] - 27)}")

    def shown_total_s(self) -> float:
        """How long the whole time axis is."""
        return shown_total_s(self._frame)

    def tile(self, panel: str) -> Tile | None:
        """Where a panel stands; None while it is not shown."""
        return self._arrange(*self._window).get(panel)

    def column_s(self) -> float:
        """Seconds that one column of the charts stands for, at least one."""
        tiles = self._arrange(*self._window)
        charts = ("latency", "throughput", "stress", "board-chart")
        tile = next((tiles[name] for name in charts if name in tiles), None)
        columns = tile.width - 2 - LABELS - HEADS if tile else COARSE_POINTS
        stretch = stretch_of(self._frame)
        length_s = stretch.length_s if stretch else self.shown_total_s()
        return float(max(round(length_s / max(columns, 1)), 1))

    def run_command(self, command: CommandId) -> None:
        """Do it, if it works now; any other command than `stop` takes back a first `s`."""
        if command != "stop":
            was_armed = self._frame.armed
            if command != "back":
                self.desk.disarm()
            if was_armed:
                self._frame = self._scene()
        if works(command, self._frame):
            self._handler(command)()
            self.repaint()
        elif why := why_not(command, self._frame):
            self.say(why, is_bad=True)

    def show_view(self, view: View) -> None:
        """One of the panels that `c` goes round, from the palette."""
        self.desk.disarm()
        self.desk.show_view(view)
        self.repaint()

    def _handler(self, command: CommandId) -> Callable[[], None]:
        # enter means the line's own on the screens that list what was kept.
        groups: list[object] = [self._looking, self._steering, self.keeping, self]
        if self.desk.page != "bench":
            groups[1:3] = [self.keeping, self._steering]
        if self.desk.page == "cameras":
            groups.insert(0, self.watching)
        group = next(group for group in groups if hasattr(group, f"do_{command}"))
        handler: Callable[[], None] = getattr(group, f"do_{command}")
        return handler

    def on_key(self, event: Key) -> None:
        if self.desk.typing is not None and self._looking.press_in_find(event):
            event.stop()
            self.repaint()
            return
        name = event.character if event.is_printable and event.character else event.key
        command = BY_KEY.get(name)
        if command is not None:
            event.stop()
            self.run_command(command.id)

    def on_screen_suspend(self) -> None:
        self._covered = True
        self.watching.covered(True)
        self.repaint()

    def on_screen_resume(self) -> None:
        self._covered = False
        self.watching.covered(False)
        self.repaint()

    def on_unmount(self) -> None:
        self.watching.leave()

    def on_click(self, event: Click) -> None:
        widget, region = self.get_widget_at(event.screen_x, event.screen_y)
        if widget.id == "scenarios":
            index = index_at(self._frame, region.height, event.screen_y - region.y)
            if index is not None:
                self.desk.choose(self.desk.offer.ids()[index])
                self.repaint()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self.run_command("down")

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self.run_command("up")

    def do_mouse(self) -> None:
        self.desk.mouse = not self.desk.mouse
        self.app.set_mouse(self.desk.mouse)  # type: ignore[attr-defined]

    def do_theme(self) -> None:
        self.app.wear(self.app.appearance.with_next_theme())  # type: ignore[attr-defined]

    def do_glyphs(self) -> None:
        self.app.wear(self.app.appearance.with_next_glyphs())  # type: ignore[attr-defined]

    def do_redraw(self) -> None:
        self.app.forget_painted()  # type: ignore[attr-defined]
        self.refresh()

    def do_palette(self) -> None:
        self.app.action_command_palette()

    def do_help(self) -> None:
        # Dialogs are imported when they are opened: the first paint does not wait for them.
        from tui.console.screens.help import help_dialog

        tier = self.app.appearance.glyphs  # type: ignore[attr-defined]
        self.app.push_screen(help_dialog(self.size.height, tier))

    def do_quit(self) -> None:
        newest = self._frame.newest
        if not newest.is_running and not newest.preparing and newest.cooling is None:
            self.app.exit(0)
            return
        from tui.console.screens.quit import STOP_AND_QUIT, Quit

        def leave(answer: str | None) -> None:
            if answer == STOP_AND_QUIT:
                self._steering.stop_and_leave()

        self.app.push_screen(Quit(newest.run if newest.is_running else None), leave)

    def _scene(self) -> Scene:
        scene = self.desk.scene(
            self.read_back.snapshot(self._snapshot),
            live=self._snapshot if self.read_back.is_open else None,
            back=self.read_back.back(),
            is_narrow=is_narrow(*self._window),
            is_tall=is_tall(*self._window),
            now_s=self.now_s(),
            dialog_keys=self._dialog_keys(),
            is_reading_runs=self.reader.is_busy("runs"),
        )
        place = self.watching.desk.place(scene.newest.cameras)
        scene = msgspec.structs.replace(scene, camera=place)
        stretch = stretch_of(scene)
        return scene if stretch is None else self._with_fine_points(scene, stretch)

    def _with_fine_points(self, scene: Scene, stretch: Stretch) -> Scene:
        """Asks for them where the run's own are coarse; what is there of them is drawn."""
        run = scene.run
        course = scene.back.course if scene.back is not None else run
        if run is None or course is None or not course.points:
            return scene
        if max(point.width_s for point in course.points) <= stretch.length_s / COARSE_POINTS:
            return scene
        wanted = (run.facts.id, stretch.from_s, stretch.to_s)
        self.read_back.fine(*wanted, goes_on=not course.is_over, now_s=self.now_s())
        return self.desk.with_fine(scene, self.read_back.fine_points(*wanted))

    def _dialog_keys(self) -> tuple[tuple[str, str], ...]:
        if not self._covered:
            return ()
        # The palette is Textual's own and says nothing: its list goes up and down.
        keys = (("↑ ↓", "choose"), ("enter", "take"), ("esc", "close"))
        return getattr(self.app.screen, "footer_keys", keys)

    def _arrange(self, width: int, height: int) -> dict[str, Tile]:
        return arrange_page(self._frame, width, height)
