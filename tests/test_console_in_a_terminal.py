"""The console as its user has it: a real terminal, real keys, real signals, the real engine."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

from tests.bench.lib.terminal import Terminal
from tests.lib.eventually import LIMIT_S, eventually
from tests.lib.machine import Machine
from tests.lib.target import Target
from tui.core.model import Past
from tui.store.history import History

SIZES = [(120, 36), (80, 24)]


@pytest.fixture
def calm(machine: Machine, target: Target) -> Machine:
    """A machine whose console opens on a scenario of its own, against a service that answers."""
    machine.write_scenario("a-calm-one", users=1, duration="3s")
    machine.write_config(targets={"here": {"url": target.url}}, mix={"predict": 1})
    return machine


def console(machine: Machine, columns: int = 120, rows: int = 36) -> Terminal:
    command = machine.command("--target", "here")
    return Terminal(command, columns=columns, rows=rows, env=machine.env, cwd=str(machine.work))


def choose(terminal: Terminal) -> None:
    """Put the cursor on the test's own scenario and run it."""
    terminal.await_text("IDLE")
    terminal.send("/")
    terminal.send("a-calm")
    terminal.send("\r")
    terminal.await_text("a-calm-one  1 user")
    terminal.send("\r")


def newest(machine: Machine) -> Past:
    return History(machine.state).runs(1)[0]


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_enter_leads_to_a_verdict_and_q_back_to_the_shell(
    calm: Machine, columns: int, rows: int
) -> None:
    with console(calm, columns, rows) as terminal:
        choose(terminal)
        terminal.await_text("RUN")
        # A busy machine may make it INVALID; a verdict there is.
        eventually(lambda: "enter again" in terminal.screen.text(), limit_s=LIMIT_S)
        terminal.send("q")
        assert terminal.wait(LIMIT_S) == 0
    assert newest(calm).verdict in ("PASS", "INVALID")


def test_a_console_that_is_told_to_go_keeps_its_run(calm: Machine) -> None:
    calm.write_scenario("a-calm-one", users=1, duration="60s")
    with console(calm) as terminal:
        choose(terminal)
        terminal.await_text("RUN")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait(LIMIT_S) == 130
    assert newest(calm).verdict == "INTERRUPTED"
    assert "SIGTERM" in newest(calm).reason


def test_a_console_leaves_though_nobody_reads_its_terminal(calm: Machine, tmp_path: Path) -> None:
    lead, follow = os.openpty()
    fcntl.ioctl(follow, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    process = subprocess.Popen(
        calm.command("--target", "here"),
        stdin=follow,
        stdout=follow,
        stderr=follow,
        env={**calm.env, "TERM": "xterm-256color"},
        cwd=calm.work,
        start_new_session=True,
    )
    os.close(follow)
    try:
        read_until_quiet(lead)
        # Every change of size repaints all of it, until the terminal takes no more.
        for turn in range(80):
            fcntl.ioctl(lead, termios.TIOCSWINSZ, struct.pack("HHHH", 36 - turn % 2, 120, 0, 0))
            process.send_signal(signal.SIGWINCH)
            time.sleep(0.03)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 130
    finally:
        process.kill()
        process.wait()
        os.close(lead)


def read_until_quiet(lead: int) -> None:
    """Drain a terminal until its program has painted and waits."""
    ends_s = time.monotonic() + LIMIT_S
    seen = 0
    while time.monotonic() < ends_s:
        # At rest it paints once a second.
        if not select.select([lead], [], [], 0.5)[0]:
            if seen > 1000:
                return
            continue
        seen += len(os.read(lead, 65536))
    raise AssertionError("the console never painted")
