from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from tests.faults.conftest import victim as victim
from tests.faults.ground import Victim
from tests.lib.machine import Machine, read_json
from tests.lib.processes import freeze
from tests.lib.typing_in import typing_in
from tui.child.orphans import Orphan
from tui.cli import stress_findings as findings
from tui.core.finding import Finding
from tui.core.validity import Floor
from tui.core.wear import GIB, DeviceKind
from tui.faults.undo import Continue, Unlink
from tui.faults.undo_journal import UndoJournal, journals
from tui.store.database import SqliteStore
from tui.store.paths import DATABASE
from tui.store.wear_book import WearBook
from tui.store.wear_device import Device, mounted_under

GROUP = Path("a/b")


def lies_on(kind: DeviceKind, directory: Path, monkeypatch: pytest.MonkeyPatch) -> Device:
    """Says that every directory lies on such a device, and that its file system may be burnt."""
    device = Device("serial:S64A", kind)
    monkeypatch.setattr("tui.store.wear_device.device_under", lambda _: device)
    monkeypatch.setattr("tui.stress.place.STORAGE", (mounted_under(directory).filesystem,))
    return device


class TestLeftOverFaults:
    def test_are_named_with_the_command_that_undoes_them_and_left_as_they_are(
        self, tmp_path: Path, victim: Victim
    ) -> None:
        journal = UndoJournal.create(tmp_path)
        journal.arm("1", Continue(victim.target))
        journal.close()
        freeze(victim.process.pid)
        for _ in range(2):
            (found,) = findings.left_over_faults(tmp_path)
            assert found.state == "warn"
            assert found.said == f"process {victim.process.pid} is frozen, by an earlier run"
            assert found.advice.endswith(f"by hand: kill -CONT {victim.process.pid}")
        assert victim.state == "T"

    def test_of_a_run_that_goes_on_are_none(self, tmp_path: Path) -> None:
        journal = UndoJournal.create(tmp_path)
        journal.arm("1", Unlink("/data/jetproof-fill-0123456789abcdef"))
        assert not list(findings.left_over_faults(tmp_path))
        journal.close()
        assert len(list(findings.left_over_faults(tmp_path))) == 1

    def test_that_make_no_sense_are_told_and_kept(self, tmp_path: Path) -> None:
        journal = UndoJournal.create(tmp_path)
        journal.path.write_text("nonsense\n")
        os.close(journal._descriptor)
        (found,) = findings.left_over_faults(tmp_path)
        assert "holds 1 line that can't be understood" in found.said
        assert list(journals(tmp_path))


def test_processes_without_an_owner_are_named_and_left_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orphan = Orphan(4711, 1, "tui.stress.cpu")
    monkeypatch.setattr("tui.child.orphans.orphans", lambda: (orphan,))
    (found,) = findings.left_over_processes()
    assert found.said == "process 4711 (tui.stress.cpu) has no owner any more"
    assert found.advice.endswith("kill -9 4711")


class TestTheGuardOfTheMemory:
    @pytest.fixture
    def proc(self, tmp_path: Path) -> Path:
        proc = tmp_path / "proc"
        (proc / "self").mkdir(parents=True)
        (proc / "self/cgroup").write_text(f"0::/{GROUP}\n")
        (proc / "pressure").mkdir()
        (proc / "pressure/memory").write_text("some avg10=0.00\nfull avg10=0.00\n")
        return proc

    @pytest.fixture
    def cgroups(self, tmp_path: Path) -> Path:
        root = tmp_path / "cgroup"
        (root / GROUP).mkdir(parents=True)
        (root / "cgroup.controllers").write_text("cpu memory\n")
        (root / GROUP / "memory.max").write_text("max\n")
        return root

    def test_goes_by_what_is_available_and_by_pressure(self, proc: Path, cgroups: Path) -> None:
        found = findings.memory_guard(proc, cgroups)
        assert found.state == "ok"
        assert found.said.endswith(
            "MiB available, or when everything waits for memory (PSI); cgroup v2"
        )

    def test_without_pressure_is_a_warning(self, proc: Path, cgroups: Path) -> None:
        (proc / "pressure/memory").unlink()
        found = findings.memory_guard(proc, cgroups)
        assert (found.state, "no pressure (PSI)" in found.said) == ("warn", True)
        assert "psi=1" in found.advice

    def test_in_a_cgroup_with_a_limit_is_a_warning(self, proc: Path, cgroups: Path) -> None:
        (cgroups / GROUP.parent / "memory.max").write_text(f"{300 * 2**20}\n")
        (cgroups / GROUP / "memory.max").write_text(f"{400 * 2**20}\n")
        found = findings.memory_guard(proc, cgroups)
        assert found.state == "warn"
        assert "cgroup may take 300 MiB at most" in found.said

    def test_knows_cgroups_of_version_1_too(self, proc: Path, cgroups: Path) -> None:
        (proc / "self/cgroup").write_text(f"3:cpu,cpuacct:/x\n2:memory:/{GROUP}\n0::/x\n")
        group = cgroups / "memory" / GROUP
        group.mkdir(parents=True)
        (group / "memory.limit_in_bytes").write_text("9223372036854771712\n")
        assert findings.memory_guard(proc, cgroups).said.endswith("cgroup v1")
        (group / "memory.limit_in_bytes").write_text(f"{100 * 2**20}\n")
        assert "100 MiB at most" in findings.memory_guard(proc, cgroups).said

    def test_is_there_without_any_cgroup(self, proc: Path, tmp_path: Path) -> None:
        assert findings.memory_guard(proc, tmp_path).said.endswith("no memory cgroup")
        (proc / "self/cgroup").unlink()
        assert findings.memory_guard(proc, tmp_path).said.endswith("no memory cgroup")

    def test_of_this_machine_is_told(self) -> None:
        assert "MiB available" in findings.memory_guard().said


class TestTheScratchDirectory:
    def test_that_nothing_was_written_to_begins_no_database(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lies_on("nvme", tmp_path, monkeypatch)
        monkeypatch.setattr("tui.core.floors.DISK_BYTES", 0)
        monkeypatch.setattr("tui.core.floors.DISK_SHARE", 0.0)
        found = findings.scratch_directory(tmp_path, tmp_path)
        assert found.state == "ok"
        assert "on an NVMe drive; jetproof has written nothing to it yet" in found.said
        assert found.said.endswith("a run may write 20.0 GiB")
        assert not (tmp_path / DATABASE).exists()

    def test_tells_what_was_written_and_when_the_day_s_share_is_spent(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        device = lies_on("sd", tmp_path, monkeypatch)
        monkeypatch.setattr("tui.core.floors.DISK_BYTES", 0)
        monkeypatch.setattr("tui.core.floors.DISK_SHARE", 0.0)
        SqliteStore(tmp_path).close()
        book = WearBook(tmp_path, lambda _: device)
        book.add(tmp_path, 5 * GIB, time.time() - 3 * 86_400)
        book.add(tmp_path, 9 * GIB, time.time())
        found = findings.scratch_directory(tmp_path, tmp_path)
        assert found.state == "ok"
        assert "jetproof has written 14.0 GiB to it, 9.0 GiB of it in the last 24" in found.said
        assert found.said.endswith("a run may write 1.0 GiB")
        book.add(tmp_path, GIB, time.time())
        spent = findings.scratch_directory(tmp_path, tmp_path)
        assert (spent.state, "wait" in spent.advice) == ("warn", True)

    def test_that_is_too_full_is_a_warning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lies_on("emmc", tmp_path, monkeypatch)
        monkeypatch.setattr("tui.core.floors.DISK_SHARE", 1.0)
        found = findings.scratch_directory(tmp_path, tmp_path)
        assert (found.state, "on eMMC is too full" in found.said) == ("warn", True)

    def test_in_ram_says_so(self, tmp_path: Path) -> None:
        memory = Path("/dev/shm")
        if not memory.is_dir():
            pytest.skip("no memory is mounted here")
        found = findings.scratch_directory(tmp_path, memory)
        assert found.state == "warn"
        assert "in RAM" in found.said
        assert "[stress] scratch" in found.advice

    @pytest.mark.parametrize("name", ["missing", "link"])
    def test_that_can_not_be_used_says_why(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "link").symlink_to(tmp_path)
        found = findings.scratch_directory(tmp_path, tmp_path / name)
        assert found.state == "warn"
        assert str(tmp_path / name) in found.said

    def test_with_a_database_that_is_damaged_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lies_on("nvme", tmp_path, monkeypatch)
        (tmp_path / DATABASE).write_text("no database at all, but long enough to be looked at")
        found = findings.scratch_directory(tmp_path, tmp_path)
        assert (found.state, "can't be opened" in found.said) == ("warn", True)


def test_a_gpu_burner_is_named_or_what_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no gpu_burn or gpu-burn in the PATH" in findings.gpu_burner().said
    program = tmp_path / "gpu_burn"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert findings.gpu_burner() == Finding("GPU burner", "ok", f"gpu-burn: {program}")


def test_a_kernel_log_that_is_closed_to_us_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "open", refuse)
    found = findings.kernel_log()
    assert found.state == "warn"
    assert "kernel.dmesg_restrict" in found.said


class TestDoctor:
    NAMES = ("left over", "memory guard", "scratch", "GPU burner", "kernel log")

    def test_looks_at_stress_behind_all_but_the_cameras(
        self,
        machine: Machine,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr("tui.load.driver.LocustDriver.calibrate", lambda _: Floor(0.1, 0.5, 50))
        machine.write_config(stress={"scratch": "/dev/shm"})
        with typing_in(machine, monkeypatch, capsys, "doctor") as type_in:
            finished = type_in("--json", "found.json")
        checks = read_json(machine.work / "found.json")["checks"]
        names = list(dict.fromkeys(each["name"] for each in checks))
        assert tuple(names[-len(self.NAMES) - 1 :]) == (*self.NAMES, "cameras")
        (scratch,) = [each for each in checks if each["name"] == "scratch"]
        assert "/dev/shm" in scratch["said"]
        assert finished.code == 0
