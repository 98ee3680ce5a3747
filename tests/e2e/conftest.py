from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lib.sorter.service import Sorter, sorter


@pytest.fixture
def service() -> Iterator[Sorter]:
    with sorter() as serving:
        yield serving
