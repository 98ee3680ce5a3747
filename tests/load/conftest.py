from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lib.drive import Bench, bench


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("load")) as made:
        yield made
