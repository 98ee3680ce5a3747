"""Engines for tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench
from tui.engine import publisher as publisher_module
from tui.engine import sampler as sampler_module


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sampler's own clock is a real one: nobody waits a second for it."""
    monkeypatch.setattr(sampler_module, "INTERVAL_S", 0.05)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots at every turn: with a clock that stands still none would ever be due."""
    monkeypatch.setattr(publisher_module, "PUBLISH_S", 0.0)


@pytest.fixture
def bench(eager: None) -> Iterator[Bench]:
    made = Bench()
    made.supervisor.start()
    yield made
    made.supervisor.close()


@pytest.fixture
def paced() -> Iterator[Bench]:
    """An engine with its real pace."""
    made = Bench()
    made.supervisor.start()
    yield made
    made.supervisor.close()
