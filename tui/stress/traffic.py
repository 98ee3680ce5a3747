"""What a storage burner did, counted and timed."""

from __future__ import annotations

from collections.abc import Mapping

from tui.stress.burner import Figures
from tui.stress.latencies import Latencies
from tui.stress.place import MIB


class Traffic:
    """Operations of one window, or of all of a run."""

    def __init__(self) -> None:
        self.reads, self.writes, self.syncs = Latencies(), Latencies(), Latencies()
        self.read_bytes = self.written_bytes = 0
        self.busy_ns = 0
        """Time inside the operations."""

    def merge(self, other: Traffic) -> None:
        """Add another's."""
        for mine, others in zip(self._all(), other._all(), strict=True):
            mine.merge(others)
        self.read_bytes += other.read_bytes
        self.written_bytes += other.written_bytes
        self.busy_ns += other.busy_ns

    @property
    def busy_s(self) -> float:
        """The same in seconds."""
        return self.busy_ns / 1e9

    def told(self, over_s: float) -> Figures:
        """Rates over that time, and durations of what there was."""
        figures: Figures = {
            "read_mb_per_s": self.read_bytes / MIB / over_s,
            "write_mb_per_s": self.written_bytes / MIB / over_s,
            "iops": (self.reads.count + self.writes.count) / over_s,
            "fsyncs": self.syncs.count,
        }
        for name, each in zip(("read_", "write_", "fsync_"), self._all(), strict=True):
            if each.count:
                figures |= each.told(name)
        return figures

    def _all(self) -> tuple[Latencies, Latencies, Latencies]:
        return self.reads, self.writes, self.syncs


def whole_files(by_size_mb: Mapping[int, Latencies]) -> Figures:
    """`files_5_mb`: how many of that size were written whole, and how long each took."""
    figures: Figures = {}
    for size_mb, each in by_size_mb.items():
        name = f"files_{size_mb}_mb"
        figures |= {name: each.count, **each.told(f"{name}_write_")}
    return figures
