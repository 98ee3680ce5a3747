"""The scenarios and campaigns to choose from: which are listed, and the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tui.console.widgets.scenarios import grouped
from tui.core.campaign import Campaign
from tui.core.scenario import Scenario

_Listed = TypeVar("_Listed", Scenario, Campaign)


class Override(msgspec.Struct, frozen=True):
    """What is different about the next start of a scenario."""

    scenario: Scenario
    """With the changes laid over it."""
    changes: Mapping[str, Any]
    """By dotted key, as in `load.users`."""
    workers: int


class Offer:
    """What can be run, what of it was changed for its next start, and the cursor."""

    def __init__(self, scenarios: Sequence[Scenario], campaigns: Sequence[Campaign]) -> None:
        self.all = grouped(scenarios)
        self.campaigns = tuple(campaigns)
        self.changed: dict[str, Override] = {}
        self.find: str | None = None
        """What is typed behind `/`; None when not finding."""
        self.chosen_id = next(iter(self.ids()), "")

    def shown(self) -> tuple[Scenario, ...]:
        """The scenarios that match what was typed behind `/`, the closest first."""
        return tuple(self._as_changed(scenario) for scenario in _found(self.all, self.find))

    def shown_campaigns(self) -> tuple[Campaign, ...]:
        """The campaigns that match it."""
        return tuple(_found(self.campaigns, self.find))

    def ids(self) -> list[str]:
        """Of everything that is listed, in order."""
        scenarios = [scenario.id for scenario in self.shown()]
        return [*scenarios, *(campaign.id for campaign in self.shown_campaigns())]

    @property
    def at(self) -> int:
        """Which of them the cursor is on."""
        ids = self.ids()
        return ids.index(self.chosen_id) if self.chosen_id in ids else 0

    def move(self, step: int) -> None:
        """The cursor goes up or down; it stops at the ends."""
        ids = self.ids()
        if ids:
            self.chosen_id = ids[min(max(self.at + step, 0), len(ids) - 1)]

    def seek(self, text: str) -> None:
        """What stands behind `/` now; the cursor goes to the closest match."""
        self.find = text
        ids = self.ids()
        if ids and (text or self.chosen_id not in ids):
            self.chosen_id = ids[0]

    def add(self, scenario: Scenario) -> None:
        """A scenario of one's own, just saved: it goes to its place, and under the cursor."""
        weight = _weight(scenario)
        lighter = [each for each in self.all if _weight(each) <= weight]
        place = max((self.all.index(each) + 1 for each in lighter), default=0)
        self.all = grouped((*self.all[:place], scenario, *self.all[place:]))
        self.chosen_id = scenario.id

    def _as_changed(self, scenario: Scenario) -> Scenario:
        override = self.changed.get(scenario.id)
        return override.scenario if override else scenario


def _found(listed: Iterable[_Listed], find: str | None) -> list[_Listed]:
    """Those that match, ranked; of equal rank in their own order."""
    wanted = (find or "").lower().strip()
    ranked = [(_rank(each, wanted), each) for each in listed]
    return [each for rank, each in sorted(ranked, key=lambda pair: pair[0]) if rank < _NO_MATCH]


_NO_MATCH = 3


def _rank(each: Scenario | Campaign, wanted: str) -> int:
    """0 for its whole id, 1 for the start of it or its kind, 2 for a part of its names."""
    if each.id == wanted:
        return 0
    if each.id.startswith(wanted) or each.kind == wanted:
        return 1
    return 2 if wanted in each.id or wanted in each.title.lower() else _NO_MATCH


def _weight(scenario: Scenario) -> float:
    return max(scenario.users, 1) * scenario.duration_s
