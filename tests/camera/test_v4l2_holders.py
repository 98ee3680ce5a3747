from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lib.machine import ROOT
from tui.camera.holders import OF_ANOTHER, holder_of

HOLD = """
import os, sys
device = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
open("/proc/self/comm", "w").write(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""
ASK = """
import os, sys
from tui.camera.holders import holder_of
os.setresuid(65534, 65534, 65534)
print(holder_of(sys.argv[1]))
print(holder_of(sys.argv[1], is_busy=True))
"""


@contextmanager
def held(node: str, name: str) -> Iterator[int]:
    """Another process has the device open; its pid."""
    with subprocess.Popen(
        [sys.executable, "-S", "-c", HOLD, node, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.stdin.close()


@pytest.fixture
def node() -> Iterator[str]:
    """A device that nobody else knows of: this process alone has it open."""
    ends = os.openpty()
    yield os.ttyname(ends[1])
    for end in ends:
        os.close(end)


def test_a_device_that_nobody_has_but_this_process_has_no_holder(node: str) -> None:
    assert holder_of(node) == ""
    assert holder_of("/dev/video177") == ""


def test_who_has_it_is_named_with_its_pid_whatever_the_device_is_called(
    node: str, tmp_path: Path
) -> None:
    by_id = tmp_path / "usb-Fake_Camera-video-index0"
    by_id.symlink_to(node)
    with held(node, "mjpg streamer") as pid:
        assert holder_of(node) == f"mjpg streamer (pid {pid})"
        assert holder_of(str(by_id), is_busy=True) == f"mjpg streamer (pid {pid})"
    assert holder_of(node) == ""


def test_a_name_moves_no_cursor(node: str) -> None:
    with held(node, "\x1b[2Jgone"):
        assert holder_of(node).isprintable()


def test_many_are_counted(node: str) -> None:
    with held(node, "a"), held(node, "b"), held(node, "c"), held(node, "d"):
        names = holder_of(node)
    assert names.count("(pid ") == 3
    assert names.endswith(" and 1 more")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be another user")
def test_who_can_not_be_seen_is_guessed_only_of_a_device_that_is_taken(node: str) -> None:
    with held(node, "hidden"):
        told = subprocess.check_output(
            [sys.executable, "-c", ASK, node], cwd=ROOT, text=True, timeout=30
        )
    assert told.split("\n")[:2] == ["", OF_ANOTHER]
