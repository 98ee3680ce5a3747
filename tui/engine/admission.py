"""Whether a run may start at all, before anything is asked of its target."""

from __future__ import annotations

from tui.core.events import Device
from tui.core.model import Trouble
from tui.ports import RunRequest

MEMORY_SLACK = 0.94
"""The kernel keeps some for itself: a board of 16 GB tells of 15.2."""
MIB_PER_GB = 1e9 / 2**20


def objection(request: RunRequest, device: Device) -> tuple[Trouble, str] | None:
    """Why it may not, in words; None when it may."""
    scenario, target = request.scenario, request.target
    load = scenario.load
    if target.protected and request.meant != target.name:
        what = f"{target.name} is protected: its name must be typed (--yes-i-mean {target.name})"
        return "protected", what
    if target.max_users is not None and load.arrival is None and load.users > target.max_users:
        what = (
            f"{load.users} users are more than {target.name} may get: "
            f"{target.max_users} (max_users); fewer with --users {target.max_users}"
        )
        return "input", what
    wanted_mb = load.ask_below_memory_gb * MIB_PER_GB
    if device.memory_mb < MEMORY_SLACK * wanted_mb and not request.force:
        what = (
            f"meant for boards with {load.ask_below_memory_gb:g} GB or more, this one has "
            f"{device.memory_mb / MIB_PER_GB:.1f} GB: the service may run out of memory"
        )
        return "precondition", what
    return None
