from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.ground import Guarded
from tests.lib.machine import ROOT
from tui.core.floors import disk_floor_bytes
from tui.faults import disk
from tui.faults.disk import filled
from tui.faults.reserve import CAN_T_RESERVE, refuse_unless_storage
from tui.faults.undo import FaultRefused

MIB = 1024**2
LONG_S = 60.0
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


RESERVES = """
import os, sys
from tui.faults.reserve import reserve
from tui.faults.reserve import CAN_T_RESERVE, refuse_unless_storage
from tui.faults.undo import FaultRefused
descriptor = os.open(sys.argv[1] + "/file", os.O_WRONLY | os.O_CREAT)
try:
    reserve(descriptor, 0, 1 << 20)
except FaultRefused as error:
    print(error, os.fstat(descriptor).st_size)
"""


def roomy(directory: Path, taken_mb: int = 64) -> int:
    """Free bytes of a disk on which a small fill stays above the floor."""
    holder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        refuse_unless_storage(holder, directory)
    except FaultRefused as error:
        pytest.skip(str(error))
    finally:
        os.close(holder)
    room = shutil.disk_usage(directory)
    if room.free < disk_floor_bytes(room.total) + (taken_mb + 192) * MIB:
        pytest.skip("the disk of the temporary directory has too little room")
    return room.free


@pytest.mark.parametrize("floor_bytes", [0, 8 * MIB])
def test_a_scratch_disk_is_filled_to_its_floor_and_emptied(
    tmp_path: Path, floor_bytes: int
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "disk").mkdir()
    places = [str(tmp_path / "state"), str(tmp_path / "disk"), str(floor_bytes)]
    tried = subprocess.run(
        [*UNSHARE, "mount", "-t", "tmpfs", "none", places[1]],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        pytest.skip(f"no mount namespace here: {tried.stderr.strip()}")
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-m", "tests.faults.full_disk", *places],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["errno"] == errno.ENOSPC
    assert floor_bytes <= said["free"] < floor_bytes + MIB
    assert said["taken"] == said["before"] - said["free"]
    assert said["after"] == said["before"]
    assert said["names"] == ["theirs"]


def test_an_ordinary_disk_is_filled_to_a_floor_above_the_least(
    guarded: Guarded, tmp_path: Path
) -> None:
    floor = roomy(tmp_path) - 128 * MIB
    with filled(guarded.guardian, tmp_path, LONG_S, floor_bytes=floor) as full:
        found = Path(full.path).stat()
        assert 0 < full.taken_bytes == found.st_size <= found.st_blocks * 512
        assert full.free_bytes >= floor * 0.99
    assert not Path(full.path).exists()


def test_the_floor_of_an_ordinary_disk_can_not_be_lowered(
    guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if nearly all of it were used: the floor is what the disk holds now.
    floor = shutil.disk_usage(tmp_path).free + MIB * 1024
    monkeypatch.setattr(disk, "disk_floor_bytes", lambda total: floor)
    with (
        pytest.raises(FaultRefused, match="floor"),
        filled(guarded.guardian, tmp_path, LONG_S, floor_bytes=1),
    ):
        pytest.fail("it was filled")
    assert not list(tmp_path.glob("jetproof-fill-*"))


def test_memory_is_no_disk(guarded: Guarded) -> None:
    memory = Path("/dev/shm")
    if not os.path.ismount(memory):
        pytest.skip("no file system in memory here")
    with (
        pytest.raises(FaultRefused, match="is on tmpfs, and only ext4"),
        filled(guarded.guardian, memory, LONG_S, floor_bytes=shutil.disk_usage(memory).free),
    ):
        pytest.fail("it was filled")


def test_what_a_file_system_can_not_reserve_is_not_written(tmp_path: Path) -> None:
    script = 'mount -t ramfs none "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", script, "sh", str(tmp_path), sys.executable, RESERVES],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode and "Traceback" not in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr.strip()}")
    assert done.stdout == f"{CAN_T_RESERVE} 0\n", done.stderr


def test_a_fill_that_is_told_to_stop_takes_no_more(guarded: Guarded, tmp_path: Path) -> None:
    asked = iter([True, False])
    floor = roomy(tmp_path, 600) - 600 * MIB
    with filled(
        guarded.guardian, tmp_path, LONG_S, floor_bytes=floor, goes_on=lambda: next(asked)
    ) as full:
        assert 0 < full.taken_bytes < 500 * MIB


@pytest.mark.parametrize("scratch", ["no-mount", "/"])
def test_only_a_file_system_of_its_own_is_scratch(
    guarded: Guarded, tmp_path: Path, scratch: str
) -> None:
    (tmp_path / "no-mount").mkdir()
    with (
        pytest.raises(FaultRefused, match="file system"),
        filled(guarded.guardian, tmp_path, LONG_S, scratch=tmp_path / scratch),
    ):
        pytest.fail("it was filled")


def test_a_directory_elsewhere_than_on_the_scratch_disk_is_refused(
    guarded: Guarded, tmp_path: Path
) -> None:
    with (
        pytest.raises(FaultRefused, match="does not lie on"),
        filled(guarded.guardian, tmp_path, LONG_S, scratch=Path("/proc")),
    ):
        pytest.fail("it was filled")


def test_a_link_is_not_followed(guarded: Guarded, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with (
        pytest.raises(FaultRefused, match="can't be filled"),
        filled(guarded.guardian, tmp_path / "link", LONG_S),
    ):
        pytest.fail("it was filled")
