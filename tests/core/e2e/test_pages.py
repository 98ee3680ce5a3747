"""A list's pages, as the operation that gives the list has them."""

from __future__ import annotations

import pytest

from tui.core.e2e.listing import Listing
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.pages import Pages

PAGES = Pages(
    "items", "id", of="store", cursor="next", name="name", fields=("id", "size"), order="created_at"
)
(DEMO,) = (operation for operation in OPERATIONS if operation.name == "list")
OTHER = Operation(
    "list",
    path="/v2/media",
    gives=(("items", "json:/entries"), ("next", "json:/next")),
    record=(("id", "/key"), ("name", "/meta/label"), ("size", "/length"), ("created_at", "/at")),
)


def test_names_stand_for_where_the_service_has_them() -> None:
    made = PAGES.on(OTHER)
    assert (made.id, made.name, made.order) == ("/key", "/meta/label", "/at")
    assert made.fields == ("/key", "/length")
    assert made.cursor == "next"


def test_a_service_without_a_cursor_has_its_pages_counted() -> None:
    made = PAGES.on(DEMO)
    assert made.cursor == ""
    assert (made.id, made.fields) == ("/id", ("/id", "/size"))


@pytest.mark.parametrize("cursor", ["json:/next", "header:X-Next"])
def test_a_place_of_ones_own_stays(cursor: str) -> None:
    pages = Pages("json:/entries", "/key", cursor=cursor, name="")
    assert pages.on(OTHER) == pages


def test_where_no_record_has_a_name_none_is_proved_absent() -> None:
    listing = Listing(Pages("items", "/id", name="/title"), {}, (), "r7-1")
    listing.add([{"id": 1, "name": "r7-1-left.jpg"}, {"id": 2, "name": "another"}])
    wrong = listing.wrong()
    assert wrong is not None
    assert wrong.why == "no record has a name (/title)"


def test_one_record_without_a_name_is_nobodys() -> None:
    listing = Listing(Pages("items", "/id", name="/name"), {}, (), "r7-1")
    listing.add([{"id": 1}, {"id": 2, "name": "another"}])
    assert listing.wrong() is None
