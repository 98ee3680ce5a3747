"""Sending differences alone leaves the screen of a full repaint, in far fewer bytes."""

from __future__ import annotations

import random

import pytest
import textual
from rich.console import Console as RichConsole
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen

from tests.console.terminal import Terminal
from tui.console import paint
from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.tiles import Tile
from tui.console.widgets.cell_widget import CellWidget
from tui.console.widgets.tile_layout import Tiles

SIZE = (60, 12)


def terminal() -> RichConsole:
    return RichConsole(color_system="256", force_terminal=True)


class Noise(App[None]):
    """Three panels whose cells change at random."""

    CSS = "Screen > Tiles { width: 1fr; height: 1fr; }"

    def __init__(self, seed: int) -> None:
        paint.mend()
        super().__init__(ansi_color=True)
        self.chance = random.Random(seed)
        self.sent: list[str] = []
        self.terminal = terminal()
        paint.remember(self.terminal)
        self.texts: dict[str, list[tuple[int, int, str, Ink]]] = {"a": [], "b": [], "c": []}
        self.panels = [
            CellWidget(lambda canvas, name=name: self._draw(canvas, name), name=name)  # type: ignore[misc]
            for name in self.texts
        ]

    def compose(self) -> ComposeResult:
        yield Tiles(
            lambda width, height: {
                "a": Tile(0, 0, 25, 12),
                "b": Tile(25, 0, 35, 5),
                "c": Tile(25, 5, 35, 7),
            },
            *self.panels,
        )

    def _draw(self, canvas: Canvas, name: str) -> None:
        canvas.frame([(name, Ink.MUTE)])
        for x, y, what, ink in self.texts[name]:
            canvas.put(x, y, what, ink)

    def change(self) -> None:
        """Some new text on some panels."""
        for name in self.chance.sample(sorted(self.texts), self.chance.randint(1, 3)):
            what = self.chance.choice(["1 234", "━━╸──", "日本語", "p95", "█▇▆ ", "x"])
            ink = self.chance.choice([Ink.TEXT, Ink.P95, Ink.FAIL, Ink.MUTE])
            place = self.chance.randint(1, 30), self.chance.randint(1, 10)
            self.texts[name] = [*self.texts[name][-12:], (*place, what, ink)]
        for panel in self.panels:
            panel.repaint()

    def full(self) -> str:
        """What a full repaint sends."""
        return self.screen._compositor.render_full_update().render_segments(terminal())

    def _display(self, screen: Screen[object], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self.sent.append(renderable.render_segments(self.terminal))
        super()._display(screen, renderable)  # type: ignore[arg-type]


async def test_many_partial_repaints_leave_the_screen_of_a_full_one() -> None:
    app = Noise(seed=11)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        seen = Terminal(*SIZE)
        for number in range(60):
            app.change()
            if number % 20 == 19:
                app.screen.refresh(layout=True)
            await pilot.pause()
            for data in app.sent:
                seen.feed(data)
            app.sent.clear()
            whole = Terminal(*SIZE)
            whole.feed(app.full())
            assert seen.cells == whole.cells


async def test_an_inner_change_costs_its_own_cells_not_the_row_up_to_it() -> None:
    app = Noise(seed=3)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.sent.clear()
        app.texts["b"] = [(28, 2, "7", Ink.TEXT)]
        app.panels[1].repaint()
        await pilot.pause()
        assert len("".join(app.sent)) < 60


def test_another_version_of_textual_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual, "__version__", "9.0.0")
    monkeypatch.setattr(ChopsUpdate, "render_segments", _unmended)
    assert not paint.mend()
    assert ChopsUpdate.render_segments.__name__ == "_unmended"


async def test_painting_the_same_again_sends_nothing() -> None:
    app = Noise(seed=5)
    async with app.run_test(size=SIZE) as pilot:
        app.change()
        await pilot.pause()
        app.sent.clear()
        app.screen.refresh()
        await pilot.pause()
        assert "".join(app.sent) == ""
        paint.remember(app.terminal).forget()
        app.screen.refresh()
        await pilot.pause()
        assert len("".join(app.sent)) > 500


def _unmended(update: ChopsUpdate, console: RichConsole) -> str:
    return ""


def test_the_mend_is_for_the_version_that_is_installed() -> None:
    assert textual.__version__ == paint.MENDED_VERSION
