"""Everything a frame is drawn from: the engine's snapshot, and where the user is."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.config import Mix, Target
from tui.core.model import Past, RunView, Snapshot
from tui.core.scenario import Scenario

Panel = Literal["scenarios", "endpoints", "log"]
View = Literal["latency", "throughput", "endpoints", "scenario", "log"]
VIEWS: tuple[View, ...] = ("latency", "throughput", "endpoints", "scenario", "log")


class Scene(msgspec.Struct, frozen=True):
    """One frame. Frozen, so that a panel can't change what the next one shows."""

    snapshot: Snapshot
    scenarios: tuple[Scenario, ...] = ()
    """Those that the list shows, in its order."""
    selected: int = 0
    """Index in `scenarios`; means nothing when there are none."""
    target: Target = msgspec.field(default_factory=lambda: Target("demo", "demo:"))
    """Where the next run goes."""
    mix: Mix = msgspec.field(default_factory=Mix)
    problems: tuple[str, ...] = ()
    """What is wrong with files of the catalogue, one line each."""
    panel: Panel = "scenarios"
    """Which one the arrows move."""
    view: View = "latency"
    """Which panel a narrow window shows."""
    is_narrow: bool = False
    is_list_open: bool = False
    """Whether the scenarios cover the chart of a narrow window."""
    find: str | None = None
    """What is typed behind `/`; None when not finding."""
    armed: bool = False
    """Whether the next `s` ends the run."""
    scroll: int = 0
    """Rows that the focused table or log is scrolled down."""
    put_away: str = ""
    """Id of the ended run whose verdict was closed with esc."""
    dialog_keys: tuple[tuple[str, str], ...] = ()
    """The keys of a dialog in front, with what they do; empty without one."""

    @property
    def run(self) -> RunView | None:
        """The run on the screen; None without one, or when an ended one has to give way."""
        run = self.snapshot.run
        if run is None:
            return None
        gives_way = run.facts.id == self.put_away or bool(self.snapshot.preparing)
        return None if run.is_over and gives_way else run

    @property
    def chosen(self) -> Scenario | None:
        """The scenario under the cursor."""
        return self.scenarios[self.selected] if self.scenarios else None

    def last_of(self, scenario: Scenario) -> Past | None:
        """How it ended the last time on the chosen target."""
        return self.snapshot.past.get((scenario.id, self.target.name))

    @property
    def last(self) -> Past | None:
        """The last result of the scenario under the cursor."""
        return self.last_of(self.chosen) if self.chosen else None

    def scrolled(self, panel: Panel) -> int:
        """How far that panel is scrolled."""
        if self.is_narrow:
            return self.scroll if self.view == panel else 0
        return self.scroll if self.panel == panel else 0
