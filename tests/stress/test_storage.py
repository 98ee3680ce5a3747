from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tests.lib.processes import is_alive
from tests.stress.burning import Burning, burning
from tests.stress.test_storage_parts import place
from tui.stress.place import MIB

MODULE = "tui.stress.storage"
BUDGET = 400 * MIB


@pytest.fixture
def here(tmp_path: Path) -> dict[str, Any]:
    place(tmp_path).close()
    return {"directory": str(tmp_path), "budget_bytes": BUDGET, "file_mb": 16}


def own_file(burner: Burning, where: str) -> Path:
    """The descriptor of the file without a name."""

    def find() -> Path | None:
        for entry in Path(f"/proc/{burner.pid}/fd").iterdir():
            try:
                target = os.readlink(entry)
            except OSError:
                continue
            if target.startswith(where) and target.endswith("(deleted)"):
                return entry
        return None

    found = eventually(find)
    assert found is not None
    return found


@pytest.mark.parametrize("pattern", ["read", "random", "mixed", "files", "write"])
def test_a_pattern_reports_what_it_did_and_all_of_it_was_right(
    pattern: str, here: dict[str, Any]
) -> None:
    small = {**here, "sizes_mb": [1, 2], "level": 0.05 if pattern in ("files", "write") else 1.0}
    with burning(MODULE, pattern=pattern, **small) as burner:
        # How long that takes is the disk's affair.
        enough = 4 * MIB if pattern == "files" else 1  # a file of each size
        first = next(
            line
            for line in iter(burner.line, None)
            if line["verified"] and line["written_bytes"] >= enough
        )
        burner.order("stop")
        last = burner.rest()[-1]
    assert first["pattern"] == pattern
    assert first["medium"] == "storage" or first["filesystem"] == "tmpfs"
    assert first["way"] in ("direct", "page cache")
    assert first["asked"] == small["level"]
    assert last["done"] is True
    assert last["verified"] > 0
    assert last["bad"] == 0
    assert 0 < last["written_bytes"] <= BUDGET
    assert ("layout_s" in last) == (pattern not in ("write", "files"))
    if pattern not in ("read", "random"):
        assert last["write_p50_us"] <= last["write_p99_us"] <= last["write_longest_us"]
    if pattern == "files":
        assert last["files_1_mb"] >= last["files_2_mb"] > 0
        assert 0 < last["files_1_mb_write_p50_us"] <= last["files_1_mb_write_longest_us"]
    if pattern in ("read", "random"):
        assert last["written_bytes"] == 16 * MIB, "reading wears nothing"
        assert last["read_mb_per_s"] > 0
        assert last["write_mb_per_s"] == 0, "its file is ready before the pattern begins"
        assert "write_p50_us" not in last


def test_the_layout_of_its_file_counts_in_no_rate(here: dict[str, Any]) -> None:
    with burning(MODULE, pattern="random", **here) as burner:
        first = burner.line_with(phase="pattern")
        for _ in range(2):
            burner.line()
        burner.order("stop")
        last = burner.rest()[-1]
    assert first["write_mb_per_s"] == 0
    reads_s = last["ran_s"] - last["layout_s"]
    assert 0 < last["layout_s"] < last["ran_s"]
    # Random reads are of one block each: what was verified, and what the last reads still held.
    read_mb = last["read_mb_per_s"] * reads_s
    assert read_mb == pytest.approx(last["verified"] * 4096 / MIB, rel=0.1)


def test_one_that_ends_while_its_file_is_laid_out_tells_no_rate(here: dict[str, Any]) -> None:
    with burning(MODULE, pattern="read", level=0.001, **here) as burner:
        assert burner.line()["phase"] == "layout"
        burner.order("stop")
        last = burner.rest()[-1]
    assert last["layout_s"] > 0
    assert "read_mb_per_s" not in last


def test_a_level_is_a_share_of_the_time(here: dict[str, Any]) -> None:
    with burning(MODULE, pattern="read", level=0.4, **here) as burner:
        # A stall of the disk may spoil one second, not all of them.
        high = [burner.line_with(asked=0.4)["reached"] for _ in range(3)]
        assert min(abs(reached - 0.4) for reached in high) < 0.05
        burner.order("level 0.05")
        low = [burner.line_with(asked=0.05)["reached"] for _ in range(2)]
        assert min(low) < 0.4 / 2


@pytest.mark.parametrize("pattern", ["write", "files", "mixed"])
def test_a_budget_that_is_to_last_is_written_by_and_by(pattern: str, here: dict[str, Any]) -> None:
    small = {**here, "file_mb": 4, "sizes_mb": [1], "budget_bytes": 64 * MIB}
    with burning(MODULE, pattern=pattern, budget_lasts_s=60.0, **small) as burner:
        paced = {"phase": "pattern", "state": "paced to the wear budget"}
        lines = [burner.line_with(**paced) for _ in range(2)]
        burner.order("stop")
        last = burner.rest()[-1]
    assert last["ended_by"] == ""
    assert 0.9 < lines[0]["paced_to_mb_per_s"] < 1.1
    written_mb = last["written_bytes"] / MIB - (4 if pattern == "mixed" else 0)
    assert written_mb <= 1.1 * last["ran_s"] + 1
    assert (last["state"], last["held_by"]) == ("paced to the wear budget", "wear")
    if pattern == "mixed":
        # Its mix is 70 to 30: what reads more for each write was not held back.
        assert lines[-1]["read_mb_per_s"] > 1.2 * 70 / 30 * lines[-1]["paced_to_mb_per_s"]
    else:
        assert lines[-1]["read_mb_per_s"] < 1.2 * lines[-1]["paced_to_mb_per_s"]


def test_what_may_be_written_all_at_once_is_not_paced(here: dict[str, Any]) -> None:
    with burning(MODULE, pattern="write", level=0.01, **here) as burner:
        assert "state" not in burner.line()


def test_it_stops_before_the_budget_is_passed(here: dict[str, Any]) -> None:
    tight = {**here, "budget_bytes": 20 * MIB}
    with burning(MODULE, pattern="write", **tight) as burner:
        last = burner.rest()[-1]
        assert burner.child.returncode == 0
    assert last["written_bytes"] == 20 * MIB
    assert "may be written are used up" in last["ended_by"]


def test_a_byte_that_changes_on_the_device_is_found(here: dict[str, Any]) -> None:
    with burning(MODULE, pattern="read", **here) as burner:
        assert burner.line_with(phase="pattern")["bad"] == 0
        file = os.open(own_file(burner, here["directory"]), os.O_WRONLY)
        try:
            os.pwrite(file, b"\xff\x00\xff", 5 * MIB + 2000)
            os.fsync(file)
        finally:
            os.close(file)
        burner.line()
        assert burner.line()["bad"] > 0


@pytest.mark.parametrize("end", ["kill", "terminate", "stop"])
def test_whatever_ends_it_leaves_no_process_and_no_name(end: str, here: dict[str, Any]) -> None:
    with burning(MODULE, pattern="mixed", **here) as burner:
        burner.line()
        own_file(burner, here["directory"])
        assert list(Path(here["directory"]).iterdir()) == []
        if end == "kill":
            burner.child.kill()
        elif end == "terminate":
            burner.child.leave(5.0)
        else:
            burner.order("stop")
        last = burner.rest()[-1:]
        assert not is_alive(burner.pid)
        assert list(Path(here["directory"]).iterdir()) == []
    if end == "stop":
        assert last[0]["is_stopped"] is True


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"directory": "/proc"}, "is on proc"),
        ({"directory": "/dev/null"}, "is a device"),
        ({"file_mb": 500}, "more than the"),
        ({"file_mb": 0}, "file_mb"),
        ({"budget_bytes": 0}, "budget_bytes"),
        ({"budget_bytes": 2**50, "file_mb": 65_536, "directory": "/dev/shm"}, "no room"),
        ({"wipe": True}, "wipe"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    change: dict[str, Any], why: str, here: dict[str, Any]
) -> None:
    with burning(MODULE, **{**here, **change}) as burner:
        (line,) = burner.rest()
        assert burner.child.returncode == 2
    assert why in line["error"]


def test_memory_is_not_called_storage() -> None:
    place(Path("/dev/shm")).close()
    memory: dict[str, Any] = {"directory": "/dev/shm", "budget_bytes": BUDGET, "file_mb": 4}
    with burning(MODULE, pattern="read", **memory) as burner:
        line = burner.line()
        if "error" in line:
            pytest.skip(line["error"])
        burner.order("stop")
        last = burner.rest()[-1]
    assert line["medium"] == last["medium"] == "RAM, not storage"


TAKEN = """
import sys
from queue import SimpleQueue
from tui.stress import burner, place, storage

asked = iter([2**40])
place.Place.free_bytes = lambda self: next(asked, -1)
sys.exit(burner.burn("s", "u", storage.StorageSpec, storage.work, (sys.argv[1], SimpleQueue())))
"""


def test_it_gives_its_space_back_when_something_else_needs_it(here: dict[str, Any]) -> None:
    spec = json.dumps({**here, "seconds": 30.0, "pattern": "read"})
    done = subprocess.run(
        [sys.executable, "-c", TAKEN, spec], capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    *_, last = (json.loads(line) for line in done.stdout.splitlines())
    assert "is to stay free" in last["ended_by"]
