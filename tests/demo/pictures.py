"""Pictures with known contents."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

GREY = (100, 100, 100)
RED = (200, 30, 30)

Box = tuple[int, int, int, int]


def plain(width: int = 640, height: int = 480) -> Image.Image:
    return Image.new("RGB", (width, height), GREY)


def with_rectangles(*boxes: Box, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Red rectangles; a box's right and bottom are exclusive, as in the service's answers."""
    image = plain(*size)
    draw = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=RED)
    return image


def noisy(image: Image.Image, sigma: float, seed: int = 1) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, sigma, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


def slanted(image: Image.Image, levels: float) -> Image.Image:
    """Lit from one side: `levels` brighter at the right than at the left."""
    light = np.linspace(-levels / 2, levels / 2, image.width)[None, :, None]
    return Image.fromarray((np.asarray(image) + light).clip(0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """A few kilobytes that unpack to 36 million pixels."""
    return encoded(Image.new("1", (6000, 6000)), "PNG")
