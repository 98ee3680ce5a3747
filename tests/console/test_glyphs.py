"""Glyph tiers: nothing reaches a terminal that it can't draw, and all of it says the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.console.looks import STATES, running
from tests.console.runs import CATALOGUE, scenario
from tests.console.sight import SMALL, WIDE, console, rows, text
from tui.console.appearance import Appearance
from tui.console.glyphs import CHOICES, TIERS, TierName, glyph_tests, spell
from tui.console.scene import VIEWS

POOR: tuple[TierName, ...] = ("blocks", "ascii")
CODECS = {"blocks": "cp437", "ascii": "ascii"}
SIZES = (WIDE, SMALL, (200, 60))
KEYS: tuple[Sequence[str], ...] = (("tab",), *([("c",)] * (len(VIEWS) + 1)))


def assert_in(tier: TierName, shown: str) -> None:
    for character in set(shown):
        character.encode(CODECS[tier])


@pytest.mark.parametrize("tier", POOR)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
async def test_every_state_is_drawn_in_the_characters_of_its_tier(
    tier: TierName, size: tuple[int, int], state: str
) -> None:
    app = console(STATES[state](), appearance=Appearance(glyphs=tier))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert_in(tier, text(app))
        for keys in KEYS if size == SMALL else ():
            await pilot.press(*keys)
            await pilot.pause()
            assert_in(tier, text(app))
        assert_in(tier, "".join(app.sent))


@pytest.mark.parametrize("tier", POOR)
@pytest.mark.parametrize("key", ["?", ":", "q", "t", "w", "e", "4", "5", "/"])
async def test_dialogs_and_textuals_own_palette_are_too(tier: TierName, key: str) -> None:
    app = console(running(), appearance=Appearance(glyphs=tier))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert_in(tier, text(app))
        assert_in(tier, "".join(app.sent))


@pytest.mark.parametrize("tier", POOR)
async def test_what_users_write_in_any_script_becomes_something_as_wide(tier: TierName) -> None:
    names = (scenario("café-日本"), *CATALOGUE)
    app = console(running(), scenarios=names, appearance=Appearance(glyphs=tier))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert_in(tier, text(app))
        assert "????" in text(app)
        assert ("cafe" if tier == "ascii" else "café") in text(app)


@pytest.mark.parametrize("tier", POOR)
def test_what_was_spelled_once_stays_as_it_is(tier: TierName) -> None:
    every = "".join(chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable())
    once = spell(every, tier)
    assert spell(once, tier) == once


@pytest.mark.parametrize("tier", CHOICES)
def test_signs_that_say_different_things_stay_different(tier: TierName) -> None:
    for signs in ("✓✗!?–·", "━─┄", "╍━─", "●▌ "):
        assert len(set(spell(signs, tier))) == len(signs), signs
    assert len({TIERS[tier].p50, TIERS[tier].p95, TIERS[tier].p99}) == 3


async def test_ascii_badges_are_words_in_brackets() -> None:
    for state, badge in (("running", "[ RUN ]"), ("idle", "[ IDLE ]")):
        app = console(STATES[state](), appearance=Appearance(glyphs="ascii"))
        async with app.run_test(size=WIDE) as pilot:
            await pilot.pause()
            assert badge in rows(app)[1]


@pytest.mark.parametrize(
    ("state", "word"), [("passed", "PASS"), ("failed", "FAIL"), ("invalid", "INVALID")]
)
@pytest.mark.parametrize("tier", CHOICES)
async def test_a_verdict_is_large_where_blocks_are_and_a_word_in_brackets_elsewhere(
    tier: TierName, state: str, word: str
) -> None:
    app = console(STATES[state](), appearance=Appearance(glyphs=tier))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        strip = "".join(rows(app)[1:4])
        assert ("▀" in strip) == (tier != "ascii")
        assert (f"[ {word} ]" in strip) == (tier == "ascii")


async def test_curves_are_drawn_anew_for_each_tier() -> None:
    app = console(running())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert any("\u2801" <= character <= "\u28ff" for character in text(app))
        await pilot.press("i")
        await pilot.pause()
        assert app.appearance.glyphs == "blocks"
        assert "▄" in text(app)
        assert "▒" in text(app)
        await pilot.press("i")
        await pilot.pause()
        assert "##" in text(app)
        shown = text(app)
        for known in ("? help", "? spike", "? throttling"):
            shown = shown.replace(known, "")
        assert "?" not in shown


def test_the_test_lines_are_of_their_own_tier() -> None:
    assert [name for name, _ in glyph_tests("full")] == ["full", "blocks", "ascii"]
    assert [name for name, _ in glyph_tests("ascii")] == ["ascii"]
    for name, line in glyph_tests("blocks"):
        assert_in(name, line)
        assert spell(line, name) == line
