"""The real jetson-stats, service and client, on an emulated board."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.jtop_board import JtopBoard, Unemulable
from tests.lib.machine import ROOT
from tui.board.host import HostBoard
from tui.board.jtop import JtopSource
from tui.board.merge import MergedBoard
from tui.core.events import Reading
from tui.core.gauges import meaning_of

Connect = Callable[..., JtopSource]


def traces() -> tuple[object, ...]:
    """What the service would leave on a machine that it runs on."""
    places = ("/run/jtop.sock", f"{sys.base_prefix}/local/jtop", "/usr/bin/nvpmodel")
    return Path("/etc/group").read_text(), [Path(place).exists() for place in places]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JtopBoard]:
    before = traces()
    try:
        board = JtopBoard(tmp_path_factory.mktemp("jtop"))
    except Unemulable as error:
        pytest.skip(f"the real jetson-stats is NOT tested here: {error}")
    yield board
    board.close()
    assert traces() == before


@pytest.fixture
def board(made: JtopBoard) -> Iterator[JtopBoard]:
    """The board with no service yet; what a test starts on it is gone after the test."""
    yield made
    made.remove_service()
    made.set_nvpmodel_delay(0)


@pytest.fixture
def connect(board: JtopBoard) -> Iterator[Connect]:
    """Makes a source of the board's service."""
    with ExitStack() as ends:

        def source(python: str = "", scripts: tuple[Path, ...] = ()) -> JtopSource:
            made = JtopSource(python or board.python(), socket=board.socket, scripts=scripts)
            ends.callback(made.close)
            made.read()
            return made

        yield source


def tj(source: JtopSource) -> Reading | None:
    return source.read().get("tj_c")


def test_what_the_board_s_nodes_hold_arrives_as_gauges(board: JtopBoard, connect: Connect) -> None:
    tree = board.tree
    tree.set_temps(61.5)
    tree.set_gpu(34.7, 612)
    tree.set_emc(61, 2133)
    tree.set_rail("VDD_IN", 10_000)
    tree.set_fan(40, 2200)
    tree.set_memory(3000, 100, 512)
    tree.cores_off(5)
    board.start_service()
    source = connect()
    eventually(lambda: "feed_cpu_percent" in source.read())
    tree.work([80.0] * 5)
    eventually(lambda: (share := source.read().get("cpu0_percent")) and share.value)
    said = source.read()
    values = {
        "tj_c": 61.5,
        "hottest_c": 61.5,
        "gpu_percent": 34.7,
        "gpu_mhz": 612,
        "emc_percent": 61,
        "emc_mhz": 2133,
        "vdd_in_mw": 10_000,
        "fan_percent": 40,
        "fan_rpm": 2200,
        "nvmap_used_mb": 512,
        "swap_used_mb": 100,
        "cores_offline": 1,
        "cpu0_percent": 80,
        "cpu_percent": 80,
        "power_mode": 2,
        "clocks_pinned": 0,
        "nvdec_mhz": 524.8,
        "vic_mhz": 0,
        "nvme_c": 41.85,
    }
    assert {name: said[name].value for name in values} == pytest.approx(values, rel=0.01)
    assert (said["power_mode"].text, said["vic_mhz"].text) == ("MAXN_SUPER", "off")
    assert said["emc_mhz"].limit == 3199
    assert "off" in said["cv0_c"].why
    assert "cpu5_percent" not in said
    assert {name for name in said if not meaning_of(name)} == set()
    assert {reading.source for reading in said.values()} == {"jtop"}
    assert list(source.gpu_processes.values()) == [45.0]
    tree.cores_off()


def test_a_change_on_the_board_is_seen(board: JtopBoard, connect: Connect) -> None:
    board.start_service()
    source = connect()
    eventually(lambda: tj(source))
    board.tree.set_temp("tj", 99.5)
    board.tree.pin_clocks()
    eventually(lambda: (now := tj(source)) and now.value == 99.5)
    eventually(lambda: source.read()["clocks_pinned"].value == 1)
    board.tree.pin_clocks(False)


def test_a_killed_service_is_named_others_take_over_and_it_comes_back(
    board: JtopBoard, connect: Connect, tmp_path: Path
) -> None:
    board.start_service()
    source = connect()
    merged = MergedBoard([source, HostBoard(tmp_path)])
    eventually(lambda: merged.read().readings["cpu_percent"].source == "jtop")
    board.kill_service()
    eventually(source.trouble)
    sample = merged.read()
    assert sample.lost["jtop"].startswith("jtop stopped ")
    assert sample.readings["cpu_percent"].source == "psutil"
    board.start_service()
    eventually(lambda: merged.read().readings["cpu_percent"].source == "jtop")
    assert merged.read().lost == {}


def test_a_frozen_service_is_named_and_comes_back_when_it_goes_on(
    board: JtopBoard, connect: Connect
) -> None:
    board.start_service()
    source = connect()
    eventually(lambda: tj(source))
    board.freeze_service()
    assert eventually(source.trouble).startswith("jtop hangs since ")
    assert source.read() == {}
    eventually(lambda: "restart jtop" in source.trouble())
    board.thaw_service()
    eventually(lambda: tj(source) and not source.trouble())


def test_a_service_that_dies_of_a_slow_nvpmodel_is_named_and_its_old_values_are_not_taken_for_new(
    board: JtopBoard, connect: Connect
) -> None:
    board.start_service()
    source = connect()
    eventually(lambda: tj(source))
    board.set_nvpmodel_delay(6)
    eventually(lambda: "nvpmodel command unavailable" in board.log)
    assert source.read() == {}
    assert source.trouble().startswith("jtop hangs since ")
    # The next feed's question makes it fall over altogether.
    eventually(lambda: source.trouble().startswith("jtop stopped "))
    board.set_nvpmodel_delay(0)
    board.kill_service()
    board.start_service()
    eventually(lambda: tj(source) and not source.trouble())


def test_a_user_outside_the_group_is_told_the_command(board: JtopBoard, connect: Connect) -> None:
    board.start_service()
    source = connect(board.python("stranger", user="65534"))
    assert eventually(source.trouble) == (
        "jtop refuses access: "
        "this user is not in group jtop: sudo usermod -aG jtop $USER, then log in again"
    )


def test_a_user_outside_the_group_starts_no_feed_at_all(board: JtopBoard) -> None:
    board.start_service()
    program = (
        "import time, pathlib, os; from tui.board.jtop import JtopSource; source = JtopSource()\n"
        "source.read()\n"
        "while not source.trouble(): time.sleep(0.05)\n"
        "print(source.trouble()); source.close()"
    )
    python = board.python("stranger", user="65534", python_path=str(ROOT))
    done = subprocess.run(
        [python, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("jtop refuses access: sudo usermod -aG jtop $USER"), done.stderr


def test_a_pace_that_another_program_asked_for_is_named_and_does_not_outlive_it(
    board: JtopBoard, connect: Connect
) -> None:
    board.start_service()
    program = (
        "from jtop import jtop; client = jtop(interval=3)\n"
        "with client: print('reads', flush=True); client.join()"
    )
    with subprocess.Popen(
        [board.python(), "-c", program], stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "reads\n"
            source = connect()
            assert "every 3 s" in eventually(source.trouble)
            assert source.read() == {}
        finally:
            other.kill()
    eventually(lambda: tj(source) and not source.trouble())


def test_a_service_of_another_version_is_named_and_read_with_its_own_interpreter(
    board: JtopBoard, connect: Connect, tmp_path: Path
) -> None:
    version = distribution("jetson-stats").version
    other = board.path / "other"
    # Importing it would change how this whole process forks.
    found = find_spec("jtop")
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, other / "jtop")
    about = other / "jtop/__init__.py"
    about.write_text(about.read_text().replace(version, "4.3.2"))
    board.start_service(python_path=str(other))
    script = tmp_path / "jtop"
    script.write_text(f"#!{board.python('python-of-the-service', python_path=str(other))}\n")
    source = connect(scripts=(script,))
    said = eventually(source.trouble)
    assert f"service 4.3.2 and client {version} differ" in said
    eventually(lambda: tj(source))
    assert source.python.endswith("python-of-the-service")
    assert source.trouble() == ""


def test_a_board_without_the_service_says_how_to_get_it(connect: Connect) -> None:
    assert eventually(connect().trouble) == "no jtop service here: sudo jtop --install-service"


def test_closing_leaves_no_feed(board: JtopBoard, connect: Connect) -> None:
    board.start_service()
    source = connect()
    eventually(lambda: tj(source))
    feeds = [
        pid
        for pid in processes.children_of(os.getpid())
        if "jtop_feed" in processes.command_line(pid)
    ]
    assert len(feeds) == 1
    source.close()
    assert not processes.is_alive(feeds[0])
