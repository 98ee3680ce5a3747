"""For tests whose figures a busy machine spoils: what it spoilt is measured again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from tests.lib.target import Target

P = ParamSpec("P")
ATTEMPTS = 4
TICK_S = 0.005
LATE_S = 0.03
"""A thread that only sleeps wakes so late on a machine that others have to themselves."""


def measured_in_calm(test: Callable[P, None]) -> Callable[P, None]:
    """Run it again where it failed while this machine was late, at most `ATTEMPTS` times in all.

    What fails in calm has failed, and so has what never had any. A `Target` among its arguments
    forgets what came before; otherwise a test must not depend on what an earlier attempt left.
    """

    @wraps(test)
    def attempted(*args: P.args, **keys: P.kwargs) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            with _Lateness() as lateness:
                try:
                    return test(*args, **keys)
                except AssertionError:
                    if attempt == ATTEMPTS or lateness.worst_s < LATE_S:
                        raise
            for each in (*args, *keys.values()):
                if isinstance(each, Target):
                    each.forget()

    return attempted


class _Lateness:
    """How late a thread that only sleeps wakes at worst, in between."""

    def __init__(self) -> None:
        self.worst_s = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Lateness:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        due_s = time.monotonic() + TICK_S
        while not self._ended.wait(max(due_s - time.monotonic(), 0.0)):
            self.worst_s = max(self.worst_s, time.monotonic() - due_s)
            due_s = time.monotonic() + TICK_S
