"""`jetproof camera snapshot` and `purge` as a user types them: what is kept, and how it goes."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lib.machine import Machine, read_json
from tests.lib.recording import SIZE, made_recording
from tests.lib.typing_in import Type, typing_in
from tests.store.test_references import reference
from tests.store.test_snapshots import still

pytest.importorskip("av", reason="needs the extra [camera]")


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof camera …` in this process: for what opens no camera."""
    with typing_in(machine, monkeypatch, capsys, "--state", str(machine.state), "camera") as typed:
        yield typed


class TestSnapshot:
    def test_it_is_kept_with_what_proves_it_and_a_change_is_found(self, machine: Machine) -> None:
        taken = machine.run("camera", "snapshot", "pattern", "--reason", "handover")
        assert taken.code == 0, taken.err
        path = Path(taken.out.splitlines()[0])
        assert path.parent == machine.state / "snapshots"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert taken.out.splitlines()[1] == f"sha256 {digest}"
        facts = read_json(path.with_suffix(".json"))
        assert (facts["sha256"], facts["reason"], facts["label"], facts["form"]) == (
            digest, "handover", "simulated", "full",
        )  # fmt: skip
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

        assert machine.run("camera", "snapshot", "--verify", str(path)).code == 0
        path.write_bytes(path.read_bytes() + b"x")
        changed = machine.run("camera", "snapshot", "--verify", str(path))
        assert changed.code == 1
        assert "NOT as it was taken" in changed.err

    def test_a_form_that_shows_nobody_is_burnt_into_the_file(
        self, machine: Machine, tmp_path: Path
    ) -> None:
        from tui.camera.still import frame_of

        source = f"file:{made_recording(tmp_path / 'dock.avi')}"
        out = machine.work / "out"
        for form in ("thumbnail", "pixelated"):
            machine.run(
                "camera", "snapshot", source, "--reason", "aim", "--form", form, "--out", str(out)
            )
        sizes = {}
        for path in out.glob("*.jpg"):
            frame = frame_of(path.read_bytes())
            sizes[read_json(path.with_suffix(".json"))["form"]] = (frame.width, frame.height)
        assert sizes == {"thumbnail": (64, 36), "pixelated": SIZE}

    def test_without_a_picture_it_says_why_and_keeps_nothing(self, machine: Machine) -> None:
        told = machine.run("camera", "snapshot", "file:/not/there", "--reason", "x")
        assert told.code == 3
        assert "/not/there is not there" in told.err
        assert "next: " in told.err
        assert not (machine.state / "snapshots").exists()

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("pattern",), "--reason"),
            (("pattern", "--reason", " "), "--reason"),
            (("pattern", "--reason", "x" * 300), "200"),
            (("--reason", "x"), "SOURCE"),
            (("pattern", "--verify", "x.jpg"), "--verify"),
            (("--verify", "x.jpg"), "no such file"),
        ],
    )
    def test_what_is_missing_is_told_before_anything_is_opened(
        self, type_in: Type, words: tuple[str, ...], said: str
    ) -> None:
        told = type_in("snapshot", *words)
        assert told.code == 2
        assert said in told.err


class TestPurge:
    @pytest.fixture
    def kept(self, machine: Machine) -> Path:
        """A snapshot of two cameras each, one from 2020; and a file of somebody else's."""
        from tui.store.references import References
        from tui.store.snapshots import keep

        folder = machine.state / "snapshots"
        machine.state.mkdir(exist_ok=True)
        keep(still(at_utc=1.58e9, camera="gate"), "full", "old", folder)
        keep(still(at_utc=4e9), "full", "young", folder)
        (folder / "holiday.jpg").write_bytes(b"mine")
        References(machine.state).keep(reference())
        return folder

    def left(self, folder: Path) -> list[str]:
        return sorted(path.name.partition("-")[0] for path in folder.glob("*.jpg"))

    def test_the_old_ones_go_when_asked(self, type_in: Type, kept: Path) -> None:
        told = type_in("purge", "--yes")
        assert told.code == 0
        assert "2020-01-2" in told.out
        assert "gate" in told.out
        assert "removed 1 snapshot; 1 snapshot kept" in told.out
        assert self.left(kept) == ["dock", "holiday.jpg"]
        assert "nothing to remove" in type_in("purge", "--yes").out

    def test_without_a_terminal_nobody_was_asked(self, machine: Machine, kept: Path) -> None:
        told = machine.run("camera", "purge", "--all")
        assert told.code == 2
        assert "--yes" in told.err
        assert len(self.left(kept)) == 3

    def test_one_camera_and_its_reference(
        self, type_in: Type, kept: Path, machine: Machine
    ) -> None:
        told = type_in("purge", "--camera", "dock-3", "--all", "--references", "--yes")
        assert "removed 1 snapshot and 1 reference" in told.out
        assert self.left(kept) == ["gate", "holiday.jpg"]
        assert list((machine.state / "references").iterdir()) == []

    def test_the_age_is_that_of_the_configuration_or_of_the_command(
        self, type_in: Type, machine: Machine, kept: Path
    ) -> None:
        machine.write_config(snapshots={"keep": "3650d"})
        assert "older than" not in type_in("list").out
        machine.write_config(snapshots={"keep": "7d"})
        assert "1 snapshot older than 7d" in type_in("list").out
        assert "removed 1 snapshot" in type_in("purge", "--older-than", "100d", "--yes").out

    @pytest.mark.parametrize(
        "words", [("--all", "--older-than", "1d"), ("--references",), ("--older-than", "soon")]
    )
    def test_what_can_not_be_meant_is_refused(
        self, type_in: Type, kept: Path, words: tuple[str, ...]
    ) -> None:
        assert type_in("purge", *words, "--yes").code == 2
        assert len(self.left(kept)) == 3


def test_doctor_says_when_snapshots_were_kept_too_long(machine: Machine) -> None:
    from tui.cli.camera_findings import findings_of
    from tui.cli.camera_list import Listing, Stored

    def found(overdue: int) -> list[Any]:
        stored = Stored("snapshots", 3, 30_000, overdue, ())
        return list(findings_of(Listing("config.toml", "30d", (), {}, {}, (), (), stored)))

    assert {each.state for each in found(0)} == {"ok"}
    assert [each.advice for each in found(2) if each.state == "warn"] == ["jetproof camera purge"]
