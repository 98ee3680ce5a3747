"""A burner's own figures in words, the weightiest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui.core.format import count, fixed, ms
from tui.core.stress.view import BurnerView

Figures = Mapping[str, float | str]
Number = Callable[[float], str]


def figures_of(burner: BurnerView) -> list[str]:
    """Now, or once it is over in all: `1 204 rounds/s`, `write 210 MB/s`, `loopback: no wire`."""
    told: Figures = burner.totals if burner.totals and burner.asked is None else burner.figures
    found = [
        text(number)
        for key, text in _NUMBERS
        if isinstance(number := told.get(key), (int, float)) and (number or key in _ALSO_ZERO)
    ]
    return [*_first_words(told), *found, *_last_words(told)]


def _rate(unit: str) -> Number:
    def text(value: float) -> str:
        return f"{count(value) if value >= 10 else fixed(value, 1)} {unit}"

    return text


def _named(name: str, of: Number) -> Number:
    return lambda value: f"{name} {of(value)}"


def _mib(value: float) -> str:
    return f"{fixed(value / 1024, 1)} GiB" if value >= 10_240 else f"{count(value)} MiB"


def _us(value: float) -> str:
    return f"{ms(value / 1000)} ms"


def _ms(value: float) -> str:
    return f"{ms(value)} ms"


def _bytes(value: float) -> str:
    return f"{fixed(value / 1e9, 2 if value < 1e10 else 1)} GB"


_ALSO_ZERO = frozenset({"rounds_per_s", "held_mb", "lost_percent", "mbit_per_s"})
"""Nothing is worth a word in the others."""
_NUMBERS: tuple[tuple[str, Number], ...] = (
    ("rounds_per_s", _rate("rounds/s")),
    ("rounds", _rate("rounds")),
    ("gflops", _rate("Gflop/s")),
    ("held_mb", _named("held", _mib)),
    ("most_mb", _named("held", _mib)),
    ("traffic_mb_per_s", _rate("MB/s")),
    ("available_mb", lambda value: f"{_mib(value)} free"),
    ("swapped_mb", _named("swapped", _mib)),
    ("write_mb_per_s", _named("write", _rate("MB/s"))),
    ("read_mb_per_s", _named("read", _rate("MB/s"))),
    ("iops", _rate("IOPS")),
    ("fsync_p99_us", _named("fsync p99", _us)),
    ("written_bytes", lambda value: f"{_bytes(value)} written"),
    ("mbit_per_s", _rate("Mbit/s")),
    ("connects_per_s", _rate("connects/s")),
    ("jitter_us", _named("jitter", _us)),
    ("lost_percent", lambda value: f"lost {fixed(value, 1)} %"),
    ("rtt_us", _named("rtt", _us)),
    ("retransmits", _named("resent", count)),
    ("rows_per_s", _rate("rows/s")),
    ("queries_per_s", _rate("queries/s")),
    ("insert_p99_ms", _named("insert p99", _ms)),
    ("query_p99_ms", _named("query p99", _ms)),
    ("latency_p99_ms", _named("p99", _ms)),
    ("busy_errors", _named("busy", count)),
)
_QUIET_STATES = ("", "holds", "burns", "grows")


def _first_words(told: Figures) -> list[str]:
    """What an exhaustion takes now, and how much of it it holds."""
    what, number = told.get("what"), told.get("count")
    if not what or not isinstance(number, (int, float)):
        return []
    state = told.get("state")
    return [f"{what} {count(number)}{f', {state}' if state else ''}"]


def _last_words(told: Figures) -> list[str]:
    words: list[str] = []
    if "loopback" in str(told.get("path", "")):
        words.append("loopback: no wire")
    if "RAM" in str(told.get("medium", "")):
        words.append("RAM, not storage")
    if told.get("by"):
        words.append(f"by {told['by']}")
    state = str(told.get("state", ""))
    if state not in _QUIET_STATES and not told.get("what"):
        words.append(state)
    return words
