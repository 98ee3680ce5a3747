"""Every panel of the one screen, by its name, and what draws it."""

from __future__ import annotations

from collections.abc import Callable

from tui.console.cells import Canvas
from tui.console.scene import Scene
from tui.console.widgets.board import BoardPanel
from tui.console.widgets.board_chart import BoardChart
from tui.console.widgets.burners import draw_burners
from tui.console.widgets.camera_focus import draw_focus
from tui.console.widgets.camera_list import draw_cameras
from tui.console.widgets.camera_measures import draw_measures
from tui.console.widgets.camera_picture import draw_picture
from tui.console.widgets.cell_widget import CellWidget
from tui.console.widgets.detail import draw_detail
from tui.console.widgets.endpoints import draw_endpoints
from tui.console.widgets.footer import draw_footer
from tui.console.widgets.header import draw_header
from tui.console.widgets.latency_chart import LatencyChart
from tui.console.widgets.line_list import draw_lines
from tui.console.widgets.log import draw_log
from tui.console.widgets.run_list import draw_runs
from tui.console.widgets.scenarios import draw_scenarios
from tui.console.widgets.steps import draw_steps
from tui.console.widgets.stored import draw_stored
from tui.console.widgets.stress_chart import draw_stress
from tui.console.widgets.strip_frame import draw_framed_strip
from tui.console.widgets.throughput_chart import ThroughputChart
from tui.console.widgets.watched import draw_watched
from tui.console.widgets.window import windowed

Draw = Callable[[Canvas, Scene], None]


def panels(frame: Callable[[], Scene]) -> dict[str, CellWidget]:
    """New ones, which draw whatever `frame` answers then."""
    draws: dict[str, Draw] = {
        "header": draw_header,
        "strip": draw_framed_strip,
        "scenarios": draw_scenarios,
        "detail": draw_detail,
        "latency": windowed(LatencyChart()),
        "throughput": windowed(ThroughputChart()),
        "board-chart": windowed(BoardChart()),
        "stress": windowed(draw_stress),
        "endpoints": draw_endpoints,
        "burners": draw_burners,
        "watched": draw_watched,
        "steps": draw_steps,
        "stored": draw_stored,
        "board": BoardPanel(),
        "log": draw_log,
        "camera-list": draw_cameras,
        "camera-picture": draw_picture,
        "camera-measures": draw_measures,
        "camera-focus": draw_focus,
        "runs": draw_runs,
        "lines": draw_lines,
        "footer": draw_footer,
    }
    return {name: _panel(name, draw, frame) for name, draw in draws.items()}


def _panel(name: str, draw: Draw, frame: Callable[[], Scene]) -> CellWidget:
    return CellWidget(lambda canvas: draw(canvas, frame()), name=name)
