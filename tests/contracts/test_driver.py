"""What every load driver promises."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lib.drive import bench, plan, seconds_of, users_file
from tests.lib.eventually import eventually
from tests.lib.fakes import FakeDriver
from tests.lib.target import Target
from tui.core import events as ev
from tui.core.tally import MEASURED, WARM_UP
from tui.ports import Created, LoadDriver, LoadFailed, LoadPlan


class Rig:
    """A driver, a plan that it can do, and time that passes for it."""

    def __init__(self, driver: LoadDriver, plan: LoadPlan, broken: LoadPlan) -> None:
        self.driver = driver
        self.plan = plan
        self.broken = broken
        self.events: list[ev.Event] = []

    def start(self) -> None:
        """Start the plan."""
        self.events.clear()
        self.driver.start(self.plan, self.events.append)

    def pass_s(self) -> None:
        """A second goes by for the driver."""
        if isinstance(self.driver, FakeDriver):
            self.driver.run_s(1)
        else:
            time.sleep(0.05)

    def until(self, kind: type[ev.Event], times: int = 1) -> list[ev.Event]:
        """Let time pass until so many events of a kind came."""

        def found() -> list[ev.Event]:
            seen = [event for event in list(self.events) if isinstance(event, kind)]
            if len(seen) < times:
                self.pass_s()
                return []
            return seen

        return eventually(found, f"no {kind.__name__}")

    @property
    def windows(self) -> list[ev.WindowClosed]:
        """All so far."""
        return [event for event in list(self.events) if isinstance(event, ev.WindowClosed)]


@contextmanager
def fake() -> Iterator[Rig]:
    yield Rig(FakeDriver(), plan("http://x", "users.py"), plan("http://x", "broken.py"))


@contextmanager
def real(root: Path) -> Iterator[Rig]:
    with Target() as target, bench(root) as made:
        good = made.locustfile(users_file('self.client.get("/look")'))
        bad = made.locustfile("raise ValueError\n")
        yield Rig(made.driver, plan(target.url, good), plan(target.url, bad))


@pytest.fixture(scope="module", params=["fake", "real"])
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    root = tmp_path_factory.mktemp("driver")
    with fake() if request.param == "fake" else real(root) as made:
        yield made


def test_a_plan_that_can_not_be_done_is_an_error_of_the_input(rig: Rig) -> None:
    with pytest.raises(LoadFailed) as caught:
        rig.driver.start(rig.broken, rig.events.append)
    assert caught.value.is_input
    assert "\n" not in str(caught.value)
    rig.driver.close()


def test_a_run_goes_from_its_start_to_its_drain(rig: Rig) -> None:
    rig.start()
    assert rig.windows == []
    rig.driver.begin()
    (level,) = rig.until(ev.LevelReached)
    assert isinstance(level, ev.LevelReached)
    assert level.users == rig.plan.users
    rig.until(ev.WindowClosed)
    rig.driver.set_phase(MEASURED)
    rig.until(ev.WindowClosed, len(rig.windows) + 2)

    rig.driver.rescale(rig.plan.users + 2, 50.0)
    levels = rig.until(ev.LevelReached, 2)
    assert [event.users for event in levels if isinstance(event, ev.LevelReached)] == [4, 6]
    rig.driver.hold(True)
    rig.driver.hold(False)
    rig.driver.extend(60.0)

    rig.driver.drain(3.0)
    rig.until(ev.DrainEnded)
    said = len(rig.events)
    assert isinstance(rig.events[-1], ev.DrainEnded)
    assert isinstance(rig.events[-2], ev.ReportsCounted)
    assert rig.driver.created() == Created(0, ())
    rig.driver.close()

    assert len(rig.events) == said, "it spoke after its end"
    assert seconds_of(rig.windows) == list(range(len(rig.windows)))
    assert any(isinstance(event, ev.LoadReported) for event in rig.events)
    phases = {row.phase for window in rig.windows for row in window.rows}
    assert {WARM_UP, MEASURED} <= phases


def test_a_second_run_starts_from_nothing(rig: Rig) -> None:
    rig.start()
    rig.driver.begin()
    rig.until(ev.WindowClosed)
    rig.driver.drain(3.0)
    rig.until(ev.DrainEnded)
    rig.driver.close()
    assert rig.windows[0].second == 0
    assert {row.phase for row in rig.windows[0].rows} == {WARM_UP}


def test_a_run_can_be_closed_before_it_began(rig: Rig) -> None:
    rig.start()
    rig.driver.close()
    rig.driver.close()
    assert rig.windows == []
