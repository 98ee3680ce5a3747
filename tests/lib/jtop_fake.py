"""A feed for tests that does as it is told, where the source would start jtop's."""

from __future__ import annotations

import sys
from pathlib import Path

PRELUDE = """#!{python}
import json, os, sys, time

with open({starts!r}, "a") as file:
    file.write(f"{{os.getpid()}}\\n")
with open({starts!r}) as file:
    start = len(file.readlines())

def say(**line):
    print(json.dumps(line), flush=True)

def tick(value=50.0, age_s=0.0):
    at_s = time.monotonic() - age_s
    say(at_s=at_s, gauges={{"tj_c": {{"value": value}}}}, gpu_processes={{"7": 45.0}})

def go_on():
    while True:
        tick()
        time.sleep(0.2)

def hang():
    time.sleep(600)

say(state="connected")
"""


class FakeFeed:
    """A program that takes the place of an interpreter; `start` in it counts its starts from 1."""

    def __init__(self, path: Path, body: str, name: str = "feed") -> None:
        self._starts = path / f"{name}.starts"
        self.path = path / name
        prelude = PRELUDE.format(python=sys.executable, starts=str(self._starts))
        self.path.write_text(prelude + body)
        self.path.chmod(0o755)

    @property
    def pids(self) -> list[int]:
        """Of all that were started so far, in order."""
        if not self._starts.exists():
            return []
        return [int(line) for line in self._starts.read_text().split()]
