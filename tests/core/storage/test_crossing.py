"""From which size on the one place or the other is faster."""

from __future__ import annotations

import pytest

from tests.core.storage.measured import cell
from tui.core.storage.crossing import crossing_texts, crossings
from tui.core.storage.measures import Cell


def pairs(*rates: tuple[int, float, float], parallel: int = 1) -> list[Cell]:
    """Size, local and store."""
    return [
        one
        for size, local, store in rates
        for one in (cell("local", size, parallel, local), cell("store", size, parallel, store))
    ]


def test_between_the_sizes_where_they_change_places() -> None:
    (write, read) = crossings(pairs((1, 100.0, 50.0), (4, 50.0, 100.0)))
    assert write.size_mb == pytest.approx(2.0)
    assert (write.quicker, read.quicker) == ("local", "local")
    assert crossing_texts([write]) == (
        "writing, 1 at once: local is faster below about 2.0 MB, the object store above",
    )


def test_it_lies_nearer_to_the_size_where_they_are_nearly_even() -> None:
    (write, _) = crossings(pairs((1, 1000.0, 10.0), (10, 50.0, 51.0)))
    assert write.size_mb is not None
    assert 9.5 < write.size_mb < 10


def test_where_one_is_faster_at_every_size_there_is_none() -> None:
    local = crossings(pairs((1, 100.0, 50.0), (4, 100.0, 60.0), parallel=1))
    store = crossings(pairs((1, 50.0, 100.0), (4, 60.0, 100.0)))
    assert local[0].size_mb is None
    assert "local is faster at every size" in crossing_texts(local)[0]
    assert "the object store is faster at every size" in crossing_texts(store)[0]


def test_where_they_change_places_twice_there_is_no_single_one() -> None:
    found = crossings(pairs((1, 100.0, 50.0), (5, 50.0, 100.0), (20, 100.0, 50.0)))
    assert found[0].size_mb is None
    assert "no single cross-over" in crossing_texts(found)[0]


def test_what_is_alike_at_each_number_at_once_is_said_once() -> None:
    both = [
        *pairs((1, 100.0, 50.0), (4, 100.0, 50.0)),
        *pairs((1, 90.0, 50.0), (4, 90.0, 50.0), parallel=8),
    ]
    assert crossing_texts(crossings(both)) == (
        "writing: local is faster at every size that was measured",
        "reading: local is faster at every size that was measured",
    )


def test_without_a_second_place_there_is_nothing_to_compare() -> None:
    assert crossings([cell("local", 1, 1), cell("local", 5, 1)]) == ()


def test_what_was_read_from_memory_is_compared_with_nothing() -> None:
    both = [cell("local", 1, 1, 9_000.0, cached=True), cell("store", 1, 1)]
    assert [each.way for each in crossings(both)] == ["write"]
