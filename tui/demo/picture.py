"""Pictures at the edge: told apart, decoded within limits, drawn on, encoded."""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw

from tui.demo.detector import Detection

# No WebP: its decoder reserves the canvas on opening, before anyone can look at its size.
_FORMATS = ("JPEG", "PNG", "BMP")
_COLOUR = (255, 64, 0)

# Pillow only warns where we refuse, and the limit that counts is the caller's.
Image.MAX_IMAGE_PIXELS = None


class NotAPicture(Exception):
    """The bytes can't be decoded."""


class TooManyPixels(Exception):
    """Decoding would take more memory than a request may have."""


def sniff(data: bytes) -> str:
    """The media type, from the header alone; NotAPicture when it is none that we know."""
    return f"image/{_open(data)[1].lower()}"


def decode(data: bytes, most_pixels: int) -> Image.Image:
    """The picture as RGB."""
    image, _ = _open(data)
    if image.width * image.height > most_pixels:
        raise TooManyPixels(f"{image.width}x{image.height} is more than {most_pixels} pixels")
    try:
        return image.convert("RGB")
    except Exception as error:
        # Broken files raise whatever their decoder trips over, from SyntaxError to struct.error.
        raise NotAPicture(f"the picture is damaged: {error}") from error


def annotate(image: Image.Image, detections: Iterable[Detection]) -> bytes:
    """A JPEG of the picture with its detections drawn in."""
    canvas = image.copy()
    draw = ImageDraw.Draw(canvas)
    line_px = max(2, image.width // 480)
    for detection in detections:
        left, top, right, bottom = detection.box
        draw.rectangle((left, top, right - 1, bottom - 1), outline=_COLOUR, width=line_px)
        text = f"{detection.label} {detection.confidence:.2f}"
        draw.text((left, max(0, top - 12)), text, fill=_COLOUR)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=85)
    return out.getvalue()


def _open(data: bytes) -> tuple[Image.Image, str]:
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception as error:
        raise NotAPicture("not a JPEG, PNG or BMP picture") from error
    # A phone's several pictures in one file are read as the JPEG that they begin with.
    return image, "JPEG" if image.format == "MPO" else str(image.format)
