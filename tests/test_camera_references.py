"""References as a user of `jetproof camera` meets them: kept, refused, compared with, forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lib.machine import Machine, read_json
from tests.lib.recording import made_recording
from tests.lib.typing_in import Type, typing_in
from tests.store.test_references import reference
from tests.store.test_snapshots import still
from tui.cli.camera_probing import why_no_reference
from tui.core.camera.measures import Quality
from tui.store.references import References

pytest.importorskip("av", reason="needs the extra [camera]")


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof camera …` in this process: for what opens no camera."""
    with typing_in(machine, monkeypatch, capsys, "--state", str(machine.state), "camera") as typed:
        yield typed


def test_another_sources_reference_is_told_and_compared_with_nothing(
    machine: Machine, type_in: Type
) -> None:
    machine.state.mkdir()
    References(machine.state).keep(reference("dock-3"))
    for source, is_its_own in (("test:", False), (reference().source, True)):
        machine.write_config(cameras={"dock-3": {"source": source}})
        [listed] = json.loads(type_in("list", "--json", "-").out)["cameras"]
        assert listed["has_reference"] is is_its_own
        said = "has a reference" if is_its_own else "of another source: not used"
        assert said in type_in("list").out
    machine.write_config(cameras={"dock-3": {"source": "test:"}})
    machine.run("camera", "probe", "--duration", "1s", "--json", "a.json")
    [told] = read_json(machine.work / "a.json")["cameras"]
    assert told["frames"]
    assert told["compared"] is None


def test_a_black_picture_becomes_no_reference(machine: Machine, tmp_path: Path) -> None:
    dark = made_recording(tmp_path / "dark.avi", "color=c=black", 500)
    told = machine.run("camera", "probe", f"file:{dark}", "--duration", "1s", "--keep-reference")
    assert told.code == 3
    assert "no reference kept: the picture is black" in told.err
    assert References(machine.state).all() == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_corrupt": True}, "damaged"),
        ({"quality": None}, "could not be measured"),
        ({"quality": Quality(0, 0, 0, 0, 0, 99, 0, 0, 0, (0.0,) * 9, is_black=True)}, "black"),
        ({"quality": Quality(99, 1, 98, 99, 99, 0, 0, 1, 9, (9.0,) * 9)}, "no edges"),
        ({}, ""),
    ],
)
def test_a_picture_that_shows_nothing_is_no_reference(changes: dict[str, Any], said: str) -> None:
    why = why_no_reference(still(**changes))
    assert said in why
    assert bool(said) is bool(why)


def test_a_reference_is_forgotten_when_asked(machine: Machine) -> None:
    machine.state.mkdir()
    references = References(machine.state)
    for name in ("file:/not/there", "dock-3"):
        references.keep(reference(name))
    machine.run("camera", "probe", "file:/not/there", "--forget-reference")
    assert [each.camera for each in references.all()] == ["dock-3"]
