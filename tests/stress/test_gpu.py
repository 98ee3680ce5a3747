from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.stress.burning import burning
from tests.stress.gpu_stand_ins import install
from tui.stress.burner import Unusable
from tui.stress.gpu_tools import find

MODULE = "tui.stress.gpu"


class Board:
    """A machine on which stand-ins are all that there is in the PATH."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self._root = root
        self._patch = patch
        self.engine = str(root / "model.engine")
        Path(self.engine).touch()
        self.has()

    def has(self, *names: str, how: str = "burns") -> None:
        """These are installed."""
        root = self._root / ("-".join(names) or "nothing")
        root.mkdir()
        self._patch.setenv("PATH", str(install(root, *names, how=how)))
        self._installed = root / "opt"

    def seen(self, name: str) -> dict[str, Any]:
        """How the program was started."""
        found: dict[str, Any] = json.loads((self._installed / name / "seen.json").read_text())
        return found


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    return Board(tmp_path, monkeypatch)


def family() -> list[int]:
    """The burner and all that it started, and what those started."""
    return processes.children_of(os.getpid())


def test_gpu_burn_runs_and_its_figures_are_told(board: Board) -> None:
    board.has("gpu_burn")
    with burning(MODULE) as burner:
        line = burner.line_with(state="burns")
        burner.order("stop")
        last = burner.rest()[-1]
    assert (line["by"], line["gflops"], line["bad"]) == ("gpu-burn", 1250, 0)
    assert line["reached"] == pytest.approx(1.0, abs=0.2)
    assert line["verified"] > 0
    assert last["verified"] >= line["verified"]
    assert (last["starts"], last["ended_by"], last["is_stopped"]) == (1, "", True)


def test_gpu_burn_is_held_to_a_part_of_the_memory_and_finds_its_kernel(board: Board) -> None:
    board.has("gpu_burn")
    with burning(MODULE, seconds=20.0) as burner:
        burner.line_with(state="burns")
        seen = board.seen("gpu_burn")
    *words, seconds = seen["words"]
    assert words == ["-m", "1024", "-tc"]
    assert 20 < int(seconds) < 40
    # Where the program lies, not where the link to it does.
    assert Path(seen["cwd"]).name == "gpu_burn"


def test_results_that_differ_are_bad(board: Board) -> None:
    board.has("gpu_burn", how="errs")
    with burning(MODULE) as burner:
        line = burner.line_with(state="burns")
        while not line["bad"]:
            line = burner.line()
        assert line["bad"] == 2
        assert burner.line()["bad"] == 2, "the same errors were counted twice"


def test_at_level_0_the_program_ends_and_above_it_runs_again(board: Board) -> None:
    board.has("gpu_burn")
    with burning(MODULE) as burner:
        burner.line_with(state="burns")
        burner.order("level 0")
        rests = burner.line_with(asked=0.0, state="rests")
        while rests["reached"]:
            rests = burner.line()
        assert family() == [burner.pid]
        burner.order("level 0.5")
        burns = burner.line_with(state="burns")
        assert burns["verified"] >= rests["verified"]
        assert burns["asked"] == 1.0, "it burns at its own full rate"
        burner.order("stop")
        assert burner.rest()[-1]["starts"] == 2


def test_a_gpu_that_dies_under_it_ends_it_with_the_reason(board: Board) -> None:
    board.has("gpu_burn", how="dies")
    with burning(MODULE) as burner:
        last = burner.rest()[-1]
        assert burner.child.returncode == 0
    assert last["ended_by"].startswith("gpu-burn ended")
    assert last["bad"] > 0


@pytest.mark.parametrize(
    ("name", "why"),
    [("gpu_burn", "Couldn't init CUDA"), ("trtexec", "Engine deserialization failed")],
)
def test_a_program_that_never_burns_is_unusable_and_says_why(
    name: str, why: str, board: Board
) -> None:
    board.has(name, how="fails")
    with burning(MODULE, engine=board.engine) as burner:
        last = burner.rest()[-1]
        assert burner.child.returncode == 2
    assert last["error"].startswith("no GPU is burnt here")
    assert why in last["error"]


def test_trtexec_runs_the_engine_again_and_again(board: Board) -> None:
    board.has("trtexec", "gpu_burn")
    with burning(MODULE, engine=board.engine, seconds=40.0) as burner:
        line = burner.line_with(by="trtexec")
        while line.get("queries", 0) < 1000:
            line = burner.line()
        burner.order("stop")
        last = burner.rest()[-1]
    engine, duration = board.seen("trtexec")["words"]
    assert engine == f"--loadEngine={board.engine}"
    # A little less than what is left, so that it can say what it did.
    assert 1 <= int(duration.removeprefix("--duration=")) <= 37
    assert last["queries"] in [500 * (last["starts"] - 1), 500 * last["starts"]]
    told = last["queries_per_s"], last["latency_p50_ms"], last["latency_p99_ms"]
    assert told == (498.5, 2.01, 2.75)
    assert (last["verified"], last["ended_by"]) == (0, "")
    assert "compares no results" in line["check"]


@pytest.mark.parametrize("end", ["kill", "terminate", "stop"])
def test_whatever_ends_it_leaves_nothing_that_it_started(end: str, board: Board) -> None:
    board.has("gpu_burn")
    with burning(MODULE) as burner:
        burner.line_with(state="burns")
        # The burner, the keeper, the program, and what that one started.
        assert len(family()) == 4
        if end == "kill":
            burner.child.kill()
        elif end == "terminate":
            burner.child.leave(5.0)
        else:
            burner.order("stop")
        burner.rest()
        eventually(lambda: not family(), "something burns on", limit_s=10.0)


def test_a_keeper_that_is_killed_takes_the_program_with_it(board: Board) -> None:
    board.has("gpu_burn")
    with burning(MODULE) as burner:
        burner.line_with(state="burns")
        (keeper,) = [pid for pid in family() if "gpu_program" in processes.command_line(pid)]
        (program,) = [
            pid for pid in family() if "-tc" in processes.command_line(pid) and pid != keeper
        ]
        os.kill(keeper, signal.SIGKILL)
        eventually(lambda: not processes.is_alive(program))
        assert "status -9" in burner.rest()[-1]["ended_by"]
        for orphan in family():  # the stand-in's own child notices no broken pipe
            os.kill(orphan, signal.SIGKILL)


def test_no_program_is_unusable_and_says_what_was_looked_for(board: Board) -> None:
    with burning(MODULE) as burner:
        (line,) = burner.rest()
        assert burner.child.returncode == 2
    for named in ("no GPU burner here", "trtexec", "gpu_burn"):
        assert named in line["error"]
    assert "[load]" in line["advice"]


def test_auto_takes_trtexec_with_an_engine_and_gpu_burn_without(board: Board) -> None:
    board.has("trtexec", "gpu_burn")
    assert find("auto", board.engine).by == "trtexec"
    assert find("auto", "").by == "gpu-burn"
    assert find("gpu-burn", board.engine).by == "gpu-burn"


@pytest.mark.parametrize(
    ("engine", "why"),
    [("", "`[stress.gpu] engine` names"), ("/none/x.engine", "can't be read"), ("x", "be read")],
)
def test_trtexec_without_an_engine_file_says_so(engine: str, why: str, board: Board) -> None:
    board.has("trtexec", "gpu_burn")
    with pytest.raises(Unusable, match="no GPU burner here") as refused:
        find("trtexec", engine)
    assert why in str(refused.value)
