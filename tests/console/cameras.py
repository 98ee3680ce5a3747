"""Cameras of a site, what they deliver, and what one sees of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from textual.pilot import Pilot

from tests.console.fakes import FakeEngine
from tests.console.sight import SeenConsole
from tui.console.theme import PALETTE
from tui.console.widgets.cell_widget import CellWidget
from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault, FaultKind
from tui.core.camera.measures import Opened, Quality, StreamSecond
from tui.core.camera.source import parse_source
from tui.core.camera.table import pattern
from tui.core.camera.view import Picture

QUALITY = Quality(
    brightness=118.0,
    contrast=43.0,
    p1=12.0,
    p50=110.0,
    p99=240.0,
    clipped_dark_percent=0.1,
    clipped_bright_percent=0.3,
    noise=1.2,
    focus=412.0,
    tiles=(300.0, 388.0, 301.0, 350.0, 412.0, 320.0, 280.0, 402.0, 260.0),
)
SOURCES = {"dock": "rtsp://10.0.0.7/live", "gate": "v4l2:/dev/video0", "yard": "file:/tmp/a.mkv"}


def camera(name: str, source: str) -> Camera:
    return msgspec.structs.replace(pattern(), name=name, source=parse_source(source))


SITE = tuple(camera(name, source) for name, source in SOURCES.items())


def opened(name: str, **changes: object) -> ev.CameraOpened:
    fields = {"codec": "h264", "width": 1920, "height": 1080, "opened_ms": 300.0}
    fields |= {"first_frame_ms": 900.0, "nominal_fps": 25.0, "has_timestamps": True, **changes}
    return ev.CameraOpened(camera=name, opened=Opened(**fields))  # type: ignore[arg-type]


def second(name: str, number: int, *, focus: float = 412.0, **changes: object) -> ev.CameraTold:
    told = StreamSecond(
        until_s=float(number),
        frames=25,
        first_s=number - 1.0,
        last_s=number - 0.04,
        intervals={},
        drop_sign="timestamps",
        bytes=250_000,
        quality=msgspec.structs.replace(QUALITY, focus=focus, **changes),
        cpu_percent=7.0,
    )
    return ev.CameraTold(camera=name, second=told)


def picture(
    name: str, colour: tuple[int, int, int] = (200, 40, 40), width: int = 32, height: int = 18
) -> ev.CameraPictured:
    """One colour above, its half below."""
    upper, lower = bytes(colour), bytes(value // 2 for value in colour)
    rgb = upper * (width * (height // 2)) + lower * (width * (height - height // 2))
    return ev.CameraPictured(camera=name, picture=Picture(width, height, rgb))


def failed(name: str, kind: FaultKind, retry_s: float | None = None) -> ev.CameraFailed:
    return ev.CameraFailed(camera=name, fault=CameraFault(kind), retry_s=retry_s)


def live(engine: FakeEngine, name: str, seconds: int = 5) -> FakeEngine:
    """It is open, has delivered for so long, and shows a picture."""
    engine.see(ev.CameraTried(camera=name), opened(name))
    engine.see(*(second(name, number) for number in range(1, seconds + 1)), picture(name))
    return engine


def site() -> FakeEngine:
    """Three cameras; nobody has looked at one yet."""
    return FakeEngine(cameras=SITE)


@asynccontextmanager
async def at_cameras(app: SeenConsole, size: tuple[int, int]) -> AsyncIterator[Pilot[int]]:
    """The console on its Cameras screen, as it is first painted."""
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await pilot.pause()
        yield pilot


def looked(engine: FakeEngine) -> list[tuple[object, ...]]:
    """Which cameras were asked to be open, each time."""
    return [call[1:] for call in engine.calls if call[0] == "look at"]


def asked(engine: FakeEngine) -> list[tuple[object, object]]:
    """Whose pictures were asked for, and which, each time."""
    return [(call[1], call[2]) for call in engine.calls if call[0] == "show"]


def panel(app: SeenConsole, name: str) -> CellWidget:
    """A panel of the screen behind all dialogs."""
    return next(widget for widget in app.screen_stack[0].query(CellWidget) if widget.id == name)


def pixels_in(app: SeenConsole) -> int:
    """How many cells of the picture's panel are pixels."""
    looks = panel(app, "camera-picture").canvas.looks
    return sum(bool(packed & PALETTE) for row in looks for packed in row)
