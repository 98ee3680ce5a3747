"""What a storage burner is asked for."""

from __future__ import annotations

from typing import Annotated

import msgspec

from tui.stress.burner import BurnerSpec
from tui.stress.patterns import Pattern

WRITE_ONLY: tuple[Pattern, ...] = ("write", "files")
"""They read only what they have just written; the others write a whole file first."""

SizeMb = Annotated[int, msgspec.Meta(ge=1, le=65_536)]


class StorageSpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` is the share of the time that is spent inside operations of the device.

    All patterns but `files` work on one file of `file_mb`, which `read`, `random` and `mixed`
    write first; `files` makes one of each of `sizes_mb` in turn, reads it back and lets it go.
    Nothing is written beyond `budget_bytes`. With `budget_lasts_s` writes are held back so that
    the budget lasts so long; reads are not, and neither is the file that they need first.
    """

    directory: str
    budget_bytes: Annotated[int, msgspec.Meta(gt=0)]
    budget_lasts_s: Annotated[float, msgspec.Meta(ge=0.0)] = 0.0
    """0: it may be used up before the end."""
    pattern: Pattern = "write"
    file_mb: SizeMb = 512
    sizes_mb: Annotated[tuple[SizeMb, ...], msgspec.Meta(min_length=1, max_length=16)] = (
        1,
        5,
        10,
        20,
    )
    fsync_every: Annotated[int, msgspec.Meta(ge=0)] = 256
    """Write operations; 0: only at the end of a file."""
