"""What happens to a camera, as lines of the log."""

from __future__ import annotations

from tui.core.camera.camera import Camera
from tui.core.camera.faults import advice_on, is_end_of_recording
from tui.core.events import CameraEvent, CameraFailed, CameraOpened, Level
from tui.core.format import count, fixed


def line_of_camera(event: CameraEvent, camera: Camera) -> tuple[Level, str] | None:
    """Level and text; None for what is not worth a line. One fault again and again reads alike."""
    match event:
        case CameraOpened(opened=opened):
            rate = f" {fixed(opened.nominal_fps, 1)} fps" if opened.nominal_fps else ""
            size = f"{opened.codec} {opened.width}x{opened.height}{rate}"
            first = f"first picture after {count(opened.first_frame_ms)} ms"
            return "ok", f"camera {camera.name} open: {size}, {first}"
        case CameraFailed(fault=fault):
            advice = advice_on(fault, camera.source, camera.credentials)
            level: Level = "info" if is_end_of_recording(fault, camera.source) else "fail"
            return level, f"camera {camera.name}: {advice.what} (next: {advice.next})"
    return None
