"""An engine with stand-ins for burners, faults and the world, under way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.stress_bench import StressBench


@pytest.fixture
def bench(eager: None) -> Iterator[StressBench]:
    """Time passes when a test says so."""
    made = StressBench()
    made.supervisor.start()
    yield made
    # With a clock that stands still nobody would ever lose patience with them.
    made.burners.stays = made.burners.survives = False
    made.burners.die()
    made.supervisor.close()
