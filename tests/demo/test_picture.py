from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageChops

from tests.demo.pictures import bomb, encoded, plain, with_rectangles
from tui.demo.detector import Detection
from tui.demo.picture import NotAPicture, TooManyPixels, annotate, decode, sniff


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_picture_is_told_by_its_header(kind: str) -> None:
    assert sniff(encoded(plain(), kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize("data", [b"", b"hello", encoded(plain(), "WEBP"), encoded(plain(), "GIF")])
def test_other_bytes_are_no_picture(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        sniff(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_torn_picture_is_refused(kind: str) -> None:
    whole = encoded(with_rectangles((100, 100, 200, 200)), kind)
    with pytest.raises(NotAPicture):
        decode(whole[: len(whole) // 2], 10**6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    picture = encoded(Image.new(mode, (8, 6)), "PNG")
    decoded = decode(picture, 10**6)
    assert (decoded.mode, decoded.size) == ("RGB", (8, 6))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = bomb()
    assert len(data) < 10_000
    with pytest.raises(TooManyPixels, match="6000x6000"):
        decode(data, 25_000_000)


def test_annotation_changes_the_pixels_at_the_edge_of_the_box_and_not_far_from_it() -> None:
    image = plain()
    drawn = Image.open(io.BytesIO(annotate(image, [Detection("box", 0.5, (100, 100, 300, 200))])))
    changes = np.asarray(ImageChops.difference(image, drawn)).max(axis=2)
    assert (changes[100, 100:300] > 50).all()
    assert (changes[199, 100:300] > 50).all()
    assert (changes[100:200, 100] > 50).all()
    assert (changes[100:200, 299] > 50).all()
    assert changes[130:170, 130:270].max() < 10
    assert changes[220:].max() < 10
