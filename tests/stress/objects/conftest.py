from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.s3 import Meddler, Server, server
from tests.stress.objects.benching import Meddling


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def s3(lasting: Server) -> Server:
    """One that has nothing yet."""
    lasting.empty()
    return lasting


@pytest.fixture
def meddling() -> Iterator[Meddling]:
    made: list[Meddler] = []

    def make(url: str, **how: object) -> Meddler:
        made.append(Meddler(url, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    found = tmp_path / "local"
    found.mkdir()
    return found
