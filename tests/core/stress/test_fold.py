from __future__ import annotations

import msgspec
import pytest

from tests.core import script
from tests.core.stress import loaded
from tests.core.stress.loaded import AFTER_S, BEGAN_S, END_S, STRESS_S, folded, state, told
from tui.core import events as ev
from tui.core.limits import Limit
from tui.core.model import RunView
from tui.core.run_fold import RunFold
from tui.core.stress.fold import LATE_S
from tui.core.tally import Row
from tui.core.verdict import Judgement

P95, ERRORS = Limit("p95_ms", "<", 100.0), Limit("error_rate", "<", 0.05)
LIMITS = {"p95_ms": "< 100", "error_rate": "< 0.05", "rps": ">= 40"}


def second(ms: float, *, requests: int = 50, failed: int = 0) -> Row:
    """One second of answers that take so long."""
    good = [ms] * (requests - failed)
    return script.row(good, failed_ms=[ms] * failed, limits=[P95])


def through(rows: dict[int, Row], disturbed: range = range(0), **thresholds: str) -> RunView:
    about = loaded.facts(**(thresholds or LIMITS))
    fold = folded(about, *told(rows, disturbed), *loaded.end())
    return fold.view(END_S + 10.0)


def test_errors_under_stress_are_not_thinned_out_by_what_was_before_and_after() -> None:
    rows = {0: second(20), STRESS_S: second(20, failed=4), AFTER_S: second(20)}
    view = through(rows)
    assert view.total.error_rate < 0.05
    assert state(view, "error_rate").observed == pytest.approx(0.08)
    assert view.judgement is not None
    assert (view.judgement.verdict, state(view, "error_rate").passed) == ("FAIL", False)


def test_latency_and_rate_under_stress_are_judged_by_themselves() -> None:
    rows = {0: second(20, requests=90), STRESS_S: second(300, requests=30), AFTER_S: second(20)}
    view = through(rows)
    assert view.total.rps > 40
    assert state(view, "rps").observed == pytest.approx(30)
    assert state(view, "p95_ms").observed == pytest.approx(300, rel=0.01)


def test_a_service_that_was_bad_before_and_after_alone_holds_its_limits_under_stress() -> None:
    bad = second(300, failed=20)
    view = through({0: bad, STRESS_S: second(20), AFTER_S: bad})
    assert all(each.passed for each in view.thresholds)


def test_nothing_of_requests_is_judged_before_the_stress() -> None:
    about = loaded.facts(**LIMITS)
    events = list(told({0: second(300, failed=20)}, until_s=STRESS_S - 1))
    assert {each.passed for each in folded(about, *events).view(20.0).thresholds} == {None}


def test_a_disturbed_second_counts_its_errors_and_not_its_latencies() -> None:
    rows = {
        0: second(20),
        STRESS_S + 10: second(900, failed=20),
        STRESS_S + 30: second(20),
    }
    view = through(rows, range(STRESS_S + 10, STRESS_S + 30))
    assert state(view, "p95_ms").passed
    assert state(view, "error_rate").observed == pytest.approx(20 / 50 * 20 / 60)
    assert view.stress is not None
    assert view.stress.parts[1].error_rate == state(view, "error_rate").observed


def test_a_stress_that_was_disturbed_all_along_tells_no_latency() -> None:
    view = through({0: second(20)}, range(STRESS_S - 1, AFTER_S + 1))
    assert state(view, "p95_ms").passed is None
    assert state(view, "error_rate").passed
    assert state(view, "rps").passed
    assert view.judgement == Judgement(
        "INVALID",
        "p95 could not be judged: the measurement itself was disturbed",
        "leave the board alone and run it again",
    )


def test_limits_that_lack_different_things_say_each_its_own() -> None:
    late = range(STRESS_S - 1, AFTER_S + 1)
    about = loaded.facts(recovery_s="< 20")
    short = [one for one in told({0: second(20)}, late, until_s=AFTER_S + 5)]
    view = folded(about, *short, *loaded.end()).view(END_S + 10.0)
    assert view.judgement is not None
    assert view.judgement.verdict == "INVALID"
    assert view.judgement.reason == (
        "p95 could not be judged: the measurement itself was disturbed; "
        "recovery could not be judged: watched too briefly"
    )
    assert "stress.after" in view.judgement.advice


def test_a_late_row_counts_for_the_part_in_which_it_lay() -> None:
    about = loaded.facts(error_rate="< 0.05")
    late = [
        ev.LateRowsArrived(at_s=at_s, rows=[second(20, failed=50)], failures=[], slow=[])
        for at_s in (BEGAN_S + AFTER_S + LATE_S - 1, BEGAN_S + AFTER_S + LATE_S + 1)
    ]
    view = folded(about, *told({0: second(20)}), *late, *loaded.end()).view(END_S + 10.0)
    assert state(view, "error_rate").observed == pytest.approx(1 / 61)


ABORTING = {"limit": "< 0.05", "abort": True, "after": "10s"}


class TestAnAbort:
    def said(self, rows: dict[int, Row], until_s: int) -> dict[int, str]:
        """What was to be ended, second by second."""
        about = loaded.facts(error_rate=ABORTING)
        fold, said = RunFold(about), {}
        for event in (*loaded.begin(about), *told(rows, until_s=until_s)):
            fold.apply(event)
            said[int(event.at_s - BEGAN_S)] = fold.broken_abort(event.at_s)
        return said

    def test_waits_for_its_time_under_stress(self) -> None:
        said = self.said({0: second(20), STRESS_S: second(20, failed=4)}, AFTER_S - 1)
        assert next(at_s for at_s, text in said.items() if text) == STRESS_S + 10
        assert said[AFTER_S - 1] == "error_rate < 0.05"

    @pytest.mark.parametrize("bad", [range(STRESS_S), range(AFTER_S, END_S)])
    def test_never_comes_of_what_was_before_or_after(self, bad: range) -> None:
        rows = {0: second(20), bad.start: second(20, failed=40), bad.stop: second(20)}
        assert set(self.said(rows, END_S).values()) == {""}

    def test_spares_a_service_nothing_once_the_stress_is_over(self) -> None:
        rows = {0: second(20), STRESS_S: second(20, failed=4), AFTER_S: second(20)}
        said = self.said(rows, END_S)
        assert {text for at_s, text in said.items() if at_s >= AFTER_S} == {""}


class TestAnAbortOnAnOutage:
    """Half a second to wait for an answer, so ten that fail are about ten seconds."""

    def said(self, silent: range, after: str = "0s") -> dict[int, str]:
        """What was to be ended, second by second, of a service that is silent then."""
        about = loaded.facts(outage_s={"limit": "< 5", "abort": True, "after": after})
        fold, said = RunFold(about), {}
        probes = [
            ev.HealthProbed(
                at_s=at_s + BEGAN_S + 0.6,
                sent_s=at_s + BEGAN_S + 0.1,
                ms=None if at_s in silent else 10.0,
            )
            for at_s in range(END_S)
        ]
        events = [*loaded.begin(about), *told({0: second(20)}), *probes]
        for event in sorted(events, key=lambda event: event.at_s):
            fold.apply(event)
            said[int(event.at_s - BEGAN_S)] = fold.broken_abort(event.at_s)
        return said

    def test_comes_while_it_goes_on(self) -> None:
        said = self.said(range(STRESS_S + 10, STRESS_S + 40))
        ended_s = next(at_s for at_s, text in said.items() if text)
        assert said[ended_s] == "outage_s < 5"
        assert STRESS_S + 14 <= ended_s <= STRESS_S + 16

    def test_never_comes_of_one_that_is_short_enough(self) -> None:
        assert set(self.said(range(STRESS_S + 10, STRESS_S + 13)).values()) == {""}

    def test_waits_for_its_time_under_stress(self) -> None:
        said = self.said(range(STRESS_S + 2, STRESS_S + 12), after="30s")
        assert next(at_s for at_s, text in said.items() if text) == STRESS_S + 30

    def test_spares_nothing_once_the_stress_is_over(self) -> None:
        assert set(self.said(range(AFTER_S + 1, END_S)).values()) == {""}

    def test_never_comes_of_one_before_the_stress(self) -> None:
        assert set(self.said(range(5, STRESS_S - 2)).values()) == {""}


@pytest.mark.parametrize("metric", ["p95_ratio", "rps_ratio"])
def test_what_is_known_only_of_a_whole_part_ends_none(metric: str) -> None:
    # A file may not ask for it: a run that was stored by an earlier version may have.
    about = loaded.facts()
    limits = (*about.scenario.thresholds, Limit(metric, "<", 0.1, abort=True))
    scenario = msgspec.structs.replace(about.scenario, thresholds=limits)
    fold = RunFold(msgspec.structs.replace(about, scenario=scenario))
    for event in (*loaded.begin(about), *told({0: second(20), STRESS_S: second(90)})):
        fold.apply(event)
        assert fold.broken_abort(event.at_s) == ""
    assert state(fold.view(END_S), metric).passed is False


class TestTheHealthCheck:
    def events(
        self, disturbed: range, *, is_dead: bool = False, slow_ms: float = 80.0
    ) -> list[ev.Event]:
        """A quick check a second; in disturbed ones it takes longer, or fails."""
        found: list[ev.Event] = []
        for at_s in range(END_S):
            is_late = at_s in disturbed
            ms = None if is_late and is_dead else slow_ms if is_late else 10.0
            wait_s = (ms or 500.0) / 1000
            sent_s = at_s + 0.1 + BEGAN_S
            found.append(ev.HealthProbed(at_s=sent_s + wait_s, sent_s=sent_s, ms=ms))
        return found

    def view(self, disturbed: range, *, is_dead: bool = False, slow_ms: float = 80.0) -> RunView:
        about = loaded.facts(error_rate="< 0.05")
        probes = self.events(disturbed, is_dead=is_dead, slow_ms=slow_ms)
        told_of = [*told({0: second(20)}, disturbed), *probes]
        in_order = sorted(told_of, key=lambda event: event.at_s)
        return folded(about, *in_order, *loaded.end()).view(END_S + 10.0)

    def test_leaves_out_an_answer_that_only_we_were_late_for(self) -> None:
        view = self.view(range(STRESS_S + 5, STRESS_S + 25)).stress
        assert view is not None
        assert (view.health.answered, view.health.outage_s) == (END_S, 0)
        assert view.health.p95_ms == pytest.approx(10, rel=0.02)
        assert view.parts[1].health_p95_ms == pytest.approx(10, rel=0.02)

    def test_never_leaves_out_the_worst_answer(self) -> None:
        view = self.view(range(STRESS_S + 5, STRESS_S + 25)).stress
        assert view is not None
        assert view.health.worst_ms == 80

    def test_keeps_an_answer_that_was_slow_by_itself(self) -> None:
        view = self.view(range(STRESS_S + 5, STRESS_S + 25), slow_ms=800.0).stress
        assert view is not None
        assert view.parts[1].health_p95_ms == pytest.approx(800, rel=0.02)

    def test_never_leaves_out_an_outage(self) -> None:
        view = self.view(range(STRESS_S + 5, STRESS_S + 25), is_dead=True).stress
        assert view is not None
        assert view.health.outage_s == pytest.approx(20, abs=1)

    def test_is_seen_at_once(self) -> None:
        about = loaded.facts(error_rate="< 0.05")
        fold = folded(about, ev.HealthProbed(at_s=3.0, sent_s=2.0, ms=None, detail="refused"))
        view = fold.view(3.0).stress
        assert view is not None
        assert view.health.gone_since_s == 1.0
        fold.apply(ev.HealthProbed(at_s=3.5, sent_s=3.4, ms=100.0))
        view = fold.view(3.5).stress
        assert view is not None
        assert (view.health.ms, view.health.gone_since_s) == (100.0, None)

    def test_that_was_never_sent_says_nothing_of_the_service(self) -> None:
        about = loaded.facts(error_rate="< 0.05")
        fold = folded(about, ev.HealthProbed(at_s=3.0, sent_s=2.0, is_ours=True))
        view = fold.view(3.0).stress
        assert view is not None
        assert (view.health.probes, view.health.outage_s) == (0, 0)


def test_what_a_burner_has_written_is_known_while_it_burns_and_counted_once() -> None:
    def burnt(at_s: float, written: int) -> ev.BurnersReported:
        figures: dict[str, float | str] = {"written_bytes": written}
        burner = ev.BurnerSecond("storage", "share", 1.0, 1.0, figures=figures)
        return ev.BurnersReported(at_s=at_s, burners=[burner])

    def written(fold: RunFold) -> int:
        view = fold.view(30.0).stress
        assert view is not None
        return view.price.written_bytes

    fold = folded(loaded.facts(error_rate="< 0.05"), burnt(22.0, 1_000), burnt(23.0, 3_000))
    assert written(fold) == 3_000
    fold.apply(ev.BurnerEnded(at_s=24.0, name="storage", totals={"written_bytes": 3_500}))
    assert written(fold) == 3_500


def test_the_best_rate_is_of_the_seconds_under_stress_whenever_they_are_told() -> None:
    rows = {
        0: second(20, requests=90),
        STRESS_S: second(20, requests=40),
        AFTER_S - 5: second(20, requests=60),
        AFTER_S: second(20, requests=99),
    }
    view = through(rows).stress
    assert view is not None
    assert [limit.reached for limit in view.limits] == [60]


class TestABurnerThatDidNotBurn:
    def view(self, advice: str = "") -> RunView:
        ended = ev.BurnerEnded(at_s=22.0, name="cpu", why_not="no core to burn", advice=advice)
        about = loaded.facts(error_rate="< 0.05")
        return folded(about, *told({0: second(20)}), ended, *loaded.end()).view(END_S + 10.0)

    def test_leaves_a_stress_with_a_load_without_proof(self) -> None:
        view = self.view(advice="ask for fewer")
        assert view.judgement == Judgement(
            "INVALID", "nothing could be burnt: cpu, no core to burn", "ask for fewer"
        )
        assert "cpu was not burnt: no core to burn" in view.warnings

    def test_has_an_advice_where_it_knows_none_itself(self) -> None:
        judgement = self.view().judgement
        assert judgement is not None
        assert "jetproof doctor" in judgement.advice


def test_a_part_that_is_told_of_twice_began_when_it_did() -> None:
    again = ev.StressEntered(at_s=AFTER_S + BEGAN_S + 20.0, part="after", why="lost", cut="lost")
    events = sorted((*told({0: second(20)}), again), key=lambda event: event.at_s)
    view = folded(loaded.facts(), *events, *loaded.end()).view(END_S + 10.0).stress
    assert view is not None
    assert [part.part for part in view.parts] == ["before", "stress", "after"]
    assert view.parts[-1].from_s == AFTER_S
    assert view.recovery is not None
    assert view.recovery.released_s == AFTER_S
    assert (view.cut, view.ended_by) == ("", "")


def test_a_run_of_before_there_were_typed_facts_is_read_as_ever() -> None:
    old = (
        {"type": "BurnersReported", "at_s": 22.0, "burners": [OLD_SECOND]},
        {"type": "BurnerEnded", "at_s": 80.0, "name": "memory", "totals": {}, "verified": 9},
    )
    events = [msgspec.convert(each, ev.AnyEvent) for each in old]
    fold = folded(loaded.facts(), *told({0: second(20)}), *events, *loaded.end())
    view = fold.view(END_S + 10.0).stress
    assert view is not None
    (burner,) = view.burners
    assert (burner.held_by, burner.advice, view.service_fate) == ("", "", "unseen")


OLD_SECOND = {"name": "memory", "unit": "share of memory", "asked": 1.0, "reached": 0.9}
