"""What was measured of storage: facts, as the measuring process tells them."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.storage.plan import MB

PlaceName = Literal["local", "store"]
Way = Literal["write", "read"]
WAYS: tuple[Way, ...] = ("write", "read")
PLACES: tuple[PlaceName, ...] = ("local", "store")
FaultKind = Literal[
    "no-package", "refused", "unreachable", "unknown-host", "certificate", "credentials", "clock",
    "no-rights", "no-bucket", "region", "timeout", "gone", "server-error", "not-s3", "other",
]  # fmt: skip


class StoreFault(msgspec.Struct, frozen=True):
    """Why the object store can't be measured, or not any longer."""

    kind: FaultKind
    detail: str = ""
    """The store's own words, without secrets."""


class Transfers(msgspec.Struct, frozen=True):
    """One way of a cell: its objects in rounds, each from the first begin to the last end."""

    objects: int
    bytes: int
    seconds: float
    """Of all rounds; what lies between them is none of it."""
    p50_ms: float
    p95_ms: float
    longest_ms: float
    cpu_percent: float
    """What this client took for it, of one core."""

    @property
    def mb_per_s(self) -> float:
        """Of all that are under way at once together."""
        return self.bytes / MB / self.seconds if self.seconds > 0 else 0.0


class Cell(msgspec.Struct, frozen=True):
    """One size with so many at once, in one place."""

    place: PlaceName
    size_mb: int
    parallel: int
    asked: int
    """Objects; fewer where the time for a cell was over."""
    write: Transfers | None = None
    read: Transfers | None = None
    verified: int = 0
    """Objects whose hash was right when they were read back."""
    bad: int = 0
    """Objects that came back as something else."""
    why_not: str = ""
    """Why it was not measured, or not to its end."""
    is_cached: bool = False
    """Whether what was read came from memory: that is no figure of the device."""

    def way(self, way: Way) -> Transfers | None:
        """What was measured that way."""
        return self.write if way == "write" else self.read


class Opened(msgspec.Struct, frozen=True):
    """A place that is about to be measured, or can't be."""

    place: PlaceName
    where: str
    """The directory, or endpoint and bucket; never a secret."""
    why_not: str = ""
    fault: StoreFault | None = None
    medium: str = ""
    """`storage`, or `RAM, not storage`."""
    filesystem: str = ""
    device: str = ""
    way: str = ""
    """How local files are read: `direct`, past the page cache, or through the `page cache`."""
    made_bucket: bool = False
    swept: tuple[str, ...] = ()
    """Of earlier runs of this board: names of objects that were still there, and were removed."""
    swept_more: int = 0


class Records(msgspec.Struct, frozen=True):
    """A metadata store on the local path: rows inserted in batches, then asked for."""

    rows: int
    asked: int
    batch: int
    """Rows in a transaction, each of which is on the device before the next begins."""
    seconds: float = 0.0
    insert_p50_ms: float | None = None
    insert_p95_ms: float | None = None
    queries: int = 0
    query_p50_ms: float | None = None
    query_p95_ms: float | None = None
    query_longest_ms: float | None = None
    bad: int = 0
    """Rows that were missing or wrong in answers."""
    why_not: str = ""

    @property
    def per_s(self) -> float | None:
        """None where nothing was inserted."""
        return self.rows / self.seconds if self.seconds > 0 and self.rows else None


class Cleaned(msgspec.Struct, frozen=True):
    """What became of what was put into the store."""

    removed: int
    left: int = 0
    bucket_removed: bool = False
    why: str = ""
    """Why something is left."""
