from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.lib import processes
from tests.lib.eventually import LIMIT_S, eventually
from tests.lib.machine import ROOT
from tui.child.spawn import Child, Lifelines, Line

PROGRAM = "tests.lib.child_program"
ENV = {"PYTHONPATH": str(ROOT)}


class Heard:
    """A child and what it said."""

    def __init__(self, spec: dict[str, Any], **options: Any) -> None:
        self.lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self.child = Child("c", PROGRAM, spec=spec, env=ENV, on_line=self.lines.put, **options)

    def next(self) -> Line | None:
        """What it says next."""
        return self.lines.get(timeout=LIMIT_S)

    def until_end(self) -> list[Line]:
        """Everything up to its end."""
        return list(iter(self.next, None))


@contextmanager
def heard(spec: dict[str, Any], **options: Any) -> Iterator[Heard]:
    made = Heard(spec, **options)
    try:
        yield made
    finally:
        made.child.end(0.0)


def test_a_child_is_told_its_spec_and_answers_in_json() -> None:
    with heard({"word": "größe", "heartbeat_s": 60}) as one:
        assert one.next() == {
            "type": "hello",
            "spec": {"word": "größe", "heartbeat_s": 60},
            "oom": 500,
            # Its own session: a ctrl-c at the terminal is the owner's alone.
            "session": one.child.pid,
        }


def test_what_is_no_json_object_is_ignored() -> None:
    with heard({"exit": 0}) as one:
        assert [line["type"] for line in one.until_end()] == ["hello"]


def test_another_interpreter_runs_the_same_program_by_its_file(tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/given\nexec {sys.executable} "$@"\n')
    other.chmod(0o755)
    with heard({"exit": 0}, python=str(other)) as one:
        assert [line["type"] for line in one.until_end()] == ["hello"]
    assert (tmp_path / "given").read_text() == f"{ROOT}/tests/lib/child_program.py\n"


def test_an_interpreter_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Child("c", PROGRAM, python=str(tmp_path / "none"), on_line=print)


def test_an_exit_status_is_known_when_the_end_is_told() -> None:
    with heard({"exit": 3}) as one:
        one.until_end()
        assert one.child.returncode == 3


def test_ending_it_leaves_no_process() -> None:
    with heard({}) as one:
        one.next()
        assert one.child.end() == 0
        assert not processes.is_alive(one.child.pid)


def test_a_child_that_is_frozen_is_ended_all_the_same() -> None:
    with heard({}) as one:
        one.next()
        processes.freeze(one.child.pid)
        assert one.child.end(0.05) == -signal.SIGKILL
        assert not processes.is_alive(one.child.pid)


def test_ending_twice_is_no_mistake() -> None:
    with heard({"exit": 0}) as one:
        assert one.child.end() == one.child.end()
        one.child.beat()
        one.child.extend(5.0)


def test_a_kill_is_told_as_its_end() -> None:
    with heard({}) as one:
        one.next()
        one.child.kill()
        one.until_end()
        assert one.child.returncode == -signal.SIGKILL


def test_its_standard_error_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    for _ in range(2):
        with heard({"exit": 0}, log=log) as one:
            one.until_end()
    assert log.read_text() == "what goes wrong\n" * 2


def test_at_its_deadline_it_ends_itself() -> None:
    with heard({}, deadline_s=0.2) as one:
        one.until_end()
        assert one.child.returncode == -signal.SIGALRM


def test_a_deadline_can_be_put_off() -> None:
    with heard({}, deadline_s=1.0) as one:
        one.next()
        one.child.extend(60.0)
        ticks = [one.next() for _ in range(6)]
        assert None not in ticks


def test_without_a_beat_it_ends_itself() -> None:
    with heard({"heartbeat_s": 0.2}) as one:
        one.until_end()
        assert one.child.returncode == 0


def test_with_beats_it_lives_on_and_ends_with_the_others() -> None:
    lifelines = Lifelines()
    with heard({"heartbeat_s": 2.5}) as one, heard({"heartbeat_s": 2.5}) as two:
        lifelines.adopt(one.child)
        lifelines.adopt(two.child)
        ticks = [one.next() for _ in range(15)]
        assert None not in ticks
        lifelines.end(one.child)
        assert not processes.is_alive(one.child.pid)
        assert processes.is_alive(two.child.pid)
        lifelines.close()
        assert not processes.is_alive(two.child.pid)
        assert "lifelines" not in processes.python_threads()


@pytest.mark.parametrize("is_frozen", [False, True])
def test_an_owner_that_is_killed_takes_its_child_with_it(is_frozen: bool) -> None:
    with owner({}) as (process, child):
        if is_frozen:
            # It can't read its lifeline now; the kernel's death signal still ends it.
            processes.freeze(child)
        process.kill()
        eventually(
            lambda: not processes.is_alive(child), "the child outlived its owner", limit_s=10
        )


def test_an_owner_that_is_frozen_loses_its_child() -> None:
    with owner({"heartbeat_s": 2.5}) as (process, child):
        processes.freeze(process.pid)
        eventually(lambda: not processes.is_alive(child), "the child waits for ever", limit_s=20)


def test_an_owner_that_is_gone_before_the_child_looks_leaves_no_child() -> None:
    # Its parent is not the owner that it was told: somebody died in between.
    program = "from tui.child.lifeline import hold; hold(); print('lives on')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "JETPROOF_OWNER": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_program_started_by_hand_is_left_alone() -> None:
    program = "from tui.child.lifeline import hold; hold(heartbeat_s=0.01); print('lives on')"
    env = {name: value for name, value in os.environ.items() if name != "JETPROOF_OWNER"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "lives on\n")


def test_a_child_that_is_told_nothing_says_so_and_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-m", PROGRAM],
        env={**os.environ, **ENV},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "the owner closed the lifeline before it said what to do\n"


@contextmanager
def owner(spec: dict[str, Any]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that owns a child, and the child's pid."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lib.owner_program", json.dumps(spec)],
        env={**os.environ, **ENV},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()
