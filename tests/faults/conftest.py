from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ground import Guarded, Victim
from tui.child.spawn import Lifelines


@pytest.fixture
def lifelines() -> Iterator[Lifelines]:
    made = Lifelines()
    yield made
    made.close()


@pytest.fixture
def victim() -> Iterator[Victim]:
    with subprocess.Popen(["sleep", "600"]) as process:
        try:
            yield Victim(process)
        finally:
            process.kill()


@pytest.fixture
def guarded(tmp_path: Path, lifelines: Lifelines) -> Iterator[Guarded]:
    made = Guarded(tmp_path / "state", lifelines)
    yield made
    made.guardian.close()
