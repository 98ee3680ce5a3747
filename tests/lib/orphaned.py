"""Processes that look like children of ours, without the guards that would end them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

BODY = """
import sys, time
kept = [open(name, "a") for name in sys.argv[1:]]
print("up", flush=True)
time.sleep(600)
"""

Start = Callable[..., "subprocess.Popen[str]"]


def owner_that_is_gone() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def write_program(root: Path, module: str) -> None:
    """A program that `python -m MODULE` starts in this directory."""
    path = root / f"{module.replace('.', '/')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    for package in module.split(".")[:1], module.split(".")[:2]:
        # Without these the installed packages of that name would come first.
        (root.joinpath(*package) / "__init__.py").touch()
    path.write_text(BODY)


@contextmanager
def starting(root: Path, mark: str) -> Iterator[Start]:
    """`start(MODULE, OWNER, *FILES)`: a program of that name that sleeps with its files open."""
    started: list[subprocess.Popen[str]] = []

    def start(module: str, owner: int, *files: Path) -> subprocess.Popen[str]:
        write_program(root, module)
        process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, files)],
            cwd=root,
            env={**os.environ, mark: str(owner)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.communicate()
