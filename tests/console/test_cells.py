"""The grid that everything is drawn on."""

from __future__ import annotations

import random

import pytest

from tui.console.cells import Canvas, changed, clean, crop, crop_words, width_of
from tui.console.theme import Ink


def test_text_outside_the_grid_is_cut_off_without_an_error() -> None:
    canvas = Canvas(5, 1)
    canvas.put(3, 0, "abc")
    canvas.put(-1, 0, "xy")
    canvas.put(0, 7, "nowhere")
    assert canvas.row(0) == "y  ab"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\x1b[31mb", "a [31mb"),
        ("two\nlines\t!", "two lines !"),
        ("e\u0301", "e"),
        ("right\u202eto left", "rightto left"),
        ("zero\u200bwidth", "zerowidth"),
        ("[bold]markup[/bold]", "[bold]markup[/bold]"),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out(sent: str, shown: str) -> None:
    assert clean(sent) == shown


def test_a_wide_character_takes_two_cells_and_is_never_cut_in_half() -> None:
    canvas = Canvas(5, 1)
    canvas.put(0, 0, "日本語")
    assert canvas.chars[0] == ["日", "", "本", "", " "]
    assert width_of(crop("日本語", 5)) <= 5
    assert crop("日本語", 5) == "日本…"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (29, "use more workers or 12 users"),
        (24, "use more workers or…"),
        (21, "use more workers or…"),
        (18, "use more workers…"),
        (17, "use more workers…"),
        (16, "use more…"),
        (5, "use…"),
        (0, ""),
    ],
)
def test_a_sentence_is_cut_behind_a_word_and_never_within_a_figure(width: int, shown: str) -> None:
    assert crop_words("use more workers or 12 users", width) == shown


def test_half_of_a_figure_is_no_figure() -> None:
    assert crop_words("the limit of p95 is 2 000 ms", 23) == "the limit of p95 is…"


def test_a_word_that_fills_the_row_is_cut_where_the_row_ends() -> None:
    assert crop_words("see https://example.com/a/very/long/way", 20) == "see https://example…"


def test_a_sentence_of_many_inks_ends_where_its_words_do() -> None:
    canvas = Canvas(20, 1)
    canvas.sentence(
        0, 0, [("! ", Ink.WARN), ("p95 went", Ink.TEXT), (" over again", Ink.MUTE)], end=18
    )
    assert canvas.row(0) == "! p95 went over…    "
    assert canvas.looks[0][12] & 0xFF == Ink.MUTE


def test_equal_grids_have_no_changes() -> None:
    first, second = Canvas(9, 2), Canvas(9, 2)
    for canvas in (first, second):
        canvas.put(1, 1, "same", Ink.P95, True)
    assert changed(first, second) == []


def test_a_change_of_colour_alone_is_a_change() -> None:
    first, second = Canvas(9, 1), Canvas(9, 1)
    first.put(2, 0, "ab", Ink.TEXT)
    second.put(2, 0, "ab", Ink.FAIL)
    assert changed(first, second) == [(0, 2, 4)]


def test_near_changes_are_one_span_and_far_ones_are_two() -> None:
    first, second = Canvas(40, 1), Canvas(40, 1)
    second.put(2, 0, "x")
    second.put(5, 0, "x")
    second.put(30, 0, "x")
    assert changed(first, second) == [(0, 2, 6), (0, 30, 31)]


def test_a_span_covers_both_halves_of_a_wide_character() -> None:
    first, second = Canvas(8, 1), Canvas(8, 1)
    first.put(2, 0, "日")
    second.put(2, 0, "月")
    assert changed(first, second) == [(0, 2, 4)]


def test_the_spans_of_random_changes_cover_every_changed_cell() -> None:
    chance = random.Random(7)
    for _ in range(200):
        first, second = Canvas(30, 3), Canvas(30, 3)
        for canvas in (first, second):
            for _ in range(6):
                what = chance.choice(["ab", "日本", "x", "────"])
                canvas.put(chance.randrange(30), chance.randrange(3), what, Ink.P95)
        covered = {
            (y, x) for y, start, behind in changed(first, second) for x in range(start, behind)
        }
        for y in range(3):
            for x in range(30):
                if first.chars[y][x] != second.chars[y][x]:
                    assert (y, x) in covered


def test_a_frame_holds_its_title_and_its_foot() -> None:
    canvas = Canvas(24, 3)
    canvas.frame([("log", Ink.MUTE)], [("c next", Ink.FAINT)])
    assert canvas.text() == (
        "╭─ log ────────────────╮\n│                      │\n╰───────────── c next ─╯"
    )
