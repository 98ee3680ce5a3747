"""A service that is restarted while a run goes on, by real commands and on real threads."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.engine.bench import DEMO
from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.fakes import FakeParts
from tui.core.config import Target
from tui.engine import restarting
from tui.engine.restarting import OVER, Restarter, restarter_of
from tui.engine.starting import Asked
from tui.ports import Probe

ASKED = Asked("http://127.0.0.1:9", "t0ken", None, "")


@pytest.fixture
def bench() -> FakeParts:
    """An engine that is not started."""
    return FakeParts()


def on_a_thread(act: Callable[[], None]) -> None:
    """What an engine does with what is put into its inbox."""
    threading.Thread(target=act, name="the engine's").start()


def restarter(bench: FakeParts, target: Target = DEMO) -> Restarter:
    """Of a target."""
    made = restarter_of(bench.made_of, target, ASKED, on_a_thread)
    assert made is not None
    return made


def commanded(*command: str) -> Target:
    return Target("plant", ASKED.url, restart=command)


def python(code: str, *arguments: str) -> Target:
    """A target that is restarted by a program."""
    return commanded(sys.executable, "-c", code, *arguments)


def test_the_embedded_one_is_restarted_on_the_engines_thread(bench: FakeParts) -> None:
    assert restarter(bench)() == ""
    assert bench.embedded.restarts == ["the engine's"]
    assert bench.service.probed == [(ASKED.url, ASKED.token)]


def test_an_embedded_one_that_does_not_come_back_says_why(bench: FakeParts) -> None:
    bench.embedded.why_not = "the embedded demo did not start: port 1 is already in use"
    assert restarter(bench)() == bench.embedded.why_not
    assert bench.service.probed == []


def test_an_engine_that_has_no_time_for_it_is_not_waited_for(
    bench: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarting, "COMMAND_S", 0.05)
    orders: list[Callable[[], None]] = []
    made = restarter_of(bench.made_of, DEMO, ASKED, orders.append)
    assert made is not None
    assert "no time" in made()
    (late,) = orders
    late()
    assert bench.embedded.restarts == [], "nobody expects it any more"


def test_nothing_is_restarted_for_a_run_that_is_over(bench: FakeParts) -> None:
    made = restarter(bench)
    made.close()
    assert made() == OVER
    assert bench.embedded.restarts == []


def test_a_target_that_nobody_knows_how_to_restart_has_no_restarter(bench: FakeParts) -> None:
    assert restarter_of(bench.made_of, commanded(), ASKED, on_a_thread) is None


def test_a_command_has_its_arguments_as_they_are_and_no_shell(
    bench: FakeParts, tmp_path: Path
) -> None:
    code = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    target = python(code, str(tmp_path / "told"), "$HOME; echo *")
    assert restarter(bench, target)() == ""
    assert (tmp_path / "told").read_text() == "$HOME; echo *"
    assert bench.service.probed == [(ASKED.url, ASKED.token)]


def test_what_a_command_prints_is_nobodys(
    bench: FakeParts, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.stdin.read()"
    assert restarter(bench, python(code))() == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (python("raise SystemExit(3)"), "the restart command ended with status 3"),
        (
            python("import os; os.kill(os.getpid(), 9)"),
            "the restart command ended with signal 9",
        ),
        (
            commanded("/no/such/command"),
            "the restart command can't be run: No such file or directory",
        ),
        (commanded("a\0b"), "the restart command can't be run: embedded null byte"),
    ],
)
def test_a_command_that_fails_says_how(bench: FakeParts, target: Target, why: str) -> None:
    assert restarter(bench, target)() == why
    assert bench.service.probed == []


SLEEPER = (
    "import os, pathlib, subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "part = pathlib.Path(sys.argv[1] + '.part');"
    "part.write_text(f'{os.getpid()} {child.pid}'); part.rename(sys.argv[1]); time.sleep(600)"
)


def test_a_command_that_hangs_is_ended_with_all_that_it_started(
    bench: FakeParts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarting, "COMMAND_S", 2.0)
    told = tmp_path / "told"
    assert "did not end within 2 s" in restarter(bench, python(SLEEPER, str(told)))()
    pids = [int(word) for word in told.read_text().split()]
    eventually(lambda: not any(processes.is_alive(pid) for pid in pids))


def test_a_command_that_goes_on_at_the_end_of_the_run_is_ended(
    bench: FakeParts, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    made = restarter(bench, python(SLEEPER, str(told)))
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(made()))
    thread.start()
    eventually(told.exists)
    made.close()
    thread.join(10.0)
    assert answers == [OVER]
    assert not any(processes.is_alive(int(pid)) for pid in told.read_text().split()[:1])


def test_what_a_command_leaves_behind_stays(bench: FakeParts, tmp_path: Path) -> None:
    code = (
        "import pathlib, subprocess, sys;"
        "left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "pathlib.Path(sys.argv[1]).write_text(str(left.pid))"
    )
    assert restarter(bench, python(code, str(tmp_path / "pid")))() == ""
    service = int((tmp_path / "pid").read_text())
    assert processes.is_alive(service)
    os.kill(service, 9)


def test_the_service_is_asked_until_it_answers(bench: FakeParts) -> None:
    answers = iter([False, False, True])

    def again() -> None:
        bench.service.answer = Probe(next(answers), "connection refused")

    bench.service.on_probe = again
    assert restarter(bench)() == ""
    assert len(bench.service.probed) == 3


def test_one_that_never_answers_again_says_what_was_heard_last(
    bench: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarting, "ANSWER_S", 0.0)
    bench.service.answer = Probe(False, "connection refused")
    assert restarter(bench)() == "no answer within 0 s of its restart: connection refused"


def test_a_run_that_ends_waits_for_no_answer(bench: FakeParts) -> None:
    made = restarter(bench)
    bench.service.answer = msgspec.structs.replace(bench.service.answer, answered=False)
    bench.service.on_probe = made.close
    assert made() == OVER
