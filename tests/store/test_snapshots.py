"""Stills on the device: whole or not there, provable, private, and gone when asked."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from pathlib import Path

import msgspec
import pytest

from tui.core.camera.measures import Quality
from tui.core.problem import InputError
from tui.ports.camera import Still
from tui.store import private_files
from tui.store.private_files import write_private
from tui.store.snapshots import check, keep, kept_in, overdue, remove

JPEG = b"\xff\xd8 a picture \xff\xd9"
AT_UTC_S = 1_795_294_582.669


def still(**changes: object) -> Still:
    usual = Still(
        camera="dock-3",
        source="rtsp://10.0.0.5/live",
        jpeg=JPEG,
        sha256=hashlib.sha256(JPEG).hexdigest(),
        packet_sha256="ab" * 32,
        width=1280,
        height=720,
        codec="h264",
        at_utc=AT_UTC_S,
        at_monotonic_s=812.5,
        is_clock_synced=None,
        pts_s=3.2,
        is_keyframe=True,
        tool="jetproof 1, av 18",
        quality=Quality(120, 50, 16, 110, 235, 0.1, 0.2, 1.5, 800, (1.0,) * 9),
    )
    return msgspec.structs.replace(usual, **changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_exact_bytes_are_kept_beside_what_proves_them(folder: Path) -> None:
    kept = keep(still(), "full", "handover of hall 3", folder)

    assert kept.path.read_bytes() == JPEG
    assert check(kept.path).is_same
    facts = json.loads(kept.path.with_suffix(".json").read_text())
    assert facts["sha256"] == hashlib.sha256(kept.path.read_bytes()).hexdigest()
    assert facts["reason"] == "handover of hall 3"
    assert facts["at"] == "2026-11-21T20:56:22.669Z"
    assert facts["at_monotonic_s"] == 812.5
    assert facts["is_clock_synced"] is None
    assert facts["quality"]["focus"] == 800


@pytest.mark.parametrize("named", ["the picture", "its facts"])
def test_one_changed_bit_is_found(folder: Path, named: str) -> None:
    kept = keep(still(), "full", "proof", folder)
    kept.path.write_bytes(JPEG[:-1] + b"\xd8")

    checked = check(kept.path if named == "the picture" else kept.path.with_suffix(".json"))
    assert not checked.is_same
    assert checked.sha256 == hashlib.sha256(kept.path.read_bytes()).hexdigest()


def test_nobody_else_may_read_them_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0)
    try:
        kept = keep(still(), "full", "proof", folder)
    finally:
        os.umask(before)
    assert mode_of(folder) == 0o700
    assert {mode_of(path) for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 2
    assert kept.path.parent == folder


@pytest.mark.parametrize(
    "camera", ["../../etc/passwd", "rtsp://10.0.0.5:554/live?x=1", "-", "ä" * 300, "a\0b"]
)
def test_a_cameras_name_leads_nowhere_else(folder: Path, camera: str) -> None:
    kept = keep(still(camera=camera), "full", "proof", folder)
    assert kept.path.parent == folder
    [found] = kept_in(folder)
    assert found.facts.camera == camera
    assert found.path == kept.path


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 201])
def test_no_reason_no_picture(folder: Path, reason: str) -> None:
    with pytest.raises(InputError, match="reason"):
        keep(still(), "full", reason, folder)
    assert not folder.exists()


def test_a_reason_is_one_line_that_drives_no_terminal(folder: Path) -> None:
    kept = keep(still(), "full", "aim\x1b[2J\nand focus", folder)
    assert kept.facts.reason.isprintable()


def test_they_are_listed_by_age_and_only_those_that_are_ours(folder: Path) -> None:
    later = keep(still(at_utc=AT_UTC_S + 60), "full", "second", folder)
    first = keep(still(), "pixelated", "first", folder)
    (folder / "holiday.jpg").write_bytes(JPEG)
    (folder / "holiday.json").write_text('{"kind": "jetproof snapshot 1"}')
    (folder / "notes.txt").write_text("of somebody")
    stranger = folder / "dock-3-20261121T205622669Z-00000000.json"
    stranger.write_text(first.path.with_suffix(".json").read_text())
    (folder / "dock-3-20261121T205622669Z-11111111.json").symlink_to(
        first.path.with_suffix(".json")
    )

    assert [each.facts.reason for each in kept_in(folder)] == ["first", "second"]
    for each in kept_in(folder):
        remove(each)
    left = {path.name for path in folder.iterdir()}
    assert {"holiday.jpg", "holiday.json", "notes.txt", stranger.name} <= left
    assert not {first.path.name, later.path.name} & left


def test_a_picture_that_was_never_finished_is_found_and_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(path: Path, content: bytes, **_: object) -> None:
        if path.suffix == ".jpg":
            path.with_name(path.name + private_files.PART).write_bytes(content[:4])
            raise KeyboardInterrupt
        write_private(path, content)

    monkeypatch.setattr("tui.store.snapshots.write_private", dies)
    with pytest.raises(KeyboardInterrupt):
        keep(still(), "full", "proof", folder)

    [found] = kept_in(folder)
    assert found.size is None
    remove(found)
    assert list(folder.iterdir()) == []


def test_only_those_older_than_they_may_get_are_overdue(folder: Path) -> None:
    old = keep(still(), "full", "old", folder)
    young = keep(still(at_utc=AT_UTC_S + 3600), "full", "young", folder)
    now_s = AT_UTC_S + 3601
    assert overdue(kept_in(folder), 3600.0, now_s) == (old,)
    assert overdue(kept_in(folder), 0.5, now_s) == (old, young)
    assert overdue(kept_in(folder), 3602.0, now_s) == ()


def test_nothing_is_replaced_and_a_full_device_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(still(), "full", "first", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError, match="is there already"):
        keep(still(), "full", "again", folder)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="no space left on device"):
        keep(still(at_utc=AT_UTC_S + 1), "full", "second", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_picture_that_can_not_be_written_leaves_no_facts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.suffix == ".jpg":
            raise InputError.of(str(path), "", "can't be written: no space left on device")
        write_private(path, content)

    monkeypatch.setattr("tui.store.snapshots.write_private", full)
    with pytest.raises(InputError, match="no space left"):
        keep(still(), "full", "proof", folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("is_own", "mode"), [(True, 0o700), (False, 0o755)])
def test_a_folder_of_ours_is_closed_and_somebody_elses_stays(
    folder: Path, is_own: bool, mode: int
) -> None:
    folder.mkdir(mode=0o755)
    keep(still(), "full", "proof", folder, is_own=is_own)
    assert mode_of(folder) == mode


def test_a_still_of_a_clock_that_was_not_set_is_no_older_than_it_is(folder: Path) -> None:
    now_s, minute_s = time.time(), 60.0
    early = still(at_utc=1e9, at_monotonic_s=time.monotonic() - minute_s)
    keep(msgspec.structs.replace(early, is_clock_synced=True), "full", "told as set", folder)
    for at_utc in (8e8, 2e9):
        wrong = msgspec.structs.replace(early, at_utc=at_utc, is_clock_synced=False)
        keep(wrong, "full", f"{at_utc:g}", folder)
    reasons = [
        {each.facts.reason for each in overdue(kept_in(folder), keep_s, now_s + 1)}
        for keep_s in (2 * minute_s, minute_s / 2)
    ]
    assert reasons == [{"told as set"}, {"told as set", "8e+08", "2e+09"}]


def test_after_a_restart_such_a_still_is_as_old_as_its_file(folder: Path) -> None:
    kept = keep(still(at_utc=1e9, is_clock_synced=False), "full", "proof", folder)
    beside = kept.path.with_suffix(".json")
    beside.write_bytes(beside.read_bytes().replace(kept.facts.boot.encode(), b"another-boot"))
    os.utime(beside, (2e9, 2e9))
    assert overdue(kept_in(folder), 60.0, 2e9 + 59) == ()
    assert len(overdue(kept_in(folder), 60.0, 2e9 + 61)) == 1


def test_what_is_above_the_directory_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no directory"):
        keep(still(), "full", "proof", tmp_path / "typo" / "out")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is not a directory"):
        keep(still(), "full", "proof", tmp_path / "file")


def test_a_file_without_facts_can_not_be_checked(tmp_path: Path) -> None:
    (tmp_path / "some.jpg").write_bytes(JPEG)
    with pytest.raises(InputError, match="no facts of a snapshot"):
        check(tmp_path / "some.jpg")


def test_facts_whose_picture_is_gone_say_so(folder: Path) -> None:
    kept = keep(still(), "full", "proof", folder)
    kept.path.unlink()
    with pytest.raises(InputError, match="No such file"):
        check(kept.path)
