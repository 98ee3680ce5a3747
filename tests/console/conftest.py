"""What every console test stands on."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.console.fakes import FakeClock, FakeEngine


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock in the corner is the same everywhere."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def engine() -> FakeEngine:
    """An engine at rest, nothing ever run."""
    return FakeEngine()


@pytest.fixture
def clock() -> FakeClock:
    """The console's own clock."""
    return FakeClock()
