"""Takes all there is of something, one after the other, and gives it back.
`python -m tui.stress.exhaust`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import Given, begin

_GIVEN = begin() if __name__ == "__main__" else None

import ipaddress
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import msgspec

from tui.stress.burner import Burner, BurnerSpec, Figures, Unusable, burn
from tui.stress.connections import Connections
from tui.stress.hoards import Descriptors, Hoard, Refused, Threads, raise_own_limit

HOLD_TURN_S = 0.05
LOOK_S = 1.0

What = Literal["connections", "descriptors", "threads"]


class ExhaustSpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` 0 makes a pause in the growth; above it there is only one way.

    `connections`, `descriptors` and `threads` are the caps of each; connections go to the
    service at `host` (a numeric address, of this machine or a private network) and `port`.
    """

    what: Annotated[tuple[What, ...], msgspec.Meta(min_length=1, max_length=3)] = (
        "connections",
        "descriptors",
        "threads",
    )
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    connections: Annotated[int, msgspec.Meta(ge=1, le=4096)] = 4096
    descriptors: Annotated[int, msgspec.Meta(ge=1, le=200_000)] = 200_000
    threads: Annotated[int, msgspec.Meta(ge=1, le=8192)] = 8192
    hold_s: Annotated[float, msgspec.Meta(ge=0.0, le=3600.0)] = 5.0


class Exhaust:
    """One thing after the other."""

    def __init__(self, spec: ExhaustSpec, burner: Burner) -> None:
        self._spec = spec
        self._burner = burner
        self._limits: dict[str, Figures] = {}
        self._looked_s = 0.0
        self._is_given_back = self._is_complete = True

    def burn(self) -> Figures:
        """Until all were taken and given back; the totals."""
        raise_own_limit()
        for name in self._spec.what:
            if self._burner.goes_on():
                with self._given_back(self._hoard(name)) as hoard:
                    self._take(hoard)
        return {
            "limits": list(self._limits.values()),
            "given_back": self._is_given_back,
            "is_complete": self._is_complete and len(self._limits) == len(set(self._spec.what)),
            "ended_by": "" if self._is_given_back else "not all was given back",
        }

    def _hoard(self, name: What) -> Hoard:
        if name == "connections":
            return Connections((self._spec.host, self._spec.port), self._spec.connections)
        if name == "descriptors":
            return Descriptors(self._spec.descriptors)
        return Threads(self._spec.threads)

    @contextmanager
    def _given_back(self, hoard: Hoard) -> Iterator[Hoard]:
        try:
            yield hoard
        finally:
            held = hoard.count
            left = hoard.give_back()
            self._burner.verified += max(held - left, 0)
            self._burner.bad += left
            self._is_given_back = self._is_given_back and not left
        self._report(hoard, "given back")

    def _take(self, hoard: Hoard) -> None:
        try:
            self._watch(hoard, None)
        except Refused as refused:
            self._find(hoard, refused)
        else:
            self._find(hoard, Refused("the end of the run", is_own_cap=True))
            self._is_complete = False
        try:
            self._watch(hoard, time.monotonic() + self._spec.hold_s)
        except Refused as refused:
            self._find(hoard, refused)

    def _watch(self, hoard: Hoard, until_s: float | None) -> None:
        """Grow, or hold for a while; returns when it is over. Raises Refused."""
        while self._burner.goes_on() and (until_s is None or time.monotonic() < until_s):
            if until_s is None and self._burner.level > 0:
                hoard.grow()
            if time.monotonic() >= self._looked_s + LOOK_S:
                self._looked_s = time.monotonic()
                hoard.look()
            if self._burner.is_report_due:
                self._report(hoard, "grows" if until_s is None else "holds")
            self._burner.wait(hoard.turn_s if until_s is None else HOLD_TURN_S)

    def _find(self, hoard: Hoard, refused: Refused) -> None:
        found: Figures = {
            "name": hoard.name,
            "reached": hoard.count,
            "unit": "",
            "by": refused.by,
            "is_own_cap": refused.is_own_cap,
        }
        self._limits[hoard.name] = found
        self._report(hoard, "found", found=found)

    def _report(self, hoard: Hoard, state: str, **more: object) -> None:
        self._burner.report(
            hoard.count / hoard.cap, what=hoard.name, count=hoard.count, state=state, **more
        )


def work(spec: ExhaustSpec, burner: Burner) -> Figures:
    """Take and give back; the totals. Raises Unusable for a service that may not be used so."""
    if "connections" in spec.what:
        _check(spec.host, spec.port)
    return Exhaust(spec, burner).burn()


def _check(host: str, port: int) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise Unusable(f"{host} is no numeric address: connections go only to one") from None
    if not (address.is_loopback or address.is_private or address.is_link_local):
        raise Unusable(f"{host} is neither this machine nor in a private network")
    if address.is_unspecified or address.is_multicast:
        raise Unusable(f"{host} is no address of a service")
    if not port:
        raise Unusable(f"no port of the service at {host} is named")


def main(given: Given) -> int:
    """Burn as the spec says; the exit status."""
    return burn("exhaust", "share of the cap", ExhaustSpec, work, given)


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(main(_GIVEN))
