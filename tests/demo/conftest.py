from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.demo.running import Running, running


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """One service for all tests that leave it as they found it, but for stored images."""
    with running() as service:
        yield service


@pytest.fixture
def client(demo: Running) -> Iterator[httpx.Client]:
    with demo.client() as client:
        yield client
