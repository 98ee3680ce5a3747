"""A burner's own figures in words, the weightiest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tui.core.format import count, fixed, ms
from tui.core.stress.view import BurnerView

Figures = Mapping[str, float | str]
Number = Callable[[float], str]
MB_PER_MIB = 2**20 / 1e6
"""Burners count in MiB; data sheets of disks and memory are in MB."""


def figures_of(burner: BurnerView) -> list[str]:
    """Now, or once it is over in all: `1 204 rounds/s`, `write 210 MB/s`, `loopback: no wire`."""
    told: Figures = burner.totals if burner.totals and burner.asked is None else burner.figures
    found = [
        text(number)
        for key, text in _NUMBERS
        if isinstance(number := told.get(key), (int, float)) and (number or key in _ALSO_ZERO)
    ]
    # What the first one does not measure comes right behind it: a row or a list may end early.
    return [*_first_words(told), *found[:1], *_labels(told), *found[1:], *_last_words(told)]


def _rate(unit: str) -> Number:
    def text(value: float) -> str:
        return f"{count(value) if value >= 10 else fixed(value, 1)} {unit}"

    return text


def _of(unit: str) -> Number:
    return lambda value: f"{count(value)} {unit}"


def _named(name: str, of: Number) -> Number:
    return lambda value: f"{name} {of(value)}"


def _bytes_per_s(value_mib: float) -> str:
    value = value_mib * MB_PER_MIB
    return f"{fixed(value / 1000, 2)} GB/s" if value >= 1000 else _rate("MB/s")(value)


def _bits_per_s(value: float) -> str:
    return f"{fixed(value / 1000, 2)} Gbit/s" if value >= 1000 else _rate("Mbit/s")(value)


def _mib(value: float) -> str:
    return f"{fixed(value / 1024, 1)} GiB" if value >= 10_240 else f"{count(value)} MiB"


def _us(value: float) -> str:
    return f"{ms(value / 1000)} ms"


def _ms(value: float) -> str:
    return f"{ms(value)} ms"


def _bytes(value: float) -> str:
    return f"{fixed(value / 1e9, 2 if value < 1e10 else 1)} GB"


_ALSO_ZERO = frozenset({"rounds_per_s", "held_mb", "lost_percent", "mbit_per_s", "connects_per_s"})
"""Nothing is worth a word in the others."""
_NUMBERS: tuple[tuple[str, Number], ...] = (
    ("rounds_per_s", _rate("rounds/s")),
    ("rounds", _of("rounds")),
    ("gflops", _rate("Gflop/s")),
    ("held_mb", _named("held", _mib)),
    ("most_mb", _named("held", _mib)),
    ("traffic_mb_per_s", _named("traffic", _bytes_per_s)),
    ("available_mb", lambda value: f"{_mib(value)} free"),
    ("swapped_mb", _named("swapped", _mib)),
    ("write_mb_per_s", _named("write", _bytes_per_s)),
    ("read_mb_per_s", _named("read", _bytes_per_s)),
    ("iops", _rate("IOPS")),
    ("read_p99_us", _named("read p99", _us)),
    ("write_p99_us", _named("write p99", _us)),
    ("fsync_p99_us", _named("fsync p99", _us)),
    ("mbit_per_s", _bits_per_s),
    ("connects_per_s", _rate("connects/s")),
    ("connects", _of("connects")),
    ("connect_p50_us", _named("connect p50", _us)),
    ("connect_p99_us", _named("connect p99", _us)),
    ("answer_p50_us", _named("answer p50", _us)),
    ("answer_p99_us", _named("answer p99", _us)),
    ("jitter_us", _named("jitter", _us)),
    ("lost_percent", lambda value: f"lost {fixed(value, 1)} %"),
    ("reordered", _named("reordered", count)),
    ("doubled", _named("doubled", count)),
    ("refused_by_kernel", _named("refused by the kernel", count)),
    ("rtt_us", _named("rtt", _us)),
    ("retransmits", _named("resent", count)),
    ("rows_per_s", _rate("rows/s")),
    ("queries_per_s", _rate("queries/s")),
    ("insert_p99_ms", _named("insert p99", _ms)),
    ("query_p99_ms", _named("query p99", _ms)),
    ("latency_p99_ms", _named("p99", _ms)),
    ("busy_errors", _named("busy", count)),
    ("written_bytes", lambda value: f"{_bytes(value)} written"),
    ("layout_s", lambda value: f"after {fixed(value, 1)} s to lay its file out"),
)
_WHOLE_FILES = re.compile(r"files_(\d+)_mb")
_QUIET_STATES = ("", "holds", "burns", "grows")


def _first_words(told: Figures) -> list[str]:
    """What an exhaustion takes now, and how much of it it holds; that a file is not ready yet."""
    if told.get("phase") == "layout":
        return ["lays its file out"]
    what, number = told.get("what"), told.get("count")
    if not what or not isinstance(number, (int, float)):
        return []
    state = told.get("state")
    return [f"{what} {count(number)}{f', {state}' if state else ''}"]


def _labels(told: Figures) -> Iterator[str]:
    if "loopback" in str(told.get("path", "")):
        yield "loopback: no wire"
    if "RAM" in str(told.get("medium", "")):
        yield "RAM, not storage"


def _last_words(told: Figures) -> list[str]:
    words = [*_whole_files(told), *_failed(told)]
    if told.get("by"):
        words.append(f"by {told['by']} at full rate")
    state = str(told.get("state", ""))
    if state not in _QUIET_STATES and not told.get("what"):
        words.append(state)
    return words


def _whole_files(told: Figures) -> Iterator[str]:
    """`files p99: 1 MiB 3.2 ms of 40, 20 MiB 51 ms of 39`."""
    found = [
        f"{match[1]} MiB {_us(p99_us)} of {count(number)}"
        for key, number in told.items()
        if (match := _WHOLE_FILES.fullmatch(key)) and isinstance(number, (int, float))
        if isinstance(p99_us := told.get(f"{key}_write_p99_us"), (int, float))
    ]
    if found:
        yield f"files p99: {', '.join(found)}"


def _failed(told: Figures) -> Iterator[str]:
    """`3 failed: connection refused 2, timed out 1`."""
    failed = told.get("failed")
    if isinstance(failed, (int, float)) and failed:
        yield f"{count(failed)} failed: {told.get('failed_by', '')}"
