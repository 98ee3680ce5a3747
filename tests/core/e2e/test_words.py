from __future__ import annotations

import json

import pytest

from tui.core.e2e.words import filled, filled_json, filled_path, words_in

VALUES = {"id": "a/b", "round.id": "r1-2", "dock-3.sha256": "beef", "note": 'say "hi"\n'}


def test_words_are_found_in_their_order_and_once() -> None:
    assert words_in("/{id}/{round.id}/{id}?{dock-3.sha256}") == ("id", "round.id", "dock-3.sha256")


@pytest.mark.parametrize("text", ["", "{}", "{ id }", '{"a": 1}', "{1}", "{a.b.c}", "id}", "{id"])
def test_other_braces_stand_for_themselves(text: str) -> None:
    assert words_in(text) == ()
    assert filled(text, {}) == text


def test_a_text_is_filled() -> None:
    assert filled("{round.id}-{dock-3.sha256}.jpg", VALUES) == "r1-2-beef.jpg"


def test_what_is_filled_in_is_not_read_for_words_again() -> None:
    assert filled("{id}", {"id": "{note}", "note": "x"}) == "{note}"


def test_a_word_without_a_value_is_named() -> None:
    with pytest.raises(KeyError, match=r"image\.id"):
        filled("/images/{image.id}", VALUES)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a/b", "/x/a%2Fb/y"),
        ("../etc", "/x/..%2Fetc/y"),
        ("..", "/x/%2E%2E/y"),
        ("ä?", "/x/%C3%A4%3F/y"),
    ],
)
def test_a_value_is_one_segment_of_a_path(value: str, path: str) -> None:
    assert filled_path("/x/{id}/y", {"id": value}) == path


def test_a_value_can_not_end_the_text_of_a_document() -> None:
    document = filled_json('{"note": "{note}", "list": [{"id": "{id}"}]}', VALUES)
    assert json.loads(document) == {"note": VALUES["note"], "list": [{"id": "a/b"}]}
