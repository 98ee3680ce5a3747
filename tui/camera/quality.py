"""Judges one picture: exposure, contrast, noise, focus, colour."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tui.camera.luma import Bytes, Luma, luma_of
from tui.core.camera.measures import TILES, Quality
from tui.core.camera.reference import FLAT

Floats = NDArray[np.float64]

LOOKED_AT = 300_000
"""Pixels at most that are measured along rows, and as many along columns."""
FOCUS_SCALE = 1000.0
"""A picture of sharp details comes to some hundreds."""
_SIDE = math.isqrt(TILES)
_SEGMENT = 128
"""Pixels of a row, about, over which noise is taken for even."""
_LEAST = 16
"""Pixels across or down; smaller ones have no room for edges."""
_SOBEL_GAIN = 12.0
"""Energy that noise of sigma 1 has after Sobel's kernel: the sum of its squares."""
_IMMERKAER = math.sqrt(math.pi / 2) / 6
"""Sigma of noise from the mean of its size after Immerkaer's kernel."""
_BLACK_MEAN, _BLACK_SPREAD = 16.0, 4.0
_UNIFORM_MEAN, _UNIFORM_SPREAD = 30.0, 6.0
_DARK, _BRIGHT = 5.0, 250.0


class _Edges(msgspec.Struct, frozen=True):
    """Of each tile: edge energy with the noise in it, and noise."""

    energy: Floats
    noise_energy: Floats
    """The noise's share of it."""
    sigmas: Floats
    """Noise of every segment, flat."""


def quality_of(frame: VideoFrame) -> Quality:
    """What a picture is like.

    Exposure, noise and focus are measured on pixels as they came, never scaled: scaling hides
    the last two. Of a large picture only some rows and columns are looked at, spread evenly:
    rows for edges across, columns for edges down, so that no edge falls between them.
    Noise that is smeared over neighbouring pixels is partly taken for detail.
    """
    luma = luma_of(frame)
    step = math.ceil(luma.y.size / LOOKED_AT)
    counts = np.bincount(luma.y[::step].ravel(), minlength=256)
    levels, gain = _levels(luma)
    seen = int(counts.sum())
    brightness = float(counts @ levels) / seen
    variance = float(counts @ (levels - brightness) ** 2) / seen
    noise, tiles = _noise_and_focus(luma.y, step, variance, gain)
    p1, p50, p99 = (_percentile(counts, levels, part) for part in (0.01, 0.50, 0.99))
    spread = math.sqrt(max(0.0, variance - noise * noise))
    blue_cast, red_cast = _casts(luma)
    return Quality(
        brightness=brightness,
        contrast=math.sqrt(variance),
        p1=p1,
        p50=p50,
        p99=p99,
        clipped_dark_percent=100 * float(counts[levels <= _DARK].sum()) / seen,
        clipped_bright_percent=100 * float(counts[levels >= _BRIGHT].sum()) / seen,
        noise=noise,
        focus=sum(tiles) / len(tiles),
        tiles=tiles,
        is_black=spread < _BLACK_SPREAD and brightness < _BLACK_MEAN,
        is_uniform=spread < _UNIFORM_SPREAD and brightness > _UNIFORM_MEAN,
        blue_cast=blue_cast,
        red_cast=red_cast,
    )


def _levels(luma: Luma) -> tuple[Floats, float]:
    """What each of 256 values stands for in the full range, and how much wider that is."""
    values = np.arange(256, dtype=np.float64)
    if not luma.is_limited:
        return values, 1.0
    gain = 255 / 219
    return np.clip((values - 16) * gain, 0, 255), gain


def _percentile(counts: NDArray[np.int64], levels: Floats, part: float) -> float:
    below = np.cumsum(counts)
    return float(levels[np.searchsorted(below, part * below[-1])])


def _casts(luma: Luma) -> tuple[float | None, float | None]:
    if luma.u is None or luma.v is None:
        return None, None
    gain = 255 / 224 if luma.is_limited else 1.0
    step = math.ceil(luma.u.size / LOOKED_AT)
    blue, red = ((float(part[::step].mean()) - 128) * gain for part in (luma.u, luma.v))
    return blue, red


def _noise_and_focus(
    y: Bytes, step: int, variance: float, gain: float
) -> tuple[float, tuple[float, ...]]:
    """Sigma, and the focus of each tile: edge energy beside the variance of the whole picture.

    A gain or another exposure raises both alike; the noise's share is taken off both.
    """
    if min(y.shape) < _LEAST:
        return 0.0, (0.0,) * TILES
    across, down = _edges(y, step), _edges(y.T, step)
    noise = gain * float(np.median(np.concatenate([across.sigmas, down.sigmas])))
    noise_energy = across.noise_energy + down.noise_energy.T
    energy = across.energy + down.energy.T - noise_energy
    own = variance - gain**2 * float(noise_energy.mean()) / (2 * _SOBEL_GAIN)
    # Below this contrast there is nothing to focus on, and a ratio would be of noise alone.
    focus = FOCUS_SCALE * gain**2 * energy / max(own, FLAT**2)
    return noise, tuple(max(0.0, float(each)) for each in focus.ravel())


def _edges(y: Bytes, step: int) -> _Edges:
    """Edges across the rows of `y`, of every `step`th row and its neighbours, in whole pixels."""
    rows = ((len(y) - 3) // step + 1) // _SIDE * _SIDE
    above, middle, below = (y[start::step][:rows].astype(np.int16, order="C") for start in range(3))
    outer, inner = above + below, 2 * middle
    smooth, ridges = outer + inner, outer - inner
    slopes = smooth[:, 2:] - smooth[:, :-2]
    grain = ridges[:, 2:] - 2 * ridges[:, 1:-1] + ridges[:, :-2]
    third = slopes.shape[1] // _SIDE
    each = max(1, round(third / _SEGMENT))
    length = third // each
    shape = (rows, _SIDE * each, length)
    width = _SIDE * each * length
    steep = slopes[:, :width].astype(np.float32).reshape(shape)
    energy = np.einsum("ijk,ijk->ij", steep, steep) / length
    sizes = np.abs(grain[:, :width]).reshape(shape).sum(axis=2, dtype=np.int32)
    sigmas = _IMMERKAER / length * sizes
    # The square of a mean over so few pixels comes out this much too large.
    noise_energy = _SOBEL_GAIN * sigmas**2 / (1 + 1 / length)
    return _Edges(_of_tiles(energy, each), _of_tiles(noise_energy, each), sigmas.ravel())


def _of_tiles(values: NDArray[np.floating], each: int) -> Floats:
    """Means of tiles, from `each` segments a tile across."""
    rows = len(values) // _SIDE
    means: Floats = values.reshape(_SIDE, rows, _SIDE, each).mean(axis=(1, 3), dtype=np.float64)
    return means
