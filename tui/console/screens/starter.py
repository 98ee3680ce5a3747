"""From a scenario under the cursor to a run: what is asked before, and what when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from tui.console.screens.climbing import Climbing
from tui.console.screens.dialog import Dialog
from tui.core.campaign import Campaign
from tui.core.config import Target
from tui.core.model import FORCEABLE, Refusal
from tui.core.scenario import Scenario
from tui.ports import RunRequest

if TYPE_CHECKING:
    from tui.console.screens.bench import Bench


class Starter:
    """Remembers what was asked last, so that it can be asked again."""

    def __init__(self, bench: Bench, workers: int) -> None:
        self._screen = bench
        self._engine = bench.engine
        self._desk = bench.desk
        self.workers = workers
        self.climbing = Climbing(bench, workers)
        self._asked: dict[tuple[str, str], list[RunRequest]] = {}
        """By scenario and target: what is refused may not be what was asked for last."""

    def ask_to_run(self, scenario: Scenario) -> None:
        """Run it on the chosen target, with what was changed for its next start."""
        override = self._desk.offer.changed.get(scenario.id)
        workers = override.workers if override else self.workers
        request = RunRequest(scenario, self._desk.target, workers)

        def start(meant: str) -> None:
            self._desk.offer.changed.pop(scenario.id, None)
            self._start([msgspec.structs.replace(request, meant=meant)])

        self._confirmed([scenario], scenario.id, start)

    def ask_to_climb(self, campaign: Campaign, rungs: Sequence[Scenario]) -> None:
        """Run the rungs of a campaign one after the other, once that was confirmed."""
        target = self._desk.target

        def confirmed(start: Callable[[str], None]) -> None:
            if target.protected:
                self._confirmed(rungs, campaign.id, start)
            else:
                start("")

        self.climbing.ask(campaign, rungs, target, confirmed, self._start)

    def ask_for_target(self) -> None:
        """Which target the next run goes to."""
        from tui.console.screens.targets import Targets

        targets = Targets(self._desk.targets, self._desk.target, self._engine.snapshot())
        self._ask(targets, self._take_target)

    def refused(self, refusal: Refusal) -> None:
        """A run did not start: ask what now, or say why."""
        from tui.console.screens.target_down import refused_dialog, unready_dialog

        asked = self._asked.get((refusal.scenario, refusal.target))
        if refusal.trouble in FORCEABLE and asked is not None:
            self._ask(unready_dialog(refusal), lambda answer: self._on_unready(asked, answer))
        else:
            self._ask(refused_dialog(refusal), lambda answer: None)

    def _confirmed(
        self, scenarios: Sequence[Scenario], name: str, start: Callable[[str], None]
    ) -> None:
        """At once, or after a protected target's name was typed."""
        self._desk.offer.find = None
        target = self._desk.target
        if not any(scenario.asks_service for scenario in scenarios):
            start("")
            return
        if not target.protected:
            if any(scenario.stress is not None for scenario in scenarios):
                self._ask_to_burn(scenarios[0], target, start)
            else:
                start("")
            return
        # Dialogs are imported when they are opened: the first paint does not wait for them.
        from tui.console.screens.confirm import Confirm

        confirm = Confirm(name, scenarios, target, self._engine.snapshot().board)
        self._ask(confirm, lambda meant: start(meant) if meant else None)

    def _ask_to_burn(
        self, scenario: Scenario, target: Target, start: Callable[[str], None]
    ) -> None:
        from tui.console.screens.stressing import BURN, stress_dialog

        dialog = stress_dialog(scenario, target, self._engine.snapshot().board)
        self._ask(dialog, lambda answer: start("") if answer == BURN else None)

    def _ask(self, dialog: Dialog, take: Callable[[str], None]) -> None:
        self._screen.app.push_screen(dialog, lambda answer: take(answer or ""))

    def _start(self, requests: list[RunRequest]) -> None:
        if self._engine.snapshot().is_running:
            # Queued behind another run: the board is to be as it was before that one.
            requests = [msgspec.structs.replace(each, cool_down=True) for each in requests]
        for number, request in enumerate(requests):
            # A rung that is refused takes those behind it with it.
            target = request.target.name if request.scenario.asks_service else ""
            self._asked[request.scenario.id, target] = requests[number:]
            self._engine.start_run(request)

    def _take_target(self, name: str) -> None:
        for target in self._desk.targets:
            if target.name == name:
                self._desk.target = target

    def _on_unready(self, asked: list[RunRequest], answer: str) -> None:
        from tui.console.screens.target_down import AGAIN, ANOTHER, FORCE

        if answer == AGAIN:
            self._start(asked)
        elif answer == ANOTHER:
            self.ask_for_target()
        elif answer == FORCE:
            self._start([msgspec.structs.replace(request, force=True) for request in asked])
