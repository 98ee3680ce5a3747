"""What a console wears when nobody asked for anything."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tui.cli import cli
from tui.console.appearance import Appearance
from tui.console.environment import appearance, suited_glyphs, suited_theme


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "tmux-256color"}, "dark"),
        ({"TERM": "xterm-kitty"}, "dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "dark"),
    ],
)
def test_a_terminal_gets_the_colours_that_it_has(environment: dict[str, str], theme: str) -> None:
    assert suited_theme(environment) == theme


@pytest.mark.parametrize(
    ("term", "theme"),
    [
        ("xterm", "16"),
        ("screen", "16"),
        ("vt100", "none"),
        ("no-such-terminal", "16"),
        ("\x1b[31m", "16"),
    ],
)
def test_a_terminal_without_a_telling_name_is_looked_up(term: str, theme: str) -> None:
    # Terminfo is read once in a process.
    program = (
        "import sys; from tui.console.environment import suited_theme;"
        "print(suited_theme({'TERM': sys.argv[1]}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, term], capture_output=True, text=True, check=True
    )
    assert told.stdout == f"{theme}\n"


@pytest.mark.parametrize(
    ("environment", "glyphs"),
    [
        ({"LANG": "en_US.UTF-8"}, "full"),
        ({"LANG": "C.utf8"}, "full"),
        ({"LANG": "de_DE.UTF-8@euro"}, "full"),
        ({}, "full"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "POSIX"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1"}, "ascii"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, "full"),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "blocks"),
        ({"LANG": "C", "TERM": "linux"}, "ascii"),
    ],
)
def test_a_terminal_gets_the_glyphs_that_it_can_draw(
    environment: dict[str, str], glyphs: str
) -> None:
    assert suited_glyphs(environment) == glyphs


def test_what_was_asked_for_is_worn_whatever_the_terminal_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert appearance("sun", "blocks") == Appearance("sun", "blocks")
    # Textual would take the colours out again.
    assert "NO_COLOR" not in os.environ


@pytest.mark.parametrize(("lang", "glyphs"), [("C", "ascii"), ("en_US.UTF-8", "full")])
def test_pythons_own_change_of_the_locale_is_seen_through(lang: str, glyphs: str) -> None:
    program = "from tui.console.environment import appearance; print(appearance(None, None).glyphs)"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))
    }
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "LANG": lang, "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == glyphs


@pytest.mark.parametrize("option", [("--theme", "pink"), ("--glyphs", "emoji")])
def test_what_nobody_can_draw_is_refused(option: tuple[str, str]) -> None:
    refused = CliRunner().invoke(cli, option)
    assert refused.exit_code == 2
    assert option[1] in refused.output


def test_the_options_reach_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[object, ...]] = []
    monkeypatch.setattr("tui.cli._lack_of_screen", lambda: "")
    monkeypatch.setattr("tui.cli.open_console", lambda _, *asked: opened.append(asked))
    CliRunner().invoke(cli, ["--theme", "sun", "--glyphs", "blocks"])
    CliRunner().invoke(cli, [])
    assert opened == [(None, None, "sun", "blocks"), (None, None, None, None)]
