"""Whose requests the mix of config.toml is: the shipped users'."""

from __future__ import annotations

from pathlib import PurePath

from tui.core.load import Load

SHIPPED = "users.py"
PLAIN = ("BaselineUser", "StressTestUser")
"""They send the mix and nothing else."""
OWN_WAYS = {
    "PeakUser": "asks for large pictures twice as often",
    "AdminUser": "adds annotated and stored pictures",
}


def sends_the_mix(load: Load) -> bool:
    """Whether all users of a load are shipped ones, with all of their tasks."""
    classes = {name for name, weight in load.user_classes.items() if weight}
    known = {*PLAIN, *OWN_WAYS}
    is_shipped = PurePath(load.locustfile).name == SHIPPED and classes and known >= classes
    return bool(is_shipped) and not load.tags and not load.exclude_tags
