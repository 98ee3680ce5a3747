"""Pictures in a terminal: what is painted is the picture, and no more of it than changed."""

from __future__ import annotations

import random
import re

import pytest

from tui.cli.half_blocks import Cell, cells_of, depth_of, painted
from tui.core.camera.pixels import RAMP, UPPER, Pixel
from tui.core.camera.view import Picture

_TOKEN = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])|(.)", re.S)
WIDTH, HEIGHT = 24, 12
Ink = tuple[int, int, int] | int
"""A colour by its parts, or by its number among the 256."""


class Terminal:
    """What a terminal shows after what it was sent: the two colours of each cell."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[Ink, Ink]] = {}
        self._row = self._column = 1
        self._over: Ink | None = None
        self._under: Ink | None = None

    def take(self, text: str) -> None:
        for match in _TOKEN.finditer(text):
            words, act, sign = match.groups()
            if act == "H":
                self._row, self._column = map(int, words.split(";"))
            elif act == "m":
                self._set([int(each) for each in words.split(";")])
            else:
                assert self._under is not None
                over = self._under if sign == " " else self._over
                assert over is not None
                assert sign in (" ", UPPER)
                self.cells[self._row, self._column] = (over, self._under)
                self._column += 1

    def _set(self, words: list[int]) -> None:
        while words:
            match words:
                case [0, *rest]:
                    self._over = self._under = None
                case [38, 2, red, green, blue, *rest]:
                    self._over = (red, green, blue)
                case [48, 2, red, green, blue, *rest]:
                    self._under = (red, green, blue)
                case [38, 5, colour, *rest]:
                    self._over = colour
                case [48, 5, colour, *rest]:
                    self._under = colour
                case _:
                    raise AssertionError(words)
            words = rest


def picture(seed: int, *, spots: int = WIDTH * HEIGHT, shades: int = 4) -> Picture:
    """Noise in `spots` places of a grey picture."""
    dice = random.Random(seed)
    rgb = bytearray([120] * 3 * WIDTH * HEIGHT)
    for _ in range(spots):
        at = 3 * dice.randrange(WIDTH * HEIGHT)
        rgb[at : at + 3] = bytes(dice.randrange(shades) * 255 // (shades - 1) for _ in range(3))
    return Picture(WIDTH, HEIGHT, bytes(rgb))


def shown(cells: list[list[Cell]], *, top: int, left: int) -> dict[tuple[int, int], Cell]:
    return {
        (top + row, left + column): cell
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
    }


@pytest.mark.parametrize("spots", [0, 3, 40, WIDTH * HEIGHT])
def test_what_is_sent_turns_one_picture_into_the_next(spots: int) -> None:
    terminal = Terminal()
    before: list[list[Cell]] = []
    for seed in range(20):
        now = cells_of(picture(seed, spots=spots))
        terminal.take(painted(before, now, "true", top=2, left=3))
        assert terminal.cells == shown(now, top=2, left=3)
        before = now


def test_each_cell_is_two_pixels_one_above_the_other() -> None:
    rgb = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3])
    assert cells_of(Picture(2, 2, rgb)) == [[((255, 0, 0), (0, 0, 255)), ((0, 255, 0), (1, 2, 3))]]


def test_a_picture_that_did_not_change_costs_nothing() -> None:
    now = cells_of(picture(1))
    assert painted(now, now, "true", top=1, left=1) == ""


def test_a_small_change_costs_little_of_a_whole_picture() -> None:
    before = cells_of(picture(1))
    after = [list(row) for row in before]
    after[3][5] = ((0, 0, 0), (255, 255, 255))
    part = painted(before, after, "true", top=1, left=1)
    assert len(part) * 20 < len(painted([], after, "true", top=1, left=1))


@pytest.mark.parametrize(
    ("colour", "number"),
    [
        ((0, 0, 0), 16),
        ((255, 255, 255), 231),
        ((255, 0, 0), 196),
        ((95, 135, 175), 67),
        ((118, 118, 118), 243),
        ((128, 128, 128), 244),
    ],
)
def test_of_256_colours_the_nearest_is_taken(colour: Pixel, number: int) -> None:
    terminal = Terminal()
    terminal.take(painted([], [[(colour, colour)]], "256", top=1, left=1))
    assert terminal.cells == {(1, 1): (number, number)}


def test_256_colours_are_cheaper() -> None:
    now = cells_of(picture(1))
    costs = [len(painted([], now, depth, top=1, left=1)) for depth in ("none", "256", "true")]
    assert costs == sorted(costs)
    assert costs[0] < costs[1] < costs[2]


def test_without_colours_brighter_pixels_have_denser_signs() -> None:
    greys = [[((grey,) * 3, (grey,) * 3) for grey in range(0, 256, 5)]]
    text = painted([], greys, "none", top=1, left=1).removeprefix("\x1b[1;1H")
    assert "\x1b" not in text
    ranks = [RAMP.index(sign) for sign in text]
    assert ranks == sorted(ranks)
    assert set(ranks) == set(range(len(RAMP)))


@pytest.mark.parametrize(
    ("env", "encoding", "depth"),
    [
        ({"COLORTERM": "truecolor"}, "utf-8", "true"),
        ({"COLORTERM": "24bit"}, "UTF8", "true"),
        ({"TERM": "xterm-256color"}, "utf-8", "256"),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, "utf-8", "none"),
        ({"COLORTERM": "truecolor"}, "ascii", "none"),
    ],
)
def test_what_a_terminal_shows_is_told_by_its_environment(
    env: dict[str, str], encoding: str, depth: str
) -> None:
    assert depth_of(env, encoding) == depth
