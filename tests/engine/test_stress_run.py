"""Stresses with stand-ins for burners, faults and the world: time passes when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import AFTER_S, BEFORE_S, STRESS_S, USERS, StressBench, stressed
from tests.lib import processes
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.core.model import Snapshot
from tui.core.problem import InputError
from tui.core.stress.plan import PARTS, Part
from tui.core.stress.view import FoundLimit
from tui.engine.load_run import AT_ONCE_GRACE_S
from tui.engine.stress_run import GRACE_S, UNWATCHED
from tui.engine.wear_keeper import KEEP_S
from tui.ports import FaultFailed, LoadFailed
from tui.store.database import SqliteStore
from tui.store.history import History

ABORTING = {"p95_ms": {"limit": "< 50", "abort": True, "after": f"{BEFORE_S + 2}s"}}
FAULTS = [{"latency_ms": 80}, {"cut": "reset"}]


@pytest.fixture
def bench(eager: None) -> Iterator[StressBench]:
    made = StressBench()
    made.supervisor.start()
    yield made
    # With a clock that stands still nobody would ever lose patience with them.
    made.burners.stays = made.burners.survives = False
    made.burners.die()
    made.supervisor.close()


def kept_waiting(bench: StressBench) -> threading.Event:
    """From its next snapshot on the engine waits, until the event is set."""
    go_on = threading.Event()

    def wait(_: Snapshot) -> None:
        go_on.wait(60.0)

    bench.supervisor.listen(wait)
    bench.supervisor.note("info", "this keeps the engine waiting")
    return go_on


class TestAStress:
    def test_goes_through_its_parts_to_a_verdict(self, bench: StressBench) -> None:
        bench.stress(steps_percent=[50, 100], cpu={})
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("stress", ""), ("after", "")]
        assert [event.step for event in bench.kept(ev.StressStepped)] == [0, 1]  # type: ignore[attr-defined]
        assert bench.burners.asked() == [0.5, 1.0]
        assert bench.phases() == ["preparing", "measuring", "cleaning", "ended"]
        assert verdict(bench.run) == ("PASS", "cpu 75 % for 6 s, within all limits")

    def test_lasts_as_long_as_its_scenario_says(self, bench: StressBench) -> None:
        bench.stress()
        bench.to_the_end()
        began, released = (event.at_s for event in bench.kept(ev.StressEntered)[1:])
        assert released - began == pytest.approx(STRESS_S)
        assert bench.run.total_s == BEFORE_S + STRESS_S + AFTER_S

    def test_burns_nothing_before_and_after(self, bench: StressBench) -> None:
        bench.stress()
        bench.await_part("before")
        assert bench.burners.names() == ["prepare"]
        bench.await_part("after")
        assert bench.burners.is_over
        assert set(bench.burners.names()) == {"prepare", "start", "ask", "release"}

    def test_rises_to_its_level(self, bench: StressBench) -> None:
        bench.stress(cpu={}, ramp="4s")
        bench.await_part("after")
        assert bench.burners.asked() == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])

    def test_asks_for_no_worker_and_puts_no_load_on_anything(self, bench: StressBench) -> None:
        bench.stress()
        bench.to_the_end()
        assert bench.driver.names() == []
        assert bench.run.total.requests == 0

    def test_leaves_nothing_behind(self, bench: StressBench) -> None:
        threads = processes.python_threads()
        bench.stress()
        bench.to_the_end()
        assert bench.burners.is_over
        assert bench.faults.is_closed
        assert bench.health.open == 0
        assert not bench.lock.is_held
        assert processes.python_threads() == threads

    def test_asks_the_service_how_it_is_all_along(self, bench: StressBench) -> None:
        bench.token = "s3cret"
        bench.stress()
        for part in PARTS:
            bench.await_part(part)
            bench.health.answer()
            bench.await_turn()
        (asked,) = bench.health.asked
        assert (asked.url, asked.token) == ("http://127.0.0.1:40001", "s3cret")
        assert bench.view.health.answered == 3
        bench.to_the_end()
        assert "s3cret" not in repr(bench.snapshots) + repr(bench.store.kept)

    def test_tells_what_its_burners_reach_each_second(self, bench: StressBench) -> None:
        bench.stress(cpu={}, memory={})
        bench.await_part("stress")
        bench.pass_s(2)
        assert [(each.name, each.reached) for each in bench.view.burners] == [
            ("cpu", 1.0),
            ("memory", 1.0),
        ]
        reports = len(bench.kept(ev.BurnersReported))
        bench.await_turn()
        assert len(bench.kept(ev.BurnersReported)) == reports
        bench.pass_s(1)
        assert len(bench.kept(ev.BurnersReported)) == reports + 1

    def test_tells_how_far_something_could_be_taken(self, bench: StressBench) -> None:
        bench.stress(exhaust={})
        bench.await_part("stress")
        bench.burners.found = [FoundLimit("threads", 4000.0, by="the kernel")]
        bench.pass_s(1)
        assert [limit.name for limit in bench.view.limits] == ["threads"]

    def test_is_neither_paused_nor_held(self, bench: StressBench) -> None:
        bench.stress()
        bench.await_part("stress")
        for act in (bench.supervisor.pause, bench.supervisor.hold, bench.supervisor.release):
            act()
        bench.await_turn()
        assert bench.run.phase == "measuring"
        assert not bench.run.is_holding

    def test_looks_live_as_it_does_when_it_is_read_back(self, eager: None, tmp_path: Path) -> None:
        bench = StressBench(store=SqliteStore(tmp_path))
        bench.supervisor.start()
        bench.stress(cpu={}, storage={}, steps_percent=[50, 100], limits={"outage_s": "< 5"})
        bench.burners.why_not["storage"] = "no room"
        for _ in range(6):
            bench.pass_s(1)
            bench.health.answer()
        bench.to_the_end()
        live = bench.run
        bench.supervisor.close()
        assert History(tmp_path).view(live.facts.id) == live


class TestABurner:
    def test_that_can_t_burn_says_why_and_the_others_burn(self, bench: StressBench) -> None:
        bench.burners.why_not["gpu"] = "no program for it is installed"
        bench.stress(cpu={}, gpu={})
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "")
        assert verdict(bench.run)[0] == "PASS"
        assert "gpu was not burnt: no program for it is installed" in bench.run.warnings

    def test_that_ends_before_its_time_is_told_and_the_others_burn_on(
        self, bench: StressBench
    ) -> None:
        bench.stress(cpu={}, storage={})
        bench.await_part("stress")
        bench.burners.die("storage", by="its budget was written")
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "")
        said = "storage ended before its time: its budget was written"
        assert said in bench.run.warnings

    @pytest.mark.parametrize("why_not", ["", "no cores here"])
    def test_that_was_the_last_one_ends_the_stress_early(
        self, bench: StressBench, why_not: str
    ) -> None:
        if why_not:
            bench.burners.why_not["cpu"] = why_not
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        bench.burners.die()
        bench.await_part("after")
        assert bench.parts()[-1] == ("after", "every burner was at its end")
        bench.to_the_end()
        assert verdict(bench.run)[0] == ("FAIL" if why_not else "PASS")

    def test_that_does_not_end_when_it_is_told_to_is_ended(self, bench: StressBench) -> None:
        bench.burners.stays = True
        bench.stress()
        bench.await_part("after")
        assert "halt" not in bench.burners.names()
        bench.to_the_end()
        assert bench.burners.names()[-1] == "halt"

    def test_that_survives_even_that_keeps_the_run_from_its_end(self, bench: StressBench) -> None:
        bench.burners.stays = bench.burners.survives = True
        bench.stress()
        bench.await_part("after")
        bench.pass_s(AFTER_S + 3 * GRACE_S)
        assert not bench.run.is_over
        bench.burners.die()
        bench.to_the_end()


class TestAGuard:
    def test_halts_the_burners_although_the_engine_waits_for_something(
        self, bench: StressBench
    ) -> None:
        bench.stress()
        bench.await_part("stress")
        go_on = kept_waiting(bench)
        bench.heat()
        try:
            eventually(lambda: bench.burners.is_over)
            assert bench.burners.threads_of("halt") == {"sampler"}
            assert bench.faults.threads_of("undo") == {"sampler"}
        finally:
            go_on.set()
        view = bench.end()
        said = "heat guard: tj 103.0 °C, the board switches off at 104.5 °C"
        assert verdict(view) == ("ABORTED", said)
        assert view.judgement is not None
        assert "fan" in view.judgement.advice

    def test_is_the_only_reason_that_is_told(self, bench: StressBench) -> None:
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        bench.pass_s(3)
        go_on = kept_waiting(bench)
        bench.heat()
        eventually(lambda: bench.burners.is_over)
        go_on.set()
        view = bench.end()
        assert ("after", "every burner was at its end") not in bench.parts()
        assert not any("before its time" in text for text in view.warnings)

    def test_ends_the_load_beside_it_too(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.await_part("stress")
        bench.heat()
        assert verdict(bench.end())[0] == "ABORTED"
        assert ("drain", AT_ONCE_GRACE_S) in bench.driver.calls

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


class TestCalm:
    def test_ends_the_stress_and_the_run_watches_the_way_back(self, bench: StressBench) -> None:
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        bench.supervisor.calm()
        eventually(lambda: bench.view.part == "after")
        assert bench.burners.is_over
        assert not bench.run.is_over
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "by hand")
        assert verdict(bench.run) == ("INTERRUPTED", "the stress was cut short: by hand")
        assert "the stress ended before its time: by hand" in bench.run.warnings

    def test_undoes_what_the_way_to_the_service_suffers_from(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=FAULTS)
        bench.await_part("stress")
        assert bench.faults.holding == ["network"]
        bench.supervisor.calm()
        eventually(lambda: bench.view.part == "after")
        assert bench.faults.holding == []
        assert bench.undone() == ["network"]

    @pytest.mark.parametrize("part", ["before", "after"])
    def test_has_nothing_to_end_in_another_part(self, bench: StressBench, part: Part) -> None:
        bench.stress()
        bench.await_part(part)
        parts = bench.parts()
        bench.supervisor.calm()
        bench.await_turn()
        assert bench.parts() == parts

    def test_is_nothing_to_a_load(self, bench: StressBench) -> None:
        bench.start()
        bench.supervisor.calm()
        bench.await_turn()
        assert bench.run.phase == "measuring"


class TestATerminalThatIsGone:
    @pytest.mark.parametrize(
        "keys", [{"cpu": {}}, {"cpu": {}, "intent": "soak", "disk": {}}], ids=["contend", "disk"]
    )
    def test_ends_what_competes_with_the_service(
        self, bench: StressBench, keys: dict[str, object]
    ) -> None:
        bench.stress(duration="60s", **keys)
        bench.await_part("stress")
        bench.supervisor.hang_up()
        eventually(lambda: bench.view.part == "after")
        assert bench.burners.is_over
        assert bench.faults.holding == []
        assert bench.parts()[-1] == ("after", UNWATCHED)

    def test_leaves_a_soak_alone(self, bench: StressBench) -> None:
        bench.stress(cpu={}, intent="soak")
        bench.await_part("stress")
        bench.supervisor.hang_up()
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "")

    def test_before_the_stress_lets_it_not_begin(self, bench: StressBench) -> None:
        bench.stress()
        bench.supervisor.hang_up()
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("after", UNWATCHED)]
        assert "start" not in bench.burners.names()

    def test_lets_no_later_run_do_harm_either(self, bench: StressBench) -> None:
        bench.start()
        bench.supervisor.hang_up()
        bench.ask(stressed(cpu={}))
        bench.supervisor.stop_run("enough")
        bench.end()
        bench.stress(cpu={})
        bench.to_the_end()
        assert "start" not in bench.burners.names()
        assert verdict(bench.run)[0] == "INTERRUPTED"


class TestAStop:
    @pytest.mark.parametrize(("at_once", "last"), [(False, "release"), (True, "halt")])
    def test_ends_burners_faults_and_the_run(
        self, bench: StressBench, at_once: bool, last: str
    ) -> None:
        bench.stress(cpu={}, disk={})
        bench.await_part("stress")
        bench.supervisor.stop_run("enough", at_once=at_once)
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert last in bench.burners.names()
        assert bench.undone() == ["disk"]
        assert bench.health.open == 0

    def test_counts_before_the_stress_as_well(self, bench: StressBench) -> None:
        bench.stress()
        bench.supervisor.stop_run("enough")
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert "start" not in bench.burners.names()

    def test_ends_the_load_beside_it_too(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.await_part("stress")
        bench.supervisor.stop_run("enough")
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert bench.driver.names()[-1] == "close"

    def test_is_what_closing_the_engine_is(self, eager: None) -> None:
        bench = StressBench()
        before = processes.python_threads()
        bench.supervisor.start()
        bench.stress(load=USERS, faults=FAULTS, memory={})
        bench.await_part("stress")
        bench.supervisor.close()
        assert verdict(bench.run)[0] == "INTERRUPTED"
        assert bench.burners.is_over
        assert bench.faults.is_closed
        assert processes.python_threads() == before


class TestALoadBeside:
    def test_is_at_its_level_before_anything_is_compared(self, bench: StressBench) -> None:
        bench.driver.keeps_levels = False
        bench.ask(stressed(load=USERS, cpu={}))
        bench.await_phase("warm-up")
        bench.pass_s(BEFORE_S + 1)
        assert bench.parts() == []
        bench.driver.say(ev.LevelReached(users=10))
        bench.await_phase("measuring")
        bench.await_part("before")

    def test_goes_on_in_all_three_parts_and_is_the_runs_end(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={}, limits={"p95_ms": "< 2000"})
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("stress", ""), ("after", "")]
        word, reason = verdict(bench.run)
        assert word == "PASS"
        assert reason.endswith("requests within all limits under cpu 100 % for 6 s")
        assert bench.run.total.requests >= 100 * (BEFORE_S + STRESS_S + AFTER_S - 1)
        assert bench.run.phase == "ended"

    def test_that_ends_by_itself_waits_for_the_burners_end(self, bench: StressBench) -> None:
        bench.burners.stays = True
        bench.stress(load=USERS, cpu={}, limits=ABORTING)
        bench.await_part("stress")
        while "close" not in bench.driver.names():
            assert bench.view.part == "stress"
            bench.pass_s(1)
        assert not bench.run.is_over
        assert bench.kept(ev.RunEnded) == []
        bench.burners.die()
        word, reason = verdict(bench.end())
        assert word == "FAIL"
        assert reason.startswith("p95 100 ms, limit 50 ms")
        assert [event.name for event in bench.kept(ev.BurnerEnded)] == ["cpu"]  # type: ignore[attr-defined]

    def test_that_ends_by_itself_has_burners_ended_that_do_not_end(
        self, bench: StressBench
    ) -> None:
        bench.burners.stays = True
        bench.stress(load=USERS, cpu={}, limits=ABORTING)
        bench.await_part("stress")
        bench.to_the_end()
        assert verdict(bench.run)[0] == "FAIL"
        assert "halt" in bench.burners.names()

    def test_is_a_stress_of_its_own_where_nothing_can_burn(self, bench: StressBench) -> None:
        bench.burners.why_not["gpu"] = "no program for it is installed"
        bench.stress(load=USERS, gpu={})
        bench.to_the_end()
        _before, stress, _after = bench.view.parts
        assert stress.until_s is not None
        assert stress.until_s - stress.from_s >= STRESS_S
        assert verdict(bench.run)[0] == "PASS"

    def test_that_drains_is_cut_off_by_a_guard(self, bench: StressBench) -> None:
        bench.driver.drains = False
        bench.stress(load=USERS, cpu={}, limits=ABORTING)
        bench.await_part("stress")
        while bench.run.phase == "measuring":
            bench.pass_s(1)
        assert bench.run.phase == "draining"
        bench.heat()
        bench.pass_s(3)
        word, reason = verdict(bench.end())
        assert word == "ABORTED"
        assert "heat" in reason

    def test_that_loses_its_workers_ends_the_stress(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.await_part("stress")
        bench.driver.say(ev.WorkerLost(name="w1", reason="was killed", users=10))
        assert verdict(bench.end()) == ("INVALID", "worker w1 lost with 10 users: was killed")
        assert bench.burners.is_over

    def test_can_be_changed_by_hand(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.supervisor.rescale(3)
        eventually(lambda: bench.run.users_asked == 3)


class TestFaults:
    def test_are_done_on_the_way_of_the_load_step_by_step(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=[{"latency_ms": 80}, {}, {"cut": "reset"}])
        assert bench.faults.led == ["http://127.0.0.1:40001"]
        assert bench.driver.plan is not None
        assert bench.driver.plan.url == "http://127.0.0.1:40001"
        assert bench.driver.plan.way_url == "http://127.0.0.1:40099"
        bench.await_part("after")
        done = [event.text for event in bench.kept(ev.FaultDone)]  # type: ignore[attr-defined]
        assert done == ["latency 80 ms", "reset"]
        assert bench.undone() == ["network"] * 2
        bench.to_the_end()
        assert [fault.until_s is None for fault in bench.view.faults] == [False] * 2

    def test_that_lose_the_way_end_the_stress_and_blame_nobody_else(
        self, bench: StressBench
    ) -> None:
        bench.stress(load=USERS, faults=[{"latency_ms": 80}], duration="60s")
        bench.await_part("stress")
        bench.faults.gone = "the fault proxy ended"
        bench.to_the_end()
        said = "the stress was cut short: the fault proxy ended"
        assert verdict(bench.run) == ("INVALID", said)

    def test_are_nothing_that_the_health_check_suffers_from(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=FAULTS)
        assert [asked.url for asked in bench.health.asked] == ["http://127.0.0.1:40001"]

    def test_that_can_not_be_done_end_the_stress_and_say_why(self, bench: StressBench) -> None:
        bench.faults.fail_on["suffer"] = FaultFailed("the proxy has gone")
        bench.stress(load=USERS, faults=FAULTS)
        bench.await_part("after")
        assert bench.parts()[-1] == ("after", "the proxy has gone")
        bench.to_the_end()
        said = "the stress was cut short: the proxy has gone"
        assert verdict(bench.run) == ("INVALID", said)

    def test_without_a_way_to_do_them_are_a_refusal(self, bench: StressBench) -> None:
        bench.faults.fail_on["lead"] = FaultFailed("no port is free")
        bench.ask(stressed(load=USERS, faults=FAULTS))
        assert bench.await_refusal() == "failed"
        assert bench.newest.refusal is not None
        assert bench.newest.refusal.what == "no port is free"
        assert not bench.lock.is_held
        assert bench.store.kept == []

    def test_are_closed_where_the_load_can_not_start(self, bench: StressBench) -> None:
        bench.driver.fail_on["start"] = LoadFailed("port in use", is_input=False)
        bench.ask(stressed(load=USERS, faults=FAULTS))
        assert bench.await_refusal() == "failed"
        assert bench.faults.is_closed

    def test_fill_the_disk_for_the_length_of_the_stress(self, bench: StressBench) -> None:
        bench.stress(disk={})
        bench.await_part("stress")
        assert bench.faults.holding == ["disk"]
        (call,) = (call for call in bench.faults.calls if call[0] == "fill")
        assert call[1] == "/scratch"
        assert call[2] >= STRESS_S
        bench.pass_s(2)
        assert bench.view.part == "stress"
        bench.await_part("after")
        assert bench.undone() == ["disk"]

    def test_that_can_not_fill_the_disk_say_why_and_the_others_burn(
        self, bench: StressBench
    ) -> None:
        bench.faults.fail_on["fill"] = FaultFailed("/scratch has no room above its floor")
        bench.stress(disk={}, cpu={})
        bench.to_the_end()
        assert verdict(bench.run)[0] == "PASS"
        assert "disk was not burnt: /scratch has no room above its floor" in bench.run.warnings


class TestWear:
    def test_is_kept_every_few_seconds_and_at_the_end(self, bench: StressBench) -> None:
        bench.stress(storage={}, duration="25s")
        bench.await_part("stress")
        for second in range(1, 24):
            bench.burners.written_bytes = 1000 * second
            bench.pass_s(1)
        kept = list(bench.wear.kept)
        assert abs(len(kept) - 23 / KEEP_S) <= 2
        assert 23_000 - sum(kept) <= 1000 * (KEEP_S + 1)
        bench.burners.written_bytes = 25_000
        bench.to_the_end()
        assert sum(bench.wear.kept) == 25_000
        assert len(bench.wear.kept) == len(kept) + 1

    def test_is_kept_of_a_run_that_is_stopped(self, bench: StressBench) -> None:
        bench.stress(storage={})
        bench.await_part("stress")
        bench.burners.written_bytes = 7000
        bench.supervisor.stop_run("enough")
        bench.end()
        assert sum(bench.wear.kept) == 7000

    def test_that_is_used_up_is_a_refusal(self, bench: StressBench) -> None:
        bench.wear.allowed = 0
        bench.ask(stressed(storage={}))
        assert bench.await_refusal() == "failed"
        assert bench.newest.refusal is not None
        assert "wear budget" in bench.newest.refusal.what

    def test_bounds_what_burners_may_write(self, bench: StressBench) -> None:
        bench.wear.allowed = 5000
        bench.stress(metadata={})
        bench.await_part("stress")
        assert bench.burners.plan is not None
        assert bench.burners.plan.allowed_bytes == 5000

    def test_that_is_not_known_is_a_refusal(self, bench: StressBench) -> None:
        bench.wear.fail_on["allowed_bytes"] = InputError.of("wear", "", "can't be read")
        bench.ask(stressed(storage={}))
        assert bench.await_refusal() == "input"

    def test_is_nobodys_concern_where_nothing_is_written(self, bench: StressBench) -> None:
        bench.stress(cpu={}, memory={}, network={})
        bench.to_the_end()
        assert bench.wear.calls == []

    def test_that_can_not_be_kept_is_told_and_the_run_goes_on(self, bench: StressBench) -> None:
        bench.wear.fail_on["add"] = InputError.of("wear", "", "the disk is full")
        bench.stress(storage={})
        bench.await_part("stress")
        bench.burners.written_bytes = 7000
        bench.to_the_end()
        assert verdict(bench.run)[0] == "PASS"
        assert any("is not kept: wear: the disk is full" in text for text in bench.run.warnings)


class TestAMistakeOfOurs:
    @pytest.mark.parametrize("call", ["start", "ask", "release"])
    def test_in_mid_stress_closes_everything(self, bench: StressBench, call: str) -> None:
        bench.burners.fail_on[call] = RuntimeError("boom")
        bench.stress(load=USERS, faults=FAULTS, cpu={})
        bench.clock.pass_s(BEFORE_S + 0.5)
        if call == "release":
            bench.await_part("stress")
            bench.clock.pass_s(STRESS_S)
        assert verdict(bench.end()) == ("INTERRUPTED", "internal error: RuntimeError: boom")
        assert bench.burners.names()[-1] == "halt"
        assert bench.burners.is_over
        assert bench.faults.is_closed
        assert bench.faults.holding == []
        assert bench.health.open == 0
        assert bench.driver.names()[-1] == "close"
        assert not bench.lock.is_held

    def test_in_closing_itself_leaves_nothing_else_open(self, bench: StressBench) -> None:
        bench.burners.fail_on |= {"ask": RuntimeError("boom"), "halt": RuntimeError("boom")}
        bench.stress(load=USERS, faults=FAULTS, cpu={})
        bench.clock.pass_s(BEFORE_S + 0.5)
        assert verdict(bench.end())[0] == "INTERRUPTED"
        assert bench.faults.is_closed
        assert bench.health.open == 0
        assert bench.driver.names()[-1] == "close"

    def test_is_over_with_the_next_run(self, bench: StressBench) -> None:
        bench.burners.fail_on["ask"] = RuntimeError("boom")
        bench.stress()
        bench.clock.pass_s(BEFORE_S + 0.5)
        bench.end()
        bench.burners.fail_on.clear()
        bench.stress()
        bench.to_the_end()
        assert verdict(bench.run)[0] == "PASS"
