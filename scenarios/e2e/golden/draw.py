"""Draws the golden pictures: `python draw.py` writes them beside itself.

What is in them is known because it was drawn, not because a detector said so. `golden-images.toml`
expects these boxes and classes; draw others for a service that knows other things.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
BACKGROUND = (104, 110, 116)
COLOURS = {"box": (196, 52, 44), "ball": (232, 196, 40), "bottle": (30, 84, 188)}
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; the last two are exclusive."""

PICTURES: dict[str, tuple[tuple[str, Box], ...]] = {
    "empty": (),
    "box": (("box", (220, 150, 420, 330)),),
    "ball": (("ball", (240, 160, 400, 320)),),
    "bottle": (("bottle", (280, 80, 360, 400)),),
    "two": (("box", (60, 180, 240, 320)), ("ball", (400, 180, 540, 320))),
    "three": (
        ("bottle", (80, 110, 150, 370)),
        ("ball", (250, 90, 370, 210)),
        ("box", (420, 260, 580, 380)),
    ),
}
"""By file name without `.jpg`: what is where."""


def draw(things: tuple[tuple[str, Box], ...]) -> Image.Image:
    """The picture of these."""
    image = Image.new("RGB", SIZE, BACKGROUND)
    pen = ImageDraw.Draw(image)
    for category, (left, top, right, bottom) in things:
        shape = pen.ellipse if category == "ball" else pen.rectangle
        shape((left, top, right - 1, bottom - 1), fill=COLOURS[category])
    # No lens draws an edge as sharp as a pen does.
    return image.filter(ImageFilter.GaussianBlur(0.6))


if __name__ == "__main__":
    for name, things in PICTURES.items():
        draw(things).save(Path(__file__).with_name(f"{name}.jpg"), "JPEG", quality=90)
