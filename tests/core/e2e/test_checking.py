"""Whether a part of an answer is as it should be."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tui.core.e2e.answer import Answer
from tui.core.e2e.checking import (
    MOST_CHARACTERS,
    Wrong,
    compares_hash,
    text_of,
    wrong_in,
    wrong_with,
)
from tui.core.e2e.detection import Detection, DetectionShape, Likeness
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Check

PICTURE = b"\xff\xd8 a picture"
SHA256 = hashlib.sha256(PICTURE).hexdigest()
VALUES = {"id": "7", "capture.sha256": SHA256, "capture.size": "12", "yes": "true"}
NOW_UTC_S = 1_767_225_600.0  # 2026-01-01T00:00:00Z


def wrong(part: object, **of: Any) -> Wrong | None:
    return wrong_with(Check("it", **of), part, VALUES, NOW_UTC_S)


@pytest.mark.parametrize(
    ("part", "equals"),
    [
        ("a", "a"), ("7", "{id}"), (7, "{id}"), ("no 7.", "no {id}."), (True, "{yes}"),
        (12, "{capture.size}"), (5, 5.0), (5.0, 5), (True, True), (False, False), (0.5, 0.5),
        (SHA256.upper(), "{capture.sha256}"), (f"sha256:{SHA256}", "sha256:{capture.sha256}"),
        (b"pong", "pong"), (b"7", "{id}"),
    ],
)  # fmt: skip
def test_what_is_equal(part: object, equals: str | float | bool) -> None:
    assert wrong(part, equals=equals) is None


@pytest.mark.parametrize(
    ("part", "equals", "wanted", "got"),
    [
        ("b", "a", "a", "b"), ("A", "a", "a", "A"), (8, "{id}", "7", "8"),
        (1, True, "true", "1"), (True, 1.0, "1.0", "true"), (None, 0.0, "0.0", "null"),
        ("5", 5.0, "5.0", "5"), ([1], "{id}", "7", "[1]"), (SHA256[:-1], "{capture.sha256}",
        SHA256, SHA256[:-1]), (float("nan"), 1.0, "1.0", "NaN"), ({"a": "ü"}, "x", "x",
        '{"a":"ü"}'),
    ],
)  # fmt: skip
def test_what_is_another(part: object, equals: Any, wanted: str, got: str) -> None:
    assert wrong(part, equals=equals) == Wrong("it is another", wanted, got)


@pytest.mark.parametrize(
    ("part", "types"),
    [
        ("", {"string"}), (1, {"integer", "number"}), (1.0, {"number"}), (True, {"boolean"}),
        ([], {"array"}), ({}, {"object"}), (None, {"null"}), (b"", set()),
    ],
)  # fmt: skip
def test_each_part_is_of_its_type_alone(part: object, types: set[str]) -> None:
    known = ("string", "number", "integer", "boolean", "array", "object", "null")
    assert {name for name in known if wrong(part, type=name) is None} == types


def test_a_wrong_type_says_which() -> None:
    why = "it is an object, not an array"
    assert wrong({"a": 1}, type="array") == Wrong(why, "array", '{"a":1}')
    assert wrong(None, type="string") == Wrong("it is null, not a string", "string", "null")
    assert wrong(7, equals="7") == Wrong("it is an integer, not a string", "string", "7")


@pytest.mark.parametrize("part", [2, 2.0, "ab", b"ab", [1, 2], {"a": 1, "b": 2}])
def test_sizes_have_bounds_that_count_themselves(part: object) -> None:
    assert wrong(part, least=2, most=2) is None
    short, long = wrong(part, least=3), wrong(part, most=1)
    assert short is not None
    assert long is not None
    assert (short.wanted, short.got, long.wanted, long.got) == (
        "at least 3", "2", "at most 1", "2",
    )  # fmt: skip
    assert short.why.endswith("is too small")
    assert long.why.endswith("is too large")


def test_a_number_beyond_floating_point_is_too_large() -> None:
    long = wrong(10**400, least=3, most=5)
    assert long is not None
    assert (long.why.endswith("is too large"), long.got) == (True, f"{10**400}")


@pytest.mark.parametrize("part", [None, True, float("nan")])
def test_what_has_no_size_is_not_in_bounds(part: object) -> None:
    assert wrong(part, least=0) is not None


@pytest.mark.parametrize(
    "part",
    [
        "2026-01-01T00:00:00Z", "2025-12-31T23:55:00.000001+00:00", "2026-01-01T01:04:59+01:00",
        "2026-01-01T00:00:00", "2025-12-31 23:59:00.123456789Z",
    ],
)  # fmt: skip
def test_a_moment_is_near_on_both_sides(part: str) -> None:
    assert wrong(part, within_s=300.0) is None


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("2025-12-31T22:00:00Z", "it is 2 h ago by this machine's clock"),
        ("2026-01-01T01:00:00", "it is 1 h ahead by this machine's clock"),
        ("2025-12-31T23:54:59Z", "it is 5 min 1 s ago by this machine's clock"),
        ("yesterday", "it is no moment"),
        (1_767_225_600, "it is no moment"),
        (None, "it is no moment"),
    ],
)
def test_a_moment_that_is_not_says_how_far_off(part: object, why: str) -> None:
    found = wrong(part, within_s=300.0)
    assert found is not None
    assert found.why == why


def test_the_hash_of_a_part_is_that_of_a_value() -> None:
    assert wrong(PICTURE, hash_of="capture") is None
    other = PICTURE[:-1] + b"f"
    got = hashlib.sha256(other).hexdigest()
    why = "the SHA-256 of it is not the one of capture"
    assert wrong(other, hash_of="capture") == Wrong(why, SHA256, got)


def test_all_that_is_set_must_hold() -> None:
    assert wrong("abc", type="string", least=3, most=3, equals="abc") is None
    assert wrong("abc", type="string", least=4) is not None
    assert wrong("abc", equals="abc", type="array") is not None


def test_a_value_that_nobody_knows_is_named() -> None:
    assert wrong("a", equals="{none}") == Wrong("it can't be compared: {none} is not known")
    found = wrong("a", hash_of="none")
    assert found is not None
    assert "{none.sha256}" in found.why


@pytest.mark.parametrize("part", ["x" * 10**6, ["x" * 10**6], b"x" * 10**6, b"\xff" * 10**6])
def test_texts_are_bounded(part: object) -> None:
    found = wrong(part, equals="a", type=None)
    assert found is not None
    assert len(found.got) <= MOST_CHARACTERS


def test_which_checks_compare_hashes() -> None:
    assert compares_hash(Check("body", hash_of="capture"))
    assert compares_hash(Check("sha256", equals="{capture.sha256}"))
    assert not compares_hash(Check("id", equals="{id}"))
    assert not compares_hash(Check("id", type="string"))


def test_parts_stand_for_words_as_json_has_them() -> None:
    parts: list[object] = ["a", 7, 0.5, True, None, [1, "a"], b"caf\xc3\xa9"]
    assert [text_of(part) for part in parts] == ["a", "7", "0.5", "true", "null", '[1,"a"]', "café"]


@pytest.mark.parametrize(
    ("part", "contains"),
    [
        ("say abc", "abc"),
        (b"say abc", "abc"),
        (["r7-1"], '"r{id}-'),
        ({"a": 1.5}, "1.5"),
        ("x", "x"),
    ],
)
def test_a_text_stands_in_it(part: object, contains: str) -> None:
    assert wrong(part, contains=contains) is None
    found = wrong(part, contains=f"{contains}?")
    assert found is not None
    wanted = f"{contains}?".replace("{id}", "7")
    assert found.why == f'it has not the text "{wanted}"'
    assert found.wanted == wanted


OPERATION = Operation("get", gives=(("error", "json:/error"),))


@pytest.mark.parametrize("document", [{}, {"error": None}, [], 7])
def test_nothing_is_there(document: object) -> None:
    answer = Answer(200, {}, json.dumps(document).encode(), 1.0)
    assert wrong_in(Check("error", absent=True), answer, OPERATION, VALUES, NOW_UTC_S) is None


def test_something_is_there_where_nothing_may_be() -> None:
    answer = Answer(200, {"x-powered-by": "PHP"}, b'{"error": "no"}', 1.0)
    places = {"error": "no", "header:X-Powered-By": "PHP", "body": '{"error": "no"}'}
    for place, got in places.items():
        found = wrong_in(Check(place, absent=True), answer, OPERATION, VALUES, NOW_UTC_S)
        assert found == Wrong(f"{place} is there", "nothing", got)


def test_what_is_missing_is_wrong_unless_it_must_be() -> None:
    answer = Answer(200, {}, b"{}", 1.0)
    found = wrong_in(Check("error"), answer, OPERATION, VALUES, NOW_UTC_S)
    assert found == Wrong("no error in the answer (json:/error)")


def test_objects_are_those_that_are_there() -> None:
    like = Likeness((Detection("car", 0.9, (0, 0, 10, 10)),))
    car = {"class": "car", "confidence": 0.9, "box": [0, 0, 10, 10]}
    assert wrong([car], like=like) is None
    found = wrong([{**car, "confidence": 0.42}], like=like)
    assert found == Wrong(
        "car with confidence 0.42, not 0.90 ± 0.1", "car 0.90 [0 0 10 10]", "car 0.42 [0 0 10 10]"
    )
    found = wrong([{"label": "car"}], like=like)
    assert found is not None
    assert found.why == "it can't be read: object 1 has no /class"


def test_objects_are_read_as_the_service_writes_them() -> None:
    like = Likeness((Detection("car", 0.9, (0, 0, 50, 50)),), width=100, height=100)
    shape = DetectionShape(category="/label", fractions=True)
    part = [{"label": "car", "confidence": 0.9, "box": [0, 0, 0.5, 0.5]}]
    assert wrong_with(Check("it", like=like), part, VALUES, NOW_UTC_S, shape) is None
