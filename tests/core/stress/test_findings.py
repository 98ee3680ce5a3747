"""What fails a stress, what makes it show nothing, and what must only be known."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tui.core.incidents import Incident
from tui.core.proof import Shortfall
from tui.core.stress.findings import findings, remarks
from tui.core.stress.findings import undone as undone_of
from tui.core.stress.plan import CpuPlan, DiskPlan, GpuPlan, Intent, MemoryPlan, Step, Stress
from tui.core.stress.reach import MEND
from tui.core.stress.view import (
    BurnerView,
    FaultView,
    HealthView,
    HeldBy,
    Jitter,
    Left,
    Level,
    Price,
    StressView,
)

CPU = BurnerView("cpu", "share of a core", mean_asked=1.0, mean_reached=0.98, verified=1000)
VIEW = StressView(None, 0, 0.0, burners=(CPU,))
PLAN = Stress("contend", 20.0, 0.0, (Step(60.0),), 60.0, burners=(CpuPlan(),))


def burnt(**changes: object) -> StressView:
    return msgspec.structs.replace(VIEW, burners=(msgspec.structs.replace(CPU, **changes),))


def failed(view: StressView, *incidents: Incident) -> tuple[str, ...]:
    return findings(view, incidents)


def undone(plan: Stress, view: StressView) -> tuple[str, ...]:
    """The reasons of a stress without a load."""
    return tuple(each.reason for each in undone_of(plan, view, is_loaded=False))


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
        view = msgspec.structs.replace(VIEW, left_why="the service is gone", service_fate="gone")
        assert failed(view) == ("the service is gone",)

    @pytest.mark.parametrize(("after", "is_failed"), [(15.0, False), (16.0, True)])
    def test_is_what_was_not_given_back(self, after: float, is_failed: bool) -> None:
        view = msgspec.structs.replace(VIEW, left=(Left("service_threads", 10.0, after, 5.0),))
        assert bool(failed(view)) is is_failed

    def test_says_in_the_gauges_own_unit_what_was_not_given_back(self) -> None:
        left = Left("service_pss_mb", 1234567.25, 2345678.0, 50.0)
        view = msgspec.structs.replace(VIEW, left=(left,))
        assert failed(view) == (
            "service pss not given back: 1 234 567 MiB before, 2 345 678 MiB after",
        )

    def test_is_not_that_nothing_could_burn(self) -> None:
        assert failed(UNBURNT) == ()


def unburnt(name: str, advice: str = "") -> BurnerView:
    return BurnerView(name, "", why_not=f"no {name} here", advice=advice)


UNBURNT = msgspec.structs.replace(VIEW, burners=(unburnt("cpu"),))


class TestAStressThatShowsNothing:
    @pytest.mark.parametrize("is_loaded", [True, False])
    def test_burnt_nothing_beside_a_load_or_alone(self, is_loaded: bool) -> None:
        said = undone_of(PLAN, UNBURNT, is_loaded=is_loaded)
        assert said == (Shortfall("nothing could be burnt: cpu, no cpu here", MEND),)

    def test_says_what_helps_where_the_burner_knows(self) -> None:
        burners = (unburnt("network", "start the peer"), unburnt("gpu", "install it"))
        view = msgspec.structs.replace(VIEW, burners=burners)
        (said,) = undone_of(PLAN, view, is_loaded=False)
        assert said == Shortfall(
            "nothing could be burnt: network, no network here, and 1 more", "start the peer"
        )

    def test_had_burners_that_never_told_anything(self) -> None:
        silent = msgspec.structs.replace(VIEW, burners=(BurnerView("network", ""),))
        assert undone(PLAN, silent) == ("nothing could be burnt: network, it told of nothing",)

    def test_is_none_where_all_burnt_but_a_gpu_for_which_no_program_was_named(self) -> None:
        brief = BurnerView("cpu", "", totals={"rounds": 9.0})
        view = msgspec.structs.replace(VIEW, burners=(unburnt("gpu"), brief))
        plan = msgspec.structs.replace(PLAN, burners=(CpuPlan(), GpuPlan()))
        assert undone(plan, view) == ()
        assert "gpu was not burnt: no gpu here" in remarks(plan, view)

    def test_is_one_of_whose_burners_some_could_not_burn(self) -> None:
        burners = (CPU, unburnt("storage", "free the disk"), unburnt("memory"), unburnt("gpu"))
        view = msgspec.structs.replace(VIEW, burners=burners)
        plan = msgspec.structs.replace(PLAN, burners=(CpuPlan(), MemoryPlan(), GpuPlan()))
        assert undone_of(plan, view, is_loaded=False) == (
            Shortfall("storage could not be burnt: no storage here", "free the disk"),
            Shortfall("memory could not be burnt: no memory here", MEND),
        )

    @pytest.mark.parametrize(("burners", "number"), [((CPU,), 0), ((), 1)])
    def test_is_one_whose_disk_had_no_room_where_that_was_all(
        self, burners: tuple[BurnerView, ...], number: int
    ) -> None:
        view = msgspec.structs.replace(VIEW, burners=(*burners, unburnt("disk")))
        plan = msgspec.structs.replace(PLAN, disk=DiskPlan())
        assert len(undone(plan, view)) == number

    def test_is_one_whose_faults_alone_were_done(self) -> None:
        view = msgspec.structs.replace(UNBURNT, faults=(FaultView("disk", "full", 1.0, 2.0),))
        assert undone(PLAN, view) == ("nothing could be burnt: cpu, no cpu here",)

    @pytest.mark.parametrize(
        ("by", "is_loaded", "number"),
        [("auto", True, 0), ("auto", False, 1), ("trtexec", True, 1)],
    )
    def test_is_none_whose_load_burns_the_gpu_unless_a_program_was_named(
        self, by: Any, is_loaded: bool, number: int
    ) -> None:
        plan = msgspec.structs.replace(PLAN, burners=(GpuPlan(by=by),))
        view = msgspec.structs.replace(VIEW, burners=(unburnt("gpu"),))
        assert len(undone_of(plan, view, is_loaded=is_loaded)) == number

    def test_lost_its_way_by_a_fault_of_ours(self) -> None:
        view = msgspec.structs.replace(VIEW, cut="lost", ended_by="the proxy ended")
        assert undone(PLAN, view) == ("the stress was cut short: the proxy ended",)

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

    def test_fell_short_in_its_highest_step_alone(self) -> None:
        shares = ((0.25, 0.25), (0.5, 0.5), (0.75, 0.5), (1.0, 0.35))
        levels = tuple(Level(number, *share) for number, share in enumerate(shares))
        (said,) = undone(PLAN, burnt(mean_asked=0.625, mean_reached=0.4, levels=levels))
        assert said == (
            "cpu reached 25 · 50 · 50 · 35 % of the 25 · 50 · 75 · 100 % that was asked for "
            "(share of a core)"
        )

    @pytest.mark.parametrize(
        ("held_by", "reached", "number"),
        [("floor", 0.11, 0), ("floor", 0.09, 1), ("wear", 0.02, 0), ("wear", 0.005, 1)],
    )
    def test_was_held_back_by_us_to_next_to_nothing(
        self, held_by: HeldBy, reached: float, number: int
    ) -> None:
        view = burnt(
            mean_reached=reached, held_by=held_by, told_s=60, held_s=60, mean_excused=1 - reached
        )
        assert len(undone(PLAN, view)) == number

    def test_was_held_back_by_us_for_so_little_time_that_it_explains_nothing(self) -> None:
        view = burnt(mean_reached=0.3, held_by="floor", told_s=60, held_s=1, mean_excused=0.01)
        assert undone(PLAN, view) == (
            "cpu reached 30 % of the 100 % that was asked for (share of a core)",
        )

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

    @pytest.mark.parametrize(
        ("held_by", "by"),
        [("floor", "the floor of free memory"), ("wear", "its budget of writes")],
    )
    def test_is_always_one_that_we_held_back(self, held_by: HeldBy, by: str) -> None:
        view = burnt(mean_reached=0.5, held_by=held_by, told_s=60, held_s=40, mean_excused=0.45)
        assert undone(PLAN, view) == ()
        assert remarks(PLAN, view) == (
            f"cpu was held by {by} for 40 of 60 s: 50 % of the 100 % asked for",
        )

    def test_is_a_service_that_was_away_before_the_stress(self) -> None:
        view = msgspec.structs.replace(VIEW, health=HealthView(60, 55, outage_before_s=5.5))
        (said,) = remarks(PLAN, view)
        assert said == "no answer for 5.5 s before the stress, which is no outage of it"

    def test_is_a_step_too_short_to_show_heat(self) -> None:
        plan = msgspec.structs.replace(PLAN, steps=(Step(10.0, 0.5), Step(10.0)))
        assert remarks(plan, VIEW) == ("steps of 10 s: heat and latency need 30 s to show",)

    def test_is_none_of_a_stress_in_one_piece(self) -> None:
        plan = msgspec.structs.replace(PLAN, steps=(Step(10.0),), burners=(MemoryPlan(),))
        assert remarks(plan, VIEW) == ()
