"""Secrets out of texts."""

from __future__ import annotations

import base64
from urllib.parse import quote, quote_plus

import pytest

from tui.core.secrecy import Secrets

SECRET = "a/b'c d=é"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET),
        "a/b'c d=\\u00e9",
        "a%2fb%27c%20d%3d%c3%a9",
        quote_plus(SECRET),
        "a%2fb%27c+d%3d%c3%a9",
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_each_form_of_it_is_hidden(form: str) -> None:
    said = Secrets(SECRET).hidden(f"<{form}> and <{form}>")
    assert "***" in said
    assert form not in said


def test_nothing_is_a_secret_where_there_is_none() -> None:
    assert Secrets("", "").hidden("all of it") == "all of it"


@pytest.mark.parametrize("before", range(30, 60))
def test_none_is_cut_in_two(before: int) -> None:
    secret = "0123456789"
    for most in (5, 40):
        said = Secrets(secret).cut("x" * before + secret + "y" * 400, most)
        assert len(said) <= most
        assert "0" not in said


def test_a_text_of_secrets_alone_leaves_no_half_of_one() -> None:
    said = Secrets("0123456789").cut("0123456789" * 100, 45)
    assert set(said) == {"*"}


def test_a_text_that_is_short_enough_stays_whole() -> None:
    assert Secrets("0123456789").cut("short", 5) == "short"


def test_it_is_hidden_as_json_writes_it() -> None:
    said = Secrets('pa"ss\\').hidden('{"p": "pa\\"ss\\\\"}')
    assert said == '{"p": "***"}'
