"""What the programs that burn a GPU print. Pure; the formats are those of gpu-burn's and
TensorRT's own sources."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from tui.stress.burner import Figures

MAX_CHARACTERS = 1000

_TROUBLE = re.compile(r"couldn't|can't|\berror\b|\[E\]|\bno cuda\b|fail|low mem", re.IGNORECASE)
_PROGRESS = re.compile(r"proc'd: (?P<work>.*?)  errors: (?P<errors>.*?)  temps: ")
_WORK = re.compile(r"(-?\d+) \((\d+) Gflop/s\)")
_NUMBER = re.compile(r"-?\d+")
_QUERIES = re.compile(r"Timing trace has (\d+) queries")
_RATE = re.compile(r"Throughput: ([\d.]+) qps")
_LATENCY = re.compile(
    r"(?:^|\] )Latency: .*?median = ([\d.]+) ms.*?percentile\(99%\) = ([\d.]+) ms"
)


class Lines(ABC):
    """Folds the lines of one program, over all its starts."""

    check = ""
    """What the program compares, in words."""
    ends_late = False
    """Whether it ends a line only with the next one."""

    def __init__(self) -> None:
        self.verified = self.bad = 0
        self.is_burning = False
        """Whether it has said, since it was started, that the GPU works."""
        self.is_dead = False
        """Whether it has said that nothing works any more."""
        self._trouble = self._last = ""

    @property
    def trouble(self) -> str:
        """The first line since its start that names something wrong, else the last one."""
        return self._trouble or self._last

    def begin(self) -> None:
        """It is started (again)."""
        self.is_burning = self.is_dead = False
        self._trouble = self._last = ""

    def add(self, line: str) -> None:
        """One whole line."""
        line = "".join(filter(str.isprintable, line)).strip()[:MAX_CHARACTERS]
        if not line or self._read(line):
            return
        self._last = line
        if not self._trouble and _TROUBLE.search(line):
            self._trouble = line

    def glance(self, begin_of_line: str) -> None:
        """What has come of a line; it comes again when it is whole."""
        if self.ends_late:
            self._read(begin_of_line)

    @abstractmethod
    def figures(self) -> Figures:
        """What it said last of its speed; empty before."""

    @abstractmethod
    def _read(self, line: str) -> bool:
        """Whether it is a line of results; then it is counted."""


class GpuBurnLines(Lines):
    """`10.0%  proc'd: 25 (7124 Gflop/s) - …  errors: 0 - …  temps: 56 C - …`, each for a GPU."""

    check = "every result is compared by gpu-burn"
    ends_late = True

    def __init__(self) -> None:
        super().__init__()
        self._gflops: float | None = None
        self._done: list[int] = []
        self._errors: list[int] = []

    def begin(self) -> None:
        super().begin()
        self._done, self._errors = [], []

    def figures(self) -> Figures:
        return {} if self._gflops is None else {"gflops": self._gflops}

    def _read(self, line: str) -> bool:
        found = _PROGRESS.search(line)
        if found is None:
            return False
        work = [(int(done), float(rate)) for done, rate in _WORK.findall(found["work"])]
        done, errors = [each for each, _ in work], _numbers(found["errors"])
        self.is_burning = True
        self.is_dead = bool(done) and all(each < 0 for each in done)
        self.verified += _grown(self._done, done)
        self.bad += _grown(self._errors, errors)
        self._done, self._errors = done, errors
        self._gflops = sum(rate for _, rate in work)
        return True


class TrtexecLines(Lines):
    """It says what it did when it ends; so it is started again and again."""

    check = "trtexec compares no results"

    def __init__(self) -> None:
        super().__init__()
        self._figures: Figures = {}
        self._queries = 0

    def figures(self) -> Figures:
        return {**self._figures, "queries": self._queries} if self._figures else {}

    def _read(self, line: str) -> bool:
        if "Starting inference" in line:
            self.is_burning = True
        elif found := _QUERIES.search(line):
            self._queries += int(found[1])
        elif found := _RATE.search(line):
            self._figures["queries_per_s"] = float(found[1])
        elif found := _LATENCY.search(line):
            self._figures |= {"latency_p50_ms": float(found[1]), "latency_p99_ms": float(found[2])}
        else:
            return False
        return True


def _numbers(text: str) -> list[int]:
    # The count of errors may have run over and be negative: it is no fewer for that.
    return [abs(int(each)) for each in _NUMBER.findall(text)]


def _grown(before: list[int], now: list[int]) -> int:
    """By how much each grew, in sum; one that is less began again from nothing."""
    before = before if len(before) == len(now) else [0] * len(now)
    pairs = zip(before, (max(each, 0) for each in now), strict=True)
    return sum(new - old if new >= old else new for old, new in pairs)
