"""The truthful server as a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from tests.bench.lib.workplace import ROOT


@dataclass(frozen=True)
class Told:
    """What the server did."""

    taken_ms: list[float]
    kinds: dict[str, int]

    @property
    def failures(self) -> int:
        """Everything but a whole 200."""
        return sum(count for kind, count in self.kinds.items() if kind != "ok")


class Truthful:
    """Use it as a context. `drops`: some connections close without a byte of an answer.
    `steady_ms`: every answer takes that long."""

    def __init__(
        self, seed: int = 1, *, drops: bool = False, steady_ms: float | None = None
    ) -> None:
        self._arguments = [str(seed), *(["--drops"] if drops else [])]
        if steady_ms is not None:
            self._arguments += ["--steady", f"{steady_ms:g}"]

    def __enter__(self) -> Truthful:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.lib.truth_server", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )
        self.url = f"http://127.0.0.1:{self._read()['port']}"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def stall(self, seconds: float) -> float:
        """No answer for so long; returns when it began, by `time.monotonic`."""
        return float(self._ask(do="stall", seconds=seconds)["at_s"])

    def told(self) -> Told:
        """Everything so far."""
        answer = self._ask(do="dump")
        return Told(answer["taken_ms"], answer["kinds"])

    def _ask(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())
