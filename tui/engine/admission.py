"""Whether a run may start at all, before anything is asked of its target."""

from __future__ import annotations

from tui.core.admission import too_many_users
from tui.core.events import Device
from tui.core.model import Trouble
from tui.ports import RunRequest

MEMORY_SLACK = 0.94
"""The kernel keeps some for itself: a board of 16 GB tells of 15.2."""
MIB_PER_GB = 1e9 / 2**20


def objection(request: RunRequest, device: Device) -> tuple[Trouble, str] | None:
    """Why it may not, in words; None when it may. What is `FORCEABLE` can be overridden."""
    scenario, target = request.scenario, request.target
    if target.protected and scenario.asks_service and request.meant != target.name:
        what = f"{target.name} is protected: its name must be typed (--yes-i-mean {target.name})"
        return "protected", what
    too_many = too_many_users(scenario.load, target)
    if too_many:
        return "input", too_many
    wanted_mb = scenario.ask_below_memory_gb * MIB_PER_GB
    if device.memory_mb < MEMORY_SLACK * wanted_mb:
        what = (
            f"meant for boards with {scenario.ask_below_memory_gb:g} GB or more, this one has "
            f"{device.memory_mb / MIB_PER_GB:.1f} GB: the service may run out of memory"
        )
        return "precondition", what
    return None
