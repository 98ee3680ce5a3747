from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui.core.problem import InputError
from tui.store.paths import state_directory


def test_a_new_state_directory_belongs_to_its_user_alone(tmp_path: Path) -> None:
    made = state_directory(tmp_path / "deep" / "state")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_without_a_choice_it_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_directory() == tmp_path / "jetproof"


def test_a_file_in_its_place_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_text("mine")
    with pytest.raises(InputError, match=r"state is not a directory$") as caught:
        state_directory(file)
    assert "\n" not in str(caught.value)
    assert file.read_text() == "mine"


def test_a_directory_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        state_directory(tmp_path / "file" / "state")


def test_a_place_where_nothing_can_be_written_is_refused() -> None:
    with pytest.raises(InputError, match=r"can't be written.*--state"):
        state_directory(Path("/proc/self/jetproof"))
