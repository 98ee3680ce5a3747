"""`jetproof camera preview` in a terminal: the picture, the ways out, and a line that is slow."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.bench.lib.screen import Screen
from tests.lib import processes
from tests.lib.eventually import LIMIT_S, eventually
from tests.lib.machine import Machine
from tui.cli.bare_screen import BareScreen
from tui.cli.camera_preview import focus_line, grade_line, trouble_lines
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.fold import CameraFold
from tui.core.camera.measures import Quality
from tui.core.camera.source import Source
from tui.core.camera.view import CameraFinding, CameraView
from tui.core.events.camera import CameraFailed

pytest.importorskip("av", reason="needs the extra [camera]")

ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?25h\x1b[?1049l"


class Terminal:
    """A preview on a terminal of its own."""

    def __init__(self, machine: Machine, words: tuple[str, ...], env: dict[str, str]) -> None:
        self.lead, self._follow = os.openpty()
        self.resize(80, 24)
        self.before = termios.tcgetattr(self._follow)
        self.seen = bytearray()
        self.screen = Screen(80, 24)
        environment = {**machine.env, "TERM": "xterm-256color", "LANG": "C.UTF-8", **env}
        for name in {"COLUMNS", "LINES", "NO_COLOR", "COLORTERM"} - set(env):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            machine.command("camera", "preview", *words),
            stdin=self._follow,
            stdout=self._follow,
            stderr=self._follow,
            env=environment,
            cwd=machine.work,
            start_new_session=True,
            preexec_fn=self._take,
        )

    def _take(self) -> None:
        fcntl.ioctl(self._follow, termios.TIOCSCTTY, 0)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.lead, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self) -> None:
        if select.select([self.lead], [], [], 0.05)[0]:
            data = os.read(self.lead, 65536)
            self.seen += data
            self.screen.feed(data)

    def shows(self, text: str) -> None:
        """Read until it is there."""

        def is_there() -> bool:
            self.read()
            return text in self.screen.text()

        eventually(is_there, f"never saw {text!r}: {self.screen.text()}")

    def ends(self) -> int:
        """Read on until it has ended; its exit code."""
        ends_s = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < ends_s, self.screen.text()
            self.read()
        self.read()
        return self.process.returncode

    def mode(self) -> list[Any]:
        return termios.tcgetattr(self._follow)

    def hang_up(self) -> None:
        os.close(self._follow)
        os.close(self.lead)
        self.lead = self._follow = -1

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.lead >= 0:
            self.hang_up()


@contextlib.contextmanager
def terminal(machine: Machine, *words: str, **env: str) -> Iterator[Terminal]:
    made = Terminal(machine, words, env)
    try:
        yield made
    finally:
        made.close()


def readers_of(pid: int) -> list[int]:
    found = processes.children_of(pid)
    return [each for each in found if "camera.reader_program" in processes.command_line(each)]


def type_q(one: Terminal) -> None:
    os.write(one.lead, b"q")


def type_ctrl_c(one: Terminal) -> None:
    os.write(one.lead, b"\x03")


def terminate(one: Terminal) -> None:
    one.process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("leave", [type_q, type_ctrl_c, terminate])
def test_it_shows_the_picture_and_gives_the_terminal_back_as_it_was(
    machine: Machine, leave: Callable[[Terminal], None]
) -> None:
    with terminal(machine, "pattern") as one:
        one.shows("▀")
        one.shows("of the best")
        one.shows("✓ nothing is wrong with it")
        assert "[simulated]" in one.screen.text()
        assert one.mode() != one.before
        [reader] = readers_of(one.process.pid)
        leave(one)
        assert one.ends() == 0
        assert one.seen.count(ENTER) == 1
        assert one.seen.endswith(LEAVE)
        assert one.mode() == one.before
        assert not Path(f"/proc/{reader}").exists()


def test_a_terminal_that_is_gone_ends_it_and_its_reader(machine: Machine) -> None:
    with terminal(machine, "pattern") as one:
        one.shows("▀")
        [reader] = readers_of(one.process.pid)
        one.hang_up()
        one.process.wait(LIMIT_S)
        eventually(lambda: not Path(f"/proc/{reader}").exists())


def test_one_that_takes_nothing_any_more_keeps_nobody_from_leaving(machine: Machine) -> None:
    with terminal(machine, "pattern", "--columns", "80") as one:
        one.shows("▀")
        termios.tcflow(one._follow, termios.TCOOFF)
        time.sleep(0.8)
        terminate(one)
        one.process.wait(LIMIT_S)
        assert one.mode() == one.before


def test_it_follows_the_size_and_shows_the_middle_when_asked(machine: Machine) -> None:
    with terminal(machine, "pattern", COLORTERM="truecolor") as one:
        one.shows("of the best")
        assert b"\x1b[38;2;" in one.seen or b";48;2;" in one.seen
        one.screen = Screen(40, 14)
        one.resize(40, 14)
        one.shows("pattern  rawvideo")
        one.shows("q leave")
        os.write(one.lead, b"z")
        one.shows("centre 1:1")


def test_without_colours_it_is_made_of_signs(machine: Machine) -> None:
    with terminal(machine, "pattern", NO_COLOR="1") as one:
        one.shows("of the best")
        assert b"\x1b[38;" not in one.seen
        assert b"\x1b[48;" not in one.seen
        assert "▀" not in one.screen.text()


def test_a_camera_that_is_not_there_says_so_below_the_prompt(machine: Machine) -> None:
    with terminal(machine, "file:/not/there") as one:
        # A file may come yet: the preview waits for it, and says what it waits for.
        one.shows("/not/there is not there")
        one.shows("tried again in")
        type_q(one)
        assert one.ends() == 0
    machine.write_config(
        cameras={"gate": {"source": "rtsp://127.0.0.1:9/x", "credentials": "env:NOT_SET"}}
    )
    with terminal(machine, "gate") as one:
        assert one.ends() == 3
        after = bytes(one.seen).rpartition(LEAVE)[2].decode()
        assert "NOT_SET" in after
        assert "next: export NOT_SET=USER:PASSWORD" in after


def test_without_a_terminal_it_is_refused(machine: Machine) -> None:
    told = machine.run("camera", "preview", "pattern")
    assert told.code == 2
    assert "jetproof camera snapshot" in told.err


class TestBareScreen:
    def test_a_write_that_can_not_leave_ends_when_nobody_wants_it(self) -> None:
        lead, follow = os.openpty()
        os.set_blocking(follow, False)
        try:
            until_s = time.monotonic() + 0.2
            sent, took_s = BareScreen(follow).write(
                "x" * 1_000_000, lambda: time.monotonic() < until_s
            )
        finally:
            os.close(lead)
            os.close(follow)
        assert 0 < sent < 1_000_000
        assert took_s >= 0.2

    def test_one_that_hung_up_is_gone(self) -> None:
        lead, follow = os.openpty()
        os.close(lead)
        screen = BareScreen(follow)
        screen.write("x", lambda: True)
        os.close(follow)
        assert screen.is_gone


def test_trouble_is_told_whole_however_narrow_the_screen() -> None:
    fold = CameraFold(Camera("dock", Source("rtsp", "rtsp://10.0.0.5/live")))
    fold.apply(CameraFailed(camera="dock", fault=CameraFault("refused"), retry_s=2.0))
    lines = trouble_lines(fold.view(), 30)
    assert max(map(len, lines)) <= 30
    assert "tried again in 2 s" in " ".join(lines)
    assert "RTSP: 554" in " ".join(lines)


def test_the_bar_of_the_focus_is_full_at_the_best() -> None:
    def at(percent: float | None) -> str:
        quality = Quality(120, 50, 16, 110, 235, 0.1, 0.2, 1.5, 800, (1.0,) * 9)
        view = CameraView("dock", Source("test"), "live", quality=quality, peak_percent=percent)
        return focus_line(view, 60)

    lengths = [at(percent).count("█") for percent in (10.0, 40.0, 70.0, 100.0)]
    assert lengths == sorted(set(lengths))
    assert " │" not in at(100.0)
    assert len({at(percent).index("│") for percent in (10.0, 55.5, 100.0)}) == 1
    assert len(at(100.0)) <= 60
    assert "too flat" in at(None)


def test_what_weighs_most_is_told_with_what_to_do() -> None:
    findings = (
        CameraFinding("info", "a note"),
        CameraFinding("warn", "noise 9.1, goal < 8", "more light, or less gain"),
    )
    view = CameraView("dock", Source("test"), "live", findings=findings, grade="warn")
    assert grade_line(view) == "! noise 9.1, goal < 8: more light, or less gain"
    good = msgspec.structs.replace(view, findings=findings[:1], grade="good", frames=50)
    assert grade_line(good) == "✓ nothing is wrong with it"
    assert grade_line(msgspec.structs.replace(good, grade="unknown")) == ""
    assert grade_line(msgspec.structs.replace(good, frames=5)) == "", "too few to tell"
