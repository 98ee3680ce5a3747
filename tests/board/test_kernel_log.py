from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.orin import OrinTree
from tui.board.detect import detect_board
from tui.board.kernel_log import MOST_CHARACTERS, KernelLog, trouble_of
from tui.core.config import BoardSettings
from tui.core.events import Reading

MMC = "mmcblk0: error -110 sending status command, retrying"


def record(level: int, text: str, *, facility: int = 0, at_us: int = 5_000_000) -> str:
    return f"{facility * 8 + level},1234,{at_us},-;{text}\n SUBSYSTEM=block\n DEVICE=b179:0\n"


class Log:
    """A file in the place of the device: what is written at once comes with one read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_text(record(0, "Kernel panic of an earlier day"))
        self.source = KernelLog(path)

    def add(self, written: str) -> Reading:
        with self.path.open("a") as file:
            file.write(written)
        return self.source.read()["kernel_errors"]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "kmsg")


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (0, "Internal error: Oops: 96000005 [#1] PREEMPT SMP"),
        (1, "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000"),
        (2, "EXT4-fs error (device mmcblk0p1): ext4_find_entry:1455: inode #2: comm ls"),
        (2, "something that nobody foresaw"),
        (3, "I/O error, dev mmcblk0, sector 12345 op 0x0:(READ) flags 0x80700 phys_seg 1"),
        (3, "Buffer I/O error on dev nvme0n1p1, logical block 0, async page read"),
        (3, "INFO: task kworker/0:1:57 blocked for more than 120 seconds."),
        (3, "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 35s!"),
        (3, "Call trace:"),
        (3, "nvgpu: 17000000.gpu gk20a_fifo_handle_mmu_fault:1234 [ERR]  mmu fault on engine 0"),
        (3, "nvgpu: 17000000.gpu nvgpu_wait_for_idle:99 [ERR]  timed out waiting for idle"),
        (3, MMC),
        (4, "nvme nvme0: I/O 12 QID 2 timeout, aborting"),
        (3, "nvme nvme0: Device not ready; aborting reset, CSTS=0x1"),
    ],
)
def test_a_serious_message_counts(level: int, text: str) -> None:
    found = trouble_of(record(level, text))
    assert found is not None
    assert found.text == text[:MOST_CHARACTERS]


@pytest.mark.parametrize(
    "written",
    [
        record(3, "Out of memory: Killed process 1234 (python3) total-vm:1kB"),
        record(2, "Memory cgroup out of memory: Killed process 77 (python3)"),
        record(3, "tegra-i2c 31e0000.i2c: no acknowledge from address 0x1a"),
        record(3, "mmc1: error -123 whilst initialising SD card"),
        record(4, "I/O error, dev loop0, sector 0"),
        record(6, "nvme nvme0: 6/0/0 default/read/poll queues"),
        record(6, "EXT4-fs error counting is on"),
        record(0, "I/O error", facility=1),
        "no record at all",
        "",
    ],
)
def test_what_is_not_serious_or_not_the_kernels_does_not_count(written: str) -> None:
    assert trouble_of(written) is None


def test_a_message_becomes_one_short_line_that_drives_no_terminal() -> None:
    found = trouble_of(record(2, "usb \x1b[31mred\u202e" + 200 * "x"))
    assert found is not None
    assert found.text.isprintable()
    assert len(found.text) == MOST_CHARACTERS


def test_what_was_written_before_is_not_counted_and_the_newest_is_named(log: Log) -> None:
    quiet = log.source.read()["kernel_errors"]
    assert (quiet.value, quiet.text) == (0, "")
    assert log.add(record(3, "nothing of interest")).value == 0
    assert log.add(record(3, MMC)).text == MMC
    later = log.add(record(2, "EXT4-fs error (device sda1)", at_us=9_000_000))
    assert (later.value, later.text) == (2, "EXT4-fs error (device sda1)")


def test_of_an_oops_its_first_line_is_named(log: Log) -> None:
    log.add(record(1, "Unable to handle kernel paging request"))
    last = log.add(record(0, "Code: 14000003 f9400260 (f9400000)", at_us=5_000_900))
    assert (last.value, last.text) == (2, "Unable to handle kernel paging request")


def test_messages_that_were_overwritten_unread_end_nothing(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.read
    broken = [BrokenPipeError(errno.EPIPE, "overwritten")]

    def read(descriptor: int, size: int) -> bytes:
        if broken:
            raise broken.pop()
        return real(descriptor, size)

    monkeypatch.setattr(os, "read", read)
    assert log.add(record(3, MMC)).value == 1
    assert not broken


def test_a_log_that_breaks_says_so_and_its_gauge_has_no_value(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(descriptor: int, size: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", read)
    for _ in range(2):
        reading = log.source.read()["kernel_errors"]
        assert (reading.value, reading.why) == (None, "reading it failed: input/output error")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.EPERM, "kernel.dmesg_restrict is 1: needs root, or"),
        (errno.EACCES, "is closed to this user: needs root"),
        (errno.ENOENT, "no /dev/kmsg here"),
    ],
)
def test_a_log_that_does_not_open_says_what_would_open_it(
    monkeypatch: pytest.MonkeyPatch, code: int, why: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", refuse)
    source = KernelLog()
    reading = source.read()["kernel_errors"]
    assert reading.value is None
    assert why in reading.why
    assert source.why == reading.why


def test_this_machines_own_log_is_counted_or_says_why_not(tmp_path: Path) -> None:
    detected = detect_board(BoardSettings(), tmp_path, list)
    try:
        reading = eventually(lambda: detected.board.read().readings)["kernel_errors"]
    finally:
        detected.board.close()
    choice = next(each for each in detected.chosen if each.name == "kmsg")
    assert choice.used is (reading.value is not None)
    assert choice.why.startswith(reading.why)


def test_another_boards_tree_has_no_kernel_log(tmp_path: Path) -> None:
    tree = OrinTree(tmp_path / "orin")
    detected = detect_board(BoardSettings(root=str(tree.root)), tmp_path, list)
    try:
        assert "kernel_errors" not in detected.board.read().readings
    finally:
        detected.board.close()
        tree.close()
