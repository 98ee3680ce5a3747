"""What is said of pictures that are taken on the Cameras screen."""

from __future__ import annotations

from tui.console.camera_place import CameraPlace
from tui.core.config import Target
from tui.core.format import counted, ms
from tui.ports import NoStill, Prediction

MOST_CLASSES = 4


def no_picture(place: CameraPlace) -> str:
    """Why no picture of the camera under the cursor can be taken; empty where one can."""
    view = place.chosen
    if view is None:
        return "there is no camera"
    if view.state != "live":
        return f"{view.name} delivers no pictures"
    return "space first: what is taken is what the camera sees now" if place.held else ""


def prediction_text(camera: str, target: Target, answer: Prediction | NoStill) -> tuple[str, bool]:
    """What the service made of a picture, and whether that is bad."""
    if isinstance(answer, NoStill):
        return f"no picture of {camera}: {answer.why}", True
    where = f"/predict of {target.name}"
    figures = [] if answer.ms is None else [f"{ms(answer.ms)} ms"]
    figures += [] if answer.status is None else [f"HTTP {answer.status}"]
    if answer.trouble:
        return f"{where}: {', '.join([answer.trouble, *figures])}", True
    return f"{where}: {', '.join([_found(answer), *figures])}", False


def _found(answer: Prediction) -> str:
    if not answer.objects:
        return "no objects"
    most = sorted(answer.classes.items(), key=lambda item: (-item[1], item[0]))
    kinds = ", ".join(f"{number} {kind}" for kind, number in most[:MOST_CLASSES])
    more = "" if len(most) <= MOST_CLASSES else f", {len(most) - MOST_CLASSES} kinds more"
    return f"{counted(answer.objects, 'object')} ({kinds}{more})"
