"""Colours: every ink in every theme, readable on what it stands on, and switched at a key."""

from __future__ import annotations

import re

import pytest
from rich.color import Color
from rich.style import Style

from tests.console.looks import STATES, running
from tests.console.sight import WIDE, console, rows
from tui.console.appearance import Appearance
from tui.console.theme import CHOICES, THEMES, Ink, ThemeName, css_variables, look, style_of

INDEXED: tuple[ThemeName, ...] = ("dark", "sun")
WORDS = (
    Ink.TEXT, Ink.MUTE, Ink.ACCENT, Ink.FAIL, Ink.WARN, Ink.PASS, Ink.INVALID,
)  # fmt: skip
CURVES = (Ink.P50, Ink.P95, Ink.P99)
BADGES = (Ink.ACCENT, Ink.BADGE, Ink.PASS, Ink.FAIL, Ink.INVALID, Ink.WARN)


def brightness(index: int) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in Color.from_ansi(index).get_truecolor()
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(theme: ThemeName, ink: Ink, ground: Ink) -> float:
    colours = THEMES[theme].colours
    first, second = colours[ink], colours[ground]
    assert first is not None
    assert second is not None
    low, high = sorted((brightness(first), brightness(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_ink_has_a_style_on_every_ground(theme: ThemeName) -> None:
    assert set(THEMES[theme].colours) == set(Ink)
    for ink in Ink:
        for ground in Ink:
            assert isinstance(style_of(look(ink, ground), theme), Style)


@pytest.mark.parametrize("theme", INDEXED)
def test_words_can_be_read_on_every_ground_that_they_stand_on(theme: ThemeName) -> None:
    for ground in (Ink.BG, Ink.STRIP, Ink.FAIL_STRIP):
        for ink in WORDS:
            assert contrast(theme, ink, ground) >= 4.5, (ink.name, ground.name)
    for ink in CURVES:
        assert contrast(theme, ink, Ink.BG) >= 4.5, ink.name
    for ink in (Ink.TEXT, Ink.ACCENT):
        assert contrast(theme, ink, Ink.SELECT) >= 4.5, ink.name
    for ground in BADGES:
        assert contrast(theme, Ink.BG, ground) >= 4.5, ground.name


@pytest.mark.parametrize("theme", INDEXED)
def test_what_is_faint_can_still_be_seen(theme: ThemeName) -> None:
    for ground in (Ink.BG, Ink.STRIP):
        assert contrast(theme, Ink.FAINT, ground) >= 3


@pytest.mark.parametrize("theme", CHOICES)
def test_a_failure_never_looks_like_a_warning_nor_a_pass(theme: ThemeName) -> None:
    colours = THEMES[theme].colours
    told_apart = [colours[ink] for ink in (Ink.FAIL, Ink.WARN, Ink.PASS, Ink.INVALID, Ink.ACCENT)]
    assert len(set(told_apart)) == len(told_apart)


def test_sixteen_colours_are_sixteen_and_no_word_is_bright_black() -> None:
    colours = THEMES["16"].colours
    assert all(index is None or index < 16 for index in colours.values())
    assert [ink for ink in Ink if colours[ink] == 8] == [Ink.LINE]
    assert colours[Ink.P95] != colours[Ink.FAIL]
    assert colours[Ink.TEXT] is None
    assert colours[Ink.BG] is None


@pytest.mark.parametrize("theme", ["16", "none"])
def test_a_badge_and_the_cursor_are_seen_by_reverse_video(theme: ThemeName) -> None:
    for ground in (*BADGES, Ink.SELECT):
        assert style_of(look(Ink.BG, ground), theme).reverse


def test_without_colour_there_is_none() -> None:
    for ink in Ink:
        for ground in Ink:
            style = style_of(look(ink, ground, bold=True), "none")
            assert style.color is None
            assert style.bgcolor is None


@pytest.mark.parametrize("theme", THEMES)
def test_the_palette_of_every_theme_takes_colours_that_textual_knows(theme: ThemeName) -> None:
    from textual.color import Color as TextualColor

    for value in css_variables(theme).values():
        TextualColor.parse(value)


async def test_a_key_changes_the_colours_of_everything_at_once() -> None:
    app = console(running())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        before = rows(app)
        for wanted in ("sun", "16", "dark"):
            await pilot.press("l")
            await pilot.pause()
            assert app.appearance.theme == wanted
            grounds = {
                segment.style.bgcolor
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style is not None
            }
            others = {
                Color.from_ansi(index)
                for name, theme in THEMES.items()
                for ink in (Ink.BG, Ink.STRIP)
                if name != wanted and (index := theme.colours[ink]) is not None
            }
            assert not grounds & others
        assert rows(app) == before


async def test_no_colour_stays_so() -> None:
    app = console(running(), appearance=Appearance("none"))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("l")
        assert app.appearance.theme == "none"


@pytest.mark.parametrize("state", STATES)
async def test_without_colours_no_colour_reaches_the_terminal(
    state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = console(STATES[state](), appearance=Appearance("none"))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(":")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    codes = re.findall(r"\x1b\[([0-9;]*)m", "".join(app.sent))
    # Reset, bold, reverse, and the terminal's own two colours.
    assert {part for code in codes for part in code.split(";")} <= {"", "0", "1", "7", "39", "49"}
