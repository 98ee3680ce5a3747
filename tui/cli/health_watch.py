"""Asks a target every five seconds whether it answers, and keeps that for its uptime."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import msgspec

from tui.cli.scene import Watched
from tui.core.events import Reading
from tui.core.format import ms
from tui.core.problem import InputError
from tui.core.uptime import ALERT_PERCENT, SLOT_S, Uptime, uptimes
from tui.store.health import KEPT_S, HealthHistory

if TYPE_CHECKING:
    from tui.core.config import Target
    from tui.ports import Probe, Service

AGAIN_S = 60.0
"""How often the figures of a whole month are made anew."""
OLD_S = 3 * SLOT_S
"""What was heard longer ago than that says nothing of now."""
_REFUSALS = ("HTTP 401", "HTTP 403")


class HealthWatch:
    """One target's health. `ask` once, or `start` a thread that asks until `close`."""

    def __init__(
        self,
        service: Service,
        target: Target,
        token: str,
        history: HealthHistory,
        alert_percent: float = ALERT_PERCENT,
    ) -> None:
        self._service = service
        self._target = target
        self._token = token
        self._history = history
        self._alert_percent = alert_percent
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go, name="health", daemon=True)
        self._uptimes: tuple[Uptime, ...] = ()
        self._uptimes_at_s = 0.0
        self.problem = ""
        """Why the history can't be kept; the last one."""
        self._heard: tuple[float, Watched, Reading] | None = None

    @property
    def watched(self) -> Watched:
        """How it stands now."""
        if self._heard is None:
            return Watched(self._target.name, self._target.url, "is not asked yet", None)
        heard_s, watched, _ = self._heard
        age_s = time.monotonic() - heard_s
        if age_s <= OLD_S:
            return watched
        return msgspec.structs.replace(watched, said=_unheard(age_s), answered=None)

    @property
    def reading(self) -> Reading | None:
        """How long its last answer took; None before the first."""
        if self._heard is None:
            return None
        heard_s, _, reading = self._heard
        age_s = time.monotonic() - heard_s
        if age_s > OLD_S:
            return Reading(None, reading.source, _unheard(age_s))
        return msgspec.structs.replace(reading, age_s=age_s)

    def start(self) -> None:
        """Ask from now on."""
        self._thread.start()

    def close(self) -> None:
        """Ask no more. A check that still waits is left alone: it ends by itself."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(1.0)

    def ask(self) -> None:
        """One check; it is kept unless the answer says nothing about the target."""
        started_s, clock_s = time.time(), time.monotonic()
        probe = self._service.probe(self._target.url, self._target, self._token)
        took_s = time.monotonic() - clock_s
        # A refused token is our mistake: the target itself does answer.
        answered = None if probe.detail.startswith(_REFUSALS) else probe.answered
        try:
            if answered is not None:
                answer_ms = probe.ms or 0.0 if answered else None
                self._history.add(self._target.url, started_s, took_s, answer_ms)
            self._look(time.time())
        except InputError as error:
            self.problem = str(error)
        watched = Watched(
            self._target.name, self._target.url, _said(probe), answered, self._uptimes
        )
        # One tuple: whoever looks from another thread sees all of it or nothing.
        self._heard = (time.monotonic(), watched, _reading(probe))

    def close_up(self) -> Watched:
        """How it stood at the end, every period made anew."""
        try:
            self._uptimes_at_s = 0.0
            self._look(time.time())
        except InputError as error:
            self.problem = str(error)
        return msgspec.structs.replace(self.watched, uptimes=self._uptimes)

    def _look(self, now_s: float) -> None:
        if abs(now_s - self._uptimes_at_s) >= AGAIN_S:
            minutes = self._history.minutes(self._target.url, now_s - KEPT_S)
            self._uptimes = uptimes(minutes, now_s, self._alert_percent)
            self._uptimes_at_s = now_s

    def _go(self) -> None:
        while not self._ended.is_set():
            self.ask()
            # In the middle of a slot: a little late is not in the next one.
            self._ended.wait(SLOT_S - (time.time() - SLOT_S / 2) % SLOT_S)


def _reading(probe: Probe) -> Reading:
    if probe.ms is None or not probe.answered:
        return Reading(None, "http", probe.detail)
    return Reading(probe.ms, "http")


def _unheard(age_s: float) -> str:
    return f"has told nothing for {age_s:.0f} s: its health check hangs"


def _said(probe: Probe) -> str:
    if probe.answered:
        return f"answers in {ms(probe.ms)} ms"
    return f"does not answer: {probe.detail}"
