from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from av.video.frame import VideoFrame

from tests.camera.scenes import Grey, blurred, filmed, flat, frame_of_grey, natural, noisy
from tui.camera.luma import is_same
from tui.camera.quality import quality_of

SCENES = ("smptehdbars", "testsrc2", "mandelbrot", "natural")
BLURS = (0, 1, 2, 4, 8)
FORMATS = (
    "yuv420p",
    "yuvj420p",
    "yuvj422p",
    "yuv444p",
    "yuyv422",
    "uyvy422",
    "yvyu422",
    "nv12",
    "nv21",
    "nv16",
    "yuv420p10le",
    "p010le",
    "gray",
    "gray10le",
    "rgb24",
    "bgra",
    "gbrp",
    "rgb565le",
)


@cache
def scene(name: str) -> Grey:
    return natural(1) if name == "natural" else filmed(name)


def focus(view: Grey) -> float:
    return quality_of(frame_of_grey(view)).focus


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("noise", [0, 5, 10, 20])
def test_focus_falls_with_every_step_of_blur_whatever_the_noise(name: str, noise: float) -> None:
    told = [focus(noisy(blurred(scene(name), blur), noise)) for blur in BLURS]
    assert all(sharper > softer for sharper, softer in pairwise(told))


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("blur", BLURS)
def test_noise_is_not_taken_for_sharpness(name: str, blur: float) -> None:
    view = blurred(scene(name), blur)
    sharp = focus(scene(name))
    for noise in (5, 10, 20, 30):
        assert focus(noisy(view, noise)) < focus(view) + 0.1 * sharp


@pytest.mark.parametrize("name", SCENES)
def test_focus_does_not_follow_the_exposure(name: str) -> None:
    for gain in (0.4, 0.7):
        assert focus(gain * scene(name)) == pytest.approx(focus(scene(name)), rel=0.05)


@pytest.mark.parametrize("at", range(540, 550))
@pytest.mark.parametrize("is_upright", [False, True])
def test_the_only_edge_of_a_large_picture_is_seen_wherever_it_is(at: int, is_upright: bool) -> None:
    def edge(blur: float) -> Grey:
        line = np.where(np.arange(1080) < at, 60.0, 180.0)
        view = np.repeat(blurred(line[None, :].repeat(3, axis=0), blur)[1][:, None], 1920, axis=1)
        return view.T if is_upright else view

    told = [focus(edge(blur)) for blur in (0, 1, 4)]
    assert told[0] > told[1] > told[2] > 0


@pytest.mark.parametrize("tile", range(9))
def test_the_sharp_part_is_found_row_by_row_from_the_top_left(tile: int) -> None:
    row, column = divmod(tile, 3)
    view = blurred(scene("natural"), 4)
    part = (slice(120 * row, 120 * row + 120), slice(213 * column, 213 * column + 213))
    view[part] = scene("natural")[part]
    tiles = quality_of(frame_of_grey(view)).tiles
    assert len(tiles) == 9
    assert max(range(9), key=tiles.__getitem__) == tile


@pytest.mark.parametrize("sigma", [2, 5, 10, 20])
@pytest.mark.parametrize("name", ["testsrc2", "mandelbrot", "flat"])
def test_noise_is_told_as_its_sigma(name: str, sigma: float) -> None:
    view = flat(128) if name == "flat" else scene(name)
    told = quality_of(frame_of_grey(noisy(view, sigma))).noise
    assert told == pytest.approx(sigma, rel=0.1)


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_is_judged_alike_in_every_format(name: str) -> None:
    view = blurred(scene("natural"), 1)
    plain, told = quality_of(frame_of_grey(view)), quality_of(frame_of_grey(view, name))
    # Formats with five bits of a colour are as exact as that.
    rough = 4 if name == "rgb565le" else 1
    for figure in ("brightness", "contrast", "p1", "p50", "p99"):
        assert getattr(told, figure) == pytest.approx(getattr(plain, figure), abs=1.5 * rough)
    assert told.focus == pytest.approx(plain.focus, rel=0.03 * rough)


def test_black_and_white_of_a_limited_stream_are_black_and_white() -> None:
    view = flat(0)
    view[:, 160:] = 255
    for name in ("yuv420p", "yuyv422", "nv12"):
        told = quality_of(frame_of_grey(view, name))
        assert (told.p1, told.p99) == (0.0, 255.0)
        assert told.clipped_dark_percent == pytest.approx(25)
        assert told.clipped_bright_percent == pytest.approx(75)


def test_a_stream_that_says_it_is_of_full_range_is_believed() -> None:
    frame = VideoFrame(64, 48, "yuv420p")
    for plane, level in zip(frame.planes, (16, 128, 128), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    assert quality_of(frame).brightness == 0.0
    frame.color_range = 2
    assert quality_of(frame).brightness == 16.0


def test_a_raw_sensor_picture_is_judged_too() -> None:
    frame = VideoFrame(64, 48, "bayer_rggb8")
    frame.planes[0].update(bytes([120]) * frame.planes[0].buffer_size)
    assert quality_of(frame).brightness == pytest.approx(120, abs=2)


@pytest.mark.parametrize("name", ["yuvj420p", "yuvj444p", "yuyv422", "uyvy422", "yvyu422", "nv21"])
def test_a_colour_cast_is_told_by_its_colour(name: str) -> None:
    frame = VideoFrame(64, 48, "yuvj444p")
    for plane, level in zip(frame.planes, (128, 148, 98), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    told = quality_of(frame.reformat(format=name))
    assert told.blue_cast == pytest.approx(20, abs=1)
    assert told.red_cast == pytest.approx(-30, abs=1)


def test_a_picture_without_colour_has_no_cast() -> None:
    told = quality_of(frame_of_grey(flat(128)))
    assert (told.blue_cast, told.red_cast) == (None, None)


@pytest.mark.parametrize("noise", [0, 5])
@pytest.mark.parametrize(
    ("level", "is_black", "is_uniform"), [(4, True, False), (22, False, False), (90, False, True)]
)
def test_a_cap_is_seen_through_the_noise_of_a_high_gain(
    noise: float, level: float, is_black: bool, is_uniform: bool
) -> None:
    told = quality_of(frame_of_grey(noisy(flat(level), noise)))
    assert (told.is_black, told.is_uniform) == (is_black, is_uniform)


def test_a_lamp_in_the_dark_is_not_black() -> None:
    view = flat(3)
    view[100:140, 100:140] = 250
    assert not quality_of(frame_of_grey(view)).is_black


@pytest.mark.parametrize("level", [0, 40, 255])
def test_nothing_to_focus_on_is_no_focus(level: float) -> None:
    assert focus(flat(level)) == 0.0
    assert focus(noisy(flat(level), 2)) < 0.1 * focus(scene("smptehdbars"))


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (16, 16), (17, 33), (160, 119), (31, 700)])
def test_a_picture_may_have_any_size(size: tuple[int, int]) -> None:
    told = quality_of(frame_of_grey(natural(2)[: size[1], : size[0]], "yuv420p"))
    assert 0 <= told.p1 <= told.brightness <= 255
    assert len(told.tiles) == 9
    assert all(each >= 0 for each in told.tiles)


@pytest.mark.parametrize("name", ["yuv420p", "yuyv422", "nv12", "gray", "rgb24", "yuv420p10le"])
def test_pictures_are_the_same_to_the_last_bit_or_not(name: str) -> None:
    view = natural(3)[:, :333]
    changed = view.copy()
    changed[201:205, 151:155] += 4
    before, now = frame_of_grey(view, name), frame_of_grey(view, name)
    assert is_same(before, now)
    assert not is_same(before, frame_of_grey(changed, name))


def test_what_pads_a_row_is_no_picture() -> None:
    before, now = (frame_of_grey(natural(3)[:, :333], "yuv420p") for _ in range(2))
    plane = now.planes[0]
    rows = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size).copy()
    assert plane.line_size > plane.width
    rows[:, plane.width :] ^= 255
    plane.update(rows.tobytes())
    assert is_same(before, now)
    assert quality_of(before) == quality_of(now)


def test_pictures_of_another_size_or_format_are_others() -> None:
    view = flat(100)
    assert not is_same(frame_of_grey(view), frame_of_grey(view[:-8]))
    assert not is_same(frame_of_grey(view, "yuv420p"), frame_of_grey(view, "nv12"))
