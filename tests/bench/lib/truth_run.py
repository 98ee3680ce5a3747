"""A headless run by any interpreter, and what it reports."""

from __future__ import annotations

import json
import os
import subprocess
import time
from typing import Any

from tests.bench.lib.truthful import Truthful
from tests.bench.lib.workplace import TARGET, Workplace


class HeadlessRun:
    """`jetproof run` as a child process."""

    def __init__(self, python: str, place: Workplace, scenario: str) -> None:
        self._file = place.root / "report.json"
        self._process = subprocess.Popen(
            [
                python, "-m", "tui", *place.options, "run", scenario, "--target", TARGET,
                "--quiet", "--json", str(self._file),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=place.root,
            env={**os.environ, **place.env},
        )  # fmt: skip

    def report(self) -> Any:
        """Wait for its end; RuntimeError when it reports nothing."""
        _, said = self._process.communicate()
        if not self._file.is_file():
            raise RuntimeError(said.strip()[-500:] or f"exit {self._process.returncode}")
        return json.loads(self._file.read_text(encoding="utf-8"))


def await_answers(server: Truthful) -> None:
    """Until the load has begun."""
    ends_s = time.monotonic() + 30
    while not server.told().taken_ms:
        if time.monotonic() > ends_s:
            raise TimeoutError("the load never began")
        time.sleep(0.05)
