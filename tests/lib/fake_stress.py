"""Stand-ins for what a stress is made of. They write down what they are asked."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tui.core import events as ev
from tui.core.stress.plan import DiskPlan, name_of
from tui.core.stress.toxics import Toxics
from tui.core.stress.view import FoundLimit
from tui.engine.parts import HealthAsked
from tui.ports import BurnersPlan, FaultFailed


class Calls:
    """What was called and from which thread, in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.threads: list[str] = []
        self.fail_on: dict[str, Exception] = {}
        """What a call raises, by its name."""

    def names(self) -> list[str]:
        """What was called, in order; the same again and again once."""
        return [name for name, _ in itertools.groupby(call[0] for call in self.calls)]

    def threads_of(self, name: str) -> set[str]:
        """From which threads it was called."""
        called = zip(self.calls, self.threads, strict=True)
        return {thread for call, thread in called if call[0] == name}

    def _called(self, *call: Any) -> None:
        # Both lists at once: two threads may call.
        self.calls.append(call)
        self.threads.append(threading.current_thread().name)
        if call[0] in self.fail_on:
            raise self.fail_on[call[0]]


class FakeBurners(Calls):
    """Burners that reach what they are asked for and end when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.plan: BurnersPlan | None = None
        self.why_not: dict[str, str] = {}
        """Burners that can't burn here, and why."""
        self.stays = False
        """Whether they burn on after a release, until they are halted."""
        self.survives = False
        """Whether they burn on even then, until `die`."""
        self.written_bytes = 0
        """What the storage burner says that it has written."""
        self.found: list[FoundLimit] = []
        self._share = 0.0
        self._burning: list[str] = []
        self._ended: list[ev.BurnerEnded] = []
        self._is_halted = False

    def prepare(self) -> None:
        self._called("prepare")
        self._is_halted = False
        self._burning.clear()
        self._ended.clear()

    def start(self, plan: BurnersPlan) -> None:
        self._called("start")
        if self._is_halted:
            return
        self.plan = plan
        for name in map(name_of, plan.stress.burners):
            if name in self.why_not:
                self._ended.append(ev.BurnerEnded(name=name, why_not=self.why_not[name]))
            else:
                self._burning.append(name)

    def ask(self, share: float) -> None:
        self._called("ask", share)
        self._share = share

    def seconds(self) -> list[ev.BurnerSecond]:
        return [
            ev.BurnerSecond(name, "share", self._share, self._share, figures=self._figures(name))
            for name in self._burning
        ]

    def limits(self) -> list[FoundLimit]:
        found, self.found = self.found, []
        return found

    def ended(self) -> list[ev.BurnerEnded]:
        ended, self._ended = self._ended, []
        return ended

    def release(self) -> None:
        self._called("release")
        if not self.stays:
            self.die()

    def halt(self) -> None:
        self._called("halt")
        self._is_halted = True
        if not self.survives:
            self.die()

    @property
    def is_over(self) -> bool:
        return not self._burning

    def asked(self) -> list[float]:
        """The shares that were asked for, each once."""
        shares = [call[1] for call in self.calls if call[0] == "ask"]
        return [
            share for share, last in zip(shares, [-1.0, *shares], strict=False) if share != last
        ]

    def die(self, *names: str, by: str = "", is_early: bool = False) -> None:
        """These are at their end, or all."""
        for name in names or tuple(self._burning):
            self._burning.remove(name)
            totals = {"turns": 9.0, **self._figures(name)}  # a real one always tells some
            self._ended.append(
                ev.BurnerEnded(name=name, totals=totals, ended_by=by, is_early=is_early)
            )

    def _figures(self, name: str) -> dict[str, float | str]:
        return {"written_bytes": self.written_bytes} if name == "storage" else {}


class FakeFaults(Calls):
    """Faults that hold until they are undone."""

    def __init__(self) -> None:
        super().__init__()
        self.holding: list[str] = []
        self.led: list[str] = []
        self.is_closed = False
        self.gone = ""
        """Why the way leads nowhere any more."""
        self.is_slow = False
        """Whether a fill takes until `fill_up`."""
        self._news: list[ev.FaultDone | ev.BurnerEnded] = []

    def lead(self, url: str) -> str:
        self._called("lead", url)
        self.led.append(url)
        return "http://127.0.0.1:40099"

    def lost(self) -> str:
        return self.gone

    def suffer(self, toxics: Toxics) -> list[ev.FaultUndone]:
        self._called("suffer", toxics)
        suffered = "network" in self.holding
        self.holding = [name for name in self.holding if name != "network"]
        if not toxics.is_clean:
            self.holding.append("network")
        return [ev.FaultUndone(name="network")] if suffered else []

    def fill(self, plan: DiskPlan, directory: str, deadline_s: float) -> None:
        try:
            self._called("fill", directory, deadline_s)
        except FaultFailed as error:
            self._news.append(ev.BurnerEnded(name="disk", why_not=str(error)))
            return
        if not self.is_slow:
            self.fill_up()

    def fill_up(self) -> None:
        """The disk is full now."""
        self.holding.append("disk")
        self._news.append(ev.FaultDone(name="disk", text="all but 2 048 MB taken"))

    def filled(self) -> ev.FaultDone | ev.FaultUndone | ev.BurnerEnded | None:
        return self._news.pop(0) if self._news else None

    def undo(self, *, at_once: bool = False) -> list[ev.FaultUndone]:
        self._called("undo")
        undone, self.holding = self.holding, []
        return [ev.FaultUndone(name=name) for name in undone]

    def close(self) -> list[ev.FaultUndone]:
        self._called("close")
        self.is_closed = True
        undone, self.holding = self.holding, []
        return [ev.FaultUndone(name=name) for name in undone]


class FakeHealth:
    """A health check that is asked until it is closed, and answers when told to."""

    def __init__(self) -> None:
        self.asked: list[HealthAsked] = []
        self.open = 0

    def __call__(self, asked: HealthAsked) -> FakeWatch:
        self.asked.append(asked)
        self.open += 1
        return FakeWatch(self._close)

    def answer(self, ms: float | None = 2.0) -> None:
        """One answer, or none."""
        asked = self.asked[-1]
        asked.emit(ev.HealthProbed(sent_s=asked.at_s(), ms=ms, detail="" if ms else "refused"))

    def _close(self) -> None:
        self.open -= 1


class FakeWatch:
    """What a stress holds of a health check."""

    def __init__(self, on_close: Callable[[], None]) -> None:
        self._on_close = on_close

    def close(self) -> None:
        self._on_close()


class FakeWear(Calls):
    """A device that wears as far as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed: int | None = None
        self.kept: list[int] = []

    def allowed_bytes(self, directory: Path, now_s: float) -> int | None:
        self._called("allowed_bytes", directory)
        return self.allowed

    def add(self, directory: Path, amount_bytes: int, now_s: float) -> None:
        self._called("add", directory)
        self.kept.append(amount_bytes)
