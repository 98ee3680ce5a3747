"""One figure of a table of its own, beside those of a load: of a camera, of a workflow."""

from __future__ import annotations

import msgspec


class Metric(msgspec.Struct, frozen=True):
    """What it is called and shown in, and which limits it may have."""

    label: str
    unit: str = ""
    decimals: int = 0
    threshold: str = ""
    """The default; empty: none."""
    goal: str = ""
    operators: str = "<"
    """`<`: less is better, `>`: more is better, `<>`: it may be kept between two values."""
    most: float = float("inf")
    """A limit beyond it is a slip of the finger; 1: it is a fraction, and shown in percent."""

    def shown(self, value: float) -> float:
        """A figure in the unit that stands behind it."""
        return 100 * value if self.most == 1 else value
