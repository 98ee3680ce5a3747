"""Where the user is: cursor, find, panel, target. No Textual, no engine."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.scene import VIEWS, Panel, Scene, View
from tui.core.config import Config, Target
from tui.core.model import Snapshot
from tui.core.scenario import Scenario

ARMED_S = 3.0
_PANELS: tuple[Panel, ...] = ("scenarios", "endpoints", "log")


class Desk:
    """The user's side of a scene."""

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        config: Config,
        target: Target,
        problems: Sequence[str] = (),
    ) -> None:
        self.all = tuple(scenarios)
        self.config = config
        self.target = target
        # A URL of the command line stands in no file.
        known = target in config.targets
        self.targets = config.targets if known else (*config.targets, target)
        self.problems = tuple(problems)
        self.chosen_id = self.all[0].id if self.all else ""
        self.find: str | None = None
        self.panel: Panel = "scenarios"
        self.view: View = "latency"
        self.is_list_open = True
        self.mouse = True
        self._scroll = 0
        self._armed_until_s = float("-inf")
        self._put_away = ""
        self._was_running = False

    def scene(
        self,
        snapshot: Snapshot,
        *,
        is_narrow: bool,
        now_s: float,
        dialog_keys: tuple[tuple[str, str], ...] = (),
    ) -> Scene:
        """The next frame. A run that began closes the list of a narrow window."""
        if snapshot.is_running and not self._was_running:
            self.is_list_open = False
        self._was_running = snapshot.is_running
        shown = self.shown()
        ids = [scenario.id for scenario in shown]
        return Scene(
            snapshot=snapshot,
            scenarios=shown,
            selected=ids.index(self.chosen_id) if self.chosen_id in ids else 0,
            target=self.target,
            mix=self.config.mix,
            problems=self.problems,
            panel=self.panel,
            view=self.view,
            is_narrow=is_narrow,
            is_list_open=is_narrow and self.is_list_open,
            find=self.find,
            armed=snapshot.is_running and now_s < self._armed_until_s,
            scroll=self._scroll,
            put_away=self._put_away,
            dialog_keys=dialog_keys,
        )

    def shown(self) -> tuple[Scenario, ...]:
        """The scenarios that match what was typed behind `/`."""
        if not self.find:
            return self.all
        wanted = self.find.lower()
        return tuple(
            scenario
            for scenario in self.all
            if wanted in scenario.id or wanted in scenario.title.lower()
        )

    def move(self, step: int, *, is_narrow: bool) -> None:
        """The arrows: through the list, or down a table or log."""
        if is_narrow and not self.is_list_open:
            if self.view in ("endpoints", "log"):
                self._scroll = max(self._scroll + step, 0)
                return
            self.is_list_open = True
        elif not is_narrow and self.panel != "scenarios":
            self._scroll = max(self._scroll + step, 0)
            return
        ids = [scenario.id for scenario in self.shown()]
        if ids:
            at = ids.index(self.chosen_id) if self.chosen_id in ids else 0
            self.chosen_id = ids[min(max(at + step, 0), len(ids) - 1)]

    def choose(self, scenario_id: str) -> None:
        """Put the cursor on a scenario."""
        self.chosen_id = scenario_id
        self.panel = "scenarios"

    def type_to_find(self, text: str) -> None:
        """What stands behind `/` now; the cursor goes to the first match."""
        self.find = text
        shown = self.shown()
        if shown and self.chosen_id not in [scenario.id for scenario in shown]:
            self.chosen_id = shown[0].id

    def next_view(self) -> None:
        """`c`: the next panel of a narrow window."""
        if self.is_list_open:
            self.is_list_open = False
        else:
            self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self._scroll = 0

    def next_panel(self, *, is_narrow: bool) -> None:
        """`tab`: the list over the chart, or the next panel that the arrows move."""
        if is_narrow:
            self.is_list_open = not self.is_list_open
        else:
            self.panel = _PANELS[(_PANELS.index(self.panel) + 1) % len(_PANELS)]
        self._scroll = 0

    def arm(self, now_s: float) -> None:
        """The first `s`."""
        self._armed_until_s = now_s + ARMED_S

    def disarm(self) -> None:
        """Any other key, or the second `s`."""
        self._armed_until_s = float("-inf")

    def back(self, scene: Scene) -> None:
        """`esc`: whatever is open closes, the verdict last."""
        if self.find is not None:
            self.find = None
        elif scene.armed:
            self.disarm()
        elif scene.is_list_open and scene.run is not None:
            self.is_list_open = False
        elif self.panel != "scenarios":
            self.panel, self._scroll = "scenarios", 0
        elif scene.run is not None and scene.run.is_over:
            self._put_away = scene.run.facts.id
            self.is_list_open = True
