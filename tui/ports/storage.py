"""Storage: who measures it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from tui.core.storage.plan import StoragePlan
from tui.core.storage.settings import StorageSettings
from tui.ports.load import Emit


class StorageJob(msgspec.Struct, frozen=True):
    """What is to be measured, and where."""

    plan: StoragePlan
    settings: StorageSettings
    directory: str
    """The local path."""
    run_id: str
    """What is put anywhere is known by it."""
    allowed_bytes: int | None = None
    """What may be written to the device of the local path; None: as much as anybody likes."""
    access_key: str = ""
    """The secrets themselves."""
    secret_key: str = ""


class StorageWatch(Protocol):
    """A measurement that goes on."""

    def stop(self) -> None:
        """Begin nothing more, and clean up. Returns at once; StorageEnded is told."""

    def close(self) -> None:
        """Tell nothing more, and end it: no process of it is left."""


class StorageBench(Protocol):
    """Measures storage in a process of its own."""

    def begin(self, job: StorageJob, tell: Emit) -> StorageWatch:
        """Returns at once. Tells what it finds and, last and once, StorageEnded, from threads of
        its own. Call it from a thread that lives as long as the measurement."""
