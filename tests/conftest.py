from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.machine import Machine
from tests.lib.target import Target

HERE = Path(__file__).parent
# Of all workers one compiles a test file, and the others read it: told otherwise by the
# environment, each would compile all of them, which takes longer than most of the tests.
sys.dont_write_bytecode = False

LONGEST = (
    "test_shipped_scenarios.py",
    "test_board_in_a_run.py",
    "test_stress_kills.py",
    "board/test_jtop.py",
    "test_bad_days.py",
    "console/test_sizes.py",
    "load/test_course.py",
    "test_board_command.py",
    "load/test_driver.py",
    "console/test_choices.py",
    "test_doctor.py",
    "load/test_open_model.py",
)
"""Files of a minute and more: begun first, they end before the rest does. Those that only wait
stand between those that work, or all at once would ask more of a machine than it has."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {HERE / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


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
