"""What a test has the service do wrong."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Literal, NamedTuple

Kind = Literal[
    "status", "missing", "lost", "slow", "accepts", "open", "leaks", "bare",  # of any operation
    "blind", "ghost", "shifted", "misnamed", "unsure", "scoreless",  # of what is detected
    "wrong-hash", "stale", "flipped", "others", "does-nothing",  # of one medium
    "hides", "twice", "disorder", "poor",  # of the list of them
    "everlasting",  # of a session
]  # fmt: skip
"""`lost`: it is done, and the answer never comes. `accepts`: what should be refused is taken.
`open`: whoever asks is let in. `bare`: without its security headers. `ghost`: one part too many.
`others`: the bytes of another medium. `poor`: a field is missing."""
SLOW_S = 0.3


class Fault(NamedTuple):
    """Of one operation."""

    kind: Kind
    after: int = 0
    """So many requests go right first."""
    most: int = 1_000_000
    """So many then go wrong."""


class Faults:
    """By operation. Safe from any thread."""

    def __init__(self) -> None:
        self._planted: dict[str, Fault] = {}
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def plant(self, operation: str, kind: Kind, after: int = 0, most: int = 1_000_000) -> None:
        """From here on."""
        with self._lock:
            self._planted[operation] = Fault(kind, after, most)
            self._asked[operation] = 0

    def of(self, operation: str) -> Kind | None:
        """What goes wrong with the next request of it."""
        with self._lock:
            self._asked[operation] += 1
            fault = self._planted.get(operation)
            if fault is None:
                return None
            return fault.kind if 0 < self._asked[operation] - fault.after <= fault.most else None
