"""Lists beside what was made, and pictures with bytes of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tui.core.e2e.listing import Listing
from tui.core.e2e.marking import is_jpeg, marked
from tui.core.e2e.pages import Pages


def listing(records: list[Any], made: dict[int, str], **keys: Any) -> Listing:
    found = Listing(Pages(items="items", id="/id", of="store", **keys), made, (), "r7-1")
    found.add(records)
    return found


def why(found: Listing) -> str:
    wrong = found.wrong()
    return wrong.why if wrong is not None else ""


def test_ids_may_be_numbers() -> None:
    found = listing([{"id": 4}, {"id": 5}], {1: "4", 2: "5"})
    assert (why(found), found.note) == ("", "2 of 2 there, 0 twice")


def test_all_that_is_wrong_is_told_with_the_first_of_each() -> None:
    made = {number: f"i{number}" for number in range(1, 9)}
    records = [{"id": f"i{number}", "name": f"r7-1-{number}"} for number in (1, 2, 2, 4, 6, 8)]
    found = listing([*records, {"id": "x", "name": "r7-1-9"}], made, name="/name")
    assert why(found) == (
        "3 of 8 missing, first item 3 (i3); 1 of 8 there twice, first item 2 (i2); "
        "1 orphan, first r7-1-9"
    )
    assert found.complete == 5


@pytest.mark.parametrize(
    ("values", "broken_at"),
    [
        ([1, 2, 2, 3], None), ([3, 2, 2, 1], None), (["b", "b"], None), ([7], None),
        ([1, 2, 1], 3), ([2, 2, 1, 2], 4), ([1, "2"], 2), ([None], 1), ([1, None, 2], 2),
    ],
)  # fmt: skip
def test_records_are_in_one_order_or_not(values: list[Any], broken_at: int | None) -> None:
    records = [{"id": number, "at": value} for number, value in enumerate(values)]
    found = listing(records, {number: f"{number}" for number in range(len(values))}, order="/at")
    told = "" if broken_at is None else f"not in the order of /at, first at record {broken_at}"
    assert why(found) == told


def test_two_items_under_one_id_are_one_too_few() -> None:
    found = listing([{"id": "a"}, {"id": "b"}], {1: "a", 2: "b", 3: "a"})
    assert why(found) == "1 of 3 have the id of another, first item 3 that of item 1"
    assert (found.note, found.complete) == ("2 of 3 there, 0 twice", 2)


@pytest.mark.parametrize("record", [{}, [], None, "text", {"id2": 1}])
def test_a_record_without_an_id_is_told(record: Any) -> None:
    assert why(listing([{"id": "a"}, record], {1: "a"})) == "record 2 has no /id"


def test_a_field_that_is_null_is_not_there() -> None:
    records = [{"id": "a", "size": 0}, {"id": "b", "size": None}]
    found = listing(records, {1: "a", 2: "b"}, fields=("/size",))
    assert why(found) == "1 of 2 not complete, first item 2 without /size"
    assert found.complete == 1


def test_a_mark_is_a_comment_and_the_same_for_the_same_item() -> None:
    jpeg = b"\xff\xd8\xff\xdbrest"
    data = marked(jpeg, 12, "r7-1")
    assert data == b"\xff\xd8\xff\xfe\x00\x11item 12 of r7-1\xff\xdbrest"
    assert is_jpeg(data)
    assert data == marked(jpeg, 12, "r7-1")
    assert data != marked(jpeg, 13, "r7-1")
