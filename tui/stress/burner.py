"""What all burners share: the spec, the priority, the orders, the pace of the reports, the end."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Annotated, Literal, TypeVar

import msgspec

from tui.stress.guarded import Given

REPORT_S = 1.0
GRACE_S = 5.0
"""What a burner may need past its seconds; then the kernel ends it."""
SOAK_NICE = 19

Figures = dict[str, object]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class BurnerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every burner is told; each adds its own.

    `level` is a share, 0 to 1, of what its module names. `soak` stands back for the service
    (heat and power), `contend` competes with it.
    """

    seconds: Annotated[float, msgspec.Meta(gt=0.0, le=7 * 86_400.0)]
    level: Share = 1.0
    intent: Literal["soak", "contend"] = "soak"


Spec = TypeVar("Spec", bound=BurnerSpec)


class Unusable(Exception):
    """A spec that is well formed and can't be done on this machine; the text says why."""

    def __init__(self, why: str, advice: str = "") -> None:
        """`advice` is what helps, where that is known."""
        super().__init__(why)
        self.advice = advice


def burn(
    kind: str,
    unit: str,
    spec_type: type[Spec],
    work: Callable[[Spec, Burner], Figures],
    given: Given,
) -> int:
    """Decode the spec, do the work until the end, say the totals; the exit status.

    `work` returns its own totals; it ends when `Burner.goes_on` says so. 2, with one line
    `{"error": …, "advice": …}`, when the spec is bad or Unusable.
    """
    # The reader is gone, so nobody is left to tell a traceback.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    line, orders = given
    try:
        spec = msgspec.json.decode(line, type=spec_type)
        burner = Burner(kind, unit, spec, orders)
        burner.end(work(spec, burner))
    except (msgspec.DecodeError, Unusable) as error:
        advice = error.advice if isinstance(error, Unusable) else ""
        _say({"kind": kind, "error": str(error), "advice": advice})
        return 2
    return 0


class Burner:
    """The frame of one burner's work: when to stop, when to report, at what level.

    The work counts what it compared: in `verified` what was right, in `bad` what was not, both
    since the start.
    """

    def __init__(self, kind: str, unit: str, spec: BurnerSpec, orders: SimpleQueue[str]) -> None:
        self.verified = 0
        self.bad = 0
        self._kind = kind
        self._unit = unit
        self._orders = orders
        self._level = self._next_level = spec.level
        self._is_stopped = False
        _stand_back(spec.intent)
        _end_at_latest(spec.seconds + GRACE_S)
        self._started_s = self._window_from_s = time.monotonic()
        self._ends_s = self._started_s + spec.seconds

    @property
    def level(self) -> float:
        """The share that is asked for now."""
        return self._level

    @property
    def window_s(self) -> float:
        """How long it is since the last report."""
        return time.monotonic() - self._window_from_s

    def begin_window(self) -> None:
        """The preparation is over: the first report is about what happens from here on."""
        self._window_from_s = time.monotonic()

    def goes_on(self) -> bool:
        """Whether to work on. Ask often, at least ten times a second."""
        while not self._orders.empty():
            self._obey(self._orders.get())
        return not self._is_stopped and time.monotonic() < self._ends_s

    def wait(self, seconds: float) -> None:
        """Do nothing for a while: until the time or the run is over, or an order comes."""
        left_s = min(seconds, self._ends_s - time.monotonic())
        if left_s > 0:
            with contextlib.suppress(queue.Empty):
                self._obey(self._orders.get(timeout=left_s))

    @property
    def is_report_due(self) -> bool:
        """Whether to report now: each second, and when the level changes.

        So that each report is about one level, the new one holds from the report on.
        """
        return self._next_level != self._level or self.window_s >= REPORT_S

    def report(self, reached: float, **figures: object) -> None:
        """Say what was reached since the last report, as the work measured it.

        `figures` are the burner's own, with the unit in the name. A new window begins.
        """
        now_s = time.monotonic()
        _say(
            {
                "kind": self._kind,
                "at_s": now_s,
                "window_s": now_s - self._window_from_s,
                "asked": self._level,
                "reached": reached,
                "unit": self._unit,
                "verified": self.verified,
                "bad": self.bad,
                **figures,
            }
        )
        self._window_from_s = now_s
        self._level = self._next_level

    def end(self, totals: Figures) -> None:
        """Say the last line."""
        now_s = time.monotonic()
        _say(
            {
                "kind": self._kind,
                "done": True,
                "at_s": now_s,
                "ran_s": now_s - self._started_s,
                "is_stopped": self._is_stopped,
                "verified": self.verified,
                "bad": self.bad,
                **totals,
            }
        )

    def _obey(self, order: str) -> None:
        level = level_of(order)
        if order == "stop":
            self._is_stopped = True
        elif level is not None:
            self._next_level = level
        else:
            print(f"no such order: {order!r}", file=sys.stderr, flush=True)


def level_of(order: str) -> float | None:
    """0.5 of `level 0.5`; None when it is no such order, or no share."""
    word, _, number = order.partition(" ")
    try:
        return msgspec.convert(number, Share, strict=False) if word == "level" else None
    except msgspec.ValidationError:
        return None


def _stand_back(intent: str) -> None:
    if intent != "soak":
        return
    os.nice(SOAK_NICE)
    # A session of its own may be an autogroup of its own, in which nice says nothing to the
    # others: the group has a nice value too. man 7 sched, "The autogroup feature".
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as file:
        file.write(str(SOAK_NICE))


def _end_at_latest(seconds: float) -> None:
    # The lifeline may have set the owner's deadline already: the earlier one counts.
    left_s = signal.getitimer(signal.ITIMER_REAL)[0]
    if not left_s or seconds < left_s:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _say(line: Figures) -> None:
    short = {
        key: round(value, 6) if isinstance(value, float) else value for key, value in line.items()
    }
    sys.stdout.write(json.dumps(short) + "\n")
    sys.stdout.flush()
