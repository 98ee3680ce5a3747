"""Who imports what: a quick start and a pure core are kept by looking, in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("textual", "locust", "gevent", "numpy", "plotext", "PIL", "httpx", "sqlite3", "uvicorn")


def imported_by(statement: str) -> set[str]:
    """The top-level packages that a statement brings into a fresh interpreter."""
    program = (
        f"import json, sys\nbefore = set(sys.modules)\n{statement}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def modules_of(package: str) -> list[str]:
    root = ROOT / "tui" / package
    return [f"tui.{package}.{path.stem}" for path in root.glob("*.py") if path.stem != "__init__"]


def test_the_command_line_starts_light() -> None:
    assert imported_by("import tui.cli").isdisjoint(HEAVY)


def test_the_core_is_made_of_the_standard_library_and_msgspec() -> None:
    found = imported_by("import " + ", ".join(modules_of("core")))
    # typing_extensions is what msgspec itself looks for.
    assert found - set(sys.stdlib_module_names) <= {"tui", "msgspec", "typing_extensions"}
    impure = {"socket", "subprocess", "sqlite3", "asyncio", "multiprocessing"}
    assert found.isdisjoint(impure)


def test_the_lifeline_is_standard_library_alone() -> None:
    # It runs before anything else in a child, and may not cost it a tenth of a second.
    found = imported_by("import tui.child.lifeline")
    assert found - set(sys.stdlib_module_names) == {"tui"}
    assert "threading" not in found


@pytest.mark.parametrize(
    ("package", "alien"),
    [
        ("stress", ("locust", "gevent", "textual", "httpx")),
        ("faults", ("locust", "gevent", "textual", "httpx", "sqlite3", "psutil")),
        ("engine", ("locust", "gevent", "textual", "httpx", "sqlite3")),
        ("store", ("locust", "gevent", "textual", "httpx")),
        ("reports", ("locust", "gevent", "textual", "httpx", "sqlite3")),
        ("board", ("locust", "gevent", "textual", "httpx", "sqlite3")),
        ("service", ("locust", "gevent", "textual", "sqlite3")),
    ],
)
def test_a_part_does_not_bring_the_others(package: str, alien: Sequence[str]) -> None:
    assert imported_by("import " + ", ".join(modules_of(package))).isdisjoint(alien)


def test_the_engines_side_of_the_load_comes_without_locust() -> None:
    # The first paint comes before it; a worker, a process of its own, brings all of it.
    found = imported_by("import tui.load.driver, tui.compose")
    assert found.isdisjoint(("locust", "gevent", "textual"))


def test_locust_leaves_this_process_as_it_is() -> None:
    program = (
        "import tui, signal, socket\n"
        "from tui.load.hub import import_locust\n"
        "before = signal.signal(signal.SIGWINCH, lambda *_: None)\n"
        "mine = signal.getsignal(signal.SIGWINCH)\n"
        "import_locust()\n"
        "assert signal.getsignal(signal.SIGWINCH) is mine\n"
        "assert socket.socket.__module__ == 'socket'\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=True)
