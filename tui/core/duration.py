"""Durations as people write them: 30s, 5m, 1h20m, 500ms."""

from __future__ import annotations

import re

from tui.core.problem import quoted

MAX_DURATION_S = 30 * 86400.0
_UNITS_S = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|[dhms])")


def parse_duration_s(text: str, most_s: float = MAX_DURATION_S) -> float:
    """Seconds in `text`; ValueError with a hint when it is not a duration, or beyond `most_s`."""
    compact = text.replace(" ", "").lower()
    parts = _PART.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise ValueError(f"{quoted(text)} is not a duration (meant as in 30s, 5m, 1h20m?)")
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    if seconds > most_s:
        raise ValueError(f"{quoted(text)} is too long (at most {duration_text(most_s)})")
    return seconds


def duration_text(total_s: float) -> str:
    """A duration as it is written in a file: `1h20m`, `30s`, `500ms`."""
    rest_ms = round(total_s * 1000)
    parts = []
    for unit in ("d", "h", "m", "s", "ms"):
        size_ms = round(_UNITS_S[unit] * 1000)
        number, rest_ms = divmod(rest_ms, size_ms)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"
