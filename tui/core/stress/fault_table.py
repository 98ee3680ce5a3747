"""The faults of a [stress] table, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.mistakes import Mistakes
from tui.core.stress.toxics import LARGEST_MS, Cut, Toxics

MAX_KB_PER_S = 10_000_000.0


class FaultTable(msgspec.Struct, forbid_unknown_fields=True):
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    kb_per_s: float = 0.0
    cut: Cut = "none"
    share_percent: float = 100.0


def read_fault(mistakes: Mistakes, table: FaultTable) -> Toxics | None:
    """What the way to the service suffers from; None where `mistakes`, of this table, has any."""
    mistakes.check("latency_ms", table.latency_ms, 0, LARGEST_MS)
    mistakes.check("jitter_ms", table.jitter_ms, 0, LARGEST_MS)
    mistakes.check("kb_per_s", table.kb_per_s, 0, MAX_KB_PER_S)
    share = mistakes.share("share_percent", table.share_percent, zero="of them suffer nothing")
    if table.cut == "refuse" and share < 1:
        what = "it is the port that refuses: everybody, or nobody"
        mistakes.add("share_percent", what, "cut")
    if not mistakes.is_clean:
        return None
    toxics = Toxics(
        latency_ms=table.latency_ms,
        jitter_ms=table.jitter_ms,
        bytes_per_s=table.kb_per_s * 1000,
        cut=table.cut,
        toxicity=share,
    )
    if toxics.is_clean:
        mistakes.add("", "does no harm: it needs latency_ms, jitter_ms, kb_per_s or cut")
    return toxics
