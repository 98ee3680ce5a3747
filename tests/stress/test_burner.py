"""What all burners promise, held by the plainest of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tests.stress.burning import burning
from tui.child.lifeline import OWNER_VARIABLE
from tui.stress.burner import GRACE_S, REPORT_S, level_of

CPU = "tui.stress.cpu"
BURNERS = [CPU, "tui.stress.memory"]
LITTLE = 0.01


def by_hand(module: str, line: str) -> subprocess.CompletedProcess[str]:
    """A burner that nobody owns, to its end."""
    return subprocess.run(
        [sys.executable, "-m", module],
        input=line + "\n",
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def environment() -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if name != OWNER_VARIABLE}
    return {**others, "PYTHONPATH": str(ROOT)}


def test_a_level_order_is_a_share() -> None:
    assert [level_of("level 0.5"), level_of("level 0"), level_of("level 1")] == [0.5, 0.0, 1.0]


@pytest.mark.parametrize(
    "order", ["", "level", "level x", "level 1.1", "level -1", "level nan", "lever 0.5", "stop"]
)
def test_what_is_no_share_changes_no_level(order: str) -> None:
    assert level_of(order) is None


@pytest.mark.parametrize("module", BURNERS)
@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("x", "malformed"),
        ("{}", "seconds"),
        ('{"seconds": 0}', "seconds"),
        ('{"seconds": 1, "level": 1.5}', "level"),
        ('{"seconds": 1, "intent": "kill"}', "intent"),
        ('{"seconds": 1, "speed": 3}', "speed"),
    ],
)
def test_a_bad_spec_is_named_in_one_line_and_ends_with_2(
    module: str, line: str, named: str
) -> None:
    done = by_hand(module, line)
    (said,) = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (2, "")
    assert named in json.loads(said)["error"]


@pytest.mark.parametrize("module", BURNERS)
def test_started_by_hand_it_ends_after_its_seconds(module: str) -> None:
    done = by_hand(module, json.dumps({"seconds": 0.2, "level": LITTLE}))
    *_, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, last["done"], last["is_stopped"]) == (0, True, False)
    assert last["ran_s"] >= 0.2


@pytest.mark.parametrize("module", BURNERS)
def test_it_reports_each_second_what_it_was_asked_and_what_it_verified(module: str) -> None:
    with burning(module, level=LITTLE) as burner:
        lines = [burner.line() for _ in range(3)]
        assert {line["asked"] for line in lines} == {0.01}
        assert all(0.0 <= line["reached"] <= 1.0 for line in lines)
        assert lines[-1]["verified"] > 0
        assert {line["bad"] for line in lines} == {0}
        # A beat, not a drift: what a busy machine adds is in the window too.
        for before, after in pairwise(lines):
            assert after["window_s"] >= REPORT_S
            assert after["at_s"] - before["at_s"] == pytest.approx(after["window_s"], abs=0.01)


@pytest.mark.parametrize("module", BURNERS)
def test_told_to_stop_it_says_its_totals_and_goes(module: str) -> None:
    with burning(module, level=LITTLE) as burner:
        burner.line()
        burner.order("stop")
        *_, last = burner.rest()
        assert (last["done"], last["is_stopped"], burner.child.returncode) == (True, True, 0)


def test_a_new_level_holds_from_the_next_report_on_and_no_report_mixes_two() -> None:
    with burning(CPU, level=0.1) as burner:
        burner.line()
        burner.order("level 0.3")
        lines = [burner.line()]
        while lines[-1]["asked"] != 0.3:
            lines.append(burner.line())
        *_, changed, new = lines
        assert (changed["asked"], new["asked"]) == (0.1, 0.3)
        assert changed["window_s"] < REPORT_S <= new["window_s"]


def test_an_order_that_it_does_not_know_is_logged_and_it_burns_on(tmp_path: Path) -> None:
    with burning(CPU, log=tmp_path / "log", level=LITTLE) as burner:
        burner.order("faster")
        burner.order("stop")
        assert burner.rest()[-1]["done"]
    assert (tmp_path / "log").read_text() == "no such order: 'faster'\n"


def test_soak_stands_back_and_contend_does_not() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    for intent, expected in (("soak", 19), ("contend", own)):
        with burning(CPU, intent=intent, level=LITTLE) as burner:
            said = burner.line()["nice"]
            assert os.getpriority(os.PRIO_PROCESS, burner.pid) == said == expected


def test_soak_stands_back_with_its_whole_session_where_sessions_share_the_cores() -> None:
    if not Path("/proc/self/autogroup").exists():
        pytest.skip("this kernel does not group sessions (no /proc/self/autogroup)")
    for intent, expected in (("soak", "nice 19"), ("contend", "nice 0")):
        with burning(CPU, intent=intent, level=LITTLE) as burner:
            burner.line()
            assert Path(f"/proc/{burner.pid}/autogroup").read_text().strip().endswith(expected)


@pytest.mark.parametrize("module", BURNERS)
def test_the_kernel_ends_it_first_when_memory_runs_out(module: str) -> None:
    with burning(module, level=LITTLE) as burner:
        burner.line()
        assert Path(f"/proc/{burner.pid}/oom_score_adj").read_text() == "1000\n"


def test_one_that_hangs_is_ended_by_the_kernel_though_it_has_no_owner() -> None:
    program = """
        import queue, time
        from tui.stress import burner
        burner.GRACE_S = 0.2
        given = ('{"seconds": 0.1}', queue.SimpleQueue())
        burner.burn("x", "x", burner.BurnerSpec, lambda *_: time.sleep(60), given)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], env=environment(), timeout=30, check=False
    )
    assert done.returncode == -signal.SIGALRM
    assert GRACE_S > 0.2


def test_the_deadline_of_the_owner_is_not_put_off_by_a_spec_of_more_seconds() -> None:
    with burning(CPU, deadline_s=1.0, seconds=5.0, level=LITTLE) as burner:
        burner.rest()
        assert burner.child.returncode == -signal.SIGALRM


OWNER = """
import json, queue, sys, time
from tui.child.spawn import Child, Lifelines
lines = queue.SimpleQueue()
child = Child("burner", sys.argv[1], spec=json.loads(sys.argv[2]), on_line=lines.put)
Lifelines().adopt(child)
lines.get()
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("module", BURNERS)
def test_an_owner_that_dies_leaves_no_burner(module: str, number: int) -> None:
    spec: dict[str, Any] = {"seconds": 600, "level": LITTLE}
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, module, json.dumps(spec)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        try:
            assert owner.stdout is not None
            burner = int(owner.stdout.readline())
            assert processes.children_of(owner.pid) == [burner]
            owner.send_signal(number)
            owner.wait(30)
            eventually(lambda: not processes.children_of(owner.pid), "the burner burns on")
        finally:
            owner.kill()
