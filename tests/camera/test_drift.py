from __future__ import annotations

import time

import av
import numpy as np
import pytest

from tests.camera.scenes import Grey, blurred, filmed, flat, frame_of_grey, natural, noisy
from tui.camera.drift import moved, reference_of, thumb_of
from tui.camera.still import still_of
from tui.core.camera.camera import Camera
from tui.core.camera.reference import THUMB_HEIGHT, THUMB_WIDTH
from tui.core.camera.source import Source
from tui.ports.camera import Still

WIDTH, HEIGHT = 640, 360
SHIFTS = [(0, 0), (6, 4), (-13, 7), (32, -18), (-64, -36), (64, 40)]


def seen(view: Grey, right: int = 0, down: int = 0) -> Grey:
    """A camera's picture of a wider view, with the scene this far right and down in it."""
    top, left = 60 - down, 100 - right
    return view[top : top + HEIGHT, left : left + WIDTH]


def thumb(view: Grey) -> bytes:
    return thumb_of(frame_of_grey(view))


@pytest.fixture(scope="module")
def wide() -> Grey:
    return natural(9, WIDTH + 200, HEIGHT + 120)


@pytest.fixture
def still() -> Still:
    with av.open("testsrc2=size=160x120:rate=5", format="lavfi") as source:
        packet = next(source.demux(video=0))
        return still_of(Camera("gate", Source("csi", "0")), packet.decode()[0], packet)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("change", ["none", "dim", "noise", "defocus", "half in shadow"])
def test_a_camera_that_was_turned_is_seen_in_any_light(
    wide: Grey, shift: tuple[int, int], change: str
) -> None:
    now = seen(wide, *shift).copy()
    match change:
        case "dim":
            now = noisy(0.2 * now, 5)
        case "noise":
            now = noisy(now, 25)
        case "defocus":
            now = blurred(now, 5)
        case "half in shadow":
            now[:, 300:] *= 0.5
    found = moved(thumb(seen(wide)), thumb(now))
    assert found is not None
    assert found[0] == pytest.approx(100 * shift[0] / WIDTH, abs=0.7)
    assert found[1] == pytest.approx(100 * shift[1] / HEIGHT, abs=0.7)


def test_a_text_that_the_camera_writes_does_not_hold_the_scene(wide: Grey) -> None:
    text = np.kron(np.random.default_rng(0).integers(0, 2, (5, 40)) * 255.0, np.ones((4, 4)))
    before, now = seen(wide).copy(), seen(wide, 32, 18).copy()
    for view in (before, now):
        view[10:30, 10:170] = text
    assert moved(thumb(before), thumb(now)) == pytest.approx((5.0, 5.0), abs=0.7)


@pytest.mark.parametrize("seed", range(20, 40))
def test_another_scene_has_not_moved_somewhere(wide: Grey, seed: int) -> None:
    assert moved(thumb(seen(wide)), thumb(natural(seed))) is None


def test_patterns_of_different_kinds_are_not_found_in_each_other() -> None:
    thumbs = [thumb(filmed(name)) for name in ("smptehdbars", "testsrc2", "mandelbrot")]
    for one in thumbs:
        assert moved(one, one) == pytest.approx((0.0, 0.0), abs=0.01)
        assert all(moved(one, other) is None for other in thumbs if other is not one)


def test_a_scene_behind_a_wall_is_not_found(wide: Grey) -> None:
    hidden = seen(wide).copy()
    hidden[:, :400] = 90
    assert moved(thumb(seen(wide)), thumb(hidden)) is None


@pytest.mark.parametrize("level", [0, 120])
def test_one_grey_is_nowhere(wide: Grey, level: float) -> None:
    assert moved(thumb(flat(level)), thumb(flat(level))) is None
    assert moved(thumb(seen(wide)), thumb(flat(level))) is None


def test_a_reference_without_a_thumbnail_tells_nothing(wide: Grey) -> None:
    assert moved(b"", thumb(seen(wide))) is None


@pytest.mark.parametrize("name", ["yuv420p", "yuyv422", "yuvj420p", "rgb24"])
def test_a_thumbnail_is_the_same_from_every_format(wide: Grey, name: str) -> None:
    plain = np.frombuffer(thumb(seen(wide)), np.uint8).astype(int)
    other = np.frombuffer(thumb_of(frame_of_grey(seen(wide), name)), np.uint8).astype(int)
    assert len(other) == THUMB_WIDTH * THUMB_HEIGHT
    assert np.abs(plain - other).max() <= 2


def test_a_reference_is_made_of_a_still(still: Still) -> None:
    reference = reference_of(still)
    assert (reference.camera, reference.source) == ("gate", "csi:0")
    assert (reference.width, reference.height) == (160, 120)
    assert reference.quality == still.quality
    assert abs(reference.stored_at - time.time()) < 60
    with av.open("testsrc2=size=160x120:rate=5", format="lavfi") as source:
        now = thumb_of(next(source.decode(video=0)))
    assert moved(reference.thumb, now) == pytest.approx((0.0, 0.0), abs=0.1)
