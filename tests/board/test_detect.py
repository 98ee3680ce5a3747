from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.lib.eventually import eventually
from tests.lib.orin import OrinTree
from tui.board.detect import Detected, detect_board, detect_device
from tui.board.jetpack import jetpack_of, l4t_of
from tui.core.config import BoardSettings


@pytest.fixture
def board(tmp_path: Path) -> Iterator[OrinTree]:
    made = OrinTree(tmp_path / "orin")
    yield made
    made.close()


def test_a_host_says_what_it_is() -> None:
    device = detect_device()
    assert device.cpu_count == os.cpu_count()
    assert device.model
    assert device.source == "host"


def test_its_memory_is_what_psutil_counts() -> None:
    total = psutil.virtual_memory().total / 2**20
    assert detect_device().memory_mb == pytest.approx(total, rel=0.01)


def test_a_jetsons_tree_says_which_board_it_is_of(board: OrinTree) -> None:
    device = detect_device(board.root)
    assert device.model == "NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super"
    assert (device.l4t, device.jetpack, device.power_mode) == ("36.4.3", "6.2", "MAXN_SUPER")
    assert (device.cpu_count, device.memory_mb) == (6, 7620)
    assert device.source == "replay"


def test_jetpack_7_is_told_from_6(tmp_path: Path) -> None:
    device = detect_device(OrinTree(tmp_path / "seven", jetpack="7.2").root)
    assert (device.l4t, device.jetpack) == ("39.2.0", "7.2")


def test_an_empty_tree_is_an_unnamed_board(tmp_path: Path) -> None:
    device = detect_device(tmp_path)
    assert (device.model, device.l4t, device.jetpack) == ("unnamed board", None, None)
    assert (device.cpu_count, device.memory_mb, device.power_mode) == (1, 0, None)


@pytest.mark.parametrize(
    ("line", "l4t", "jetpack"),
    [
        ("# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic", "36.4.3", "6.2"),
        ("# R35 (release), REVISION: 4.1, GCID: 33958178, BOARD: t186ref", "35.4.1", "5.1.2"),
        ("# R38 (release), REVISION: 2.0, GCID: 41844464, BOARD: generic", "38.2.0", "7.0"),
        ("# R99 (release), REVISION: 1.0, GCID: 1, BOARD: generic", "99.1.0", None),
        ("", None, None),
        ("Ubuntu 24.04", None, None),
    ],
)
def test_a_jetpack_follows_from_its_l4t_and_a_newer_one_is_no_error(
    line: str, l4t: str | None, jetpack: str | None
) -> None:
    assert l4t_of(line) == l4t
    assert jetpack_of(l4t) == jetpack


@pytest.fixture
def settings(board: OrinTree) -> BoardSettings:
    return BoardSettings(root=str(board.root))


def chosen(detected: Detected) -> dict[str, bool]:
    return {choice.name: choice.used for choice in detected.chosen}


def test_another_tree_is_replayed_and_nothing_of_this_machine_is_mixed_in(
    settings: BoardSettings, tmp_path: Path
) -> None:
    detected = detect_board(settings, tmp_path, list)
    try:
        readings = detected.board.read().readings
    finally:
        detected.board.close()
    assert chosen(detected) == {"replay": True, "own": True}
    assert "GPU, 3 rails, 9 zones" in detected.chosen[0].why
    assert readings["tj_c"].source == "replay"
    own = {name for name, reading in readings.items() if reading.source != "replay"}
    assert own == {"console_cpu_percent", "console_rss_mb"}


def test_a_host_takes_psutil_first_and_says_why_the_others_are_not_used(tmp_path: Path) -> None:
    detected = detect_board(BoardSettings(), tmp_path, list)
    try:
        detected.board.read()
        sample = detected.board.read()
        eventually(lambda: "disk_free_mb" in detected.board.read().readings)
    finally:
        detected.board.close()
    names = chosen(detected)
    assert names["psutil"]
    assert names["sysfs"]
    assert list(names).index("psutil") < list(names).index("sysfs")
    assert sample.readings["ram_used_mb"].source == "psutil"
    for choice in detected.chosen:
        assert choice.why


def test_what_psutil_lacks_comes_out_of_the_tree(tmp_path: Path) -> None:
    if not Path("/proc/pressure/memory").exists():
        pytest.skip("this kernel measures no pressure")
    detected = detect_board(BoardSettings(), tmp_path, list)
    try:
        readings = detected.board.read().readings
    finally:
        detected.board.close()
    assert readings["memory_psi_percent"].source == "sysfs"


def test_a_recording_can_be_replayed_as_the_board_that_it_is_of(
    settings: BoardSettings, board: OrinTree, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    detected = detect_board(settings, tmp_path, list, record=kept)
    try:
        detected.board.read()
    finally:
        detected.board.close()
    assert detect_device(kept) == detect_device(board.root)
    again = detect_board(BoardSettings(root=str(kept)), tmp_path, list)
    try:
        assert again.board.read().readings["vdd_in_mw"].value == 5250
    finally:
        again.board.close()
