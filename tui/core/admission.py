"""What can be said against a run before anything is asked of its target."""

from __future__ import annotations

from tui.core.config import Target
from tui.core.load import Load


def too_many_users(load: Load | None, target: Target) -> str:
    """Why the target may not get this load, in words; empty when it may.

    Users that an arrival rate gives itself are only the most it may need: the run has fewer then,
    and says so.
    """
    most = target.max_users
    if load is None or most is None or load.users <= most or (load.arrival and load.derives_users):
        return ""
    return (
        f"{load.users} users are more than {target.name} may get: {most} (max_users); "
        f"fewer with --users {most}"
    )
