from __future__ import annotations

import pytest

from tui.load.kit import Kit

ODD = [
    "",
    "images/1",
    "/images/ 1",
    "/images/\ud800",
    "/images/1?all",
    "/images/é",
    "/images/../1",
    "/images/..",
    "/./images",
    "/" + "x" * 251,
]


@pytest.mark.parametrize("path", ["/images/1", "/a/b.c-d_e~f/", "/..a/b../.c", "/" + "x" * 250])
def test_a_path_that_could_be_deleted_again_is_kept(path: str) -> None:
    kit = Kit()
    kit.created(path)
    assert kit.take() == ([path], [])


@pytest.mark.parametrize("path", [*ODD, "/images/" + "9" * 70_000])
def test_a_path_that_no_target_of_good_will_would_name_is_refused(path: str) -> None:
    kit = Kit()
    with pytest.raises(ValueError, match="not a path"):
        kit.created(path)
    assert kit.take() == ([], [])


@pytest.mark.parametrize("path", ODD)
def test_what_can_not_have_been_created_is_not_reported_as_deleted(path: str) -> None:
    kit = Kit()
    kit.deleted(path)
    kit.deleted("/images/1")
    assert kit.take() == ([], ["/images/1"])


def test_what_was_taken_is_not_taken_twice() -> None:
    kit = Kit()
    kit.created("/images/1")
    kit.deleted("/images/1")
    assert kit.take() == (["/images/1"], ["/images/1"])
    assert kit.take() == ([], [])
