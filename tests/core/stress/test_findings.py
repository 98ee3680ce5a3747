"""What fails a stress, what makes it show nothing, and what must only be known."""

from __future__ import annotations

import msgspec
import pytest

from tui.core.incidents import Incident
from tui.core.stress.findings import findings, remarks, undone
from tui.core.stress.plan import CpuPlan, Intent, MemoryPlan, Step, Stress
from tui.core.stress.view import (
    BurnerView,
    FaultView,
    HealthView,
    Jitter,
    Left,
    Price,
    StressView,
)

CPU = BurnerView("cpu", "share of a core", mean_asked=1.0, mean_reached=0.98, verified=1000)
VIEW = StressView(None, 0, 0.0, burners=(CPU,))
PLAN = Stress("contend", 20.0, 0.0, (Step(60.0),), 60.0, burners=(CpuPlan(),))


def burnt(**changes: object) -> StressView:
    return msgspec.structs.replace(VIEW, burners=(msgspec.structs.replace(CPU, **changes),))


def failed(view: StressView, *incidents: Incident, is_loaded: bool = False) -> tuple[str, ...]:
    return findings(view, incidents, is_loaded=is_loaded)


def test_a_stress_that_went_as_asked_fails_nothing_and_needs_no_word() -> None:
    assert (failed(VIEW), undone(PLAN, VIEW), remarks(PLAN, VIEW)) == ((), (), ())


class TestAFailure:
    def test_is_a_result_that_was_wrong(self) -> None:
        assert failed(burnt(bad=1)) == ("cpu: 1 result wrong of 1 001",)

    @pytest.mark.parametrize("key", ["service.restart", "service.oom", "oom", "kernel.errors"])
    def test_is_what_happened_to_the_service_or_the_kernel(self, key: str) -> None:
        one = Incident(key, "alert", "it happened", "it", "fail", 3.0)
        assert failed(VIEW, one) == ("it happened",)

    def test_is_not_what_happened_before_the_work_began(self) -> None:
        assert failed(VIEW, Incident("oom", "alert", "before", "OOM", "fail", -3.0)) == ()

    def test_is_not_that_the_board_was_busy(self) -> None:
        assert failed(VIEW, Incident("cpu_percent", "alert", "busy", "cpu", "warn", 3.0)) == ()

    def test_is_a_fault_that_stays(self) -> None:
        fault = FaultView("disk", "full", 1.0, 2.0, trouble="it can't be deleted")
        view = msgspec.structs.replace(VIEW, faults=(fault,))
        assert failed(view) == ("disk could not be undone: it can't be deleted",)

    def test_is_a_service_that_never_answered(self) -> None:
        view = msgspec.structs.replace(VIEW, health=HealthView(probes=9, detail="refused"))
        assert failed(view) == ("the service never answered its health check: refused",)

    def test_is_a_service_that_is_gone(self) -> None:
        view = msgspec.structs.replace(VIEW, left_why="the service is gone")
        assert failed(view) == ("the service is gone",)

    @pytest.mark.parametrize(("after", "is_failed"), [(15.0, False), (16.0, True)])
    def test_is_what_was_not_given_back(self, after: float, is_failed: bool) -> None:
        view = msgspec.structs.replace(VIEW, left=(Left("service_threads", 10.0, after, 5.0),))
        assert bool(failed(view)) is is_failed

    @pytest.mark.parametrize(("is_loaded", "number"), [(False, 1), (True, 0)])
    def test_is_that_nothing_could_burn_unless_there_is_a_load(
        self, is_loaded: bool, number: int
    ) -> None:
        view = burnt(why_not="no such core", mean_asked=None, mean_reached=None)
        assert len(failed(view, is_loaded=is_loaded)) == number


class TestAStressThatShowsNothing:
    def test_had_a_burner_that_ended_early(self) -> None:
        view = burnt(ended_by="signal 9", is_early=True)
        assert undone(PLAN, view) == ("the stress was not done: cpu, signal 9",)

    def test_is_none_whose_burner_was_done_before_its_time(self) -> None:
        assert undone(PLAN, burnt(ended_by="all was taken")) == ()

    @pytest.mark.parametrize(
        ("intent", "reached", "number"),
        [("contend", 0.49, 1), ("contend", 0.51, 0), ("soak", 0.2, 0), ("soak", 0.05, 1)],
    )
    def test_reached_hardly_anything_of_what_it_asked(
        self, intent: Intent, reached: float, number: int
    ) -> None:
        plan = msgspec.structs.replace(PLAN, intent=intent)
        assert len(undone(plan, burnt(mean_reached=reached))) == number

    @pytest.mark.parametrize("state", ["at the floor", "paced to the wear budget"])
    @pytest.mark.parametrize("where", ["figures", "totals"])
    def test_is_none_that_we_ourselves_held_back(self, state: str, where: str) -> None:
        view = burnt(mean_reached=0.1, **{where: {"state": state}})
        assert (undone(PLAN, view), remarks(PLAN, view)) == ((), ())

    def test_is_none_that_goes_as_far_as_it_gets(self) -> None:
        assert undone(PLAN, burnt(name="exhaust", mean_reached=0.1)) == ()

    @pytest.mark.parametrize(("worst_ms", "number"), [(3900.0, 0), (4600.0, 1)])
    def test_was_watched_by_an_engine_that_stood_still(self, worst_ms: float, number: int) -> None:
        view = msgspec.structs.replace(VIEW, jitter=Jitter(60, 5, 4.0, worst_ms))
        assert len(undone(PLAN, view)) == number

    def test_was_to_last_until_the_board_was_steady_and_had_no_thermometer(self) -> None:
        plan = msgspec.structs.replace(PLAN, until_steady=True)
        assert "no temperature" in undone(plan, VIEW)[0]
        warm = msgspec.structs.replace(VIEW, price=Price(tj_max_c=70.0))
        assert undone(plan, warm) == ()
        assert remarks(plan, warm) == ("the board was not steady within 1 min",)


class TestARemark:
    def test_is_a_burner_that_could_not_burn(self) -> None:
        assert "cpu was not burnt: why" in remarks(PLAN, burnt(why_not="why"))

    def test_is_one_that_fell_a_little_short(self) -> None:
        (said,) = remarks(PLAN, burnt(mean_reached=0.8))
        assert said == "cpu reached 80 % of the 100 % that was asked for (share of a core)"

    def test_is_a_step_too_short_to_show_heat(self) -> None:
        plan = msgspec.structs.replace(PLAN, steps=(Step(10.0, 0.5), Step(10.0)))
        assert remarks(plan, VIEW) == ("steps of 10 s: heat and latency need 30 s to show",)

    def test_is_none_of_a_stress_in_one_piece(self) -> None:
        plan = msgspec.structs.replace(PLAN, steps=(Step(10.0),), burners=(MemoryPlan(),))
        assert remarks(plan, VIEW) == ()
