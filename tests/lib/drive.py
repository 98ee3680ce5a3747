"""A real load driver with everything that it said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tests.lib.eventually import eventually
from tui.child.spawn import Lifelines
from tui.core import events as ev
from tui.core.config import Mix
from tui.core.tally import MEASURED, Row
from tui.load.driver import LocustDriver
from tui.ports import LoadPlan

E = TypeVar("E", bound=ev.Event)
GRACE_S = 5.0


def plan(url: str, locustfile: str | Path, **changes: Any) -> LoadPlan:
    """A small run on `url`."""
    usual = LoadPlan(
        url=url,
        token="",
        verify_tls=True,
        paths=(),
        locustfile=str(locustfile),
        user_classes={},
        users=4,
        spawn_rate=100.0,
        timeout_s=3.0,
        slow_ms=60_000.0,
        mix=Mix(),
        counted=(),
        workers=1,
        bind="127.0.0.1",
        port=0,
        deadline_s=60.0,
    )
    return msgspec.structs.replace(usual, **changes)


class Drive:
    """Keeps the events of one run and sums them up."""

    def __init__(self, driver: LocustDriver) -> None:
        self.driver = driver
        self.events: list[ev.Event] = []

    def begin(self, plan: LoadPlan) -> None:
        """Start it, at full level and measured when this returns."""
        self.driver.start(plan, self.events.append)
        self.driver.begin()
        self.await_level(plan.users)
        self.driver.set_phase(MEASURED)

    def await_level(self, users: int) -> None:
        """Wait until so many users run, by what the workers say."""
        eventually(lambda: self.users == users, f"never {users} users, but {self.users}")

    def finish(self, grace_s: float = GRACE_S) -> None:
        """Drain and close it."""
        self.driver.drain(grace_s)
        eventually(lambda: self.of(ev.DrainEnded), "it never drained")
        self.driver.close()

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind."""
        return [event for event in list(self.events) if isinstance(event, kind)]

    @property
    def users(self) -> int:
        """By the latest report; -1 before the first."""
        reports = self.of(ev.LoadReported)
        return reports[-1].users if reports else -1

    @property
    def in_flight(self) -> int:
        """By the latest report."""
        reports = self.of(ev.LoadReported)
        return reports[-1].in_flight if reports else 0

    @property
    def windows(self) -> list[ev.WindowClosed]:
        """All windows so far."""
        return self.of(ev.WindowClosed)

    def rows(self, phase: int | None = None, name: str = "") -> list[Row]:
        """Rows of windows and of what came late."""
        kept = [row for window in self.windows for row in window.rows]
        kept += [row for late in self.of(ev.LateRowsArrived) for row in late.rows]
        return [
            row for row in kept if (phase is None or row.phase == phase) and name in ("", row.name)
        ]

    def requests(self, phase: int | None = None, name: str = "") -> int:
        """How many requests ended."""
        return sum(row.requests for row in self.rows(phase, name))

    def failures(self, phase: int | None = None, name: str = "") -> int:
        """How many of them failed."""
        return sum(row.failures for row in self.rows(phase, name))

    @property
    def failure_counts(self) -> list[ev.FailureCount]:
        """Failures as they were reported."""
        found = [failure for window in self.windows for failure in window.failures]
        return found + [one for late in self.of(ev.LateRowsArrived) for one in late.failures]

    @property
    def unfinished(self) -> int:
        """Requests without an end."""
        return self.of(ev.DrainEnded)[-1].unfinished


class Bench:
    """One driver for several runs, and the files that its users are made of."""

    def __init__(self, root: Path, calibrates: bool) -> None:
        self.root = root
        self.lifelines = Lifelines()
        self.driver = LocustDriver(self.lifelines, root, calibrates=calibrates)
        self._files = 0

    def locustfile(self, text: str) -> Path:
        """A locustfile with this in it."""
        self._files += 1
        path = self.root / f"users{self._files}.py"
        path.write_text(text)
        return path

    def drive(self) -> Drive:
        """The next run."""
        return Drive(self.driver)

    def whole(
        self, plan: LoadPlan, until: Callable[[Drive], object], grace_s: float = GRACE_S
    ) -> Drive:
        """A run from its begin to its end, ended when `until` holds."""
        drive = self.drive()
        drive.begin(plan)
        eventually(lambda: until(drive))
        drive.finish(grace_s)
        return drive


@contextmanager
def bench(root: Path, *, calibrates: bool = False) -> Iterator[Bench]:
    """A driver that leaves nothing behind. Calibrating takes half a second of every start."""
    from tui.load.hub import LOCUST_IS_HERE, import_locust

    if not LOCUST_IS_HERE.is_set():
        import_locust()
    made = Bench(root, calibrates)
    try:
        yield made
    finally:
        made.driver.shut_down()
        made.lifelines.close()


def users_file(*tasks: str, client: str = "FastHttpUser", wait_s: float = 0.02) -> str:
    """A locustfile whose users do these statements, one after the other, as one task each."""
    bodies = "\n".join(
        f"    @task\n    def task{number}(self):\n        {statement}\n"
        for number, statement in enumerate(tasks)
    )
    return (
        f"from locust import FastHttpUser, HttpUser, constant, task\n\n\n"
        f"class Some({client}):\n    wait_time = constant({wait_s})\n\n{bodies}"
    )


def seconds_of(windows: Sequence[ev.WindowClosed]) -> list[int]:
    """Which second each window is about."""
    return [window.second for window in windows]
