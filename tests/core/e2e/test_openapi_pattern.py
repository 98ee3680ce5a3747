"""Patterns of a service's document, which must never hold up the process."""

from __future__ import annotations

import re

import pytest

from tui.core.e2e.openapi_pattern import MOST_CHARACTERS, may_search


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"^(a|a)*$",
        r"(a|aa)+$",
        r"^(a+b?)+$",
        r"(?:(?:a+))+$",
        r"((a+)c?)*$",
        r"^(?:a{0,3}){1,30}$",
        r"(a?){40}a{40}",
        "a?" * 40 + "a" * 40,
        "(a|a)" * 40 + "b",
        r".*.*.*.*.*.*x",
        r"(?=(a+)+)b",
        r"(?i:a*)*b",
        r"([)]a*)*b",
        r"(\)a*)*b",
        r"(a)\1*\1*\1*b",
        "(?x)(a+#)\n)+b",
        r"(?#()(a+)+b",
        "a" * (MOST_CHARACTERS + 1),
    ],
)
def test_one_that_some_texts_keep_busy_for_ever_is_not_tried(pattern: str) -> None:
    assert not may_search(pattern, 80)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[0-9a-f]{64}$",
        r"^[^@]+@[^@]+\.[^@]+$",
        r"^(\d{1,3}\.){3}\d{1,3}$",
        r"^((25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(25[0-5]|2[0-4]\d|[01]?\d\d?)$",
        r"^-?\d+(\.\d+)?$",
        r"^\+?[1-9]\d{1,14}$",
        r"^(open|closed)$",
        r"^\{[+*]\}$",
        r"{}{,}x",
    ],
)
def test_what_documents_have_is(pattern: str) -> None:
    assert may_search(pattern, 80)


@pytest.mark.parametrize(
    "pattern", [r"^[^@]+@[^@]+\.[^@]+$", r"x*y*z$", r"(a|b)?a+b*$", r"\d+\d+x"]
)
def test_a_search_in_the_longest_text_that_is_tried_ends(pattern: str) -> None:
    length = next(each for each in range(1_000_000, 0, -10) if may_search(pattern, each))
    assert length >= 100
    for text in ("a" * length, "@." * (length // 2), "x" * length, "1" * length):
        # One that should not have been tried would hold up this test for ever.
        re.search(pattern, text)
