"""Which gauges are counts that only grow, and which readings are of another machine."""

from __future__ import annotations

import re

REPLAY = "replay"
"""The source of readings that come from files, not from this machine."""
_COUNTED = re.compile(r"_(events|errors|kills|restarts)$")


def is_cumulative(gauge: str) -> bool:
    """Whether it counts up from some start, so that only its growth tells of a run.

    These are the gauges without a unit whose name ends with what they count.
    """
    return bool(_COUNTED.search(gauge))
