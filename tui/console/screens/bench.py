"""The Bench screen: choose, run, watch, judge."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.events import Click, Key, MouseScrollDown, MouseScrollUp
from textual.screen import Screen

from tui.console.cells import Canvas
from tui.console.commands import BY_KEY, CommandId, works
from tui.console.desk import Desk
from tui.console.level import Level
from tui.console.scene import Scene
from tui.console.screens.starter import Starter
from tui.console.tiles import Tile, arrange, is_narrow
from tui.console.widgets.board import draw_board
from tui.console.widgets.cell_widget import CellWidget
from tui.console.widgets.detail import draw_detail
from tui.console.widgets.endpoints import draw_endpoints
from tui.console.widgets.footer import draw_footer
from tui.console.widgets.header import draw_header
from tui.console.widgets.latency_chart import LatencyChart
from tui.console.widgets.log import draw_log
from tui.console.widgets.scenarios import draw_scenarios, index_at
from tui.console.widgets.strip import draw_strip
from tui.console.widgets.throughput_chart import ThroughputChart
from tui.console.widgets.tile_layout import Tiles
from tui.core.model import Snapshot
from tui.ports import Engine

STOPPED = "stopped by hand"


class Bench(Screen[None]):
    """All panels of the first screen; every key means a command of the table."""

    DEFAULT_CSS = "Bench > Tiles { width: 1fr; height: 1fr; }"
    AUTO_FOCUS = ""

    def __init__(
        self, engine: Engine, desk: Desk, workers: int, clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._engine = engine
        self._desk = desk
        self._starter = Starter(self, engine, desk, workers)
        self._clock = clock
        self._level = Level()
        self._window = (80, 24)
        self._covered = False
        self._snapshot = engine.snapshot()
        self._refusal = self._refusal_key()
        self._frame = self._scene()
        draws: dict[str, Callable[[Canvas, Scene], None]] = {
            "header": draw_header,
            "strip": draw_strip,
            "scenarios": draw_scenarios,
            "detail": draw_detail,
            "latency": LatencyChart(),
            "throughput": ThroughputChart(),
            "endpoints": draw_endpoints,
            "board": draw_board,
            "log": draw_log,
            "footer": draw_footer,
        }
        self._panels = {name: self._panel(name, draw) for name, draw in draws.items()}

    def _panel(self, name: str, draw: Callable[[Canvas, Scene], None]) -> CellWidget:
        return CellWidget(lambda canvas: draw(canvas, self._frame), name=name)

    def compose(self) -> ComposeResult:
        yield Tiles(self._arrange, *self._panels.values())

    @property
    def frame(self) -> Scene:
        """What is on the screen."""
        return self._frame

    def show(self, snapshot: Snapshot) -> None:
        """A newer snapshot: repaint what it changes, ask what it asks."""
        self._snapshot = snapshot
        self._level.caught_up(snapshot.run)
        self.repaint()
        key = self._refusal_key()
        if key != self._refusal:
            self._refusal = key
            if snapshot.refusal is not None:
                self._starter.refused(snapshot.refusal)

    def repaint(self) -> None:
        """Draw a frame from the newest snapshot and the user's own state."""
        before = self._frame
        self._frame = self._scene()
        placed = (before.is_narrow, before.view, before.is_list_open)
        if placed != (self._frame.is_narrow, self._frame.view, self._frame.is_list_open):
            # A child's wish clears its parent's arrangement; the parent's own would not.
            self._panels["strip"].refresh(layout=True)
        for name in self._arrange(*self._window):
            self._panels[name].repaint()

    def paint_once(self) -> None:
        """Before the first painting: its layout paints everything, once is enough."""
        self._repaint_required = False

    def resized(self, width: int, height: int) -> None:
        """The window has another size: the next painting must know."""
        self._window = (width, height)
        self._frame = self._scene()

    def run_command(self, command: CommandId) -> None:
        """Do it, if it works now; any other command than `stop` takes back a first `s`."""
        if command != "stop":
            was_armed = self._frame.armed
            if command != "back":
                self._desk.disarm()
            if was_armed:
                self._frame = self._scene()
        if works(command, self._frame):
            getattr(self, f"do_{command}")()
            self.repaint()

    def on_key(self, event: Key) -> None:
        if self._desk.find is not None and self._press_in_find(event):
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
        self.repaint()

    def on_screen_resume(self) -> None:
        self._covered = False
        self.repaint()

    def on_click(self, event: Click) -> None:
        widget, region = self.get_widget_at(event.screen_x, event.screen_y)
        if widget.id == "scenarios":
            index = index_at(self._frame, region.height, event.screen_y - region.y)
            if index is not None:
                self._desk.choose(self._frame.scenarios[index].id)
                self.repaint()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self.run_command("down")

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self.run_command("up")

    def do_up(self) -> None:
        self._desk.move(-1, is_narrow=self._frame.is_narrow)

    def do_down(self) -> None:
        self._desk.move(1, is_narrow=self._frame.is_narrow)

    def do_run(self) -> None:
        scene = self._frame
        if scene.is_narrow and not scene.is_list_open and scene.snapshot.is_running:
            # Nobody queues what they can't see.
            self._desk.is_list_open = True
            return
        if scene.chosen is not None:
            self._starter.ask_to_run(scene.chosen)

    def do_stop(self) -> None:
        if self._frame.armed or self._frame.snapshot.preparing:
            self._desk.disarm()
            self._engine.stop_run(STOPPED)
        else:
            self._desk.arm(self._clock())

    def do_pause(self) -> None:
        run = self._frame.snapshot.run
        if run is not None and run.phase == "paused":
            self._engine.resume()
        else:
            self._engine.pause()

    def do_more(self) -> None:
        self._rescale(1)

    def do_fewer(self) -> None:
        self._rescale(-1)

    def do_target(self) -> None:
        self._starter.ask_for_target()

    def do_find(self) -> None:
        self._desk.find = ""
        self._desk.panel = "scenarios"
        self._desk.is_list_open = True

    def do_chart(self) -> None:
        self._desk.next_view()

    def do_panel(self) -> None:
        self._desk.next_panel(is_narrow=self._frame.is_narrow)

    def do_back(self) -> None:
        self._desk.back(self._frame)

    def do_mouse(self) -> None:
        self._desk.mouse = not self._desk.mouse
        self.app.set_mouse(self._desk.mouse)  # type: ignore[attr-defined]

    def do_redraw(self) -> None:
        self.app.forget_painted()  # type: ignore[attr-defined]
        self.refresh()

    def do_palette(self) -> None:
        self.app.action_command_palette()

    def do_help(self) -> None:
        # Dialogs are imported when they are opened: the first paint does not wait for them.
        from tui.console.screens.help import help_dialog

        self.app.push_screen(help_dialog(self.size.height))

    def do_quit(self) -> None:
        snapshot = self._frame.snapshot
        if not snapshot.is_running and not snapshot.preparing:
            self.app.exit(0)
            return
        from tui.console.screens.quit import Quit

        run = snapshot.run if snapshot.is_running else None
        self.app.push_screen(Quit(run), self._leave)

    def _leave(self, answer: str | None) -> None:
        from tui.console.screens.quit import STOP_AND_QUIT

        if answer == STOP_AND_QUIT:
            self._engine.stop_run(STOPPED)
            self.app.exit(0)

    def _rescale(self, direction: int) -> None:
        run = self._frame.snapshot.run
        if run is not None:
            self._engine.rescale(self._level.next(run, direction, self._clock()))

    def _press_in_find(self, event: Key) -> bool:
        find = self._desk.find or ""
        if event.key == "enter":
            self._desk.find = None
        elif event.key == "backspace":
            self._desk.type_to_find(find[:-1])
        elif event.is_printable and event.character:
            self._desk.type_to_find((find + event.character)[:20])
        else:
            return False
        return True

    def _refusal_key(self) -> tuple[int, str] | None:
        refusal, run = self._snapshot.refusal, self._snapshot.run
        return (refusal.number, run.facts.id if run else "") if refusal else None

    def _scene(self) -> Scene:
        return self._desk.scene(
            self._snapshot,
            is_narrow=is_narrow(*self._window),
            now_s=self._clock(),
            dialog_keys=self._dialog_keys(),
        )

    def _dialog_keys(self) -> tuple[tuple[str, str], ...]:
        if not self._covered:
            return ()
        # The palette is Textual's own and says nothing: its list goes up and down.
        keys = (("↑ ↓", "choose"), ("enter", "take"), ("esc", "close"))
        return getattr(self.app.screen, "footer_keys", keys)

    def _arrange(self, width: int, height: int) -> dict[str, Tile]:
        return arrange(width, height, self._desk.view, self._desk.is_list_open)
