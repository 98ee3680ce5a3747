"""The supervisor with stand-ins for the world: time passes when a test says so."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.engine.bench import PLANT, Bench, verdict
from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.fakes import FakeBoard, FakeDriver
from tests.lib.loads import load_of
from tui.core import events as ev
from tui.core.model import Snapshot
from tui.core.problem import InputError
from tui.core.tally import MEASURED, UNMEASURED
from tui.engine.load_run import (
    AT_ONCE_GRACE_S,
    AT_ONCE_SPARE_S,
    DRAIN_SPARE_S,
    HASTY_GRACE_S,
)
from tui.engine.publisher import PUBLISH_S
from tui.ports import LoadFailed, Probe
from tui.store.database import SqliteStore
from tui.store.history import History


class HangingBoard(FakeBoard):
    """A board whose second reading does not come until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()

    def read(self) -> ev.Sample:
        sample = super().read()
        if self.reads > 1:
            self.answers.wait()
        return sample


class TestARun:
    def test_goes_through_its_phases_to_a_verdict(self, bench: Bench) -> None:
        bench.start()
        bench.run_s(60)
        view = bench.end()
        assert verdict(view) == ("PASS", "6 000 requests within all limits")
        assert [event.phase for event in bench.kept(ev.PhaseEntered)] == [  # type: ignore[attr-defined]
            "warm-up",
            "measuring",
            "draining",
            "cleaning",
        ]
        # Closed twice: when the load is over, and when whatever the run held is given back.
        names = ["start", "begin", "set_phase", "drain", "close", "close"]
        assert bench.driver.names() == names
        assert not bench.lock.is_held

    def test_measures_from_its_full_level_on(self, bench: Bench) -> None:
        bench.driver.keeps_levels = False
        bench.supervisor.start_run(bench.request())
        bench.await_phase("warm-up")
        bench.clock.pass_s(7.0)
        bench.driver.say(ev.LevelReached(users=10))
        bench.await_phase("measuring")
        assert bench.run.measured_from_s == 7.0

    def test_measures_from_the_end_of_its_warm_up_when_it_has_one(self, bench: Bench) -> None:
        bench.supervisor.start_run(bench.request(load={"warm_up": "20s"}))
        bench.await_phase("warm-up")
        bench.clock.pass_s(19.0)
        bench.driver.run_s(1)
        eventually(lambda: bench.run.unmeasured_requests)
        assert bench.run.phase == "warm-up"
        bench.clock.pass_s(1.5)
        bench.await_phase("measuring")

    def test_that_breaks_an_abort_threshold_ends_at_once_in_fail(self, bench: Bench) -> None:
        limit = {"limit": "< 50", "abort": True, "after": "5s"}
        bench.start(bench.request(thresholds={"p95_ms": limit}))
        bench.run_s(4)
        assert not bench.run.is_over
        bench.run_s(3)
        word, reason = verdict(bench.end())
        assert word == "FAIL"
        assert reason.startswith("p95 100 ms, limit 50 ms")
        (ended,) = bench.kept(ev.RunEnded)
        assert isinstance(ended, ev.RunEnded)
        assert (ended.reason, ended.detail) == ("threshold", "p95_ms < 50")

    def test_that_breaks_another_threshold_goes_on_to_its_end(self, bench: Bench) -> None:
        bench.start(bench.request(thresholds={"p95_ms": "< 50"}))
        bench.run_s(59)
        assert bench.run.phase == "measuring"
        bench.run_s(1)
        assert verdict(bench.end())[0] == "FAIL"

    def test_that_is_stopped_is_interrupted_and_says_by_whom(self, bench: Bench) -> None:
        bench.start()
        bench.run_s(3)
        bench.supervisor.stop_run("interrupted by SIGTERM")
        assert verdict(bench.end()) == ("INTERRUPTED", "interrupted by SIGTERM")
        assert bench.run.total.requests == 300
        # Somebody waits: no more than a short grace.
        assert ("drain", 2.0) in bench.driver.calls

    def test_that_is_stopped_at_once_gives_next_to_no_grace(self, bench: Bench) -> None:
        bench.start()
        bench.supervisor.stop_run("interrupted by SIGTERM", at_once=True)
        bench.end()
        assert ("drain", AT_ONCE_GRACE_S) in bench.driver.calls
        assert AT_ONCE_GRACE_S * 5 <= HASTY_GRACE_S

    @pytest.mark.parametrize(
        ("at_once", "patience_s"),
        [(False, HASTY_GRACE_S + DRAIN_SPARE_S), (True, AT_ONCE_GRACE_S + AT_ONCE_SPARE_S)],
    )
    def test_whose_driver_never_ends_its_drain_ends_all_the_same(
        self, bench: Bench, at_once: bool, patience_s: float
    ) -> None:
        bench.driver.drains = False
        bench.start()
        bench.run_s(2)
        bench.supervisor.stop_run("enough", at_once=at_once)
        bench.await_phase("draining")
        bench.clock.pass_s(patience_s - 0.1)
        bench.await_turn()
        assert bench.run.phase == "draining"
        bench.clock.pass_s(0.2)
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert bench.driver.names()[-1] == "close"
        assert not bench.lock.is_held

    def test_whose_driver_never_ends_its_drain_keeps_its_verdict(self, bench: Bench) -> None:
        bench.driver.drains = False
        bench.start()
        bench.run_s(60)
        bench.await_phase("draining")
        bench.clock.pass_s(load_of(bench.run.facts.scenario).timeout_s + DRAIN_SPARE_S + 0.1)
        assert verdict(bench.end())[0] == "PASS"

    def test_ignores_a_level_that_nobody_asks_for_any_more(self, bench: Bench) -> None:
        bench.driver.keeps_levels = False
        bench.supervisor.start_run(bench.request())
        bench.await_phase("warm-up")
        bench.supervisor.rescale(25)
        eventually(lambda: bench.run.users_asked == 25)
        for users in (0, 10, 24):
            bench.driver.say(ev.LevelReached(users=users))
        bench.await_turn()
        assert bench.run.phase == "warm-up"
        bench.driver.say(ev.LevelReached(users=25))
        bench.await_phase("measuring")
        assert bench.levels() == [25]

    def test_that_comes_back_from_a_pause_tells_no_news_of_its_level(self, bench: Bench) -> None:
        bench.start()
        for _ in range(2):
            bench.supervisor.pause()
            bench.await_phase("paused")
            bench.clock.pass_s(5.0)
            bench.supervisor.resume()
            bench.await_phase("measuring")
        assert bench.levels() == [10]
        assert [entry.text for entry in bench.newest.log].count("10 users spawned") == 1

    def test_that_is_rescaled_to_the_level_it_has_does_nothing(self, bench: Bench) -> None:
        bench.start()
        calls = list(bench.driver.calls)
        bench.supervisor.rescale(10)
        bench.await_turn()
        assert bench.driver.calls == calls
        assert bench.kept(ev.UsersRequested) == []

    def test_that_is_paused_stands_still_and_ends_later(self, bench: Bench) -> None:
        bench.start()
        bench.run_s(10)
        bench.supervisor.pause()
        bench.await_phase("paused")
        assert bench.driver.calls[-2:] == [("set_phase", UNMEASURED), ("rescale", 0)]
        bench.clock.pass_s(3600.0)
        bench.supervisor.resume()
        bench.await_phase("measuring")
        assert bench.driver.calls[-2:] == [("rescale", 10), ("set_phase", MEASURED)]
        bench.run_s(49)
        assert bench.run.phase == "measuring"
        assert bench.run.measured_s == pytest.approx(59.0)
        bench.run_s(1)
        assert verdict(bench.end())[0] == "PASS"

    def test_that_is_paused_can_be_stopped(self, bench: Bench) -> None:
        bench.start()
        bench.supervisor.pause()
        bench.await_phase("paused")
        bench.supervisor.stop_run()
        assert verdict(bench.end()) == ("INTERRUPTED", "stopped by hand")

    def test_that_is_rescaled_says_so_for_ever(self, bench: Bench) -> None:
        bench.start()
        bench.supervisor.rescale(25)
        eventually(lambda: bench.run.users_asked == 25)
        assert ("rescale", 25) in bench.driver.calls
        bench.supervisor.rescale(-3)
        eventually(lambda: bench.run.users_asked == 1)
        bench.supervisor.stop_run()
        warnings = bench.end().warnings
        assert any("by hand" in text and "25" in text for text in warnings)

    def test_that_is_rescaled_in_its_pause_comes_back_at_the_new_level(self, bench: Bench) -> None:
        bench.start()
        bench.supervisor.pause()
        bench.supervisor.rescale(7)
        bench.supervisor.resume()
        eventually(lambda: ("rescale", 7) in bench.driver.calls)

    def test_that_loses_its_last_worker_is_over_and_invalid(self, bench: Bench) -> None:
        bench.start()
        bench.run_s(2)
        bench.driver.say(ev.WorkerLost(name="w1", reason="was killed by signal 9", users=10))
        word, reason = verdict(bench.end())
        assert word == "INVALID"
        assert "worker w1 lost with 10 users" in reason
        assert "close" in bench.driver.names()

    def test_that_created_something_deletes_it_before_its_verdict(self, bench: Bench) -> None:
        bench.driver.created_paths = ("/images/1", "/images/2")
        bench.start()
        bench.supervisor.stop_run()
        view = bench.end()
        assert bench.service.deleted == ["/images/1", "/images/2"]
        assert view.clean_up is not None
        assert (view.clean_up.created, view.clean_up.left) == (2, 0)

    def test_counts_as_created_what_its_users_deleted_themselves(self, bench: Bench) -> None:
        bench.driver.created_paths = ("/images/8", "/images/9")
        bench.driver.deleted_by_users = 7
        bench.service.keeps = 1
        bench.start()
        bench.supervisor.stop_run()
        clean_up = bench.end().clean_up
        assert clean_up is not None
        assert (clean_up.created, clean_up.deleted, clean_up.left) == (9, 8, 1)

    def test_whose_users_left_nothing_asks_the_target_for_nothing(self, bench: Bench) -> None:
        bench.driver.deleted_by_users = 7
        bench.start()
        bench.supervisor.stop_run()
        clean_up = bench.end().clean_up
        assert clean_up is not None
        assert (clean_up.created, clean_up.deleted, clean_up.left) == (7, 7, 0)
        assert bench.service.deleted == []

    def test_that_can_not_be_kept_says_so(self, bench: Bench) -> None:
        bench.store.trouble = "store: disk full"
        bench.start()
        bench.supervisor.stop_run()
        bench.end()
        eventually(lambda: any("disk full" in entry.text for entry in bench.newest.log))


class TestAQueue:
    def test_is_worked_off_in_order(self, bench: Bench) -> None:
        bench.start(bench.request("one"))
        bench.supervisor.start_run(bench.request("two"))
        bench.supervisor.start_run(bench.request("three"))
        eventually(lambda: bench.newest.queued == ("two", "three"))
        for name in ("one", "two", "three"):
            bench.await_run(name)
            bench.await_phase("measuring")
            bench.clock.pass_s(60.0)
        eventually(lambda: bench.run.is_over)
        assert [event.facts.scenario.id for event in bench.kept(ev.RunStarted)] == [  # type: ignore[attr-defined]
            "one",
            "two",
            "three",
        ]

    def test_is_forgotten_with_a_stop(self, bench: Bench) -> None:
        bench.start(bench.request("one"))
        bench.supervisor.start_run(bench.request("two"))
        bench.supervisor.stop_run()
        bench.end()
        eventually(lambda: bench.newest.queued == ())
        bench.supervisor.start_run(bench.request("three"))
        eventually(lambda: bench.run.facts.scenario.id == "three")


class TestARefusal:
    def test_of_a_target_that_is_down_names_it(self, bench: Bench) -> None:
        bench.service.answer = Probe(False, "nothing listens")
        bench.supervisor.start_run(bench.request())
        assert bench.await_refusal() == "target-down"
        assert bench.driver.calls == []
        assert not bench.lock.is_held

    def test_does_not_come_when_it_is_forced(self, bench: Bench) -> None:
        bench.service.answer = Probe(False, "nothing listens")
        bench.start(bench.request(force=True))
        assert any("did not answer" in text for text in bench.run.warnings)
        assert bench.run.facts.overridden == "the target did not answer: nothing listens"

    def test_leaves_no_word_where_there_was_nothing_to_force(self, bench: Bench) -> None:
        bench.start(bench.request(force=True))
        assert (bench.run.facts.forced, bench.run.facts.overridden) == (False, "")

    def test_of_a_small_board_can_be_forced_and_is_remembered(self, bench: Bench) -> None:
        bench.supervisor.start_run(bench.request(ask_below_memory_gb=16))
        assert bench.await_refusal() == "precondition"
        bench.start(bench.request(ask_below_memory_gb=16, force=True))
        assert "16 GB" in bench.run.facts.overridden

    @pytest.mark.parametrize("meant", ["", "plan", "PLANT"])
    def test_of_a_protected_target_comes_before_a_word_to_it(
        self, bench: Bench, meant: str
    ) -> None:
        bench.supervisor.start_run(bench.request(target=PLANT, meant=meant))
        assert bench.await_refusal() == "protected"
        assert bench.service.probed == []

    def test_does_not_come_when_the_name_was_typed(self, bench: Bench) -> None:
        bench.token = "s3cret"
        bench.start(bench.request(target=PLANT, meant="plant"))
        assert bench.service.probed == [("http://10.0.0.7", "s3cret")]
        assert bench.driver.plan is not None
        assert bench.driver.plan.token == "s3cret"
        assert "s3cret" not in repr(bench.snapshots) + repr(bench.store.kept)

    def test_of_a_board_that_is_driven_names_the_holder(self, bench: Bench) -> None:
        bench.lock.holder = "another run drives this board"
        bench.supervisor.start_run(bench.request())
        assert bench.await_refusal() == "busy"
        assert bench.service.probed == []

    @pytest.mark.parametrize(
        ("error", "trouble"),
        [
            (LoadFailed("users.py: line 3", is_input=True), "input"),
            (LoadFailed("port in use", is_input=False), "failed"),
            (OSError("too many open files"), "failed"),
            (InputError.of("config", "targets.x.token", "is not set"), "input"),
        ],
    )
    def test_of_the_driver_says_whose_fault_it_is(
        self, bench: Bench, error: Exception, trouble: str
    ) -> None:
        bench.driver.fail_on["start"] = error
        bench.supervisor.start_run(bench.request())
        assert bench.await_refusal() == trouble
        assert bench.newest.refusal is not None
        assert str(error) in bench.newest.refusal.what
        assert not bench.lock.is_held
        assert bench.store.kept == []

    def test_forgets_what_was_queued_behind_it(self, bench: Bench) -> None:
        bench.start(bench.request("zero", load={"duration": "5s"}))
        bench.supervisor.start_run(bench.request("one"))
        bench.supervisor.start_run(bench.request("two"))
        eventually(lambda: bench.newest.queued == ("one", "two"))
        bench.lock.holder = "another run drives this board"
        bench.run_s(6)
        first = eventually(lambda: bench.newest.refusal)
        assert first is not None
        assert first.scenario == "one"
        eventually(lambda: bench.newest.queued == ())
        bench.lock.holder = ""
        bench.start(bench.request("three"))
        assert bench.run.facts.scenario.id == "three"
        assert [facts.scenario.id for facts in bench.started()] == ["zero", "three"]

    def test_is_over_with_the_next_run(self, bench: Bench) -> None:
        bench.lock.holder = "another run drives this board"
        bench.supervisor.start_run(bench.request())
        bench.await_refusal()
        bench.lock.holder = ""
        bench.start()
        assert bench.newest.refusal is None

    def test_comes_when_somebody_stops_it_while_it_prepares(self, bench: Bench) -> None:
        bench.service.on_probe = lambda: bench.supervisor.stop_run("interrupted by SIGINT")
        bench.supervisor.start_run(bench.request())
        bench.await_refusal()
        assert bench.newest.refusal is not None
        assert bench.newest.refusal.what == "interrupted by SIGINT"
        assert bench.driver.plan is None
        assert not bench.lock.is_held


def test_a_stop_right_behind_a_start_keeps_its_reason(bench: Bench) -> None:
    held = threading.Event()
    bench.service.on_probe = held.wait  # type: ignore[assignment]
    bench.supervisor.start_run(bench.request("one"))
    bench.supervisor.start_run(bench.request("two"))
    bench.supervisor.stop_run("interrupted by SIGTERM")
    held.set()

    def said() -> bool:
        run, refusal = bench.newest.run, bench.newest.refusal
        ended = run is not None and run.is_over and "SIGTERM" in verdict(run)[1]
        return ended or (refusal is not None and "SIGTERM" in refusal.what)

    eventually(said, f"{bench.newest.refusal}")
    eventually(lambda: bench.newest.queued == ())


class TestAMistakeOfOurs:
    @pytest.mark.parametrize("call", ["set_phase", "drain", "rescale"])
    def test_interrupts_the_run_and_leaves_no_load(self, bench: Bench, call: str) -> None:
        bench.driver.fail_on[call] = RuntimeError("boom")
        bench.supervisor.start_run(bench.request())
        if call != "set_phase":
            bench.await_phase("measuring")
            bench.supervisor.rescale(3)
            bench.supervisor.stop_run()
        word, reason = verdict(bench.end())
        assert word == "INTERRUPTED"
        assert reason == "internal error: RuntimeError: boom"
        assert bench.driver.calls[-1] == ("close",)
        assert not bench.lock.is_held
        assert bench.supervisor.failures == [reason]

    def test_before_the_run_began_is_a_refusal(self, bench: Bench) -> None:
        bench.driver.fail_on["start"] = RuntimeError("boom")
        bench.supervisor.start_run(bench.request())
        assert bench.await_refusal() == "internal"
        assert bench.newest.refusal is not None
        assert bench.newest.refusal.scenario == "standard"
        assert not bench.lock.is_held

    def test_in_the_end_itself_does_not_end_the_engine(self, bench: Bench) -> None:
        bench.driver.fail_on["close"] = RuntimeError("boom")
        bench.start()
        bench.supervisor.stop_run()
        assert verdict(bench.end())[0] == "INTERRUPTED"
        bench.driver.fail_on.clear()
        bench.supervisor.start_run(bench.request("next"))
        eventually(lambda: bench.run.facts.scenario.id == "next")

    def test_of_a_listener_does_not_end_the_engine(self, bench: Bench) -> None:
        def breaks(_: Snapshot) -> None:
            raise RuntimeError("a front end that broke")

        bench.supervisor.listen(breaks)
        bench.start()
        bench.run_s(2)
        assert bench.supervisor.failures == []

    def test_of_a_gauge_does_not_end_the_sampler(self, bench: Bench) -> None:
        good = dict(bench.board.readings)
        bench.board.readings = None  # type: ignore[assignment]
        reads = bench.board.reads
        eventually(lambda: bench.board.reads > reads)
        bench.board.readings = good
        reads = bench.board.reads
        eventually(lambda: bench.board.reads > reads, "the sampler is dead", limit_s=5)


class TestSnapshots:
    def test_come_at_most_twice_a_second(self, paced: Bench) -> None:
        paced.start()
        seen = len(paced.snapshots)
        # Much happens, but no time passes.
        paced.driver.run_s(50)
        eventually(lambda: len(paced.kept(ev.WindowClosed)) == 50)
        assert len(paced.snapshots) == seen
        paced.clock.pass_s(PUBLISH_S)
        eventually(lambda: len(paced.snapshots) == seen + 1)

    def test_show_a_change_of_state_at_once(self, paced: Bench) -> None:
        bench = paced
        # The clock stands still all the time: nothing here waits for the next turn.
        bench.start()
        bench.supervisor.pause()
        bench.await_phase("paused")
        bench.supervisor.resume()
        bench.await_phase("measuring")
        bench.supervisor.stop_run()
        bench.end()
        assert bench.phases() == [
            "preparing",
            "warm-up",
            "measuring",
            "paused",
            "warm-up",
            "measuring",
            "draining",
            "cleaning",
            "ended",
        ]

    def test_show_a_stall_at_once_and_its_end(self, paced: Bench) -> None:
        bench = paced
        bench.start()
        bench.driver.say(ev.LoadReported(users=10, in_flight=9, oldest_s=4.0, silent_s=4.0))
        eventually(lambda: bench.run.now.stalled_s == 4.0)
        bench.driver.say(ev.LoadReported(users=10, in_flight=1, oldest_s=0.1, silent_s=0.0))
        eventually(lambda: bench.run.now.stalled_s is None)

    def test_come_once_a_second_while_nothing_happens(self) -> None:
        bench, gauge = Bench(), HangingBoard()
        bench.board = gauge
        bench.supervisor.start()
        try:
            eventually(lambda: gauge.reads == 2, "the gauge does not hang")
            bench.clock.pass_s(PUBLISH_S)
            eventually(lambda: bench.newest.board_at_utc is not None)
            ages = []
            for _ in range(3):
                seen = len(bench.snapshots)
                bench.clock.pass_s(1.0)
                eventually(lambda seen=seen: len(bench.snapshots) > seen, "no news at rest")  # type: ignore[misc]
                assert bench.newest.board_at_utc is not None
                ages.append(bench.newest.at_utc - bench.newest.board_at_utc)
            assert [age - ages[0] for age in ages] == pytest.approx([0.0, 1.0, 2.0])
        finally:
            gauge.answers.set()
            bench.supervisor.close()

    def test_without_a_run_show_the_board(self, bench: Bench) -> None:
        eventually(lambda: "cpu_percent" in bench.newest.board)
        assert bench.newest.run is None

    def test_hold_no_more_than_the_snapshots_before(self, bench: Bench) -> None:
        bench.start(bench.request(load={"duration": "2h"}))
        bench.run_s(30)
        first = bench.run
        bench.clock.pass_s(1.0)
        assert len(first.points) == 30
        bench.run_s(30)
        assert (len(first.points), len(bench.run.points)) == (30, 60)

    def test_can_be_asked_for_a_note(self, bench: Bench) -> None:
        bench.supervisor.note("warn", "the link is slow")
        eventually(lambda: [entry.text for entry in bench.newest.log] == ["the link is slow"])


def test_closing_ends_the_run_and_every_thread(eager: None) -> None:
    bench = Bench()
    before = processes.python_threads()
    bench.supervisor.start()
    bench.start()
    bench.supervisor.close()
    assert verdict(bench.run) == ("INTERRUPTED", "the console was closed")
    assert processes.python_threads() == before
    assert bench.store.is_closed
    assert not bench.embedded.is_running
    bench.supervisor.close()


def test_closing_does_not_wait_for_a_driver_that_is_broken(eager: None) -> None:
    bench = Bench()
    bench.supervisor.start()
    bench.start()
    bench.driver.fail_on |= {"drain": RuntimeError("boom"), "close": RuntimeError("boom")}
    bench.supervisor.close()
    assert verdict(bench.run)[0] == "INTERRUPTED"


def test_the_live_view_is_the_stored_one(eager: None, tmp_path: Path) -> None:
    bench = Bench(store=SqliteStore(tmp_path))
    bench.supervisor.start()
    bench.start(bench.request(thresholds={"p95_ms": "< 50", "error_rate": "< 0.5"}))
    bench.run_s(3)
    bench.supervisor.pause()
    bench.await_phase("paused")
    bench.clock.pass_s(5.0)
    bench.supervisor.resume()
    bench.await_phase("measuring")
    bench.driver.failing = True
    bench.run_s(4)
    bench.driver.say(ev.UserCodeFailed(error="KeyError"))
    bench.driver.say(ev.BoardSampled(readings=bench.board.read().readings))
    bench.supervisor.stop_run("enough")
    live = bench.end()
    bench.supervisor.close()
    history = History(tmp_path)
    assert history.view(live.facts.id) == live
    (kept,) = history.runs()
    assert bench.newest.past["standard", "demo"] == kept


def test_a_run_knows_the_driver_of_the_demo(bench: Bench) -> None:
    bench.start()
    assert isinstance(bench.driver, FakeDriver)
    assert bench.run.facts.url == "http://127.0.0.1:40001"
    assert bench.embedded.is_running
