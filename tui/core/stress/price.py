"""What a stress cost the board: heat, power, energy, bytes written."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import Reading
from tui.core.rails import whole_rail
from tui.core.stress.heat import fresh, heat_c
from tui.core.stress.plan import Part
from tui.core.stress.view import Price

RISE_S = 60.0
"""How fast it warms up is told of this long."""
MAX_GAP_S = 5.0
"""A longer silence of the gauges is not filled with what they said before it."""


def available(readings: Mapping[str, Reading]) -> float | None:
    """MiB of memory that anybody may still have."""
    used_mb, used = fresh(readings, "ram_used_mb"), readings.get("ram_used_mb")
    if used_mb is None or used is None or used.limit is None:
        return None
    return used.limit - used_mb


class PriceFold:
    """Fed with every sample and the part in which it was taken."""

    def __init__(self) -> None:
        self._tj_before_c: float | None = None
        self._tj_max_c: float | None = None
        self._rise: tuple[float, float] | None = None
        """Time and temperature of the last sample within `RISE_S`."""
        self._first: tuple[float, float] | None = None
        self._power = _Mean()
        self._before = _Mean()
        self._power_max_mw: float | None = None
        self._energy_mj = 0.0
        self._last: tuple[float, float | None, bool] | None = None
        self._throttled_s = 0.0
        self._knows_throttling = False
        self._least_mb: float | None = None
        self._written: dict[str, int] = {}
        """Bytes, by the burners' names."""

    def add(
        self,
        readings: Mapping[str, Reading],
        at_s: float,
        part: Part | None,
        is_throttled: bool | None,
    ) -> None:
        """One sample."""
        tj_c = heat_c(readings)
        power_mw = fresh(readings, f"{whole_rail(readings)}_mw")
        if part == "before" or part is None:
            if tj_c is not None and part == "before":
                self._tj_before_c = tj_c
            if power_mw is not None and part == "before":
                self._before.add(power_mw)
            self._last = None
            return
        if part == "stress":
            self._under(readings, at_s, tj_c, power_mw, is_throttled)
        if tj_c is not None:
            self._tj_max_c = tj_c if self._tj_max_c is None else max(self._tj_max_c, tj_c)

    def wrote(self, burner: str, figures: Mapping[str, float | str]) -> None:
        """A burner's figures, or its totals: what it has written since its start."""
        written = figures.get("written_bytes")
        if isinstance(written, (int, float)):
            self._written[burner] = max(self._written.get(burner, 0), int(written))

    def view(self) -> Price:
        """So far."""
        return Price(
            tj_before_c=self._tj_before_c,
            tj_max_c=self._tj_max_c,
            tj_rise_c_per_min=self._rise_c_per_min(),
            power_before_mw=self._before.value,
            power_mean_mw=self._power.value,
            power_max_mw=self._power_max_mw,
            energy_j=self._energy_mj / 1000 if self._power.count > 1 else None,
            written_bytes=sum(self._written.values()),
            throttled_s=self._throttled_s if self._knows_throttling else None,
            memory_least_mb=self._least_mb,
        )

    def _under(
        self,
        readings: Mapping[str, Reading],
        at_s: float,
        tj_c: float | None,
        power_mw: float | None,
        is_throttled: bool | None,
    ) -> None:
        if tj_c is not None:
            self._first = self._first or (at_s, tj_c)
            if at_s - self._first[0] <= RISE_S:
                self._rise = (at_s, tj_c)
        if power_mw is not None:
            self._power.add(power_mw)
            self._power_max_mw = max(self._power_max_mw or 0.0, power_mw)
        available_mb = available(readings)
        if available_mb is not None:
            least_mb = available_mb if self._least_mb is None else self._least_mb
            self._least_mb = min(least_mb, available_mb)
        self._knows_throttling = self._knows_throttling or is_throttled is not None
        if self._last is not None:
            since_s, before_mw, was_throttled = self._last
            length_s = min(at_s - since_s, MAX_GAP_S)
            if before_mw is not None:
                self._energy_mj += before_mw * length_s
            if was_throttled:
                self._throttled_s += length_s
        self._last = (at_s, power_mw, bool(is_throttled))

    def _rise_c_per_min(self) -> float | None:
        if self._first is None or self._rise is None or self._rise[0] - self._first[0] < 20:
            return None
        (from_s, from_c), (to_s, to_c) = self._first, self._rise
        return (to_c - from_c) / (to_s - from_s) * 60


class _Mean:
    def __init__(self) -> None:
        self._sum = 0.0
        self.count = 0

    def add(self, value: float) -> None:
        self._sum += value
        self.count += 1

    @property
    def value(self) -> float | None:
        return self._sum / self.count if self.count else None
