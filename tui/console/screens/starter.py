"""From a scenario under the cursor to a run: what is asked before, and what when it is refused."""

from __future__ import annotations

from textual.screen import Screen

from tui.console.desk import Desk
from tui.core.model import Refusal
from tui.core.scenario import Scenario
from tui.ports import Engine, RunRequest


class Starter:
    """Remembers what was asked last, so that it can be asked again."""

    def __init__(self, screen: Screen[None], engine: Engine, desk: Desk, workers: int) -> None:
        self._screen = screen
        self._engine = engine
        self._desk = desk
        self._workers = workers
        self._asked: dict[tuple[str, str], RunRequest] = {}
        """By scenario and target: what is refused may not be what was asked for last."""

    def ask_to_run(self, scenario: Scenario) -> None:
        """Run it on the chosen target; a protected one wants its name first."""
        self._desk.find = None
        target = self._desk.target
        request = RunRequest(scenario, target, self._workers)
        if not target.protected:
            self._start(request)
            return

        def go_on(name: str | None) -> None:
            if name:
                self._start(RunRequest(scenario, target, self._workers, meant=name))

        # Dialogs are imported when they are opened: the first paint does not wait for them.
        from tui.console.screens.confirm import Confirm

        self._screen.app.push_screen(Confirm(scenario, target), go_on)

    def ask_for_target(self) -> None:
        """Which target the next run goes to."""
        from tui.console.screens.targets import Targets

        targets = Targets(self._desk.targets, self._desk.target)
        self._screen.app.push_screen(targets, self._take_target)

    def refused(self, refusal: Refusal) -> None:
        """A run did not start: ask what now, or say why."""
        from tui.console.screens.target_down import refused_dialog, target_down_dialog

        asked = self._asked.get((refusal.scenario, refusal.target))
        if refusal.trouble == "target-down" and asked is not None:
            self._screen.app.push_screen(
                target_down_dialog(refusal), lambda answer: self._on_target_down(asked, answer)
            )
        else:
            self._screen.app.push_screen(refused_dialog(refusal))

    def _start(self, request: RunRequest) -> None:
        self._asked[request.scenario.id, request.target.name] = request
        self._engine.start_run(request)

    def _take_target(self, name: str | None) -> None:
        for target in self._desk.targets:
            if target.name == name:
                self._desk.target = target

    def _on_target_down(self, asked: RunRequest, answer: str | None) -> None:
        from tui.console.screens.target_down import AGAIN, ANOTHER, FORCE

        if answer == AGAIN:
            self._start(asked)
        elif answer == ANOTHER:
            self.ask_for_target()
        elif answer == FORCE:
            forced = RunRequest(
                asked.scenario, asked.target, asked.workers, force=True, meant=asked.meant
            )
            self._start(forced)
