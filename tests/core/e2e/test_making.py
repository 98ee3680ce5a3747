"""Bytes that are made up."""

from __future__ import annotations

import zlib

import pytest

from tui.core.e2e.making import damaged, noise

DATA = bytes(range(200))


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 7])
def test_noise_has_its_size_and_is_the_same_again(size: int) -> None:
    made = noise(size, "huge")
    assert len(made) == size
    assert noise(size, "huge") == made
    assert size < 2 or noise(size, "other") != made


def test_noise_can_not_be_made_smaller() -> None:
    assert len(zlib.compress(noise(100_000, "huge"))) > 99_000


@pytest.mark.parametrize(("keep", "length"), [(1.0, 200), (0.5, 100), (0.0, 0), (0.001, 0)])
def test_a_part_of_a_copy_is_its_beginning(keep: float, length: int) -> None:
    assert damaged(DATA, keep, 0) == DATA[:length]


@pytest.mark.parametrize("flip", [0, 1, 7, 199, 200, 10**6])
def test_so_many_bytes_are_other_ones(flip: int) -> None:
    copy = damaged(DATA, 1.0, flip)
    places = [place for place, (a, b) in enumerate(zip(DATA, copy, strict=True)) if a != b]
    assert len(places) == min(flip, 200)
    halves = [sum(place < 100 for place in places), sum(place >= 100 for place in places)]
    assert abs(halves[0] - halves[1]) <= 1, "spread over all of it"


def test_what_is_cut_is_flipped_where_something_is_left() -> None:
    assert damaged(DATA, 0.0, 5) == b""
    assert damaged(DATA, 0.05, 10**6) == bytes(each ^ 0xFF for each in DATA[:10])
