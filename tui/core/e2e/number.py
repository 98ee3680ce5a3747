"""Numbers of documents: JSON has some that floating point has not."""

from __future__ import annotations

from sys import float_info


def finite(value: object) -> float | None:
    """The number; None for what is none, not finite, or too large for floating point."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return value if abs(value) <= float_info.max else None
