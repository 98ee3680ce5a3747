"""Marks and warnings stay few, and the ones that matter stay."""

from __future__ import annotations

from tui.core.notices import MAX_MARKS, MAX_WARNINGS, Notices


def test_a_lost_worker_outlives_any_number_of_levels() -> None:
    notices = Notices()
    notices.mark(0.0, "worker lost", "fail")
    for number in range(3 * MAX_MARKS):
        notices.mark(float(number + 1), f"{number} users", "info")
    notices.mark(999.0, "worker lost", "fail")
    marks = notices.marks
    assert len(marks) == MAX_MARKS
    assert [mark.at_s for mark in marks if mark.level == "fail"] == [0.0, 999.0]
    assert marks[-2].label == f"{3 * MAX_MARKS - 1} users"


def test_a_warning_comes_once_and_there_are_not_too_many() -> None:
    notices = Notices()
    for number in range(3 * MAX_WARNINGS):
        notices.warn(f"warning {number // 2}")
    assert len(notices.warnings) == MAX_WARNINGS
    assert notices.warnings[:2] == ("warning 0", "warning 1")
