from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.machine import Machine
from tests.lib.target import Target


@pytest.fixture(scope="session", autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes what belongs to the user, or to tests that run beside it."""
    root = tmp_path_factory.mktemp("places")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(root / "state"))
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.setenv("JETPROOF_LOCK", str(root / "board.lock"))
        yield


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def target() -> Iterator[Target]:
    with Target() as running:
        yield running
