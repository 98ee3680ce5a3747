"""What of the board changed from one sample to the next: clocks, power mode, links, restarts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.core.events import Level, Reading
from tui.core.format import count, fixed
from tui.core.incidents import Incident, IncidentKind

INCOMPARABLE = ("power_mode", "clocks", "clocks.cpu", "clocks.gpu", "cores")
"""Changes after which the figures of a run are of two different boards."""
FOLLOWS_S = 3.0
SAME_CLOCK = 0.02
"""Limits of a clock that differ by less are the same."""


class Changes:
    """Remembers what each gauge said last."""

    def __init__(self) -> None:
        # By gauge and source: two sources may mean slightly different things by one name.
        self._texts: dict[tuple[str, str], str] = {}
        self._values: dict[tuple[str, str], float] = {}
        self._mode_changed_s = float("-inf")

    def sample(
        self, readings: Mapping[str, Reading], at_s: float, *, is_hot: bool
    ) -> Iterator[Incident]:
        """What changed with this sample. A board that `is_hot` lowers its own clock limits."""
        yield from self._named("power_mode", readings, at_s)
        yield from self._floors(readings, at_s, is_hot=is_hot)
        yield from self._cores(readings, at_s)
        for gauge, name in (("gpu_mhz", "GPU"), ("cpu_mhz", "CPU")):
            yield from self._ceiling(gauge, name, readings, at_s, is_hot=is_hot)
        yield from self._link(readings, at_s)
        counters: tuple[tuple[str, str, str, str, Level], ...] = (
            ("service_restarts", "service.restart", "the service restarted", "restart", "fail"),
            ("service_oom_kills", "service.oom", "OOM kill in the service", "OOM", "fail"),
            ("oom_kills", "oom", "OOM kill on the board", "OOM", "fail"),
            ("kernel_errors", "kernel.errors", "kernel error", "kernel", "fail"),
        )
        for gauge, key, text, label, level in counters:
            more = self._moved(gauge, readings)
            if more is not None and more[1] > more[0]:
                times = more[1] - more[0]
                often = "" if times == 1 else f"{times:.0f} times"
                said = readings[gauge].text
                detail = f"{said} ({often})" if said and often else said or often
                yield _at(at_s, key, "alert", text, label, detail, level)

    def _named(
        self, gauge: str, readings: Mapping[str, Reading], at_s: float
    ) -> Iterator[Incident]:
        reading = readings.get(gauge)
        if reading is None or reading.value is None or not reading.text:
            return
        key = gauge, reading.source
        before = self._texts.get(key, reading.text)
        self._texts[key] = reading.text
        if before != reading.text:
            self._mode_changed_s = at_s
            detail = f"{before} to {reading.text}"
            yield _at(at_s, gauge, "change", "power mode changed", reading.text, detail)

    def _floors(
        self, readings: Mapping[str, Reading], at_s: float, *, is_hot: bool
    ) -> Iterator[Incident]:
        """The lowest clocks: jetson_clocks raises them, and whatever undoes it says nothing."""
        pinned = self._moved("clocks_pinned", readings)
        floors = [
            (name, moved)
            for gauge, name in (("gpu_floor_mhz", "GPU"), ("cpu_floor_mhz", "CPU"))
            if (moved := self._moved(gauge, readings)) is not None
        ]
        if is_hot or self._follows_a_mode(at_s):
            return
        if pinned is not None and pinned[0] != pinned[1]:
            text = "clocks pinned" if pinned[1] else "clocks no longer pinned"
            yield _at(at_s, "clocks", "change", text, "clocks")
            return
        for name, (before, after) in floors:
            if before and abs(after / before - 1) > SAME_CLOCK:
                what = "lowered" if after < before else "raised"
                detail = f"{count(before)} to {count(after)} MHz"
                key = f"clocks.{name.lower()}"
                yield _at(at_s, key, "change", f"{name} clock floor {what}", name, detail)

    def _follows_a_mode(self, at_s: float) -> bool:
        # Another power mode brings other clocks with it: that is one change.
        return at_s - self._mode_changed_s <= FOLLOWS_S

    def _cores(self, readings: Mapping[str, Reading], at_s: float) -> Iterator[Incident]:
        moved = self._moved("cores_offline", readings)
        if moved is not None and moved[0] != moved[1]:
            text = "cores switched off" if moved[1] > moved[0] else "cores switched on"
            yield _at(at_s, "cores", "change", text, "cores", f"{moved[1]:.0f} are off now")

    def _ceiling(
        self,
        gauge: str,
        name: str,
        readings: Mapping[str, Reading],
        at_s: float,
        *,
        is_hot: bool,
    ) -> Iterator[Incident]:
        reading = readings.get(gauge)
        if reading is None or not reading.limit or is_hot:
            return
        before = self._values.get((f"{gauge} limit", reading.source), reading.limit)
        self._values[f"{gauge} limit", reading.source] = reading.limit
        if abs(reading.limit / before - 1) > SAME_CLOCK and not self._follows_a_mode(at_s):
            what = "lowered" if reading.limit < before else "raised"
            detail = f"{count(before)} to {count(reading.limit)} MHz"
            key = f"clocks.{name.lower()}"
            yield _at(at_s, key, "change", f"{name} clock limit {what}", name, detail)

    def _link(self, readings: Mapping[str, Reading], at_s: float) -> Iterator[Incident]:
        moved = self._moved("net_link_mbps", readings)
        if moved is not None and moved[0] != moved[1]:
            detail = f"{fixed(moved[0])} to {fixed(moved[1])} Mb/s"
            yield _at(at_s, "link", "change", "network link changed", "link", detail)

    def _moved(self, gauge: str, readings: Mapping[str, Reading]) -> tuple[float, float] | None:
        reading = readings.get(gauge)
        if reading is None or reading.value is None:
            return None
        before = self._values.get((gauge, reading.source), reading.value)
        self._values[gauge, reading.source] = reading.value
        return before, reading.value


def _at(
    at_s: float,
    key: str,
    kind: IncidentKind,
    text: str,
    label: str,
    detail: str = "",
    level: Level = "warn",
) -> Incident:
    return Incident(key, kind, text, label, level, at_s, at_s, detail)
