"""What came of a step."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui.core.e2e.checking import Wrong
from tui.core.e2e.operation import READING
from tui.core.events import Exchange, StepState

STOPPED = "stopped"
BROKEN = 500
NOT_IMPLEMENTED = 501
"""From this status on nobody knows what was done."""

Wait = Callable[[float], bool]
"""Waits so many seconds; False at once when there is no more to wait for."""


class Done(msgspec.Struct):
    """What StepEnded tells of a step, but when it was."""

    state: StepState = "passed"
    request_ms: float = 0.0
    """With what the service takes where no request is sent: to restart, to show a certificate."""
    wait_ms: float = 0.0
    requests: int = 0
    why: str = ""
    wanted: str = ""
    got: str = ""
    hashes: int = 0
    exchange: Exchange | None = None
    note: str = ""
    items: int = 0
    items_failed: int = 0
    item_p50_ms: float | None = None
    item_p95_ms: float | None = None
    records: int = 0
    records_complete: int = 0
    label: str = ""

    @property
    def may_have_made(self) -> bool:
        """Whether its request failed and may have changed something all the same: nobody answered,
        or the service broke down on its way."""
        exchange = self.exchange
        if self.state != "failed" or exchange is None or exchange.method in READING:
            return False
        status = exchange.status
        return status is None or (status >= BROKEN and status != NOT_IMPLEMENTED)

    def fail(self, wrong: Wrong) -> None:
        """It is not as it should be."""
        self.state = "failed"
        self.why, self.wanted, self.got = wrong.why, wrong.wanted, wrong.got

    def omit(self, why: str) -> None:
        """It does not apply here."""
        self.state, self.why = "omitted", why

    def stop(self) -> None:
        """It was not done to its end, because the run was stopped."""
        self.state, self.why, self.hashes = "skipped", STOPPED, 0
        self.wanted = self.got = ""
        self.exchange = None
