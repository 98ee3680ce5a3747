"""Uptime of a target from its health checks: a share of the time that was watched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from tui.core.format import counted, duration, fixed

SLOT_S = 5
"""How long one health check speaks for."""
SLOTS = 12
"""In a minute."""
MINUTE_S = SLOT_S * SLOTS
PERIODS: tuple[tuple[str, int], ...] = (
    ("hour", 3600),
    ("day", 86_400),
    ("30 days", 30 * 86_400),
)
GOAL_PERCENT = 99.9
ALERT_PERCENT = 99.5
KNOWN_SHARE = 0.1
"""Less of a period than this says nothing about it."""
NEEDS = {"hour": "an hour needs", "day": "a day needs", "30 days": "30 days need"}

State = Literal["unknown", "alert", "below", "met"]


class Minute(msgspec.Struct, frozen=True):
    """The health checks of one minute: of each five seconds whether they were watched."""

    minute: int
    """Since the epoch."""
    probed: int
    """A bit for each slot of five seconds that a check spoke for, the first one the lowest."""
    failed: int
    """A bit for each of those in which the target did not answer."""
    answers: int = 0
    worst_ms: float | None = None
    """Of the answers."""
    sum_ms: float = 0.0


class Uptime(msgspec.Struct, frozen=True):
    """A target over one period that ends now."""

    period: str
    """`hour`, `day`, `30 days`."""
    period_s: int
    watched_s: int
    down_s: int
    outages: int
    longest_s: int
    """The longest outage, to five seconds, as far as it was watched."""
    answers: int
    mean_ms: float | None
    worst_ms: float | None
    state: State
    alert_percent: float = ALERT_PERCENT
    is_longest_seen_whole: bool = True
    """Whether somebody looked all the while from its beginning to its end."""

    @property
    def percent(self) -> float | None:
        """The share of the watched time in which it answered; None when that was too short."""
        if self.state == "unknown":
            return None
        return (1 - self.down_s / self.watched_s) * 100

    @property
    def text(self) -> str:
        """`99.95 %, 1 outage of 25 s (goal 99.9 %)`, or why it is unknown."""
        outages = self._outages()
        if self.percent is None:
            thin = f"unknown: watched for only {duration(_in_minutes(self.watched_s))}"
            if not self.watched_s:
                thin = "unknown: not watched"
            thin += f", {outages}" if self.outages else ""
            return f"{thin} ({NEEDS[self.period]} {duration(self.period_s * KNOWN_SHARE)})"
        said = f"{_cut(self.percent)} %, {outages}"
        if self.watched_s < self.period_s * 0.99:
            said += f", watched for {duration(_in_minutes(self.watched_s))} of it"
        if self.state == "met":
            return said
        line = self.alert_percent if self.state == "alert" else GOAL_PERCENT
        return f"{said} (below {line:g} %)"

    def _outages(self) -> str:
        if not self.outages:
            return "no outage"
        least = "" if self.is_longest_seen_whole else "at least "
        longest = f"{least}{duration(self.longest_s)}"
        if self.outages == 1:
            return f"1 outage of {longest}"
        return f"{counted(self.outages, 'outage')}, the longest {longest}"


def slots_of(started_s: float, took_s: float) -> list[tuple[int, int]]:
    """`(minute, bits)` of the slots that a check speaks for; times are since the epoch.

    Checks are due in the middle of a slot. One that waits long for its answer keeps the next ones
    from being asked, and speaks for their time.
    """
    first = int(started_s // SLOT_S)
    last = max(first, int((started_s + took_s - SLOT_S / 2) // SLOT_S))
    minutes: dict[int, int] = {}
    for slot in range(first, min(last, first + SLOTS) + 1):  # a suspended machine asked nobody
        minute, place = divmod(slot, SLOTS)
        minutes[minute] = minutes.get(minute, 0) | 1 << place
    return list(minutes.items())


def uptimes(
    minutes: Sequence[Minute], now_s: float, alert_percent: float = ALERT_PERCENT
) -> tuple[Uptime, ...]:
    """One for each period that ends now, from the minutes in order of time."""
    return tuple(
        _uptime(minutes, name, period_s, now_s, alert_percent) for name, period_s in PERIODS
    )


def _uptime(
    minutes: Sequence[Minute], name: str, period_s: int, now_s: float, alert_percent: float
) -> Uptime:
    first = int((now_s - period_s) // MINUTE_S) + 1
    within = [each for each in minutes if first <= each.minute <= now_s // MINUTE_S]
    watched_s = sum(each.probed.bit_count() for each in within) * SLOT_S
    down_s = sum((each.failed & each.probed).bit_count() for each in within) * SLOT_S
    outages = list(_outages(within))
    longest = max(outages, key=_Outage.weight, default=_Outage(0, True))
    answers = sum(each.answers for each in within)
    state: State = "unknown"
    if watched_s >= period_s * KNOWN_SHARE:
        percent = (1 - down_s / watched_s) * 100
        state = (
            "met" if percent >= GOAL_PERCENT else "alert" if percent < alert_percent else "below"
        )
    return Uptime(
        period=name,
        period_s=period_s,
        watched_s=watched_s,
        down_s=down_s,
        outages=len(outages),
        longest_s=longest.watched_s,
        answers=answers,
        mean_ms=sum(each.sum_ms for each in within) / answers if answers else None,
        worst_ms=max((each.worst_ms for each in within if each.worst_ms is not None), default=None),
        state=state,
        alert_percent=alert_percent,
        is_longest_seen_whole=longest.is_seen_whole,
    )


class _Outage(NamedTuple):
    watched_s: int
    is_seen_whole: bool

    def weight(self) -> tuple[int, bool]:
        """Of two that were watched for as long, the one that may be longer comes last."""
        return self.watched_s, not self.is_seen_whole


def _outages(minutes: Iterable[Minute]) -> Iterator[_Outage]:
    """Failed checks are one outage until one is answered, however long nobody looked meanwhile:
    looks far apart at what is down all the time are no outages of their own."""
    length, last_slot, is_seen_whole = 0, 0, True
    for each in minutes:
        if not each.failed and not length:
            continue
        for place in range(SLOTS):
            if not each.probed >> place & 1:
                continue
            slot = each.minute * SLOTS + place
            if each.failed >> place & 1:
                is_seen_whole = is_seen_whole and (not length or slot == last_slot + 1)
                length, last_slot = length + 1, slot
            elif length:
                yield _Outage(length * SLOT_S, is_seen_whole)
                length, is_seen_whole = 0, True
    if length:
        yield _Outage(length * SLOT_S, is_seen_whole)


def _cut(percent: float) -> str:
    """Cut, not rounded: one failure in a month is not 100 %."""
    if percent >= 100:
        return "100"
    return fixed(int(percent * 100 + 1e-6) / 100, 2)


def _in_minutes(watched_s: int) -> int:
    """Whole minutes from ten on: nobody reads the seconds of a day."""
    return watched_s if watched_s < 600 else watched_s // 60 * 60
