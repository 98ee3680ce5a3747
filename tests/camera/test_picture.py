from __future__ import annotations

import numpy as np
import pytest
from av.video.frame import VideoFrame

from tests.camera.scenes import flat, frame_of_grey, natural
from tui.camera.picture import picture_of
from tui.core.camera.view import Picture
from tui.ports.camera import PictureAsk

STEPS = (np.indices((90, 160)).sum(axis=0) % 2) * 255.0
"""Black and white by turns, pixel by pixel."""


def pixels(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer(picture.rgb, np.uint8).reshape(picture.height, picture.width, 3)


@pytest.mark.parametrize(
    ("columns", "rows", "size", "came"),
    [
        (80, 24, (1280, 720), (80, 44)),
        (80, 20, (1280, 720), (71, 40)),
        (60, 40, (640, 480), (60, 44)),
        (80, 24, (720, 1280), (27, 48)),
        (200, 60, (64, 36), (64, 36)),
        (10, 1, (1920, 1080), (4, 2)),
        (80, 24, (3000, 10), (80, 2)),
    ],
)
def test_a_picture_keeps_its_shape_in_whole_cells(
    columns: int, rows: int, size: tuple[int, int], came: tuple[int, int]
) -> None:
    picture = picture_of(VideoFrame(*size, "yuv420p"), PictureAsk(columns, rows, 2.0))
    assert (picture.width, picture.height) == came
    assert len(picture.rgb) == 3 * picture.width * picture.height
    assert not picture.is_centre


def test_every_pixel_counts_in_a_small_picture() -> None:
    # Pixels picked out would be black or white.
    picture = picture_of(frame_of_grey(STEPS), PictureAsk(16, 5, 2.0))
    assert set(picture.rgb) == {120} or set(picture.rgb) == {136}


def test_colours_come_in_few_steps_and_in_their_order() -> None:
    red = np.zeros((36, 64, 3), np.uint8)
    red[:, :, 0], red[:, :, 1] = 255, 100
    picture = picture_of(VideoFrame.from_ndarray(red, format="rgb24"), PictureAsk(32, 9, 2.0))
    assert pixels(picture)[3, 5].tolist() == [248, 104, 8]


def test_noise_redraws_little() -> None:
    view = natural(4)
    chance = np.random.default_rng(0)
    ask = PictureAsk(80, 24, 2.0)
    first, second = (
        pixels(picture_of(frame_of_grey(view + chance.normal(0, 10, view.shape)), ask))
        for _ in range(2)
    )
    assert (first != second).mean() < 0.15


@pytest.mark.parametrize("name", ["yuv420p", "yuvj420p", "yuyv422", "gray", "yuv420p10le"])
def test_white_is_white_in_every_range(name: str) -> None:
    picture = picture_of(frame_of_grey(flat(255, 64, 36), name), PictureAsk(32, 9, 2.0))
    assert set(picture.rgb) == {248}


def test_the_middle_comes_pixel_by_pixel() -> None:
    view = natural(5)
    picture = picture_of(frame_of_grey(view), PictureAsk(80, 20, 1.0, is_centre=True))
    middle = np.rint(view)[160:200, 280:360].astype(int) // 16 * 16 + 8
    assert (picture.width, picture.height, picture.is_centre) == (80, 40, True)
    assert np.array_equal(pixels(picture)[:, :, 1], middle)


def test_the_middle_of_a_small_picture_is_all_of_it() -> None:
    frame = frame_of_grey(natural(5)[:31, :40])
    picture = picture_of(frame, PictureAsk(80, 24, 1.0, is_centre=True))
    assert (picture.width, picture.height) == (40, 30)
