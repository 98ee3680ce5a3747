from __future__ import annotations

import pytest

from tests.core.guards.boards import plain, stress
from tui.core.events import Reading
from tui.core.guards.blind_spots import blind_spots

DEAF = Reading(None, "sysfs", "/scratch can't be asked: no such file or directory")


@pytest.mark.parametrize(
    ("told", "last", "is_blind"),
    [
        ({}, {"scratch_free_mb": DEAF}, True),
        ({"scratch_free_mb": plain(9.0)}, {"scratch_free_mb": DEAF}, False),
        ({}, {}, False),
        ({}, None, False),
    ],
)
def test_a_scratch_directory_that_can_not_be_asked_is_not_guarded(
    told: dict[str, Reading], last: dict[str, Reading] | None, is_blind: bool
) -> None:
    lines = [line for line in blind_spots(stress(), told, last) if "scratch" in line]
    expected = f"space: nobody knows how much is free in the scratch directory: {DEAF.why}"
    assert lines == ([expected] if is_blind else [])
