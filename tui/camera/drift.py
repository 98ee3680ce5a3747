"""Whether a camera still looks where it did when its reference was stored."""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tui.camera.still import frame_of
from tui.core.camera.reference import THUMB_HEIGHT, THUMB_WIDTH, Reference
from tui.ports.camera import Still

CLEAR = 2.5
"""How far the best place must stand out from the next best. Pictures of one scene come to 3 and
more, in other light and defocused too; pictures of two scenes stay below 2."""
_SHAPE = (THUMB_HEIGHT, THUMB_WIDTH)
_FINEST = 0.15
"""Detail beyond this many cycles a pixel counts little: it is noise, and edges cut into steps."""
_FAINTEST = 2.0
"""Standard deviation of a thumbnail with something in it to find again."""
_BESIDE = 2
"""Pixels around the best place that belong to it."""


def reference_of(still: Still) -> Reference:
    """A camera as it is now, to be compared with later. ValueError without its measures."""
    if still.quality is None:
        raise ValueError("the picture was not measured")
    return Reference(
        camera=still.camera,
        source=still.source,
        stored_at=still.at_utc,
        width=still.width,
        height=still.height,
        quality=still.quality,
        thumb=thumb_of(frame_of(still.jpeg)),
    )


def thumb_of(frame: VideoFrame) -> bytes:
    """Luma of a picture shrunk to a thumbnail, whatever its shape, row by row."""
    small = frame.reformat(
        width=THUMB_WIDTH, height=THUMB_HEIGHT, format="gray", interpolation="AREA"
    )
    return small.to_ndarray().tobytes()


def moved(reference: bytes, now: bytes) -> tuple[float, float] | None:
    """How far the scene moved from one thumbnail to the other, right and down.

    In percent of the picture's width and height; by phase correlation, which light does not
    change. None when the scene can't be found again, or half of it is hidden. A camera that
    was turned about its axis or zoomed has not moved by this.
    """
    if len(reference) != len(now) or len(now) != THUMB_WIDTH * THUMB_HEIGHT:
        return None
    before, after = _levels(reference), _levels(now)
    if min(before.std(), after.std()) < _FAINTEST:
        return None
    matches = _matches(_spectrum(before), _spectrum(after))
    row, column = divmod(int(matches.argmax()), THUMB_WIDTH)
    # The best place in the middle: neighbours wrap around no edge then.
    centre = (THUMB_HEIGHT // 2, THUMB_WIDTH // 2)
    around = np.roll(matches, (centre[0] - row, centre[1] - column), axis=(0, 1))
    best = around[centre]
    elsewhere = around.copy()
    near = tuple(slice(at - _BESIDE, at + _BESIDE + 1) for at in centre)
    elsewhere[near] = -np.inf
    if best <= 0 or best < CLEAR * elsewhere.max():
        return None
    right = column + _vertex(around[centre[0], centre[1] - 1 : centre[1] + 2])
    down = row + _vertex(around[centre[0] - 1 : centre[0] + 2, centre[1]])
    return _percent(right, THUMB_WIDTH), _percent(down, THUMB_HEIGHT)


def _levels(thumb: bytes) -> NDArray[np.float64]:
    return np.frombuffer(thumb, np.uint8).reshape(_SHAPE).astype(np.float64)


def _spectrum(luma: NDArray[np.float64]) -> NDArray[np.complex128]:
    # Faded out at its sides: they would match themselves, wherever the camera looks.
    height, width = (np.hanning(side + 2)[1:-1] for side in _SHAPE)
    window = np.outer(height, width)
    mean = (luma * window).sum() / window.sum()
    return np.fft.rfft2((luma - mean) * window)


def _matches(reference: NDArray[np.complex128], now: NDArray[np.complex128]) -> NDArray[np.float64]:
    """How well they match with one moved by each whole number of pixels."""
    crossed = now * reference.conj()
    phases = crossed / np.maximum(np.abs(crossed), 1e-9)
    down, right = np.fft.fftfreq(THUMB_HEIGHT), np.fft.rfftfreq(THUMB_WIDTH)
    detail = np.hypot(down[:, None], right[None, :])
    return np.fft.irfft2(phases * np.exp(-0.5 * (detail / _FINEST) ** 2), s=_SHAPE)


def _vertex(three: NDArray[np.float64]) -> float:
    """Where the parabola through three points has its top, from the middle one."""
    before, top, after = map(float, three)
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend else 0.0


def _percent(pixels: float, side: int) -> float:
    # More than half around is the other way.
    return 100 * ((pixels + side / 2) % side - side / 2) / side
