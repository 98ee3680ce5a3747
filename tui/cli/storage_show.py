"""The lines of `jetproof show` that tell of a benchmark of storage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.storage.plan import StoragePlan

Labelled = tuple[str, str]
"""What stands at the left, and a text."""


def storage_lines(plan: StoragePlan) -> Iterator[Labelled]:
    """What is written where, and how long it takes."""
    from tui.core.format import count, duration
    from tui.core.storage.plan import SLOW_MB_PER_S, amount_text, whole_minutes_s

    sizes = ", ".join(f"{size} MB" for size in plan.sizes_mb)
    parallel = ", ".join(map(str, plan.parallel))
    yield "measures", f"{sizes}, each with {parallel} at once; {plan.per_cell} objects at least"
    yield "local", "written, synced and read back ([storage] local)" if plan.local else "left out"
    yield "store", "[storage] of config.toml; n/a without one" if plan.objects else "left out"
    if plan.records and plan.local:
        yield "records", f"{count(plan.records)} rows of a metadata store on the local path"
    yield "amount", f"at most {amount_text(plan)}; counted as wear, and removed"
    length = duration(whole_minutes_s(plan))
    yield "length", f"at most {length}, where a place gives {SLOW_MB_PER_S:g} MB/s or more"
    yield "fails", "an object that comes back changed, and a store that refuses or goes away, too"
