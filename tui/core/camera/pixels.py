"""The pixels of a small picture, two in each character cell, as a terminal can show them."""

from __future__ import annotations

from functools import lru_cache

from tui.core.camera.view import Picture

Pixel = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""
UPPER = "▀"
"""The upper pixel of a cell; the lower one is its ground."""
RAMP = " .:-=+*#%@"
"""From dark to bright, where there are no colours."""
_CUBE = (0, 95, 135, 175, 215, 255)
"""The steps of each colour in the cube of the 256."""
_FIRST_OF_CUBE, _FIRST_GREY = 16, 232


def pixel_rows(picture: Picture) -> list[list[Pixel]]:
    """From the top; an even number, so that a last one without a partner is left out."""
    data = picture.rgb
    flat = list(zip(data[0::3], data[1::3], data[2::3], strict=False))
    width, height = picture.width, picture.height // 2 * 2
    return [flat[y * width : (y + 1) * width] for y in range(height)]


def luma(pixel: Pixel) -> int:
    """0 to 255, by ITU-R BT.709."""
    red, green, blue = pixel
    return (54 * red + 183 * green + 19 * blue) >> 8


def mean(upper: Pixel, lower: Pixel) -> Pixel:
    """The two pixels of a cell as one."""
    return (upper[0] + lower[0]) // 2, (upper[1] + lower[1]) // 2, (upper[2] + lower[2]) // 2


def letter(upper: Pixel, lower: Pixel) -> str:
    """A cell without colours."""
    return RAMP[luma(mean(upper, lower)) * len(RAMP) // 256]


@lru_cache(maxsize=8192)
def index_of(pixel: Pixel) -> int:
    """The nearest of the 240 xterm colours that no palette changes."""
    steps = [min(range(6), key=lambda at: abs(_CUBE[at] - value)) for value in pixel]
    grey = min(max(round((sum(pixel) / 3 - 8) / 10), 0), 23)
    cube_off = sum((_CUBE[at] - value) ** 2 for at, value in zip(steps, pixel, strict=True))
    grey_off = sum((8 + 10 * grey - value) ** 2 for value in pixel)
    if grey_off < cube_off:
        return _FIRST_GREY + grey
    return _FIRST_OF_CUBE + 36 * steps[0] + 6 * steps[1] + steps[2]
