"""What the console costs the board: CPU, memory, bytes to the terminal. Beside s-tui and btop."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.lib.console import Console
from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.process import cpu_s, pss_mb, rss_mb
from tests.bench.lib.table import Table, say
from tests.bench.lib.terminal import Terminal
from tests.bench.lib.workplace import ROOT, Workplace

SIZES = ((120, 36), (80, 24))
USERS = 5
OTHERS = ("s-tui", "btop")


@dataclass(frozen=True)
class Cost:
    """Of one program over one span."""

    cpu_percent: float
    """Of one core."""
    rss_mb: float
    pss_mb: float
    bytes_per_s: float


class Span:
    """Begin, wait, end."""

    def __init__(self, terminal: Terminal, pid: int) -> None:
        self._terminal = terminal
        self._pid = pid
        self._began = (time.monotonic(), cpu_s(pid), terminal.received_bytes)

    def end(self) -> Cost:
        """What it cost since."""
        began_s, began_cpu_s, began_bytes = self._began
        seconds = time.monotonic() - began_s
        return Cost(
            cpu_percent=100 * (cpu_s(self._pid) - began_cpu_s) / seconds,
            rss_mb=rss_mb(self._pid),
            pss_mb=pss_mb(self._pid),
            bytes_per_s=(self._terminal.received_bytes - began_bytes) / seconds,
        )


def others(place: Workplace, columns: int, rows: int, stack: ExitStack) -> dict[str, Terminal]:
    """s-tui and btop, both at one paint a second; what is not installed is left out."""
    home = Path(place.env["HOME"])
    (home / ".config" / "btop").mkdir(parents=True, exist_ok=True)
    (home / ".config" / "btop" / "btop.conf").write_text("update_ms=1000\n", encoding="utf-8")
    commands = {"s-tui": ["s-tui", "-r", "1"], "btop": ["btop", "--utf-force"]}
    return {
        name: stack.enter_context(
            Terminal(
                commands[name],
                columns=columns,
                rows=rows,
                env={**place.env, "LC_ALL": "C.UTF-8"},
                reads_screen=False,
            )
        )
        for name in OTHERS
        if shutil.which(name)
    }


def measure(
    place: Workplace, columns: int, rows: int, seconds: float, scenario: str
) -> tuple[dict[str, Cost], int]:
    """Everything at rest in the same span, then ours alone during a run; bytes of first paint."""
    with ExitStack() as stack:
        console = stack.enter_context(Console(place, columns=columns, rows=rows, target="demo"))
        first_paint = console.terminal.received_bytes
        with ExitStack() as beside:
            terminals = others(place, columns, rows, beside)
            time.sleep(5.0)
            spans = {name: Span(each, each.pid) for name, each in terminals.items()}
            spans["jetproof at rest"] = Span(console.terminal, console.engine_pid)
            time.sleep(seconds)
            costs = {name: span.end() for name, span in spans.items()}
        console.start(scenario)
        time.sleep(3.0)
        span = Span(console.terminal, console.engine_pid)
        time.sleep(seconds)
        costs["jetproof in a run"] = span.end()
        console.await_end(60)
    return costs, first_paint


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=30.0, help="of a span (default 30)")
    given = options.parse_args()
    rounds = 1 if given.quick else given.rounds
    seconds = 8.0 if given.quick else given.seconds
    print(machine())
    table = Table(f"cost: {seconds:g} s each; CPU in percent of one core")
    with Workplace("http://127.0.0.1:9") as place:
        with place.config.open("a", encoding="utf-8") as config:
            config.write('[targets.demo]\nurl = "demo:"\n')
        scenario = place.scenario(
            "cost",
            str(ROOT / "scenarios" / "load" / "users.py"),
            users=USERS,
            spawn_rate=USERS,
            duration_s=seconds + 6,
        )
        for columns, rows in SIZES:
            seen: dict[str, list[Cost]] = {}
            paints = []
            for number in range(rounds):
                costs, first_paint = measure(place, columns, rows, seconds, scenario)
                paints.append(float(first_paint))
                for name, cost in costs.items():
                    seen.setdefault(name, []).append(cost)
                say(f"  {columns}x{rows} {number + 1}/{rounds}")
            _show(table, f"{columns}x{rows}", seen, paints)
    table.show()
    return 0


def _show(table: Table, size: str, seen: dict[str, list[Cost]], paints: list[float]) -> None:
    table.add(f"{size} jetproof: bytes to first paint", paints, wanted="<= 40000")
    for name in ("jetproof at rest", "jetproof in a run", *OTHERS):
        costs = seen.get(name)
        if costs is None:
            table.skip(f"{size} {name}", f"not installed (apt install {name})")
            continue
        ours = name.startswith("jetproof")
        cpu, memory, sent = ("<= 5", "<= 100", "<= 7000 (aim 2000)") if ours else ("", "", "")
        table.add(f"{size} {name}: CPU %", [each.cpu_percent for each in costs], wanted=cpu)
        table.add(f"{size} {name}: RSS MB", [each.rss_mb for each in costs], wanted=memory)
        table.add(f"{size} {name}: PSS MB", [each.pss_mb for each in costs])
        table.add(f"{size} {name}: bytes/s", [each.bytes_per_s for each in costs], wanted=sent)


if __name__ == "__main__":
    sys.exit(main())
