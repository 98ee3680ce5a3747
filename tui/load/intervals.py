"""How long a user means its operations to be apart, read from Locust's own wait functions."""

from __future__ import annotations

from functools import lru_cache
from types import FunctionType
from typing import Any

_LOCUSTS = "locust.user.wait_time"
_PARAMETER = "wait_time"
"""What the closures of `constant` and `constant_pacing` call the seconds that they were given;
`constant_throughput` is a `constant_pacing` too."""


def interval_s(task_set: Any) -> float | None:
    """Seconds from the begin of one operation to that of the next for users that keep a pace, 0 for
    users that never wait, None for all others: they wait from an end to the next begin."""
    from locust import TaskSet

    # A task set's own rule comes before its user's, and either may be inherited.
    function = _plain(task_set.wait_time)
    if function is TaskSet.wait_time:
        function = _plain(task_set.user.wait_time)
    return _told_by(function) if isinstance(function, FunctionType) else None


def _plain(method: Any) -> Any:
    return getattr(method, "__func__", method)


@lru_cache(maxsize=256)
def _told_by(function: FunctionType) -> float | None:
    if function.__module__ != _LOCUSTS:
        return None
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
    if _PARAMETER not in cells:
        return None
    given_s = float(cells[_PARAMETER].cell_contents)
    maker = function.__qualname__.partition(".")[0]
    if maker == "constant_pacing":
        return max(given_s, 0.0)
    return 0.0 if maker == "constant" and given_s <= 0 else None
