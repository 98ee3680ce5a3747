"""What the measuring process is asked for, and what it tells."""

from __future__ import annotations

import msgspec

from tui.core.events import (
    CellBegan,
    CellMeasured,
    RecordsMeasured,
    StorageEnded,
    StorageOpened,
    StoreCleaned,
    StoreFailed,
)
from tui.core.storage.plan import RECORDS_S, StoragePlan
from tui.core.storage.settings import StorageSettings

LEAST_PATIENCE_S = 30.0
CONNECT_S, ANSWER_S = 5.0, 20.0
"""Of one request to an object store."""

Told = (
    StorageOpened
    | CellBegan
    | CellMeasured
    | RecordsMeasured
    | StoreFailed
    | StoreCleaned
    | StorageEnded
)
"""A line of the process, each tagged with its kind."""


class ObjectsSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys are the secrets themselves: they come over a pipe, never in arguments."""

    plan: StoragePlan
    settings: StorageSettings
    run_id: str
    directory: str
    allowed_bytes: int | None = None
    """What may be written there; None: as much as anybody likes."""
    access_key: str = ""
    secret_key: str = ""

    @property
    def secrets(self) -> tuple[str, str]:
        """What no line for people may have in it."""
        return self.secret_key, self.access_key

    @property
    def store(self) -> str:
        """Where the object store is, for people."""
        return f"{self.settings.endpoint}, bucket {self.settings.bucket}"

    @property
    def patience_s(self) -> float:
        """A round that takes longer is no longer waited for."""
        return max(6 * self.plan.cell_s, LEAST_PATIENCE_S)

    @property
    def longest_s(self) -> float:
        """What the slowest place that is still waited for makes of it."""
        ways = 2 * len(self.plan.cells) * self.plan.places
        return ways * (self.plan.cell_s + self.patience_s) + RECORDS_S
