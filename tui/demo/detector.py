"""Finds distinct objects before a plain background. Real work on real pixels, no model.

It knows shapes, not things: the class names say what an outline looks like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from tui.demo.regions import find_regions

CLASSES = ("bottle", "box", "ball", "object")

_BLUR_PX = 1
_GRID_PX = 320
"""The longer side of the grid on which regions are joined."""
_BACKGROUND_PX = 80
"""The longer side of the grid on which the background is fitted: light changes slowly."""
_LEAST_CONTRAST = 24.0
_LEAST_AREA_PX = 25
_MOST_OBJECTS = 32

Number = TypeVar("Number", np.uint8, np.float64)
Channel = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """One object."""

    label: str
    confidence: float
    """0 at the threshold of contrast, towards 1 the more the object stands out."""
    box: tuple[int, int, int, int]
    """Left, top, right, bottom in original pixels; the last two are exclusive."""


def detect(image: Image.Image) -> list[Detection]:
    """The objects in an RGB image, largest first; a blank or evenly noisy image has none."""
    smooth = image.filter(ImageFilter.BoxBlur(_BLUR_PX))
    contrast = _contrast(smooth, _background(smooth))
    # Noise stays below four times its own median, whatever the camera.
    threshold = max(_LEAST_CONTRAST, 4 * float(np.median(_border(contrast))))
    mask = contrast > threshold
    step = _step(image, _GRID_PX)
    found = []
    for region in find_regions(_shrink(mask, step), _MOST_OBJECTS):
        rows = slice(region.top * step, region.bottom * step)
        columns = slice(region.left * step, region.right * step)
        inside = mask[rows, columns]
        if np.count_nonzero(inside) >= _LEAST_AREA_PX:
            mean = float(contrast[rows, columns][inside].mean())
            box = _tighten(inside, columns.start, rows.start, image.size)
            found.append(Detection(_classify(inside), round(1 - threshold / mean, 4), box))
    return found


def _step(image: Image.Image, longest: int) -> int:
    return max(1, round(max(image.size) / longest))


def _border(values: NDArray[Number]) -> NDArray[Number]:
    """The outer frame of an array, as a list of cells."""
    edge = max(1, min(values.shape[:2]) // 24)
    sides = (values[:edge], values[-edge:], values[:, :edge], values[:, -edge:])
    return np.concatenate([side.reshape(-1, *values.shape[2:]) for side in sides])


def _background(smooth: Image.Image) -> Image.Image:
    """The border's colours carried across as a plane, so that uneven light is no object."""
    grid = np.asarray(smooth.reduce(_step(smooth, _BACKGROUND_PX)), np.float64)
    height, width = grid.shape[:2]
    y, x = np.mgrid[-1 : 1 : complex(height), -1 : 1 : complex(width)]
    terms = np.stack([np.ones_like(x), x, y], axis=2)
    plane = terms @ _fit_plane(_border(terms), _border(grid))
    small = Image.fromarray(plane.clip(0, 255).astype(np.uint8))
    # Steps of a level or two are far below any contrast that counts, and smoothing them is dear.
    return small.resize(smooth.size, Image.Resampling.NEAREST)


def _fit_plane(terms: Floats, colours: Floats) -> Floats:
    """Coefficients by channel of the plane through most colours; the far ones have no say."""
    plane = np.zeros((3, 3))
    plane[0] = np.median(colours, axis=0)
    for _ in range(3):
        distance = np.abs(colours - terms @ plane).max(axis=1)
        near = distance <= max(_LEAST_CONTRAST, 3 * float(np.median(distance)))
        plane = np.linalg.lstsq(terms[near], colours[near], rcond=None)[0]
    return plane


def _contrast(smooth: Image.Image, background: Image.Image) -> Channel:
    """How far each pixel is from the background, in its most different channel."""
    red, green, blue = ImageChops.difference(smooth, background).split()
    return np.asarray(ImageChops.lighter(ImageChops.lighter(red, green), blue))


def _shrink(mask: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """A cell is set when any of its pixels is."""
    if step == 1:
        return mask
    rows = np.logical_or.reduceat(mask, np.arange(0, mask.shape[0], step), axis=0)
    return np.logical_or.reduceat(rows, np.arange(0, mask.shape[1], step), axis=1)


def _tighten(
    inside: NDArray[np.bool_], left: int, top: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """From grid cells to pixels."""
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    # The blur can pull a faint object's edge below the threshold: give its radius back.
    return (
        max(0, left + int(columns[0]) - _BLUR_PX),
        max(0, top + int(rows[0]) - _BLUR_PX),
        min(size[0], left + int(columns[-1]) + 1 + _BLUR_PX),
        min(size[1], top + int(rows[-1]) + 1 + _BLUR_PX),
    )


def _classify(inside: NDArray[np.bool_]) -> str:
    """By outline: how long it is, and how much of its box it fills (a disc fills 79 %)."""
    height, width = inside.any(axis=1).sum(), inside.any(axis=0).sum()
    aspect = max(height, width) / min(height, width)
    fill = np.count_nonzero(inside) / (height * width)
    if aspect >= 2 and fill >= 0.65:
        return "bottle"
    if fill >= 0.9:
        return "box"
    if fill >= 0.65 and aspect < 1.4:
        return "ball"
    return "object"
