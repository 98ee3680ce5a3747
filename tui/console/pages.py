"""What each screen is made of: header, strip and footer stand at the same place on all of them."""

from __future__ import annotations

from tui.console.camera_tiles import arrange_cameras
from tui.console.scene import Scene
from tui.console.tiles import Tile, arrange

FRAME = ("header", "strip", "footer")


def arrange_page(scene: Scene, width: int, height: int) -> dict[str, Tile]:
    """The panels that are shown, by name; in too small a window the strip alone."""
    tiles = arrange(width, height, scene.view, scene.is_list_open, scene.work)
    if scene.page == "bench" or "header" not in tiles:
        return tiles
    frame = {part: tiles[part] for part in FRAME}
    if scene.page == "cameras":
        camera = scene.camera
        return frame | arrange_cameras(width, height, len(camera.views), camera.side)
    name = "runs" if scene.page == "runs" else "lines"
    return {**frame, name: Tile(0, 4, width, height - 5)}


def place_of(scene: Scene) -> tuple[object, ...]:
    """What decides where the panels stand."""
    camera = (scene.camera.side, len(scene.camera.views))
    return scene.page, scene.is_narrow, scene.view, scene.is_list_open, scene.work, camera
