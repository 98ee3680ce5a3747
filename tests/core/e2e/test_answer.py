"""Where an answer has what."""

from __future__ import annotations

import json

import pytest

from tui.core.e2e.answer import MOST_DOCUMENT_BYTES, Answer, Missing, part_of, pointed_at
from tui.core.e2e.operation import Operation

RFC = {
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6,
    " ": 7, "m~n": 8,
}  # fmt: skip
"""The example document of RFC 6901."""
STORE = Operation(
    "store", gives=(("id", "json:/media/key"), ("tag", "header:ETag"), ("first", "json:/list/0"))
)


def answer(document: object = None, *, body: bytes | None = None) -> Answer:
    content = json.dumps(document).encode() if body is None else body
    return Answer(201, {"etag": '"t"', "content-type": "text/plain"}, content, 1.0)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", RFC), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1),
        ("/c%d", 2), ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ('/k"l', 6), ("/ ", 7), ("/m~0n", 8),
    ],
)  # fmt: skip
def test_a_pointer_points_as_the_standard_says(pointer: str, found: object) -> None:
    assert pointed_at(RFC, pointer) == found


@pytest.mark.parametrize(
    "pointer", ["/none", "/foo/2", "/foo/-", "/foo/01", "/foo/-1", "/foo/0/x", "/foo/٠", "foo"]
)
def test_what_is_not_there_is_a_key_error(pointer: str) -> None:
    with pytest.raises(KeyError):
        pointed_at(RFC, pointer)


def test_an_escaped_tilde_is_undone_once() -> None:
    assert pointed_at({"~1": "yes", "/": "no"}, "/~01") == "yes"


@pytest.mark.parametrize(
    ("place", "part"),
    [
        ("id", "k1"), ("tag", '"t"'), ("first", None), ("status", 201),
        ("json:/media", {"key": "k1"}), ("header:Content-Type", "text/plain"),
    ],
)  # fmt: skip
def test_each_place_has_its_part(place: str, part: object) -> None:
    assert part_of(answer({"media": {"key": "k1"}, "list": [None]}), place, STORE) == part


def test_the_body_is_its_bytes() -> None:
    assert part_of(answer(body=b"\xff\x00"), "body", STORE) == b"\xff\x00"


@pytest.mark.parametrize(
    ("body", "place", "said"),
    [
        (b"{}", "id", "no id in the answer (json:/media/key)"),
        (b"[]", "json:/id", "no json:/id in the answer"),
        (b"<html>", "id", "no id in the answer (json:/media/key): it is no JSON"),
        (b"\xff", "id", "no id in the answer (json:/media/key): it is no JSON"),
        (b"", "id", "no id in the answer (json:/media/key): it is no JSON"),
        (b"[" * 100_000, "id", "no id in the answer (json:/media/key): it is no JSON"),
        (b"9" * 5000, "json:", "no json: in the answer: it is no JSON"),
        (
            b" " * MOST_DOCUMENT_BYTES + b"1",
            "json:",
            "no json: in the answer: it is longer than 16 MiB",
        ),
        (b"{}", "header:X-None", "no header:X-None in the answer"),
        (b"{}", "size", "store gives no size"),
    ],
)
def test_what_is_missing_is_named(body: bytes, place: str, said: str) -> None:
    with pytest.raises(Missing) as missing:
        part_of(answer(body=body), place, STORE)
    assert str(missing.value) == said
