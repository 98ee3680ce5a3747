"""One figure of a table of its own, beside those of a load: of a camera, of a workflow."""

from __future__ import annotations

import msgspec

_MORE_DECIMALS = 4


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

    @property
    def is_fraction(self) -> bool:
        """Written as 0.95, shown as 95 %."""
        return self.most == 1

    def figure(self, value: float, limit: float | None = None) -> str:
        """What was measured, in its unit; beside a limit with the decimals that tell it apart."""
        decimals = self.decimals
        if limit is not None and value != limit:
            while decimals < self.decimals + _MORE_DECIMALS:
                if self._rounded(value, decimals) != self._rounded(limit, decimals):
                    break
                decimals += 1
        return self._rounded(value, decimals)

    def bound(self, value: float) -> str:
        """A limit in its unit, with all the decimals that it was written with."""
        return f"{self._in_unit(value):,.10g}".replace(",", " ")

    def _rounded(self, value: float, decimals: int) -> str:
        return f"{self._in_unit(value):,.{decimals}f}".replace(",", " ")

    def _in_unit(self, value: float) -> float:
        return 100 * value if self.is_fraction else value
