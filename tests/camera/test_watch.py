"""What a reader gets of its owner, and what is done about one that does not end."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.watching import readers, watching
from tui.camera import watch
from tui.child import group, spawn
from tui.child.spawn import Child
from tui.core.events.camera import CameraFailed, CameraOpened


def test_a_reader_knows_no_secret_of_its_owners_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PLANT_TOKEN", "YARD_CAMERA", "PYTHON_CAMERA"):
        monkeypatch.setenv(name, f"viewer:{name}")
    with watching("test:", credentials="env:PYTHON_CAMERA", secret="viewer:x") as one:
        one.opened()
        known = Path(f"/proc/{one.reader()}/environ").read_bytes()
    assert b"viewer:" not in known
    assert f"PATH={os.environ['PATH']}".encode() in known.split(b"\0")


class Stuck(Child):
    """A reader that waits in the kernel: no signal reaches it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._process.kill = lambda: None  # type: ignore[method-assign]


def test_beside_a_reader_that_is_stuck_no_other_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "Child", Stuck)
    monkeypatch.setattr(spawn, "STUCK_S", 0.1)
    monkeypatch.setattr(watch, "LEAVES_USUALLY_S", 0.1)
    monkeypatch.setattr(watch, "BACK_OFF_S", (0.1,))
    monkeypatch.setattr(group, "GRACE_S", 0.0)
    monkeypatch.setattr(group, "KILLED_S", 0.0)
    monkeypatch.setattr(os, "killpg", lambda *_: None)
    with watching("test:", timeout_s=0.5) as one:
        one.opened()
        frozen = one.reader()
        processes.freeze(frozen)
        assert one.failed().kind == "frozen-reader"
        failed = one.next(CameraFailed, 3)
        assert failed.fault.kind == "stuck"
        assert failed.fault.detail == f"process {frozen}"
        assert failed.retry_s is not None
        assert readers() == [frozen]
        # Unplugged, or the driver came to itself.
        monkeypatch.setattr(watch, "Child", Child)
        os.kill(frozen, signal.SIGKILL)
        one.next(CameraOpened, 2)
        eventually(lambda: frozen not in readers())
