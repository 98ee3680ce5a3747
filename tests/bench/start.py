"""From exec to the first paint, beside an empty Textual app of the same environment."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.bench.lib.console import WORD, console_command
from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.process import engine_of, rss_mb
from tests.bench.lib.spread import ratios
from tests.bench.lib.table import Table, say
from tests.bench.lib.terminal import Terminal
from tests.bench.lib.workplace import Workplace

AFTER_S = 3.0
"""By then locust has been imported behind the first paint."""
_EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("empty app")

Empty().run()
"""


@dataclass(frozen=True)
class Start:
    """One start."""

    paint_ms: float
    paint_bytes: int
    early_rss_mb: float
    late_rss_mb: float


def start(command: list[str], word: str, place: Workplace, after_s: float) -> Start:
    """Until `word` is on the screen, and a little longer."""
    with Terminal(command, env=place.env, cwd=str(place.root)) as terminal:
        painted_s = terminal.await_text(word)
        painted_bytes = terminal.received_bytes
        pid = engine_of(terminal.pid)
        early_mb = rss_mb(pid)
        time.sleep(after_s)
        late_mb = rss_mb(pid)
        terminal.send("\x11")
        terminal.wait(5.0)
    return Start((painted_s - terminal.started_s) * 1000, painted_bytes, early_mb, late_mb)


def imports() -> list[tuple[int, str]]:
    """Microseconds of each module's own import on the console's way, slowest first."""
    code = (
        "import tui.cli, tui.console.environment as e; e.prepare_environment()\n"
        "import tui.catalogue, tui.compose, tui.store.paths, tui.console.app"
    )
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    found = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", done.stderr)
    return sorted(((int(own), name) for own, name in found), reverse=True)


def _why(table: Table) -> None:
    modules = imports()
    table.note(f"imports before the first paint: {sum(own for own, _ in modules) / 1000:.0f} ms")
    packages: dict[str, int] = {}
    for own, name in modules:
        package = name.partition(".")[0]
        packages[package] = packages.get(package, 0) + own
    for title, rows in (
        ("by module", modules),
        ("by package", sorted(((own, name) for name, own in packages.items()), reverse=True)),
    ):
        table.note(f"  {title}:")
        for own, name in rows[:10]:
            table.note(f"    {own / 1000:6.1f} ms  {name}")


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--why", action="store_true", help="what is imported, and for how long")
    given = options.parse_args()
    rounds = 1 if given.quick else given.rounds
    print(machine())
    seen: dict[str, list[Start]] = {"empty": [], "jetproof": []}
    with Workplace("http://127.0.0.1:9") as place:
        empty = place.root / "empty.py"
        empty.write_text(_EMPTY, encoding="utf-8")
        commands = {
            "empty": ([sys.executable, str(empty)], "empty app"),
            "jetproof": (console_command(place), WORD),
        }
        for command, word in commands.values():
            start(command, word, place, 0.0)  # fills the page cache, writes byte code
        for number in range(rounds):
            for name in ("empty", "jetproof", "jetproof", "empty"):
                seen[name].append(start(*commands[name], place, AFTER_S))
            say(f"  {number + 1}/{rounds}")
    table = Table("start: in a terminal of 120x36, page cache warm, ABBA")
    paints = {name: [each.paint_ms for each in starts] for name, starts in seen.items()}
    apart = {name: ratios(values[1::2], values[0::2]) for name, values in paints.items()}
    means = {
        name: [(a + b) / 2 for a, b in zip(values[0::2], values[1::2], strict=True)]
        for name, values in paints.items()
    }
    table.add("empty Textual app: ms to first paint", paints["empty"], aa=apart["empty"])
    table.add("jetproof: ms to first paint", paints["jetproof"], aa=apart["jetproof"])
    table.add("ratio", ratios(means["jetproof"], means["empty"]), aa=apart["empty"], wanted="<= 2")
    for name, starts in seen.items():
        table.add(f"{name}: bytes when it shows", [each.paint_bytes for each in starts])
        table.add(f"{name}: RSS MB at first paint", [each.early_rss_mb for each in starts])
        table.add(f"{name}: RSS MB {AFTER_S:g} s later", [each.late_rss_mb for each in starts])
    if given.why:
        _why(table)
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
