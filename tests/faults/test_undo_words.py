from __future__ import annotations

import pytest

from tui.faults.target import Target
from tui.faults.undo import Continue, StartUnit, Undo, Undone, Unlink
from tui.faults.undo_words import line_of_left_over

FROZEN = Continue(Target(4711, "boot/1"))
FULL = Unlink("/data/a b/jetproof-fill-0123456789abcdef")
ENDED = StartUnit("detector.service")


@pytest.mark.parametrize(
    ("undo", "words"),
    [
        (FROZEN, "process 4711 is not frozen any more"),
        (FULL, f"{FULL.path} does not fill its disk any more"),
        (ENDED, "detector.service runs again"),
    ],
)
def test_a_fault_that_is_undone_is_said_in_words(undo: Undo, words: str) -> None:
    level, line = line_of_left_over(Undone("1", undo, "left over"))
    assert (level, line) == ("ok", f"undone from an earlier run: {words}")


@pytest.mark.parametrize(
    ("undo", "fault", "by_hand"),
    [
        (FROZEN, "process 4711 is frozen", "kill -CONT 4711"),
        (FULL, f"{FULL.path} fills its disk", f"rm '{FULL.path}'"),
        (ENDED, "detector.service was ended", "sudo systemctl start detector.service"),
        (
            StartUnit("detector.service", is_user=True),
            "detector.service was ended",
            "systemctl --user start detector.service",
        ),
    ],
)
def test_one_that_is_still_there_says_what_undoes_it_by_hand(
    undo: Undo, fault: str, by_hand: str
) -> None:
    level, line = line_of_left_over(Undone("1", undo, "left over", "no answer"))
    assert level == "fail"
    assert line == f"not undone from an earlier run: {fault} (no answer); by hand: {by_hand}"


def test_a_journal_that_can_not_be_understood_is_a_failure_with_its_reason() -> None:
    level, line = line_of_left_over(Undone("", None, "left over", "1-a.jsonl holds 2 lines"))
    assert (level, line) == ("fail", "left over from an earlier run: 1-a.jsonl holds 2 lines")
