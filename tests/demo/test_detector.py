from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.demo.pictures import (
    GREY,
    Box,
    encoded,
    noisy,
    plain,
    slanted,
    with_rectangles,
)
from tui.demo.detector import CLASSES, detect

THREE: tuple[Box, ...] = ((40, 60, 90, 200), (200, 220, 280, 300), (400, 100, 520, 140))


def encloses(outer: Box, inner: Box, slack_px: int) -> bool:
    """Whether one box holds the other without being wider than need be."""
    return all(0 <= i - o <= slack_px for o, i in zip(outer[:2], inner[:2], strict=True)) and all(
        0 <= o - i <= slack_px for o, i in zip(outer[2:], inner[2:], strict=True)
    )


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (7, 500), (2, 1), (1, 1)])
def test_a_blank_image_has_no_objects(size: tuple[int, int]) -> None:
    assert detect(plain(*size)) == []


@pytest.mark.parametrize("sigma", [3, 10, 30, 60])
def test_noise_alone_is_no_object(sigma: float) -> None:
    assert detect(noisy(plain(), sigma)) == []


def test_single_stray_pixels_are_no_object_however_bright() -> None:
    pixels = np.array(plain(1920, 1080))
    pixels[np.random.default_rng(3).random(pixels.shape[:2]) < 0.005] = 255
    assert detect(Image.fromarray(pixels)) == []


def test_light_from_one_side_is_no_object() -> None:
    assert detect(slanted(plain(), 150)) == []


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (533, 417)])
def test_each_drawn_object_gets_a_box_that_encloses_it(size: tuple[int, int]) -> None:
    sent = Image.open(io.BytesIO(encoded(with_rectangles(*THREE, size=size))))
    found = sorted(one.box for one in detect(sent))
    assert len(found) == len(THREE)
    assert all(encloses(box, drawn, 4) for box, drawn in zip(found, THREE, strict=True))


def test_objects_are_found_in_noise_and_uneven_light() -> None:
    image = noisy(slanted(with_rectangles(*THREE), 60), 8)
    assert all(
        encloses(one.box, drawn, 4)
        for one, drawn in zip(sorted(detect(image), key=lambda one: one.box), THREE, strict=True)
    )


def test_a_faint_object_is_enclosed_although_its_edges_are_blurred_away() -> None:
    drawn = (100, 100, 160, 180)
    image = plain()
    image.paste(tuple(level + 28 for level in GREY), drawn)
    (found,) = detect(image)
    assert encloses(found.box, drawn, 4)


def test_an_object_at_the_rim_has_a_box_inside_the_image() -> None:
    (found,) = detect(with_rectangles((600, 400, 640, 480)))
    assert found.box[2:] == (640, 480)


def test_a_speck_is_no_object() -> None:
    assert detect(with_rectangles((100, 100, 102, 102))) == []


def test_confidence_grows_with_contrast_and_stays_below_one() -> None:
    confidences = []
    for level in (130, 180, 255):
        image = plain()
        image.paste((level,) * 3, (100, 100, 200, 200))
        confidences += [one.confidence for one in detect(image)]
    assert confidences == sorted(set(confidences))
    assert 0 <= confidences[0] < confidences[2] < 1


def test_the_class_is_told_by_the_outline() -> None:
    image = plain()
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 80, 240), fill="red")
    draw.rectangle((150, 40, 250, 120), fill="red")
    draw.ellipse((300, 40, 400, 140), fill="red")
    draw.polygon([(450, 40), (600, 40), (450, 190)], fill="red")
    labels = [one.label for one in sorted(detect(image), key=lambda one: one.box)]
    assert labels == ["bottle", "box", "ball", "object"]
    assert set(labels) == set(CLASSES)


def test_a_crowd_is_cut_off_at_its_32_largest() -> None:
    corners = [(x, y) for x in range(20, 600, 60) for y in range(20, 440, 60)]
    assert len(detect(with_rectangles(*((x, y, x + 20, y + 20) for x, y in corners)))) == 32


def test_every_pixel_counts_whatever_its_grid_cell() -> None:
    large = np.array(plain(1920, 1080))
    large[501:511, 701:711] = 255
    (found,) = detect(Image.fromarray(large))
    assert encloses(found.box, (701, 501, 711, 511), 3)
