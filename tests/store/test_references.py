"""A reference for each camera: kept, replaced, forgotten, and never a reason to stop."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest

from tui.core.camera.measures import Quality
from tui.core.camera.reference import THUMB_HEIGHT, THUMB_WIDTH, Reference
from tui.store.references import References


def reference(camera: str = "dock-3", focus: float = 800.0) -> Reference:
    return Reference(
        camera=camera,
        source="rtsp://10.0.0.5/live",
        stored_at=1_795_294_582.0,
        width=1280,
        height=720,
        quality=Quality(120, 50, 16, 110, 235, 0.1, 0.2, 1.5, focus, (1.0,) * 9),
        thumb=bytes(range(256)) * (THUMB_WIDTH * THUMB_HEIGHT // 256),
    )


@pytest.fixture
def references(tmp_path: Path) -> References:
    return References(tmp_path)


def test_it_comes_back_as_it_was_for_any_camera(references: References) -> None:
    names = ["dock-3", "rtsp://10.0.0.5/live", "../x", "file:/tmp/ä b.mp4"]
    for name in names:
        references.keep(reference(name))
    assert {each.camera for each in references.all()} == set(names)
    assert references.of("../x") == reference("../x")
    assert references.of("nobody") is None


def test_a_new_one_takes_the_place_of_the_old_one(references: References) -> None:
    references.keep(reference(focus=100.0))
    path = references.keep(reference(focus=900.0))
    [found] = references.all()
    assert found.quality.focus == 900.0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path, references: References) -> None:
    (tmp_path / "references").mkdir(mode=0o755)
    path = references.keep(reference())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_forgotten_one_is_gone(references: References) -> None:
    assert not references.forget("dock-3")
    references.keep(reference())
    assert references.forget("dock-3")
    assert references.all() == ()


def test_what_can_not_be_read_is_left_out(references: References) -> None:
    kept = references.keep(reference())
    (kept.parent / "torn.json").write_bytes(kept.read_bytes()[:100])
    (kept.parent / "other.json").write_bytes(kept.read_bytes())
    short = msgspec.structs.replace(reference("gate"), thumb=b"\0" * 7)
    references.keep(short)
    assert [each.camera for each in references.all()] == ["dock-3"]
