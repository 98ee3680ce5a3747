"""Which JetPack an L4T is a part of."""

from __future__ import annotations

import re

_RELEASE = re.compile(r"# R(\d+) \(release\), REVISION: ([\d.]+)")
_JETPACKS = {
    "35.1.0": "5.0.2",
    "35.2.1": "5.1",
    "35.3.1": "5.1.1",
    "35.4.1": "5.1.2",
    "35.5.0": "5.1.3",
    "35.6.0": "5.1.4",
    "35.6.1": "5.1.5",
    "35.6.2": "5.1.5",
    "35.6.3": "5.1.5",
    "35.6.4": "5.1.6",
    "35.6.5": "5.1.7",
    "36.2.0": "6.0 DP",
    "36.3.0": "6.0",
    "36.4.0": "6.1",
    "36.4.2": "6.1",
    "36.4.3": "6.2",
    "36.4.4": "6.2.1",
    "36.4.7": "6.2.1",
    "36.5.0": "6.2.2",
    "36.5.2": "6.2.3",
    "38.2.0": "7.0",
    "38.2.1": "7.0",
    "38.2.2": "7.0",
    "38.4.0": "7.1",
    "39.0.0": "7.2 EA",
    "39.2.0": "7.2",
    "39.2.1": "7.2.1",
    "39.2.2": "7.2.2",
}
"""As NVIDIA pairs them; facts also found in jetson-stats 7.2.2. Newer ones are not in it."""


def l4t_of(release: str) -> str | None:
    """`36.4.3` from the first line of /etc/nv_tegra_release; None for another text."""
    match = _RELEASE.match(release)
    return f"{match.group(1)}.{match.group(2)}" if match else None


def jetpack_of(l4t: str | None) -> str | None:
    """The JetPack of an L4T; None for one that is newer than this table, or no L4T."""
    return _JETPACKS.get(l4t) if l4t else None
