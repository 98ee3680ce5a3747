from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tui.child.spawn import Lifelines
from tui.service.embedded import DemoTarget


@pytest.fixture
def lifelines() -> Iterator[Lifelines]:
    made = Lifelines()
    yield made
    made.close()


def test_it_answers_stays_and_goes(lifelines: Lifelines, tmp_path: Path) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    url = demo.start()
    assert httpx.get(f"{url}/health").status_code == 200
    assert demo.start() == url
    (pid,) = processes.children_of(os.getpid())
    demo.close()
    assert not processes.is_alive(pid)
    demo.close()


def test_one_that_died_is_started_again(lifelines: Lifelines, tmp_path: Path) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    demo.start()
    (pid,) = processes.children_of(os.getpid())
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{pid}").exists())
    assert httpx.get(f"{demo.start()}/health").status_code == 200
    demo.close()


def test_one_that_can_not_start_is_said_in_one_line(
    lifelines: Lifelines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/proc")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "uvicorn.py").write_text("raise ImportError('broken')\n")
    with pytest.raises(OSError, match="the embedded demo did not start") as caught:
        DemoTarget(lifelines, tmp_path).start()
    assert "\n" not in str(caught.value)
    assert processes.children_of(os.getpid()) == []
