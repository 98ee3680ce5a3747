from __future__ import annotations

import os

import psutil
import pytest

from tui.board.detect import detect_host


def test_a_host_says_what_it_is() -> None:
    device = detect_host()
    assert device.cpu_count == os.cpu_count()
    assert device.model
    assert device.source == "host"


def test_its_memory_is_what_psutil_counts() -> None:
    assert detect_host().memory_mb == pytest.approx(psutil.virtual_memory().total / 2**20, rel=0.01)
