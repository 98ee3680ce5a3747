"""What stays free, whatever is burnt: the rules of the burners, the faults and the guards."""

from __future__ import annotations

MEMORY_MB = 512.0
MEMORY_SHARE = 0.1
DISK_BYTES = 2 * 1024**3
DISK_SHARE = 0.1
TOLERANCE = 0.8
"""Guards trip at that share of a floor: a burner at its own floor must not be what trips them."""


def memory_floor_mb(total_mb: float, asked_mb: float = 0.0) -> float:
    """What must stay available (MiB): a scenario may raise it, never lower it."""
    return max(MEMORY_MB, MEMORY_SHARE * total_mb, asked_mb)


def disk_floor_bytes(total_bytes: int, asked_bytes: int = 0) -> int:
    """What must stay free on a file system of that size; asking for more raises it."""
    return max(DISK_BYTES, int(total_bytes * DISK_SHARE), asked_bytes)
