"""The readings behind a table of the board: which have a value, and how each is written."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import Reading
from tui.core.format import count, fixed
from tui.core.gauge_figure import figure

HOT_C, WARM_C = 5.0, 10.0
"""Headroom to a zone's passive trip that is red, and that is yellow."""
AGED_S = 10.0
"""Older values say so; what is read beside the samples is up to half as old."""


class Sheet:
    """The readings that have a value, and which of them were shown."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self.known = {
            name: (reading, reading.value)
            for name, reading in readings.items()
            if reading.value is not None
        }
        self.shown: set[str] = set()

    def value(self, name: str) -> float | None:
        """A gauge's value, which is shown from now on."""
        self.shown.add(name)
        return self.known[name][1] if name in self.known else None

    def limit(self, name: str) -> float | None:
        """The limit told with a value."""
        return self.known[name][0].limit if name in self.known else None

    def text(self, name: str) -> str:
        """The words told with a value."""
        return self.known[name][0].text if name in self.known else ""

    def said(self, name: str) -> str:
        """`71.4 °C`; empty without a value. The gauge is shown from now on."""
        value = self.value(name)
        return "" if value is None else figure(name, value)

    def source(self, *names: str) -> str:
        """Where the first of these comes from, and how old it is when that matters."""
        for name in names:
            if name in self.known:
                reading = self.known[name][0]
                age = f" {fixed(reading.age_s)} s" if reading.age_s >= AGED_S else ""
                return f"{reading.source}{age}"
        return ""

    def ending(self, *ends: str) -> list[str]:
        """Gauges whose names end so and that were not shown yet."""
        return [name for name in self.known if name.endswith(ends) and name not in self.shown]


def clock(sheet: Sheet, what: str) -> str:
    """`612 of 1 020 MHz, never below 306`; empty without a value."""
    value, limit = sheet.value(f"{what}_mhz"), sheet.limit(f"{what}_mhz")
    floor = sheet.value(f"{what}_floor_mhz")
    if value is None:
        return ""
    said = f"{count(value)} of {count(limit)} MHz" if limit else f"{count(value)} MHz"
    return said if floor is None else f"{said}, never below {count(floor)}"


def of_limit(sheet: Sheet, name: str, *, share: bool = True) -> str:
    """`2 298 of 7 620 MiB, 30 %`; empty without a value."""
    value, limit = sheet.value(name), sheet.limit(name)
    if value is None:
        return ""
    if not limit:
        return figure(name, value)
    said = f"{figure(name, value).split(' ')[0] if not share else count(value)}"
    said = f"{said} of {figure(name, limit)}"
    return f"{said}, {fixed(value / limit * 100)} %" if share else said


def headroom(sheet: Sheet, name: str) -> tuple[str, str]:
    """`71.4 °C  27.6 below 99.0, critical 104.5` and its ink; empty without a value."""
    value, limit = sheet.value(name), sheet.limit(name)
    if value is None:
        return "", ""
    said = f"{fixed(value, 1):>5} °C"
    if limit is None:
        return said, ""
    left_c = limit - value
    side = "below" if left_c >= 0 else "ABOVE"
    critical = sheet.known[name][0].critical
    end = f", critical {fixed(critical, 1)}" if critical is not None else ""
    ink = "bad" if left_c <= HOT_C else "warn" if left_c <= WARM_C else ""
    return f"{said}  {fixed(abs(left_c), 1):>5} {side} {fixed(limit, 1)}{end}", ink


def watts(value_mw: float | None) -> str:
    """`16.32 W`; empty without a value."""
    return "" if value_mw is None else f"{fixed(value_mw / 1000, 2)} W"
