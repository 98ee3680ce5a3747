"""What a stress may write to the storage, and what is kept of it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import StressBench, stressed
from tests.lib.eventually import eventually
from tui.core.problem import InputError
from tui.engine import wear_keeper
from tui.engine.wear_keeper import KEEP_S


class TestWear:
    def test_is_kept_every_few_seconds_and_at_the_end(self, bench: StressBench) -> None:
        bench.stress(storage={}, duration="25s")
        bench.await_part("stress")
        for second in range(1, 24):
            bench.burners.written_bytes = 1000 * second
            bench.pass_s(1)
        eventually(lambda: 23_000 - sum(bench.wear.kept) <= 1000 * (KEEP_S + 1))
        kept = list(bench.wear.kept)
        assert abs(len(kept) - 23 / KEEP_S) <= 2
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

    def test_keeps_nobody_waiting_while_its_disk_does(
        self, bench: StressBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add, go_on = bench.wear.add, threading.Event()

        def wait(*written: Any) -> None:
            assert go_on.wait(60.0)
            add(*written)

        monkeypatch.setattr(bench.wear, "add", wait)
        bench.stress(storage={}, duration="25s")
        bench.await_part("stress")
        for second in range(1, 10):
            bench.burners.written_bytes = 1000 * second
            bench.pass_s(1)
        assert bench.view.part == "stress"
        assert bench.wear.kept == []
        go_on.set()
        bench.supervisor.stop_run("enough")
        bench.end()
        assert sum(bench.wear.kept) == 9000

    def test_whose_disk_never_comes_back_is_told(
        self, bench: StressBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go_on = threading.Event()
        monkeypatch.setattr(bench.wear, "add", lambda *_: go_on.wait(60.0))
        monkeypatch.setattr(wear_keeper, "CLOSE_S", 0.1)
        bench.stress(storage={})
        bench.await_part("stress")
        bench.burners.written_bytes = 7000
        bench.to_the_end()
        go_on.set()
        assert any("is not kept: its disk takes over" in text for text in bench.run.warnings)

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
