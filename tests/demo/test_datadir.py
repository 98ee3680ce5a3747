from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tui.demo.datadir import DataDirError, data_dir, sweep


@pytest.fixture(autouse=True)
def tempdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_temporary_directory_goes_with_its_images(tempdir: Path) -> None:
    with data_dir(None) as root:
        (root / "image").write_bytes(b"x")
        assert root.parent == tempdir
    assert list(tempdir.iterdir()) == []


def test_a_chosen_directory_is_made_and_stays(tempdir: Path) -> None:
    with data_dir(tempdir / "a" / "b") as root:
        (root / "image").write_bytes(b"x")
    assert (tempdir / "a" / "b" / "image").exists()


def test_a_sweep_takes_what_a_dead_demo_left_and_nothing_of_a_living_one(tempdir: Path) -> None:
    with data_dir(None) as living:
        dead = tempdir / "jetproof-demo-1-dead"
        dead.mkdir()
        (dead / "image").write_bytes(b"x")
        sweep()
        assert living.exists()
        assert not dead.exists()


def test_starting_a_demo_sweeps(tempdir: Path) -> None:
    dead = tempdir / "jetproof-demo-1-dead"
    dead.mkdir()
    with data_dir(None):
        assert not dead.exists()


def test_a_sweep_follows_no_link(tempdir: Path) -> None:
    precious = tempdir / "precious"
    precious.mkdir()
    (tempdir / "jetproof-demo-1-link").symlink_to(precious)
    sweep()
    assert precious.exists()


def test_two_demos_do_not_share_a_directory(tempdir: Path) -> None:
    with (
        data_dir(tempdir / "images"),
        pytest.raises(DataDirError, match="another demo"),
        data_dir(tempdir / "images"),
    ):
        pass


def test_a_directory_is_free_again_when_its_demo_ends(tempdir: Path) -> None:
    for _ in range(2):
        with data_dir(tempdir / "images") as root:
            assert root.is_dir()


def test_a_file_in_the_way_is_told(tempdir: Path) -> None:
    (tempdir / "file").write_text("")
    with pytest.raises(DataDirError, match="file"), data_dir(tempdir / "file"):
        pass
