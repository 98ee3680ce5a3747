"""Makes incidents of the board's samples: what begins, how bad it gets, when it is over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tui.core.alerts import LOAD_METRICS, AlertRule
from tui.core.changes import Changes
from tui.core.events import LEVELS, Reading
from tui.core.incidents import Incident
from tui.core.signs import Sign, can_tell_throttling, sign_of_rule, signs_of, value_for

MAX_INCIDENTS = 200
RATE_S = 2.0
"""Rates of counters are over the samples of so long."""
FORGET_S = 10.0
"""An incident of which nothing was heard for so long ended when it was last seen."""
ORDER = ("throttle", "alert", "change", "source")


class _Track:
    """One key: since when it is on or off, and the incident that it is."""

    __slots__ = ("incident", "is_floor", "off_since_s", "on_since_s", "seen_s")

    def __init__(self) -> None:
        self.incident: Incident | None = None
        self.on_since_s: float | None = None
        self.off_since_s: float | None = None
        self.seen_s = 0.0
        self.is_floor = False


class BoardWatch:
    """Fed with samples and the load's figures in order of time; bounded however long that is."""

    def __init__(self, alerts: Sequence[AlertRule]) -> None:
        self._alerts = alerts
        self._tracks: dict[str, _Track] = {}
        self._over: deque[Incident] = deque(maxlen=MAX_INCIDENTS)
        self._counts: dict[str, deque[tuple[float, float]]] = {}
        self._changes = Changes()
        self._sources: set[str] = set()
        self._news: list[Incident] = []
        self.is_throttled: bool | None = None
        """Now; None: nothing here can tell."""
        self.was_throttled: bool | None = None
        """At any time so far."""

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All of them, in the order in which they began."""
        found = [*self._over, *self.open]
        return tuple(sorted(found, key=lambda incident: incident.began_s))

    @property
    def open(self) -> tuple[Incident, ...]:
        """Those that go on, the weightiest first."""
        found = [track.incident for track in self._tracks.values() if track.incident is not None]
        return tuple(sorted(found, key=_weight))

    def sample(
        self, readings: Mapping[str, Reading], lost: Mapping[str, str], at_s: float
    ) -> list[Incident]:
        """One sample of the board. What began or ended with it."""
        self._news = []
        rates = self._rates(readings, at_s)
        for sign in signs_of(readings, rates):
            self._note(sign, at_s)
        for rule in self._alerts:
            value = value_for(rule, readings)
            if value is not None:
                self._note(sign_of_rule(rule, value), at_s)
        for sign in self._source_signs(readings, lost):
            self._note(sign, at_s)
        is_hot = any(
            track.incident is not None and track.incident.key == "thermal"
            for track in self._tracks.values()
        )
        for incident in self._changes.sample(readings, at_s, is_hot=is_hot):
            self._over.append(incident)
            self._news.append(incident)
        self._forget(at_s)
        self._judge(readings)
        return self._news

    def load(self, figures: Mapping[str, float], at_s: float) -> list[Incident]:
        """What the load did in the last ten seconds, by metric. What began or ended with it."""
        self._news = []
        for rule in self._alerts:
            if rule.metric in LOAD_METRICS and rule.metric in figures:
                self._note(sign_of_rule(rule, figures[rule.metric]), at_s)
        return self._news

    def _judge(self, readings: Mapping[str, Reading]) -> None:
        is_on = any(incident.kind == "throttle" for incident in self.open)
        self.is_throttled = is_on or (False if can_tell_throttling(readings) else None)
        if self.is_throttled is not None:
            self.was_throttled = bool(self.was_throttled) or self.is_throttled

    def _note(self, sign: Sign, at_s: float) -> None:
        track = self._tracks.get(sign.key)
        if track is None:
            if not sign.is_on:
                return
            track = self._tracks[sign.key] = _Track()
        track.seen_s = at_s
        track.is_floor = sign.is_floor
        track.on_since_s = (
            (at_s if track.on_since_s is None else track.on_since_s) if sign.is_on else None
        )
        track.off_since_s = (
            (at_s if track.off_since_s is None else track.off_since_s) if sign.is_off else None
        )
        if track.incident is None:
            if track.on_since_s is not None and at_s - track.on_since_s >= sign.on_for_s:
                track.incident = _begun(sign, track.on_since_s)
                self._news.append(track.incident)
            elif track.on_since_s is None:
                del self._tracks[sign.key]
            return
        if sign.is_on:
            track.incident = _grown(track.incident, sign)
        if track.off_since_s is not None and at_s - track.off_since_s >= sign.off_for_s:
            self._end(sign.key, track.off_since_s)

    def _end(self, key: str, at_s: float) -> None:
        incident = self._tracks.pop(key).incident
        if incident is not None:
            ended = msgspec.structs.replace(incident, ended_s=max(at_s, incident.began_s))
            self._over.append(ended)
            self._news.append(ended)

    def _forget(self, at_s: float) -> None:
        silent = [
            (key, track.seen_s)
            for key, track in self._tracks.items()
            if at_s - track.seen_s > FORGET_S
        ]
        for key, seen_s in silent:
            self._end(key, seen_s)

    def _rates(self, readings: Mapping[str, Reading], at_s: float) -> dict[str, float]:
        rates = {}
        for number in (1, 2, 3):
            name = f"oc{number}_events"
            reading = readings.get(name)
            if reading is None or reading.value is None:
                continue
            kept = self._counts.setdefault(name, deque())
            if kept and reading.value < kept[-1][1]:
                kept.clear()  # the board was restarted: it counts from zero again
            kept.append((at_s, reading.value))
            while len(kept) > 2 and kept[1][0] <= at_s - RATE_S:
                kept.popleft()
            since_s, before = kept[0]
            if at_s > since_s:
                rates[name] = (reading.value - before) / (at_s - since_s)
        return rates

    def _source_signs(
        self, readings: Mapping[str, Reading], lost: Mapping[str, str]
    ) -> Iterator[Sign]:
        # Only what has told something before can be lost.
        self._sources |= {
            reading.source for reading in readings.values() if reading.value is not None
        }
        for name in sorted(self._sources | set(lost)):
            if name in self._sources:
                yield Sign(
                    key=f"source.{name}",
                    kind="source",
                    text=f"{name} lost",
                    label=f"{name} lost",
                    is_on=name in lost,
                    is_off=name not in lost,
                    detail=lost.get(name, ""),
                    off_for_s=0.0,
                )


def _begun(sign: Sign, since_s: float) -> Incident:
    return Incident(
        key=sign.key,
        kind=sign.kind,
        text=sign.text,
        label=sign.label,
        level=sign.level,
        began_s=since_s,
        detail=sign.detail,
        gauge=sign.gauge,
        peak=sign.value,
        limit=sign.limit,
    )


def _grown(incident: Incident, sign: Sign) -> Incident:
    worse = min if sign.is_floor else max
    peak = incident.peak
    if sign.value is not None:
        peak = sign.value if peak is None else worse(peak, sign.value)
    return msgspec.structs.replace(
        incident,
        detail=sign.detail or incident.detail,
        peak=peak,
        gauge=sign.gauge,
        limit=sign.limit,
        level=max(incident.level, sign.level, key=LEVELS.index),
    )


def _weight(incident: Incident) -> tuple[int, int, float]:
    return -LEVELS.index(incident.level), ORDER.index(incident.kind), -incident.began_s
