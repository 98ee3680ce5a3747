"""A local file that a slow device does not give back."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tui.core.storage.plan import MB, CellPlan
from tui.stress.objects.cell import measure
from tui.stress.objects.local import LocalPlace
from tui.stress.objects.rounds import TooSlow


def test_a_transfer_that_is_waited_for_no_longer_keeps_its_file(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, is_let_go = threading.Event(), threading.Event()
    descriptors: list[int] = []

    def pwrite(descriptor: int, content: Sequence[int], at: int) -> int:
        descriptors.append(descriptor)
        hangs.set()
        is_let_go.wait(30)
        return len(content)

    local = LocalPlace(str(place))
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", pwrite)
        with pytest.raises(TooSlow):
            measure(local, CellPlan(1, 1, 1), 0.1, 0.1, lambda: False)
        assert hangs.is_set()
        # What it goes on to write ends in no other file that got the same number.
        found = os.fstat(descriptors[0])
        assert stat.S_ISREG(found.st_mode)
        assert found.st_size == MB
        is_let_go.set()
    local.close()
