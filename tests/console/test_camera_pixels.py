"""A picture as cells: true to its colours in 256, in greys of sixteen, in letters without any."""

from __future__ import annotations

import pytest
from rich.color import Color

from tui.console.camera_pixels import Way, cells_of, way_of
from tui.console.theme import PALETTE, ThemeName, style_of
from tui.core.camera.pixels import RAMP, UPPER, index_of
from tui.core.camera.view import Picture

GREYS = {0, 7, 8, 15}


def plain(*rows: tuple[int, int, int], width: int = 12) -> Picture:
    """Each row of one colour."""
    return Picture(width, len(rows), b"".join(bytes(colour) * width for colour in rows))


def indices(packed: int) -> tuple[int, int]:
    assert packed & PALETTE
    return packed & 0xFF, packed >> 8 & 0xFF


def test_a_cell_holds_two_pixels_one_above_the_other() -> None:
    ((cell, *rest),) = cells_of(plain((255, 0, 0), (0, 0, 255)), "blocks", False)
    assert cell[0] == UPPER
    assert indices(cell[1]) == (196, 21)
    assert set(rest) == {cell}


def test_two_pixels_of_one_colour_need_no_character() -> None:
    ((cell, *_),) = cells_of(plain((255, 0, 0), (255, 0, 0)), "blocks", False)
    assert cell[0] == " "
    style = style_of(cell[1])
    assert style.color is None
    assert style.bgcolor is not None
    assert style.bgcolor.number == 196


@pytest.mark.parametrize("pixel", [(0, 0, 0), (8, 8, 8), (120, 120, 120), (255, 255, 255)])
def test_greys_stay_grey_and_near(pixel: tuple[int, int, int]) -> None:
    index = index_of(pixel)
    colour = Color.from_ansi(index).get_truecolor()
    assert colour.red == colour.green == colour.blue
    assert abs(colour.red - pixel[0]) <= 8


def test_no_colour_is_one_that_a_palette_may_change() -> None:
    steps = range(8, 256, 16)
    found = {index_of((red, green, blue)) for red in steps for green in steps for blue in steps}
    assert min(found) >= 16
    assert len(found) > 150


@pytest.mark.parametrize("way", ["grey blocks", "grey grounds"])
def test_sixteen_colours_show_greys_alone_and_brighter_is_lighter(way: Way) -> None:
    order = [0, 8, 7, 15]
    means = []
    for value in (0, 60, 120, 180, 250):
        rows = cells_of(plain(*[(value, value, value)] * 8), way, False)
        used = [index for row in rows for _, packed in row for index in indices(packed)]
        assert set(used) <= GREYS
        means.append(sum(order.index(index) for index in used) / len(used))
    assert means == sorted(means)
    assert len(set(means)) == len(means)


def test_without_colours_brighter_is_a_denser_letter() -> None:
    letters = []
    for value in (0, 60, 120, 180, 255):
        ((cell, *_),) = cells_of(plain(*[(value, value, value)] * 2), "letters", False)
        letters.append(cell[0])
        assert not cell[1] & PALETTE
    assert letters == sorted(letters, key=RAMP.index)
    assert (letters[0], letters[-1]) == (RAMP[0], RAMP[-1])


@pytest.mark.parametrize(
    ("theme", "tier", "way"),
    [
        ("dark", "full", "blocks"),
        ("sun", "blocks", "blocks"),
        ("dark", "ascii", "grounds"),
        ("16", "full", "grey blocks"),
        ("16", "ascii", "grey grounds"),
        ("none", "full", "letters"),
        ("none", "ascii", "letters"),
    ],
)
def test_each_terminal_has_its_way(theme: ThemeName, tier: str, way: Way) -> None:
    assert way_of(theme, tier) == way
    if tier == "ascii":
        rows = cells_of(plain((250, 0, 0), (0, 0, 90)), way, True)
        assert all(character.isascii() for row in rows for character, _ in row)


@pytest.mark.parametrize("value", [0, 90, 128, 255])
@pytest.mark.parametrize("way", ["blocks", "grounds", "grey blocks", "letters"])
def test_the_grid_is_seen_on_any_ground(way: Way, value: int) -> None:
    one = plain(*[(value, value, value)] * 24, width=30)
    bare, lined = cells_of(one, way, False), cells_of(one, way, True)
    differ = [
        (x, y)
        for y, (before, after) in enumerate(zip(bare, lined, strict=True))
        for x, (old, new) in enumerate(zip(before, after, strict=True))
        if old != new
    ]
    assert {10, 15, 20} <= {x for x, _ in differ}
    assert {4, 6, 8} <= {y for _, y in differ}
    assert len(differ) < 30 * 12 / 2


def test_a_tiny_picture_has_no_grid() -> None:
    tiny = plain((9, 9, 9), (9, 9, 9), width=4)
    assert cells_of(tiny, "blocks", True) == cells_of(tiny, "blocks", False)
