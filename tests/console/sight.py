"""Consoles under test, and what one sees of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from rich.console import Console as RichConsole
from textual._compositor import CompositorUpdate
from textual.pilot import Pilot
from textual.screen import Screen

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import CATALOGUE, DEMO
from tests.lib.eventually import LIMIT_S
from tui.console import paint
from tui.console.app import Console
from tui.console.appearance import Appearance
from tui.console.cells import Canvas
from tui.console.outside import Outside
from tui.console.scene import Scene
from tui.core.campaign import Campaign
from tui.core.config import Config, Mix, Target
from tui.core.scenario import Scenario

LOCAL = Target("local", "http://127.0.0.1:8000")
PRODUCTION = Target("production", "https://cameras.example.com", protected=True)
CONFIG = Config((DEMO, LOCAL, PRODUCTION), Mix(), 1, "127.0.0.1", 0)
WIDE, SMALL = (120, 36), (80, 24)


class SeenConsole(Console):
    """Keeps every byte that it would have sent to the terminal."""

    sent: list[str]
    terminal: RichConsole

    def forget_painted(self) -> None:
        paint.remember(self.terminal).forget()
        super().forget_painted()

    def _display(self, screen: Screen[object], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self.sent.append(renderable.render_segments(self.terminal))
        super()._display(screen, renderable)


def console(
    engine: FakeEngine,
    clock: FakeClock | None = None,
    *,
    scenarios: Sequence[Scenario] = CATALOGUE,
    target: Target = DEMO,
    problems: Sequence[str] = (),
    appearance: Appearance | None = None,
    campaigns: Sequence[Campaign] = (),
    outside: Outside | None = None,
) -> SeenConsole:
    """A console over a fake engine."""
    app = SeenConsole(
        engine,
        scenarios,
        CONFIG,
        target=target,
        workers=2,
        problems=problems,
        appearance=appearance,
        campaigns=campaigns,
        outside=outside,
        clock=clock or FakeClock(),
    )
    app.sent = []
    app.terminal = RichConsole(color_system="256", force_terminal=True)
    paint.remember(app.terminal)
    return app


def rows(app: Console) -> list[str]:
    """The screen as text, a dialog in front included."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def text(app: Console) -> str:
    """The whole screen."""
    return "\n".join(rows(app))


async def settle(app: Console, pilot: Pilot[int]) -> None:
    """Until the reader has answered everything, and the screen shows it."""
    ends_s = time.monotonic() + LIMIT_S
    kinds = (*("moment", "runs", "points", "mark", "report", "board"), *("preflight", "climb"))
    while any(map(app._reader.is_busy, (*kinds, "climb-report"))):
        assert time.monotonic() < ends_s, "the reader never answered"
        await asyncio.sleep(0.005)
    await pilot.pause()
    # Textual paints in frames of its own: the last one may still be due.
    await pilot.pause(0.05)


async def tick(app: Console, pilot: Pilot[int]) -> None:
    """One turn of the console's timer."""
    app.tick()
    await pilot.pause()


def scene(
    engine: FakeEngine,
    *,
    selected: str = "standard",
    narrow: bool = False,
    scenarios: Sequence[Scenario] = CATALOGUE,
    **changes: object,
) -> Scene:
    """A frame without an app."""
    ids = [scenario.id for scenario in scenarios]
    return Scene(
        snapshot=engine.snapshot(),
        scenarios=tuple(scenarios),
        selected=ids.index(selected) if selected in ids else 0,
        is_narrow=narrow,
        **changes,  # type: ignore[arg-type]
    )


def drawn(draw: object, what: Scene, width: int, height: int) -> Canvas:
    """What a draw function makes of a scene."""
    canvas = Canvas(width, height)
    draw(canvas, what)  # type: ignore[operator]
    return canvas
