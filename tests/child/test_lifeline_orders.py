"""What a child makes of the lines of its lifeline, seen through real pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tui.child.lifeline import OWNER_VARIABLE

PROGRAM = """
import sys, time
from tui.child.lifeline import hold
def hear(order):
    if order == "raise":
        raise ValueError("no such order")
    print(repr(order), flush=True)
def part():
    print("gone", flush=True)
    {farewell}
hold(heartbeat_s={heartbeat_s}, on_order=hear, on_gone=part)
print("held", flush=True)
time.sleep(30)
"""


def test_an_order_is_passed_on_and_a_beat_or_a_deadline_is_not() -> None:
    with child() as process:
        say(process, "\ndeadline 60\nlevel 0.5\n\ndeadline\n")
        assert [hear(process), hear(process)] == ["'level 0.5'", "'deadline'"]


def test_an_order_that_comes_in_pieces_is_passed_on_whole() -> None:
    with child() as process:
        say(process, "first\nlev")
        assert hear(process) == "'first'"
        say(process, "el 0.5\n")
        assert hear(process) == "'level 0.5'"


def test_an_order_that_is_no_text_is_passed_on_all_the_same() -> None:
    with child() as process:
        say(process, b"\xff\n")
        assert hear(process) == "'\ufffd'"


def test_an_order_that_raises_is_told_and_the_owner_is_watched_on() -> None:
    with child() as process:
        say(process, "raise\nlevel 0.5\n")
        assert hear(process) == "'level 0.5'"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert b"ValueError: no such order" in process.stderr.read()


@pytest.mark.parametrize(
    ("farewell", "status"),
    [("", 0), ("raise OSError('the disk is full')", 0), ("time.sleep(60)", -signal.SIGALRM)],
)
def test_a_farewell_is_had_once_the_owner_is_gone_and_holds_nobody_up(
    farewell: str, status: int
) -> None:
    with child(farewell=farewell) as process:
        say(process, "\n")
        assert process.poll() is None
        assert process.stdin is not None
        process.stdin.close()
        assert hear(process) == "gone"
        assert process.wait(30) == status


def test_a_farewell_is_had_when_the_owner_falls_silent() -> None:
    with child(heartbeat_s=0.2) as process:
        assert hear(process) == "gone"
        assert process.wait(30) == 0


def test_an_order_that_raises_does_not_switch_off_the_deadline() -> None:
    with child() as process:
        say(process, "raise\ndeadline 0.1\n")
        assert process.wait(30) == -signal.SIGALRM


def test_orders_count_as_beats_and_silence_ends_the_child() -> None:
    with child(heartbeat_s=0.3) as process:
        say(process, "level 0.5\n")
        assert hear(process) == "'level 0.5'"
        assert process.wait(30) == 0


@contextmanager
def child(**options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A child of this process that says each order that it hears."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(**{"heartbeat_s": 60, "farewell": "", **options})],
        env={**os.environ, OWNER_VARIABLE: str(os.getpid())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert hear(process) == "held"
            yield process
        finally:
            process.kill()


def say(process: subprocess.Popen[bytes], text: str | bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(text.encode() if isinstance(text, str) else text)
    process.stdin.flush()


def hear(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode().rstrip()
