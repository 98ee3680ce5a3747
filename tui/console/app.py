"""The console: Textual's side of jetproof."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import Resize
from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen

from tui.child.terminal import is_terminal_gone, let_go_of_terminal
from tui.console import paint
from tui.console.appearance import Appearance
from tui.console.bell import Bell
from tui.console.bridge import Bridge
from tui.console.clipboard import osc52
from tui.console.desk import Desk
from tui.console.driver import console_driver, settle_size, terminal_size, usable_size
from tui.console.glyphs import spell
from tui.console.leaving import HUNG_UP, Leaving
from tui.console.link import Link
from tui.console.messages import Read, StateChanged
from tui.console.outside import Outside
from tui.console.reader import Reader
from tui.console.screens.bench import Bench
from tui.console.theme import css_variables
from tui.console.title import title_of
from tui.console.widgets.cell_widget import CellWidget
from tui.console.widgets.speller import Speller
from tui.core.campaign import Campaign
from tui.core.config import Config, Target
from tui.core.model import Snapshot
from tui.core.scenario import Scenario
from tui.ports import Engine

TICK_S = 1.0


class Console(App[int]):
    """One screen, one timer, one way to the engine."""

    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        engine: Engine,
        scenarios: Sequence[Scenario],
        config: Config,
        *,
        target: Target,
        workers: int,
        problems: Sequence[str] = (),
        campaigns: Sequence[Campaign] = (),
        outside: Outside | None = None,
        appearance: Appearance | None = None,
        after_first_paint: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        paint.mend()
        self.appearance = appearance or Appearance()
        self.link = Link()
        self._speller = Speller(self.appearance.glyphs)
        # Our colours are the terminal's own 256: nothing is to be mapped.
        super().__init__(driver_class=console_driver(self.link), ansi_color=True)
        self._painted = paint.remember(self.console)
        self.engine = engine
        self.clock = clock
        self._after_first_paint = after_first_paint
        self._desk = Desk(scenarios, config, target, problems, campaigns)
        self._reader = Reader(lambda act: self.post_message(Read(act)))
        self._bench = Bench(
            engine, self._desk, workers, clock, outside or Outside(), self._reader, self.link
        )
        self._bridge = Bridge(lambda snapshot: self.post_message(StateChanged(snapshot)))
        self._loop: asyncio.AbstractEventLoop | None = None
        self.leaving = Leaving(engine, self.exit)
        self._title = ""
        self._ticks = 0
        self._bell = Bell(engine.snapshot())
        # Nothing is painted before there is a layout; `on_ready` ends this batch.
        self._begin_batch()

    @property
    def bench(self) -> Bench:
        """The first screen."""
        return self._bench

    def get_default_screen(self) -> Screen[None]:
        return self._bench

    def action_command_palette(self) -> None:
        """`:` and ctrl+p."""
        from tui.console.screens.palette import ConsoleCommands, Palette

        if self.screen is self._bench:
            self.push_screen(Palette([ConsoleCommands], placeholder="what do you want to do?"))

    def get_css_variables(self) -> dict[str, str]:
        return {**super().get_css_variables(), **css_variables(self.appearance.theme)}

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        return [*filters, self._speller] if self._speller.enabled else filters

    def wear(self, appearance: Appearance) -> None:
        """Other colours or glyphs, at once and everywhere."""
        self.appearance = appearance
        self._speller = Speller(appearance.glyphs)
        self.refresh_css(animate=False)
        for screen in self.screen_stack:
            for widget in screen.query(CellWidget):
                widget.restyle()

    def _display(self, screen: Screen[object], renderable: object) -> None:
        # Frames must not queue up behind a terminal that takes nothing: the newest is enough.
        if not self.link.holds_back():
            super()._display(screen, renderable)  # type: ignore[arg-type]

    def _on_caught_up(self) -> None:
        """On the writer thread, perhaps after the loop has ended."""
        with suppress(RuntimeError):
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._catch_up)

    def _catch_up(self) -> None:
        """The terminal takes bytes again: what it missed, as the difference to what it shows."""
        if self.is_running:
            self.show(self.engine.snapshot())
            self.screen.refresh()

    def on_resize(self, event: Resize) -> None:
        # Before Textual lays its screens out, those behind a dialog included.
        self._painted.forget()
        self._bench.resized(*usable_size(event.size.width, event.size.height))

    def on_ready(self) -> None:
        self._bench.paint_once()
        self._end_batch()
        self.engine.listen(self._bridge)
        self.set_interval(TICK_S, self.tick)
        self._loop = asyncio.get_running_loop()
        self.link.on_caught_up = self._on_caught_up
        if not self.is_headless:
            self.leaving.heed_signals()
        self.call_after_refresh(self._on_first_paint)

    def tick(self) -> None:
        """Once a second, every other second on a slow link: the newest figures."""
        self._ticks += 1
        # The timer may come once more while the last screen has already been taken down.
        is_leaving = not self.screen_stack
        if is_leaving or (self.link.is_slow() and self._ticks % 2):
            return
        self.show(self.engine.snapshot())

    def show(self, snapshot: Snapshot) -> None:
        """Paint a snapshot, and tell the terminal's title and bell."""
        self._desk.is_link_slow = self.link.is_slow()
        self._bench.show(snapshot)
        if self._bell.rings(snapshot):
            self.bell()
        title = spell(title_of(snapshot), self.appearance.glyphs)
        if title != self._title and not self.link.is_behind():
            self._title = title
            self.write_control(f"\x1b]2;{title}\x07")

    def on_read(self, message: Read) -> None:
        message.act()

    def copy(self, text: str) -> None:
        """To the clipboard of the user's own terminal, wherever that is."""
        self.write_control(osc52(text))
        self._bench.said_copied(text)

    def on_state_changed(self, message: StateChanged) -> None:
        self.show(message.snapshot)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """As Textual makes it, without what a camera sees: a picture of the screen is handed on."""
        with self._bench.without_pictures():
            return super().export_screenshot(title=title, simplify=simplify)

    def write_control(self, sequence: str) -> None:
        """Send the terminal something that is not part of the picture."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)
            self._driver.flush()

    def forget_painted(self) -> None:
        """The terminal may show anything: paint all of it next time."""
        self._painted.forget()

    def set_mouse(self, on: bool) -> None:
        """Take the mouse's clicks, or leave them to the terminal."""
        mode = "h" if on else "l"
        self.write_control(f"\x1b[?1000{mode}\x1b[?1006{mode}")

    async def action_quit(self) -> None:
        """ctrl+q, from anywhere."""
        from tui.console.screens.dialog import Dialog

        # Textual takes this key before a dialog sees it.
        if isinstance(self.screen, Dialog):
            self.screen.take_key("ctrl+q", "")
        else:
            self._bench.do_quit()

    def action_help_quit(self) -> None:
        """ctrl+c asks the same as q."""
        self._bench.do_quit()

    def _on_first_paint(self) -> None:
        if self._after_first_paint is not None:
            # A moment for the writer thread, so that the picture is out before this blocks.
            self.set_timer(0.02, self._run_after_first_paint)

    def _run_after_first_paint(self) -> None:
        if self._after_first_paint is not None:
            self._after_first_paint()
        self._bench.keeping.purge()
        # The window may have changed while nobody listened for it.
        if self._driver is not None and not self.is_headless:
            # Textual's driver writes to stderr: that is the terminal.
            size = Size(*terminal_size(2))
            if size != self.size:
                self.post_message(Resize(size, size))

    def on_unmount(self) -> None:
        self._bridge.is_open = False
        self._reader.close()


def run_console(
    engine: Engine,
    scenarios: Sequence[Scenario],
    config: Config,
    *,
    target: Target,
    workers: int,
    problems: Sequence[str] = (),
    campaigns: Sequence[Campaign] = (),
    outside: Outside | None = None,
    appearance: Appearance | None = None,
    after_first_paint: Callable[[], None] | None = None,
) -> int:
    """Show the console until the user leaves; the caller closes the engine."""
    console = Console(
        engine,
        scenarios,
        config,
        target=target,
        workers=workers,
        problems=problems,
        campaigns=campaigns,
        outside=outside,
        appearance=appearance,
        after_first_paint=after_first_paint,
    )
    settle_size()
    answer = console.run(mouse=True)
    is_gone = console.leaving.is_hung_up or is_terminal_gone()
    console.leaving.has_left()
    if is_gone:
        let_go_of_terminal()
        return HUNG_UP
    return console.return_code or answer or 0
