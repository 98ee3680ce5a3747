"""What a run tells and leaves at its edges: as it begins, as it ends, and after its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench, verdict
from tests.engine.stress_bench import USERS, StressBench, stressed
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.ports import FaultFailed


@pytest.fixture
def stress_bench(eager: None) -> Iterator[StressBench]:
    made = StressBench()
    made.supervisor.start()
    yield made
    made.burners.fail_on.clear()
    made.supervisor.close()


class TestTheEndOfAStress:
    def test_waits_for_a_disk_that_takes_its_time(
        self, stress_bench: StressBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = stress_bench
        monkeypatch.setattr(bench.faults, "undo", lambda **_: [])
        bench.stress(disk={})
        bench.to_the_end()
        said = [event for _, event in bench.store.kept]
        (undone,) = bench.kept(ev.FaultUndone)
        assert said.index(undone) < said.index(bench.kept(ev.RunEnded)[0])

    @pytest.mark.parametrize("at_once", [False, True], ids=["by hand", "by a signal"])
    def test_waits_for_its_faults_unless_somebody_wants_this_process_gone(
        self, stress_bench: StressBench, at_once: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = stress_bench
        is_kept: list[bool] = []
        close = bench.faults.close

        def close_late() -> list[ev.FaultUndone]:
            is_kept.append(bench.kept(ev.RunEnded) != [])
            return close()

        monkeypatch.setattr(bench.faults, "close", close_late)
        bench.stress(disk={})
        bench.await_part("stress")
        bench.supervisor.stop_run("enough", at_once=at_once)
        bench.end()
        assert is_kept[0] is at_once

    def test_is_the_only_one_whatever_breaks_behind_it(self, stress_bench: StressBench) -> None:
        bench = stress_bench
        bench.burners.fail_on["halt"] = RuntimeError("boom")
        bench.stress()
        bench.to_the_end()
        eventually(lambda: bench.supervisor.failures)
        assert len(bench.kept(ev.RunEnded)) == 1
        assert verdict(bench.run)[0] == "PASS"
        assert not bench.lock.is_held

    def test_before_it_began_says_nothing_of_guards(self, stress_bench: StressBench) -> None:
        bench = stress_bench
        bench.stress()
        bench.await_part("before")
        bench.supervisor.stop_run("enough")
        bench.end()
        assert bench.kept(ev.GuardsBlind) == []


def test_what_an_ended_run_tells_is_not_taken_for_the_next_ones(stress_bench: StressBench) -> None:
    bench = stress_bench
    bench.stress()
    bench.to_the_end()
    bench.stress()
    assert len(bench.health.asked) == 2
    first, second = bench.health.asked
    for asked, ms in ((first, 7.0), (second, 2.0)):
        asked.emit(ev.HealthProbed(sent_s=0.0, ms=ms))
    bench.await_turn()
    assert [event.ms for event in bench.kept(ev.HealthProbed)] == [2.0]  # type: ignore[attr-defined]


def test_burners_that_were_released_are_asked_for_nothing_more(stress_bench: StressBench) -> None:
    bench = stress_bench
    bench.faults.fail_on["suffer"] = FaultFailed("the proxy has gone")
    bench.ask(stressed(load=USERS, cpu={}, faults=[{"cut": "reset"}]))
    bench.await_phase("measuring")
    bench.await_part("after")
    assert "ask" not in bench.burners.names()


def test_a_run_that_can_not_begin_is_closed_and_told(bench: Bench) -> None:
    bench.driver.fail_on["begin"] = OSError("a broken pipe")
    bench.supervisor.start_run(bench.request())
    assert verdict(bench.end()) == ("INTERRUPTED", "internal error: OSError: a broken pipe")
    assert bench.driver.names()[-1] == "close"
    assert not bench.lock.is_held
