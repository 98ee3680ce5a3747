"""Guards over a stress: what they end, and what is said of it."""

from __future__ import annotations

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import BEFORE_S, USERS, StressBench, kept_waiting
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.engine.load_run import AT_ONCE_GRACE_S


def trip(bench: StressBench) -> None:
    """A guard has tripped, and the engine has heard of it."""
    bench.heat()
    eventually(lambda: "halt" in bench.burners.names())
    bench.await_turn()


class TestAGuard:
    def test_halts_the_burners_although_the_engine_waits_for_something(
        self, bench: StressBench
    ) -> None:
        bench.stress()
        bench.await_part("stress")
        with kept_waiting(bench):
            bench.heat()
            eventually(lambda: bench.burners.is_over)
            assert bench.burners.threads_of("halt") == {"sampler"}
            assert bench.faults.threads_of("undo") == {"sampler"}
        view = bench.end()
        said = "heat guard: tj 103.0 °C, the board switches off at 104.5 °C"
        assert verdict(view) == ("ABORTED", said)
        assert view.judgement is not None
        assert "fan" in view.judgement.advice

    def test_is_the_only_reason_that_is_told(self, bench: StressBench) -> None:
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        bench.pass_s(3)
        with kept_waiting(bench):
            bench.heat()
            eventually(lambda: bench.burners.is_over)
        view = bench.end()
        assert ("after", "every burner was at its end") not in bench.parts()
        assert not any("before its time" in text for text in view.warnings)

    def test_ends_the_load_beside_it_too(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.await_part("stress")
        bench.heat()
        assert verdict(bench.end())[0] == "ABORTED"
        assert ("drain", AT_ONCE_GRACE_S) in bench.driver.calls

    @pytest.mark.parametrize("is_first", [True, False], ids=["before a stop", "after a stop"])
    def test_counts_more_than_a_stop(self, bench: StressBench, is_first: bool) -> None:
        bench.burners.stays = bench.burners.survives = True
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        if is_first:
            trip(bench)
        bench.supervisor.stop_run("enough")
        bench.await_turn()
        if not is_first:
            trip(bench)
        bench.burners.die()
        word, reason = verdict(bench.end())
        assert word == "ABORTED"
        assert reason.startswith("heat guard")

    @pytest.mark.parametrize("load", [None, USERS], ids=["alone", "beside a load"])
    def test_counts_in_the_grace_after_the_last_part(
        self, bench: StressBench, load: object
    ) -> None:
        bench.burners.stays = bench.burners.survives = True
        bench.stress(load=load, cpu={})
        bench.await_part("after")
        while bench.run.phase not in ("cleaning", "draining"):
            bench.pass_s(1)
        trip(bench)
        bench.burners.die()
        assert verdict(bench.end())[0] == "ABORTED"

    def test_watches_the_burners_only_while_they_burn(self, bench: StressBench) -> None:
        warm = ev.Reading(70.0, "sysfs", limit=99.0, critical=104.5)
        bench.board.readings["tj_c"] = warm
        bench.stress(cpu={}, max_c=60)
        bench.await_part("before")
        bench.await_samples(3)
        assert not bench.run.is_over
        bench.clock.pass_s(BEFORE_S)
        view = bench.end()
        assert verdict(view) == ("ABORTED", "heat guard: tj 70.0 °C, the scenario allows 60.0 °C")

    def test_forgets_what_was_queued_behind_it(self, bench: StressBench) -> None:
        bench.stress()
        bench.supervisor.start_run(bench.request("next"))
        eventually(lambda: bench.newest.queued == ("next",))
        bench.heat()
        bench.end()
        eventually(lambda: bench.newest.queued == ())

    def test_that_can_not_watch_here_is_told(self, bench: StressBench) -> None:
        bench.stress()
        bench.to_the_end()
        (blind, *_) = bench.kept(ev.GuardsBlind)
        assert isinstance(blind, ev.GuardsBlind)
        assert blind.lines
        assert set(blind.lines) <= set(bench.run.warnings)
