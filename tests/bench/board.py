"""What a sample of the board costs, and whether it comes in time while every core is burnt."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median

from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.table import Table, say
from tests.lib.orin import OrinTree
from tui.board.detect import detect_board
from tui.board.host import HostBoard
from tui.board.merge import MergedBoard
from tui.board.source import Source
from tui.board.sysfs import SysfsSource
from tui.board.tree import Tree
from tui.core.alerts import DEFAULT_RULES
from tui.core.board_watch import BoardWatch
from tui.core.config import BoardSettings
from tui.core.events import Sample
from tui.engine.sampler import INTERVAL_S, Sampler
from tui.ports import Board

BURN = "import hashlib\nwhile True: hashlib.sha256(bytes(65536)).digest()"


def main() -> int:
    """Measure and print."""
    given = parser(__doc__).parse_args()
    print(machine())
    table = Table(f"board: a sample, every {INTERVAL_S:g} s")
    reads = 200 if given.quick else 2000
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tree = OrinTree(place / "orin")
        makers: dict[str, Callable[[], Source]] = {
            "emulated Orin Nano, sysfs": lambda: SysfsSource(Tree(tree.root), place),
            "this host, psutil": lambda: HostBoard(place),
        }
        for name, make in makers.items():
            rounds = [_cpu_ms(MergedBoard([make()]), reads) for _ in range(given.rounds)]
            table.add(f"CPU of one sample, {name} (ms)", rounds, wanted="<= 1")
        seconds = 10.0 if given.quick else 60.0
        for title, burners in (("at rest", 0), ("every core burnt", os.cpu_count() or 1)):
            say(f"sampling for {seconds:.0f} s, {title}")
            board = detect_board(BoardSettings(), place, list).board
            began_s = time.process_time()
            with _burning(burners):
                late = _late_ms(board, seconds)
            spent_s = time.process_time() - began_s
            table.add(f"CPU of the whole board, {title} (% of a core)", [spent_s / seconds * 100])
            middle, p99 = median(late), sorted(late)[int(len(late) * 0.99)]
            table.add(f"lateness of a sample, p50, {title} (ms)", [middle])
            table.add(f"lateness of a sample, p99, {title} (ms)", [p99], wanted="< 50")
    table.show()
    return 0


def _cpu_ms(board: MergedBoard, reads: int) -> float:
    """Median CPU time of a read, this process alone."""
    board.read()
    costs = []
    for _ in range(reads):
        began = time.thread_time()
        board.read()
        costs.append((time.thread_time() - began) * 1000)
    board.close()
    return median(costs)


def _late_ms(board: Board, seconds: float) -> list[float]:
    """How far each distance between two samples is from the one that was asked for."""
    taken: list[float] = []
    watch = BoardWatch(DEFAULT_RULES)

    def take(sample: Sample) -> None:
        taken.append(time.monotonic())
        watch.sample(sample.readings, sample.lost, taken[-1])

    sampler = Sampler(lambda: board, take)
    sampler.start()
    time.sleep(seconds)
    sampler.close()
    pairs = pairwise(taken[1:])
    return [abs(second - first - INTERVAL_S) * 1000 for first, second in pairs]


@contextmanager
def _burning(cores: int) -> Iterator[None]:
    burners = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(cores)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


if __name__ == "__main__":
    sys.exit(main())
