from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Callable, Sequence

import msgspec
import pytest

from tests.core import script
from tests.lib import workflows
from tui import headless
from tui.core import events as ev
from tui.core import outcome
from tui.core.config import Target
from tui.core.model import Cooling, Refusal, Snapshot, Trouble
from tui.core.remarks import DEMO_WARNING
from tui.core.session import Session
from tui.headless import StopRequest, run_headless
from tui.ports import NoStill, PictureAsk, Prediction, RunRequest, Still, as_rungs
from tui.progress import cooling_line
from tui.reports.session import session_report


class ScriptedEngine:
    """Answers each request with a script, folded by the real session, on the caller's thread."""

    def __init__(self, *answers: script.RunMaker | Refusal) -> None:
        self._session = Session("board", "demo")
        self._answers = list(answers)
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._now = (0.0, script.STARTED_AT)
        self.asked: list[RunRequest] = []
        self.stopped: list[str] = []
        self.at_once: list[bool] = []
        self.hold_after = 0
        """From this event on a run only waits to be stopped."""
        self.on_hold: Callable[[], None] = lambda: None

    def start_run(self, request: RunRequest) -> None:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Refusal):
            self._session.refuse(answer)
            self._publish()
            return
        number = len(self.asked)
        facts = script.facts(f"r{number}", scenario=request.scenario, target=request.target)
        for index, event in enumerate(answer(facts), start=1):
            self._apply(event)
            if index == self.hold_after:
                self.on_hold()
                break

    def stop_run(self, reason: str = "", *, at_once: bool = False) -> None:
        self.stopped.append(reason)
        self.at_once.append(at_once)
        if self._session.run is not None:
            for event in script.ending(60.0, "stopped", reason):
                self._apply(event)

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def rescale(self, users: int) -> None: ...

    def hold(self) -> None: ...

    def release(self) -> None: ...

    def hang_up(self) -> None: ...

    def calm(self) -> None: ...

    def skip_cool_down(self) -> None: ...

    def look_at(self, cameras: Sequence[str]) -> None: ...

    def show_camera(self, camera: str, ask: PictureAsk | None) -> None: ...

    def reset_focus(self, camera: str) -> None: ...

    def take_still(self, camera: str, done: Callable[[Still | NoStill], None]) -> None: ...

    def try_picture(
        self, camera: str, target: Target, done: Callable[[Prediction | NoStill], None]
    ) -> None: ...

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        self._listeners.append(callback)

    def snapshot(self) -> Snapshot:
        return self._session.snapshot(*self._now)

    def note(self, level: str, text: str) -> None: ...

    def close(self) -> None: ...

    def _apply(self, event: ev.Event) -> None:
        self._now = (event.at_s, script.STARTED_AT + event.at_s)
        self._session.apply(event, self._now[1])
        self._publish()

    def _publish(self) -> None:
        for listener in self._listeners:
            listener(self.snapshot())


class Outcome:
    """What a headless command printed and returned."""

    def __init__(
        self,
        engine: ScriptedEngine,
        runs: int = 1,
        *,
        quiet: bool = False,
        fail_fast: bool = False,
        stop: StopRequest | None = None,
        duration: str = "5m",
        target: Target = script.LOCAL,
        err: io.TextIOWrapper | None = None,
        campaign: str = "",
    ) -> None:
        load = {"users": 20, "spawn_rate": 10.0, "duration": duration}
        request = RunRequest(script.scenario(load=load), target, workers=1)
        requests = [request] * runs
        self.outcomes: list[outcome.Outcome] = []
        out, err = _stream(), err or _stream()
        self.code = run_headless(
            engine,
            as_rungs(campaign, requests) if campaign else requests,
            out=out,
            err=err,
            quiet=quiet,
            fail_fast=fail_fast,
            summary=lambda view: f"summary of {view.facts.id}",
            on_outcome=self.outcomes.append,
            stop=stop,
        )
        self.reports = outcome.views(self.outcomes)
        self.out, self.err = _text(out), _text(err)


def _stream(encoding: str = "utf-8") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


def _text(stream: io.TextIOWrapper) -> str:
    if stream.closed:
        return ""
    stream.seek(0)
    return stream.read()


def refusal(trouble: Trouble, what: str = "connection refused") -> Refusal:
    return Refusal(trouble, "standard", "demo", what)


def long_run(facts: ev.RunFacts) -> list[ev.Event]:
    limits = script.percentiles(facts.scenario)
    return script.whole_run(facts, script.row([100.0] * 20, limits=limits), seconds=60)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (script.good_run, 0),
        (script.failing_run, 1),
        (script.empty_run, 1),
        (script.invalid_run, 5),
        (script.cut_short_run, 130),
    ],
)
def test_a_verdict_becomes_an_exit_code(make: script.RunMaker, code: int) -> None:
    outcome = Outcome(ScriptedEngine(make))
    assert outcome.code == code
    assert outcome.out == "summary of r1\n"
    assert [view.facts.id for view in outcome.reports] == ["r1"]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [("input", 2), ("protected", 2), ("target-down", 3), ("busy", 3), ("failed", 3)],
)
def test_a_refusal_is_one_line_and_an_exit_code(trouble: Trouble, code: int) -> None:
    outcome = Outcome(ScriptedEngine(refusal(trouble)))
    assert outcome.code == code
    assert outcome.err.count("\n") == 1
    assert "connection refused" in outcome.err
    assert (outcome.out, outcome.reports) == ("", [])


def test_nothing_that_is_said_can_drive_a_terminal() -> None:
    stream = _stream()
    headless.Printer(stream).say("  in\x1b]0;pwn\x07\x9b2J \u202eout\n\nlast")
    assert _text(stream) == "  in ]0;pwn 2J \ufffdout\n\nlast\n"


def test_a_target_that_is_down_says_what_else_could_be_done() -> None:
    outcome = Outcome(ScriptedEngine(refusal("target-down")))
    assert outcome.err == ("standard on demo: connection refused (--force runs it all the same)\n")


def test_several_mistakes_in_a_file_keep_their_lines() -> None:
    outcome = Outcome(ScriptedEngine(refusal("input", "a.toml:x: wrong\na.toml:y: wrong")))
    assert outcome.err == "a.toml:x: wrong\na.toml:y: wrong\n"


def test_the_same_refusal_twice_is_two() -> None:
    outcome = Outcome(ScriptedEngine(refusal("busy"), refusal("busy")), runs=2)
    assert (outcome.code, outcome.err.count("\n")) == (3, 2)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([script.good_run, script.failing_run, script.good_run], 1),
        ([script.failing_run, script.invalid_run, script.good_run], 5),
        ([script.good_run, refusal("target-down"), script.good_run], 3),
        ([refusal("target-down"), script.failing_run, script.good_run], 1),
        ([refusal("busy"), refusal("protected"), script.good_run], 2),
    ],
)
def test_the_worst_of_several_runs_decides(
    answers: Sequence[script.RunMaker | Refusal], code: int
) -> None:
    engine = ScriptedEngine(*answers)
    assert Outcome(engine, runs=3).code == code
    assert len(engine.asked) == 3


@pytest.mark.parametrize("first", [script.failing_run, refusal("busy")])
def test_fail_fast_ends_with_the_first_failure(first: script.RunMaker | Refusal) -> None:
    engine = ScriptedEngine(first, script.good_run)
    assert Outcome(engine, runs=2, fail_fast=True).code in (1, 3)
    assert len(engine.asked) == 1


def test_fail_fast_goes_on_while_all_is_well() -> None:
    assert len(Outcome(ScriptedEngine(*[script.good_run] * 2), runs=2, fail_fast=True).reports) == 2


@pytest.mark.parametrize("first", [script.failing_run, refusal("busy")])
def test_a_rung_that_does_not_pass_ends_its_campaign(first: script.RunMaker | Refusal) -> None:
    engine = ScriptedEngine(first, script.good_run, script.good_run)
    outcome = Outcome(engine, runs=3, campaign="ladder")
    assert outcome.code in (1, 3)
    assert len(engine.asked) == 1
    assert "ladder ends at rung 1 of 3: 2 runs not started" in outcome.err


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([script.good_run, script.good_run, script.good_run], ["PASS", "PASS", "PASS"]),
        ([script.failing_run], ["FAIL", "NOT STARTED", "NOT STARTED"]),
        ([script.good_run, refusal("busy")], ["PASS", "REFUSED", "NOT STARTED"]),
    ],
)
def test_every_rung_has_an_outcome_and_the_exit_code_is_theirs(
    answers: Sequence[script.RunMaker | Refusal], words: Sequence[str]
) -> None:
    found = Outcome(ScriptedEngine(*answers), runs=3, campaign="ladder")
    assert [outcome.status(each) for each in found.outcomes] == words
    assert found.code == outcome.exit_code(found.outcomes)
    session = session_report(found.outcomes)
    assert session["exit_code"] == found.code
    assert (session["verdict"] == "PASS") is (found.code == 0)


def test_what_did_not_run_says_why() -> None:
    engine = ScriptedEngine(script.good_run, refusal("target-down"))
    _, refused, left = Outcome(engine, runs=3, campaign="ladder").outcomes
    assert isinstance(refused, outcome.NotRun)
    assert isinstance(left, outcome.NotRun)
    assert (refused.why, refused.scenario, refused.rung) == ("connection refused", "standard", 2)
    assert (left.why, left.rung) == ("ladder ended at rung 2: REFUSED", 3)
    assert left.at_utc >= script.STARTED_AT


def test_an_interrupt_during_a_cool_down_leaves_no_session_that_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(headless, "STOP_PATIENCE_S", 0.01)
    stop = StopRequest()

    class Cooled(ScriptedEngine):
        def start_run(self, request: RunRequest) -> None:
            if self.asked:
                self.asked.append(request)
                stop.request_stop()
            else:
                super().start_run(request)

    found = Outcome(Cooled(script.good_run), runs=3, campaign="ladder", stop=stop)
    assert [outcome.status(each) for each in found.outcomes] == [
        "PASS",
        "INTERRUPTED",
        "INTERRUPTED",
    ]
    assert found.code == session_report(found.outcomes)["exit_code"] == 130
    assert "interrupted by SIGINT: 2 of 3 runs not begun\n" in found.err


def test_a_campaign_whose_last_rung_fails_has_nothing_left_to_tell() -> None:
    engine = ScriptedEngine(script.good_run, script.failing_run)
    outcome = Outcome(engine, runs=2, campaign="ladder")
    assert (outcome.code, len(engine.asked)) == (1, 2)
    assert "not started" not in outcome.err


def test_the_wait_before_a_run_is_told_with_what_it_waits_for() -> None:
    cooling = Cooling("load", 270.0, 52.25, 47.0, 0.4, 1.0)
    assert cooling_line(cooling) == (
        "cooling down before load: 52.2 °C, wanted 47.0, load 0.40, wanted < 1.0; "
        "04:30 left at most"
    )
    blind = msgspec.structs.replace(cooling, temperature_c=None)
    assert "°C" not in cooling_line(blind)


def test_the_second_run_is_not_taken_for_the_first() -> None:
    outcome = Outcome(ScriptedEngine(script.failing_run, script.good_run), runs=2)
    assert [view.facts.id for view in outcome.reports] == ["r1", "r2"]
    assert outcome.out == "summary of r1\nsummary of r2\n"


def test_a_signal_ends_the_run_with_its_report_and_exit_130() -> None:
    stop = StopRequest()
    engine = ScriptedEngine(script.good_run, script.good_run)
    engine.hold_after, engine.on_hold = 15, stop.request_stop
    outcome = Outcome(engine, runs=2, stop=stop)
    assert (engine.stopped, engine.at_once) == (["interrupted by SIGINT"], [True])
    (view,) = outcome.reports
    assert view.judgement is not None
    assert view.judgement.reason == "interrupted by SIGINT"
    assert view.total.requests > 0
    assert outcome.out == "summary of r1\n"
    assert outcome.code == 130
    assert len(engine.asked) == 1


def test_a_second_signal_changes_nothing() -> None:
    stop = StopRequest()
    engine = ScriptedEngine(script.good_run)

    def signal_twice() -> None:
        stop.request_stop("SIGTERM")
        stop.request_stop("SIGINT")

    engine.hold_after, engine.on_hold = 15, signal_twice
    assert Outcome(engine, stop=stop).code == 130
    assert engine.stopped == ["interrupted by SIGTERM"]


def test_a_signal_before_the_first_run_starts_none() -> None:
    stop = StopRequest()
    stop.request_stop("SIGTERM")
    engine = ScriptedEngine()
    outcome = Outcome(engine, stop=stop)
    assert (outcome.code, outcome.err) == (130, "interrupted by SIGTERM: no run was begun\n")
    assert engine.asked == []


def test_a_run_stopped_while_it_prepares_is_interrupted_and_not_refused() -> None:
    stop = StopRequest()
    engine = ScriptedEngine(refusal("failed", "interrupted by SIGINT"))
    engine.listen(lambda _: stop.request_stop())
    outcome = Outcome(engine, stop=stop)
    assert (outcome.code, outcome.err) == (130, "interrupted by SIGINT: no run was begun\n")


def test_a_run_that_was_stopped_before_it_began_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(headless, "STOP_PATIENCE_S", 0.01)
    stop = StopRequest()

    class Silent(ScriptedEngine):
        def start_run(self, request: RunRequest) -> None:
            stop.request_stop()

    engine = Silent()
    assert Outcome(engine, stop=stop).code == 130
    assert engine.stopped == ["interrupted by SIGINT"]


def test_a_real_signal_wakes_the_wait() -> None:
    stop = StopRequest()

    engine = ScriptedEngine(script.good_run)
    later = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1))
    engine.hold_after, engine.on_hold = 15, later.start
    before = signal.signal(signal.SIGUSR1, lambda *_: stop.request_stop("SIGUSR1"))
    try:
        assert Outcome(engine, stop=stop).code == 130
    finally:
        signal.signal(signal.SIGUSR1, before)
        later.join()
    assert engine.stopped == ["interrupted by SIGUSR1"]


def test_progress_comes_with_each_phase_and_every_five_seconds() -> None:
    lines = Outcome(ScriptedEngine(script.good_run)).err.splitlines()
    assert lines[0] == "standard: 20 users for 5 min on local, run r1"
    assert [line.split("  ")[1].split()[0].strip(",:") for line in lines[1:]] == [
        "preparing",
        "warm-up",
        "measuring",
        "measuring",
        "measuring",
        "finishing",
    ]
    assert lines[4] == (
        "00:07  measuring, 04:53 left  20 users  46.0 rps  p95 100 ms  0 failed  "
        "steady for 5 s, no failures"
    )


@pytest.mark.parametrize(("duration", "lines"), [("5m", 13), ("301s", 3)])
def test_a_long_run_says_less(duration: str, lines: int) -> None:
    outcome = Outcome(ScriptedEngine(long_run), duration=duration)
    said = [line for line in outcome.err.splitlines() if "  measuring" in line]
    assert len(said) == lines


def test_a_warning_comes_at_once_and_once() -> None:
    def make(facts: ev.RunFacts) -> list[ev.Event]:
        events = script.good_run(facts)
        events.insert(20, ev.UserCodeFailed(at_s=10.0, error="KeyError: 'id'"))
        return events

    for quiet in (False, True):
        err = Outcome(ScriptedEngine(make), quiet=quiet).err
        assert err.count("warning: the locustfile's own code raised: KeyError: 'id'\n") == 1


def test_the_demo_is_named_in_the_first_line_and_warned_of_in_the_second() -> None:
    outcome = Outcome(ScriptedEngine(script.good_run), target=script.DEMO)
    assert outcome.err.splitlines()[:2] == [
        "standard: 20 users for 5 min on demo (embedded demo), run r1",
        f"warning: {DEMO_WARNING}",
    ]


def test_quiet_says_nothing_but_the_summary() -> None:
    outcome = Outcome(ScriptedEngine(script.good_run), quiet=True)
    assert (outcome.err, outcome.out) == ("", "summary of r1\n")


def test_a_stream_that_is_no_utf_8_gets_stand_ins() -> None:
    outcome = Outcome(ScriptedEngine(refusal("busy", "läuft …")), err=_stream("ascii"))
    assert outcome.err == "standard on demo: l?uft ...\n"


def test_a_reader_that_leaves_does_not_end_the_run() -> None:
    closed = _stream()
    closed.close()
    outcome = Outcome(ScriptedEngine(script.good_run), err=closed)
    assert (outcome.code, outcome.out) == (0, "summary of r1\n")


def suite_run(facts: ev.RunFacts) -> list[ev.Event]:
    """A smoke suite with one test that fails, whatever was asked for."""
    scenario = workflows.suite_scenario()
    made = msgspec.structs.replace(facts, scenario=scenario)
    return [ev.RunStarted(facts=made), *workflows.suite("ppppfpopp")[1:]]


def test_a_suite_has_one_line_for_each_test_as_it_ends() -> None:
    told = Outcome(ScriptedEngine(suite_run)).err.splitlines()
    words = ("PASS SMK-", "FAIL SMK-", "n/a  SMK-", "SKIP SMK-")
    assert [line.split()[:2] for line in told if line.startswith(words)] == [
        ["PASS", "SMK-01"],
        ["PASS", "SMK-02"],
        ["FAIL", "SMK-03"],
        ["PASS", "SMK-04"],
        ["n/a", "SMK-05"],
        ["PASS", "SMK-06"],
    ]


def test_a_quiet_suite_tells_no_tests_but_its_warnings() -> None:
    told = Outcome(ScriptedEngine(suite_run), quiet=True).err
    assert "PASS" not in told
    assert "warning: SMK-05 refused left out" in told


def test_each_suite_tells_its_own_tests() -> None:
    told = Outcome(ScriptedEngine(suite_run, suite_run), runs=2).err
    assert told.count("PASS SMK-01") == 2
