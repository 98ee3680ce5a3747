"""The console behind a line that takes its bytes slowly, not at all, or knows no size."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator

import pytest

from tests.bench.lib.screen import Screen
from tests.lib.eventually import LIMIT_S
from tests.lib.machine import Machine
from tests.lib.target import Target

FRAMES = 60
CLOCK = re.compile(r"(\d\d):(\d\d) / 01:00")


class Line:
    """A console on a terminal that is read only when asked to."""

    def __init__(self, machine: Machine, columns: int, rows: int) -> None:
        self.screen = Screen(columns or 80, rows or 24)
        self.lead, follow = os.openpty()
        self.resize(columns, rows)
        environment = {**machine.env, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            machine.command("--target", "here"),
            stdin=follow,
            stdout=follow,
            stderr=follow,
            env=environment,
            cwd=machine.work,
            start_new_session=True,
        )
        os.close(follow)

    def resize(self, columns: int, rows: int) -> None:
        """As a window manager does."""
        fcntl.ioctl(self.lead, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self.lead, keys.encode())

    def read_until(self, text: str, most: int = 65536, wait_s: float = 0.0) -> int:
        """Read in pieces of `most` bytes until the screen shows it; how many bytes that took."""
        ends_s = time.monotonic() + LIMIT_S
        seen = 0
        while text not in self.screen.text():
            assert time.monotonic() < ends_s, f"never saw {text!r}:\n{self.screen.text()}"
            if select.select([self.lead], [], [], 0.2)[0]:
                data = os.read(self.lead, most)
                seen += len(data)
                self.screen.feed(data)
                time.sleep(wait_s)
        return seen

    def read_until_gone(self, text: str) -> None:
        """Read as fast as it comes until the screen does not show it any more."""
        ends_s = time.monotonic() + LIMIT_S
        while text in self.screen.text():
            assert time.monotonic() < ends_s, f"{text!r} stayed:\n{self.screen.text()}"
            self.read_for(0.2)

    def read_for(self, seconds: float) -> int:
        """Read as fast as it comes; how many bytes came."""
        ends_s = time.monotonic() + seconds
        seen = 0
        while (left_s := ends_s - time.monotonic()) > 0:
            if select.select([self.lead], [], [], left_s)[0]:
                data = os.read(self.lead, 65536)
                seen += len(data)
                self.screen.feed(data)
        return seen

    def elapsed_s(self) -> int:
        """How far the run is, by the screen."""
        found = CLOCK.search(self.screen.text())
        assert found is not None, self.screen.text()
        return int(found[1]) * 60 + int(found[2])


@contextlib.contextmanager
def line(machine: Machine, columns: int = 120, rows: int = 36) -> Iterator[Line]:
    console = Line(machine, columns, rows)
    try:
        yield console
    finally:
        console.process.kill()
        console.process.wait()
        os.close(console.lead)


@pytest.fixture
def calm(machine: Machine, target: Target) -> Machine:
    """A machine with a scenario of its own, against a service that answers."""
    machine.write_scenario("a-calm-one", users=1, duration="60s")
    machine.write_config(targets={"here": {"url": target.url}}, mix={"predict": 1})
    return machine


def start_a_run(console: Line) -> None:
    console.read_until("IDLE")
    console.send("/")
    console.send("a-calm")
    console.send("\r")
    console.read_until("a-calm-one  1 user")
    console.send("\r")
    console.read_until(" / 01:00")


def test_a_terminal_that_takes_nothing_for_a_while_misses_frames_and_shows_the_last_one(
    calm: Machine,
) -> None:
    with line(calm) as console:
        start_a_run(console)
        console.resize(120, 35)
        console.process.send_signal(signal.SIGWINCH)
        picture = console.read_for(1.0)
        before_s = console.elapsed_s()
        began_s = time.monotonic()
        # Every change of size repaints all of it.
        for turn in range(FRAMES):
            console.resize(120, 36 - (turn + 1) % 2)
            console.process.send_signal(signal.SIGWINCH)
            time.sleep(0.05)
        blocked_s = time.monotonic() - began_s
        caught_up = console.read_until("slow link") + console.read_for(1.5)
        # What was on its way, then one whole picture: not all that fit into Textual's queue.
        assert caught_up < 9 * picture
        assert console.elapsed_s() - before_s >= int(blocked_s) - 1
        assert "endpoints" in console.screen.text()
        # It is well again by itself.
        console.read_until_gone("slow link")


def test_a_slow_line_is_painted_less_often_and_the_run_goes_on(calm: Machine) -> None:
    with line(calm) as console:
        start_a_run(console)
        for turn in range(8):
            console.resize(120, 36 - (turn + 1) % 2)
            console.process.send_signal(signal.SIGWINCH)
            time.sleep(0.05)
        # About 20 KB/s: less than a picture in the half second that makes a line slow.
        console.read_until("slow link", most=1024, wait_s=0.05)
        at_s, shown_s = time.monotonic(), console.elapsed_s()
        console.read_for(6.0)
        assert abs((console.elapsed_s() - shown_s) - (time.monotonic() - at_s)) <= 3


@pytest.mark.parametrize("size", [(0, 0), (0, 24), (80, 0)])
def test_a_serial_line_without_a_size_is_taken_for_eighty_by_twenty_four(
    calm: Machine, size: tuple[int, int]
) -> None:
    with line(calm, *size) as console:
        console.read_until("IDLE")
        console.read_for(1.0)
        console.process.send_signal(signal.SIGWINCH)
        console.send("?")
        console.read_until("help ─")
        console.read_for(1.0)
        console.send("\x1b")
        console.read_until_gone("help ─")
        console.send("q")
        assert console.process.wait(LIMIT_S) == 0
