"""A bench of storage that measures nothing, and remembers what was asked of it."""

from __future__ import annotations

from tui.core import events as ev
from tui.ports import Emit, StorageJob


class FakeStorageWatch:
    """Tells what a test has it tell."""

    def __init__(self, bench: FakeStorageBench, job: StorageJob, tell: Emit) -> None:
        self._bench = bench
        self.job = job
        self.tell = tell
        self.is_stopped = self.is_closed = False

    def stop(self) -> None:
        self.is_stopped = True
        if self._bench.ends_by_itself:
            self.end()

    def close(self) -> None:
        self.is_closed = True

    def end(self, why: str = "") -> None:
        """It is over."""
        self.tell(ev.StorageEnded(why=why))


class FakeStorageBench:
    """Implements `ports.StorageBench`."""

    def __init__(self) -> None:
        self.watches: list[FakeStorageWatch] = []
        self.ends_by_itself = True
        """Whether one that is stopped ends at once; else it cleans up until told to `end`."""

    def begin(self, job: StorageJob, tell: Emit) -> FakeStorageWatch:
        self.watches.append(FakeStorageWatch(self, job, tell))
        return self.watches[-1]
