"""Rules on detections."""

from __future__ import annotations

import pytest

from tui.core.e2e.deciding import decided
from tui.core.e2e.deed import Decide
from tui.core.e2e.found import Sighting

SEEN = (Sighting("dog", 0.97), Sighting("person", 0.31), Sighting("person", 0.91))


@pytest.mark.parametrize(
    ("category", "least", "seen", "outcome", "note"),
    [
        ("person", 0.5, SEEN, "open", "person 0.91 >= 0.5: open"),
        ("person", 0.91, SEEN, "open", "person 0.91 >= 0.91: open"),
        ("person", 0.95, SEEN, "shut", "person 0.91 < 0.95: shut"),
        ("person", 0.9, (Sighting("person", 0.8999),), "shut", "person 0.8999 < 0.9: shut"),
        ("car", 0.5, SEEN, "shut", "no car: shut"),
        ("", 0.95, SEEN, "open", "dog 0.97 >= 0.95: open"),
        ("", 0.5, (), "shut", "no object: shut"),
    ],
)
def test_a_rule_says_what_it_comes_to_and_why(
    category: str, least: float, seen: tuple[Sighting, ...], outcome: str, note: str
) -> None:
    rule = Decide("found", category, least, "open", "shut")
    assert decided(rule, seen) == (outcome, note)
