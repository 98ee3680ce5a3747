"""An engine with stand-ins for the world, and everything that tests do to it."""

from __future__ import annotations

from typing import Any

from tests.core.script import scenario
from tests.lib.eventually import eventually
from tests.lib.fakes import FakeParts
from tui.core import events as ev
from tui.core.config import Target
from tui.core.model import RunView, Snapshot
from tui.ports import RunRequest

DEMO = Target("demo", "demo:")
PLANT = Target("plant", "http://10.0.0.7", protected=True)


class Bench(FakeParts):
    """An engine with everything that tests do to it."""

    turns = 0

    def request(self, name: str = "standard", target: Target = DEMO, **options: Any) -> RunRequest:
        """A run of ten users for a minute, with `load` or limits replaced."""
        asked = {key: options.pop(key) for key in ("force", "meant") if key in options}
        load = {"users": 10, "spawn_rate": 10.0, "duration": "1m", **options.pop("load", {})}
        return RunRequest(scenario(name, load=load, **options), target, workers=1, **asked)

    def start(self, request: RunRequest | None = None) -> None:
        """Start a run; it measures when this returns."""
        self.supervisor.start_run(request or self.request())
        self.await_phase("measuring")

    @property
    def run(self) -> RunView:
        """As the newest snapshot shows it."""
        run = self.supervisor.snapshot().run
        assert run is not None
        return run

    @property
    def newest(self) -> Snapshot:
        """The newest snapshot."""
        return self.supervisor.snapshot()

    def await_phase(self, phase: str) -> None:
        """Wait until the run is in it."""
        eventually(
            lambda: self.newest.run and self.newest.run.phase == phase,
            f"never {phase}: {self.phases()} {self.newest.refusal}",
        )

    def await_gauge(self, name: str) -> None:
        """Wait until the board has been read with it."""
        eventually(lambda: name in self.newest.board)

    def await_run(self, name: str) -> None:
        """Wait until a run of this scenario is under way."""
        eventually(lambda: self.run.facts.scenario.id == name and not self.run.is_over)

    def await_refusal(self) -> str:
        """Wait for why a run did not start: its kind."""
        refusal = eventually(lambda: self.newest.refusal)
        assert refusal is not None
        return refusal.trouble

    def run_s(self, seconds: int) -> None:
        """So many seconds of load, all of them folded in when this returns."""
        windows = len(self.run.points)
        for _ in range(seconds):
            self.clock.pass_s(1.0)
            self.driver.run_s(1)
        eventually(lambda: len(self.run.points) == windows + seconds or self.run.is_over)

    def end(self) -> RunView:
        """The run at its verdict."""
        eventually(lambda: self.newest.run and self.newest.run.is_over)
        return self.run

    def await_turn(self) -> None:
        """Wait until the engine has done everything that it was asked before."""
        self.turns += 1
        text = f"turn {self.turns}"
        self.supervisor.note("info", text)
        eventually(lambda: any(entry.text == text for entry in self.newest.log))

    def levels(self) -> list[int]:
        """The levels that were kept as reached."""
        return [event.users for event in self.kept(ev.LevelReached)]  # type: ignore[attr-defined]

    def kept(self, kind: type[ev.Event]) -> list[ev.Event]:
        """What the store was given of one kind."""
        return [event for _, event in self.store.kept if isinstance(event, kind)]

    def started(self) -> list[ev.RunFacts]:
        """The runs that began, in order."""
        return [event.facts for _, event in self.store.kept if isinstance(event, ev.RunStarted)]


def verdict(view: RunView) -> tuple[str, str]:
    assert view.judgement is not None
    return view.judgement.verdict, view.judgement.reason
