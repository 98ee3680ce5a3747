from __future__ import annotations

import logging

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tui.load import hub as hub_module
from tui.load.hub import Hub


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that does not end by itself holds its test up until somebody notices."""
    monkeypatch.setattr(hub_module, "CLOSE_S", 60.0)


def boom() -> None:
    raise RuntimeError("boom")


@pytest.mark.usefixtures("patient")
def test_a_hub_ends_with_its_thread_whatever_still_waits_in_it() -> None:
    import gevent

    before = processes.python_threads()
    hub = Hub()
    hub.spawn(lambda: gevent.sleep(3600))
    assert hub.call(lambda: 7) == 7
    hub.close()
    assert processes.python_threads() == before


@pytest.mark.usefixtures("patient")
def test_a_greenlet_that_fails_is_logged_and_ends_nothing(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    hub = Hub()
    with caplog.at_level(logging.ERROR):
        hub.spawn(boom)
        hub.spawn(lambda: exit(3))
        eventually(lambda: len(caplog.records) == 2)
    assert "boom" in caplog.text
    assert hub.call(lambda: 7) == 7
    with pytest.raises(RuntimeError, match="boom"):
        hub.call(boom)
    hub.close()
    assert capfd.readouterr() == ("", "")


def test_what_is_asked_of_a_hub_that_has_ended_is_left_undone() -> None:
    hub = Hub()
    hub.close()
    done: list[bool] = []
    hub.spawn(lambda: done.append(True))
    assert done == []
