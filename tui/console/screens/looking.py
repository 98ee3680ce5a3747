"""Commands that only change what is shown: screens, cursors, windows of time, reading back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key

from tui.console.scene import Page
from tui.console.widgets.steps import first_row

if TYPE_CHECKING:
    from tui.console.screens.bench import Bench

FAR = 10
"""Lines, or columns of a chart."""
TO_AN_END = 10**9


class Looking:
    """Where the user looks."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._desk = bench.desk

    def do_bench(self) -> None:
        self._show("bench")

    def do_cameras(self) -> None:
        self._show("cameras")

    def do_runs(self) -> None:
        self._show("runs")
        self._bench.keeping.read_runs()

    def do_log(self) -> None:
        self._show("log")

    def do_up(self) -> None:
        self._move(-1)

    def do_down(self) -> None:
        self._move(1)

    def do_far_up(self) -> None:
        self._far(-FAR)

    def do_far_down(self) -> None:
        self._far(FAR)

    def do_first(self) -> None:
        self._far(-TO_AN_END)

    def do_last(self) -> None:
        self._far(TO_AN_END)

    def do_left(self) -> None:
        self._step(-1)

    def do_right(self) -> None:
        self._step(1)

    def do_find(self) -> None:
        if self._desk.page == "bench":
            self._desk.offer.find = ""
            self._desk.panel = "scenarios"
            self._desk.is_list_open = True
        elif self._desk.page == "runs":
            self._desk.runs.start_typing()
        else:
            self._desk.lines.start_typing()

    def do_chart(self) -> None:
        self._desk.next_view(is_narrow=self._bench.frame.is_narrow)

    def do_panel(self) -> None:
        self._desk.next_panel(is_narrow=self._bench.frame.is_narrow)

    def do_narrower(self) -> None:
        self._desk.next_window(1, self._bench.shown_total_s())

    def do_wider(self) -> None:
        self._desk.next_window(-1, self._bench.shown_total_s())

    def do_read_back(self) -> None:
        """x: open it, or close it again."""
        read_back, run = self._bench.read_back, self._bench.frame.run
        if read_back.is_open:
            read_back.close()
        elif run is not None:
            read_back.open_live(run)

    def do_back(self) -> None:
        desk, read_back = self._desk, self._bench.read_back
        if desk.page == "bench" and read_back.is_open and desk.offer.find is None:
            read_back.close()
        else:
            desk.back(self._bench.frame)

    def do_space(self) -> None:
        entry = self._bench.frame.lines.chosen
        if entry is not None:
            self._desk.lines.hide(entry.kind)

    def press_in_find(self, event: Key) -> bool:
        """A key while something is typed behind `/`; whether it was of use there."""
        typed = self._desk.typing or ""
        if event.key == "enter":
            self._desk.end_typing(keep=True)
        elif event.key == "escape":
            self._desk.end_typing(keep=False)
        elif event.key == "backspace":
            self._desk.type(typed[:-1])
        elif event.is_printable and event.character:
            self._desk.type(typed + event.character)
        else:
            return False
        return True

    def _show(self, page: Page) -> None:
        self._desk.offer.find = None
        self._desk.page = page

    def _move(self, step: int) -> None:
        if self._desk.page == "runs":
            self._desk.runs.move(step)
        elif self._desk.page == "log":
            self._desk.lines.move(step)
        else:
            is_narrow = self._bench.frame.is_narrow
            self._desk.move(step, is_narrow=is_narrow, first_row=self._first_row())

    def _first_row(self) -> int | None:
        """How far the steps are scrolled; None where the arrows move something else."""
        scene, tile = self._bench.frame, self._bench.tile("steps")
        is_moved = scene.is_narrow or scene.panel == "endpoints"
        return first_row(scene, tile.width, tile.height) if tile and is_moved else None

    def _far(self, step: int) -> None:
        if self._desk.page == "bench" and self._bench.read_back.is_open:
            self._step(step)
        else:
            self._move(step)

    def _step(self, columns: int) -> None:
        self._bench.read_back.move(columns * self._bench.column_s())
