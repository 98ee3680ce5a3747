from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.reader import reader, whole
from tui.board.host import HostBoard
from tui.core.events import Reading
from tui.core.guards.space import Space as SpaceGuard

MIB = 2**20


def by_psutil(path: Path) -> Reading:
    board = HostBoard(path)
    try:
        return eventually(lambda: [one for one in [board.read().get("disk_free_mb")] if one])[0]
    finally:
        board.close()


def by_the_kernel(path: Path) -> Reading:
    with reader(Path("/"), path) as source:
        return whole(source, "disk_free_mb")["disk_free_mb"]


@pytest.mark.parametrize("read", [by_psutil, by_the_kernel])
def test_free_space_is_told_with_the_size_of_its_file_system(
    read: Callable[[Path], Reading], tmp_path: Path
) -> None:
    free = read(tmp_path)
    found = os.statvfs(tmp_path)
    assert free.limit == pytest.approx(found.f_blocks * found.f_frsize / MIB)
    assert free.value is not None
    assert free.limit is not None
    assert 0 <= free.value <= free.limit


def test_the_scratch_directory_has_a_gauge_only_on_another_device(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("one device is all there is")
    with reader(Path("/"), tmp_path, scratch=memory) as source:
        free = whole(source, "scratch_free_mb", "disk_free_mb")["scratch_free_mb"]
    found = os.statvfs(memory)
    assert free.limit == pytest.approx(found.f_blocks * found.f_frsize / MIB)
    with reader(Path("/"), tmp_path, scratch=tmp_path) as source:
        assert "scratch_free_mb" not in whole(source, "disk_free_mb")


def test_a_scratch_directory_that_is_not_there_says_so(tmp_path: Path) -> None:
    with reader(Path("/"), tmp_path, scratch=tmp_path / "none") as source:
        free = whole(source, "scratch_free_mb")["scratch_free_mb"]
    assert (free.value, "no such file" in free.why) == (None, True)


def test_the_guard_of_the_space_takes_its_share_of_that_size(tmp_path: Path) -> None:
    free = by_the_kernel(tmp_path)
    assert free.limit is not None
    guard = SpaceGuard()
    roomy = Reading(0.5 * free.limit, "sysfs", limit=free.limit)
    tight = Reading(0.01 * free.limit, "sysfs", limit=free.limit)
    samples = [roomy, *[tight] * 20]
    halts = [guard.sample({"disk_free_mb": each}, float(at)) for at, each in enumerate(samples)]
    assert halts[0] is None
    assert any(halts)


def test_a_file_system_that_has_no_size_tells_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.statvfs

    def without_size(path: Path) -> os.statvfs_result:
        fields = list(real(path))
        fields[2] = 0
        return os.statvfs_result(fields)

    monkeypatch.setattr(os, "statvfs", without_size)
    for read in (by_psutil, by_the_kernel):
        assert read(tmp_path).limit is None
