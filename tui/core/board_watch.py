"""Makes incidents of the board's samples: what begins, how bad it gets, when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tui.core.alerts import LOAD_METRICS, AlertRule
from tui.core.changes import INCOMPARABLE, Changes
from tui.core.counters import Counters
from tui.core.events import LEVELS, STALE_S, Reading
from tui.core.incidents import Incident
from tui.core.power_signs import five_volt_rails
from tui.core.sign import Known, Sign
from tui.core.signs import can_tell_throttling, sign_of_rule, signs_of, value_for

MOST_OF_A_KEY = 50
"""Beyond that the oldest two become one: what flickers must push out nothing else."""
MOST_CHANGES = 200
FORGET_S = 10.0
"""An incident of which nothing was heard for so long ended when it was last seen."""
LOST_FOR_S = 3.0
"""A source that stumbles is no incident; what else tells its gauges takes over at once."""
ORDER = ("throttle", "alert", "change", "source")


class _Track:
    """One key: since when it is on or off, and the incident that it is."""

    __slots__ = ("incident", "off_since_s", "on_since_s", "seen_s", "waiting")

    def __init__(self) -> None:
        self.incident: Incident | None = None
        self.waiting: Incident | None = None
        """What it will be once it has lasted long enough."""
        self.on_since_s: float | None = None
        self.off_since_s: float | None = None
        self.seen_s = 0.0


class BoardWatch:
    """Fed with samples and the load's figures in order of time; bounded however long that is."""

    def __init__(self, alerts: Sequence[AlertRule]) -> None:
        self._alerts = alerts
        self._tracks: dict[str, _Track] = {}
        self._over: dict[str, list[Incident]] = {}
        self._counters = Counters()
        self._changes = Changes()
        self._known = Known()
        self._sources: set[str] = set()
        self._news: list[Incident] = []
        self.incomparable: dict[str, None] = {}
        """Why what was measured is of two different boards, each reason once, in order."""
        self.is_throttled: bool | None = None
        """Now; None: nothing here can tell."""
        self.was_throttled: bool | None = None
        """At any time so far."""

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All of them, in the order in which they began."""
        found = [*(one for each in self._over.values() for one in each), *self.open]
        return tuple(sorted(found, key=lambda incident: incident.began_s))

    @property
    def open(self) -> tuple[Incident, ...]:
        """Those that go on, the weightiest first."""
        found = [track.incident for track in self._tracks.values() if track.incident is not None]
        return tuple(sorted(found, key=_weight))

    def sample(
        self, readings: Mapping[str, Reading], lost: Mapping[str, str], at_s: float
    ) -> list[Incident]:
        """One sample of the board. What began or ended with it.

        `at_s` is on a clock that never goes back.
        """
        self._news = []
        readings = {name: one for name, one in readings.items() if one.age_s <= STALE_S}
        self._know(readings, at_s)
        for sign in signs_of(readings, self._known):
            self._note(sign, at_s)
        for rule in self._alerts:
            value = value_for(rule, readings)
            if value is not None:
                self._note(sign_of_rule(rule, value), at_s)
        for sign in self._source_signs(readings, lost):
            self._note(sign, at_s)
        is_hot = "thermal" in self._tracks and self._tracks["thermal"].incident is not None
        for incident in self._changes.sample(readings, at_s, is_hot=is_hot):
            self._keep(incident)
            if incident.key in INCOMPARABLE and len(self.incomparable) < MOST_OF_A_KEY:
                why = f"{incident.text}{incident.detail and ': '}{incident.detail}"
                self.incomparable[why] = None
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
        is_on = any(one.kind == "throttle" and one.level != "info" for one in self.open)
        can_tell = can_tell_throttling(readings, self._known)
        self.is_throttled = is_on or (False if can_tell else None)
        if self.is_throttled is not None:
            self.was_throttled = bool(self.was_throttled) or self.is_throttled

    def _note(self, sign: Sign, at_s: float) -> None:
        track = self._tracks.get(sign.key)
        if track is None:
            if not sign.is_on:
                return
            track = self._tracks[sign.key] = _Track()
        track.seen_s = at_s
        track.on_since_s = (
            (at_s if track.on_since_s is None else track.on_since_s) if sign.is_on else None
        )
        track.off_since_s = (
            (at_s if track.off_since_s is None else track.off_since_s) if sign.is_off else None
        )
        if track.incident is None:
            self._wait(track, sign, at_s)
            return
        track.incident = _grown(track.incident, sign, at_s)
        if track.off_since_s is not None and at_s - track.off_since_s >= sign.off_for_s:
            self._end(sign.key, track.off_since_s)

    def _wait(self, track: _Track, sign: Sign, at_s: float) -> None:
        if track.on_since_s is None:
            del self._tracks[sign.key]
            return
        waiting = track.waiting
        track.waiting = _begun(sign, at_s) if waiting is None else _grown(waiting, sign, at_s)
        if at_s - track.on_since_s >= sign.on_for_s:
            track.incident = track.waiting
            self._news.append(track.incident)

    def _end(self, key: str, at_s: float) -> None:
        incident = self._tracks.pop(key).incident
        if incident is not None:
            self._keep(msgspec.structs.replace(incident, ended_s=max(at_s, incident.began_s)))

    def _keep(self, incident: Incident) -> None:
        self._news.append(incident)
        kept = self._over.setdefault(incident.key, [])
        kept.append(incident)
        if incident.is_change:
            del kept[:-MOST_CHANGES]
        elif len(kept) > MOST_OF_A_KEY:
            kept[:2] = [_as_one(kept[0], kept[1])]

    def _know(self, readings: Mapping[str, Reading], at_s: float) -> None:
        self._counters.add(readings, at_s)
        self._known = Known(
            rates=self._counters.rates(2.0),
            sustained=self._counters.rates(5.0),
            five_volt=self._known.five_volt | five_volt_rails(readings),
            had=self._known.had
            | {name for name, reading in readings.items() if reading.value is not None},
        )

    def _forget(self, at_s: float) -> None:
        silent = [
            (key, track.seen_s)
            for key, track in self._tracks.items()
            if at_s - track.seen_s > FORGET_S
        ]
        for key, seen_s in silent:
            self._end(key, seen_s)

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
                    on_for_s=LOST_FOR_S,
                    off_for_s=LOST_FOR_S,
                )


def _begun(sign: Sign, at_s: float) -> Incident:
    has_value = sign.value is not None
    return Incident(
        key=sign.key,
        kind=sign.kind,
        text=sign.text,
        label=sign.label,
        level=sign.level,
        began_s=at_s,
        detail=sign.detail,
        gauge=sign.gauge,
        peak=sign.value,
        peak_s=at_s if has_value else None,
        peak_detail=sign.detail if has_value else "",
        limit=sign.limit,
        is_floor=sign.is_floor,
    )


def _grown(incident: Incident, sign: Sign, at_s: float) -> Incident:
    """The incident with what the newest sample says; its peak keeps only what is beyond."""
    detail = sign.detail or incident.detail
    if not sign.is_on:
        return msgspec.structs.replace(incident, detail=detail)
    peak = incident.worst(sign.value)
    if peak != incident.peak:
        incident = msgspec.structs.replace(
            incident, peak=peak, peak_s=at_s, peak_detail=sign.detail
        )
    return msgspec.structs.replace(
        incident,
        detail=detail,
        gauge=sign.gauge,
        limit=sign.limit,
        level=max(incident.level, sign.level, key=LEVELS.index),
    )


def _as_one(first: Incident, second: Incident) -> Incident:
    peak = second.worst(first.peak)
    worst = second if peak == second.peak else first
    return msgspec.structs.replace(
        second,
        began_s=first.began_s,
        peak=peak,
        peak_s=worst.peak_s,
        peak_detail=worst.peak_detail,
        level=max(first.level, second.level, key=LEVELS.index),
        times=first.times + second.times,
        spent_s=(first.lasted_s or 0.0) + (second.lasted_s or 0.0),
    )


def _weight(incident: Incident) -> tuple[int, int, float]:
    return -LEVELS.index(incident.level), ORDER.index(incident.kind), -incident.began_s
