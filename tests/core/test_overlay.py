"""Keys laid over a decoded file."""

from __future__ import annotations

from typing import Any

import pytest

from tui.core.overlay import with_changes
from tui.core.problem import InputError


def data() -> dict[str, Any]:
    return {
        "title": "Pipeline",
        "e2e": {"steps": [{"name": "ingest", "repeat": 200}, {"name": "list"}]},
        "smoke": {"tests": [{"id": "SMK-01", "steps": [{"name": "alive"}]}]},
    }


def test_a_step_goes_by_its_name_and_the_file_stays_as_it_is() -> None:
    before = data()
    changed = with_changes("x.toml", before, {"e2e.steps.ingest.repeat": 10_000})
    assert changed["e2e"]["steps"] == [{"name": "ingest", "repeat": 10_000}, {"name": "list"}]
    assert before == data()


def test_a_table_inside_of_one_is_made() -> None:
    changed = with_changes("x.toml", data(), {"e2e.steps.list.pages.size": 10})
    assert changed["e2e"]["steps"][1] == {"name": "list", "pages": {"size": 10}}


def test_a_test_goes_by_its_id() -> None:
    changed = with_changes("x.toml", data(), {"smoke.tests.SMK-01.steps.alive.within_ms": 50})
    assert changed["smoke"]["tests"][0]["steps"] == [{"name": "alive", "within_ms": 50}]


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("e2e.steps.ingets.repeat", 'there is no e2e.steps.ingets (did you mean "ingest"?)'),
        ("e2e.steps.ingest", "ingest is a table of a list, and has keys itself"),
        ("e2e.steps.ingest.repeat.twice", "e2e.steps.ingest.repeat is not a table"),
        ("title.short", "title is not a table"),
        ("e2e..steps", "is no key (meant as in load.users?)"),
    ],
)
def test_what_leads_nowhere_is_told(key: str, what: str) -> None:
    with pytest.raises(InputError) as told:
        with_changes("x.toml", data(), {key: 1})
    (problem,) = told.value.problems
    assert (problem.key, problem.what) == (key, what)
