"""Our burners beside stress-ng, fio and iperf3: what each takes of the board, in turns."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import mean

from tests.bench.lib import rivals
from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.spread import ratios
from tests.bench.lib.table import Table, say
from tests.stress.burning import Burning, burning
from tui.child.spawn import Line

METHODS = ("hash", "vector", "matrix")
LEVELS_PERCENT = (25, 50, 75, 100)
FILE_MB = 256
"""Of the storage's file, ours and fio's."""
BUDGET_BYTES = 2**40
MEMORY_MB = 256
LIMIT = 60.0
"""Seconds; no burner lives longer, whatever becomes of the bench."""


def cpu_share(method: str, cores: list[int], level: float, seconds: float) -> float:
    """The share of a core that each burner had, by the kernel's account."""
    with ExitStack() as stack:
        burners = [
            stack.enter_context(
                burning(
                    "tui.stress.cpu", seconds=LIMIT, method=method, core=core, level=level,
                    intent="contend",
                )
            )
            for core in cores
        ]  # fmt: skip
        for burner in burners:
            _line_of_work(burner)
        return rivals.share_of([burner.pid for burner in burners], seconds) / len(cores)


def storage_rate(pattern: str, directory: Path, seconds: float) -> float:
    """MiB/s of big operations, operations a second of small ones; all of it verified."""
    rates: list[float] = []
    with burning(
        "tui.stress.storage", seconds=LIMIT, intent="contend", pattern=pattern,
        directory=str(directory), file_mb=FILE_MB, budget_bytes=BUDGET_BYTES,
    ) as burner:  # fmt: skip
        while len(rates) <= seconds:
            line = burner.line_with(phase="pattern")
            if pattern in rivals.SMALL:
                rates.append(line["iops"])
            else:
                rates.append(line["read_mb_per_s"] + line["write_mb_per_s"])
    return mean(rates[1:])  # the first window holds the end of the layout


def memory_rate(seconds: float) -> float:
    """MiB/s that were read and compared, then rewritten."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    level = MEMORY_MB * 2**20 / pages
    with burning(
        "tui.stress.memory", seconds=LIMIT, intent="contend", mode="traffic", level=level
    ) as burner:
        burner.line_with(state="at the level")
        return mean(float(burner.line()["traffic_mb_per_s"]) for _ in range(max(int(seconds), 1)))


def network_rate(seconds: float) -> float:
    """Mbit/s of one TCP stream over loopback, with the other end's own check of what came."""
    with burning("tui.stress.network", seconds=LIMIT, role="peer", intent="contend") as peer:
        port = peer.line()["port"]
        with burning(
            "tui.stress.network", seconds=LIMIT, port=port, rate_mbit_per_s=100_000.0,
            intent="contend",
        ) as burner:  # fmt: skip
            _line_of_work(burner)
            return mean(float(burner.line()["mbit_per_s"]) for _ in range(max(int(seconds), 1)))


def _line_of_work(burner: Burning) -> Line:
    line = burner.line()
    if "error" in line:
        raise RuntimeError(line["error"])
    return line


class Pairs:
    """Figures of ours and of theirs, taken in turns."""

    def __init__(self, table: Table, rounds: int) -> None:
        self._table = table
        self._rounds = rounds

    def take(
        self,
        what: str,
        ours: Callable[[], float],
        theirs: Callable[[], float] | None,
        their_name: str,
        wanted: str = "",
    ) -> None:
        """Rows for both and for the ratio; `theirs` is None where it can't be measured."""
        mine: list[float] = []
        others: list[float] = []
        for number in range(self._rounds):
            # Turn and turn about: what else the machine does falls on both.
            if theirs is not None and number % 2:
                others.append(theirs())
            mine.append(ours())
            if theirs is not None and not number % 2:
                others.append(theirs())
        say(f"  {what}")
        self._table.add(f"{what}: ours", mine)
        if theirs is None:
            self._table.skip(f"{what}: {their_name}", rivals.missing(their_name))
            return
        self._table.add(f"{what}: {their_name}", others)
        self._table.add(f"{what}: ratio", ratios(mine, others), wanted=wanted)


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=3.0, help="of a case (default 3)")
    options.add_argument(
        "--only", choices=("cpu", "storage", "memory", "network"), help="one kind of burner"
    )
    options.add_argument(
        "--directory", type=Path, help="on whose device storage is burnt (default: temporary)"
    )
    given = options.parse_args()
    rounds = 1 if given.quick else given.rounds
    seconds = 2.0 if given.quick else given.seconds
    print(machine())
    kinds: dict[str, Callable[[int, float], None]] = {
        "cpu": _cpu,
        "storage": lambda rounds, seconds: _storage(rounds, seconds, given.directory),
        "memory": _memory,
        "network": _network,
    }
    for name, kind in kinds.items():
        if given.only in (None, name):
            kind(rounds, seconds)
    return 0


def _cpu(rounds: int, seconds: float) -> None:
    cores = sorted(os.sched_getaffinity(0))
    last = cores[-1:]
    has_rival = not rivals.missing("stress-ng")
    table = Table(f"cpu: share of a core by /proc/PID/stat, {seconds:g} s each, nice 0")
    for percent in LEVELS_PERCENT:
        for method in METHODS:
            shares = [cpu_share(method, last, percent / 100, seconds) for _ in range(rounds)]
            off = [abs(100 * share - percent) for share in shares]
            table.add(f"{method} {percent} %: share", shares)
            table.add(f"{method} {percent} %: points off", off, wanted="<= 1")
            say(f"  {method} {percent} %")
        pairs = Pairs(table, rounds)

        def ours(share: float = percent / 100) -> float:
            return cpu_share("hash", last, share, seconds)

        def theirs(percent: float = percent) -> float:
            return rivals.stress_ng_share(last, percent, seconds)

        named = f"one core at {percent} %"
        pairs.take(named, ours, theirs if has_rival else None, "stress-ng", ">= 0.98")
    for method in METHODS:

        def every(method: str = method) -> float:
            return cpu_share(method, cores, 1.0, seconds)

        def their_every() -> float:
            return rivals.stress_ng_share(cores, 100, seconds)

        what = f"all {len(cores)} cores, {method}"
        Pairs(table, rounds).take(
            what, every, their_every if has_rival else None, "stress-ng", ">= 0.98"
        )
    table.note("another program on the same core takes its share from both")
    table.show()


def _storage(rounds: int, seconds: float, directory: Path | None) -> None:
    has_rival = not rivals.missing("fio")
    table = Table(
        f"storage: O_DIRECT, one operation at a time, {FILE_MB} MiB, fsync each 256 writes, "
        f"{seconds:g} s each"
    )
    with tempfile.TemporaryDirectory(prefix="jetproof-burn-", dir=directory) as place:
        for pattern in rivals.FIO_PATTERNS:
            unit = "operations/s of 4 KiB" if pattern in rivals.SMALL else "MiB/s in 1 MiB"

            def ours(pattern: str = pattern) -> float:
                return storage_rate(pattern, Path(place), seconds)

            def theirs(pattern: str = pattern) -> float:
                return rivals.fio_rate(pattern, Path(place), FILE_MB, seconds)

            Pairs(table, rounds).take(
                f"{pattern}, {unit}", ours, theirs if has_rival else None, "fio", ">= 0.9"
            )
    table.note("ours compares all that it reads with what it wrote; fio compares nothing here")
    table.note("ours writes and reads back a 64th of it; fio writes only")
    table.show()


def _memory(rounds: int, seconds: float) -> None:
    table = Table(f"memory: one worker, {MEMORY_MB} MiB, {seconds:g} s each; MB/s")
    table.add("ours: compared and rewritten", [memory_rate(seconds) for _ in range(rounds)])
    if rivals.missing("stress-ng"):
        table.skip("stress-ng memrate", rivals.missing("stress-ng"))
    else:
        found = [rivals.memrate_mb_per_s(MEMORY_MB) for _ in range(rounds)]
        for name in ("read64", "write64"):
            rates = [each[name] for each in found if name in each]
            table.add(f"stress-ng memrate: {name} alone", rates)
    table.show()


def _network(rounds: int, seconds: float) -> None:
    has_rival = not rivals.missing("iperf3")
    table = Table(f"network: one TCP stream over loopback, {seconds:g} s each; Mbit/s")
    Pairs(table, rounds).take(
        "loopback TCP",
        lambda: network_rate(seconds),
        (lambda: rivals.iperf3_mbit_per_s(seconds)) if has_rival else None,
        "iperf3",
    )
    table.note("ours has every byte compared by the other end; iperf3 compares none")
    table.show()


if __name__ == "__main__":
    sys.exit(main())
