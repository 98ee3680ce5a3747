"""Burns the network to a peer of ours, or is that peer. `python -m tui.stress.network`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import begin

_GIVEN = begin() if __name__ == "__main__" else None

import ipaddress
import json
import sys
import time
from collections import Counter
from contextlib import closing
from typing import Annotated, Literal

import msgspec

from tui.stress.arrivals import lost_percent
from tui.stress.burner import Burner, BurnerSpec, Figures, Unusable, burn
from tui.stress.latencies import Latencies
from tui.stress.pace import IDLE_S, Pace
from tui.stress.peer import Peer
from tui.stress.peer_link import LOST_PEER, Link, Lost, first_link, why
from tui.stress.peer_talk import HungUp, Stranger
from tui.stress.peer_wire import Counts, Wish, address
from tui.stress.senders import DatagramSender, Sender, StreamSender

LISTEN_S = 0.05
MAX_FAILED = 10
"""Connections in a row; then the peer counts as gone."""
LOOPBACK = "loopback: this measures the kernel, no wire"
_BYTES_PER_MBIT = 125_000


class NetworkSpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` is the share of the cap: of `rate_mbit_per_s`, in mode `connect` of
    `connects_per_s`. The role `peer` takes what burners send to `host` and `port` (0: a free one,
    which it says in a line of its own); away from loopback it needs a secret, the burner the same.
    """

    role: Literal["burner", "peer"] = "burner"
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    secret: str = ""
    mode: Wish = "tcp"
    rate_mbit_per_s: Annotated[float, msgspec.Meta(gt=0.0, le=100_000.0)] = 100.0
    connects_per_s: Annotated[float, msgspec.Meta(gt=0.0, le=1000.0)] = 50.0


class Throughput:
    """Sends at a rate; what is reached is what the peer received."""

    def __init__(self, spec: NetworkSpec, burner: Burner, link: Link) -> None:
        self._spec = spec
        self._burner = burner
        self._link = link
        self._sender: Sender = StreamSender(link) if spec.mode == "tcp" else DatagramSender(link)
        self._first = self._before = link.news(None)
        self._sent_before = self._pieces_before = 0

    def burn(self) -> Figures:
        """Send until the end; the totals."""
        ended_by = ""
        with closing(self._sender):
            try:
                self._send()
                last = self._link.final()
            except Lost as lost:
                ended_by = str(lost)
                last = self._link.counts or self._first
        self._count(last)
        return {
            **_what(self._spec, self._link),
            **self._figures(self._first, last, self._sender.pieces),
            "sent_bytes": self._sender.sent_bytes,
            "received_bytes": last.received_bytes,
            **_end(ended_by),
        }

    def _send(self) -> None:
        pace = Pace(time.monotonic())
        listened_s = time.monotonic()
        while self._burner.goes_on():
            now_s = time.monotonic()
            per_s = self._burner.level * self._spec.rate_mbit_per_s * _BYTES_PER_MBIT
            wait_s = 0.0
            if not self._sender.is_halfway:
                wait_s = pace.wait_s(now_s, per_s, self._sender.piece_bytes)
            if wait_s:
                self._burner.wait(min(wait_s, IDLE_S))
            else:
                self._sender.send()
            if now_s - listened_s >= LISTEN_S:
                self._link.listen()
                listened_s = now_s
            if self._burner.is_report_due:
                self._report()

    def _report(self) -> None:
        sent = self._sender.sent_bytes - self._sent_before
        sent_mbit_per_s = sent / _BYTES_PER_MBIT / self._burner.window_s
        now = self._link.news(self._before)
        self._count(now)
        figures = self._figures(self._before, now, self._sender.pieces - self._pieces_before)
        reached = _mbit_per_s(self._before, now) / self._spec.rate_mbit_per_s
        self._burner.report(
            reached, **_what(self._spec, self._link), sent_mbit_per_s=sent_mbit_per_s, **figures
        )
        self._before = now
        self._sent_before, self._pieces_before = self._sender.sent_bytes, self._sender.pieces

    def _count(self, now: Counts) -> None:
        self._burner.verified, self._burner.bad = now.verified, now.bad

    def _figures(self, before: Counts, now: Counts, sent: int) -> Figures:
        figures: Figures = {
            "mbit_per_s": _mbit_per_s(before, now),
            "connect_us": self._link.connect_us,
        }
        if self._spec.mode == "tcp":
            return {**figures, **self._link.transport()}
        came = now.received - before.received
        # At the end all that was sent has come or is lost; before it, some is on its way.
        expected = sent if now.is_final else now.expected - before.expected
        return {
            **figures,
            "sent": sent,
            "lost_percent": lost_percent(expected, came, sent),
            "reordered": now.reordered - before.reordered,
            "doubled": now.doubled - before.doubled,
            "jitter_us": now.jitter_us,
            "refused_by_kernel": self._sender.failed,
        }


class Connects:
    """Connects again and again; each connection makes sure that it is still the peer."""

    def __init__(self, spec: NetworkSpec, burner: Burner, link: Link) -> None:
        self._spec = spec
        self._burner = burner
        self._link = link
        self._window, self._total = (Latencies(), Latencies()), (Latencies(), Latencies())
        self._failures: Counter[str] = Counter()
        self._failed_in_a_row = 0

    def burn(self) -> Figures:
        """Connect until the end; the totals."""
        ended_by = ""
        began_s = time.monotonic()
        pace = Pace(began_s)
        try:
            while self._burner.goes_on():
                per_s = self._burner.level * self._spec.connects_per_s
                wait_s = pace.wait_s(time.monotonic(), per_s, 1.0)
                if wait_s:
                    self._burner.wait(min(wait_s, IDLE_S))
                else:
                    self._connect()
                if self._burner.is_report_due:
                    self._report()
        except Lost as lost:
            ended_by = str(lost)
        ran_s = max(time.monotonic() - began_s, 1e-9)
        self._merge()
        connects = self._total[0].count
        return {**self._figures(self._total, ran_s), "connects": connects, **_end(ended_by)}

    def _connect(self) -> None:
        host, port = self._link.address[:2]
        try:
            link = Link(host, port, self._spec.secret, "connect")
        except (HungUp, OSError) as error:
            self._fail(error)
            return
        except Stranger as error:
            self._burner.bad += 1
            raise Lost(f"another answers in the place of the peer: {error}") from None
        link.close()
        self._failed_in_a_row = 0
        self._burner.verified += 1
        connects, answers = self._window
        connects.add(link.connect_us)
        answers.add(link.answer_us)

    def _fail(self, error: Exception) -> None:
        self._failures[why(error)] += 1
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= MAX_FAILED:
            raise Lost.by(error) from None

    def _report(self) -> None:
        window, window_s = self._window, self._burner.window_s
        self._merge()
        reached = window[0].count / window_s / self._spec.connects_per_s
        self._burner.report(reached, **self._figures(window, window_s))

    def _merge(self) -> None:
        for total, window in zip(self._total, self._window, strict=True):
            total.merge(window)
        self._window = Latencies(), Latencies()

    def _figures(self, of: tuple[Latencies, Latencies], over_s: float) -> Figures:
        connects, answers = of
        return {
            **_what(self._spec, self._link),
            "connects_per_s": connects.count / over_s,
            **connects.told("connect_"),
            **answers.told("answer_"),
            "failed": self._failures.total(),
            "failed_by": ", ".join(f"{by} {count}" for by, count in self._failures.most_common()),
        }


def work(spec: NetworkSpec, burner: Burner) -> Figures:
    """Play the role until the end; the totals. Raises Unusable, also when no peer answers."""
    if spec.role == "peer":
        return _be_peer(spec, burner)
    link = first_link(spec.host, spec.port, spec.secret, spec.mode)
    with closing(link):
        if spec.mode == "connect":
            return Connects(spec, burner, link).burn()
        try:
            throughput = Throughput(spec, burner, link)
        except Lost as lost:
            raise Unusable(f"{address(spec.host, spec.port)}: {lost}", LOST_PEER) from None
        return throughput.burn()


def _be_peer(spec: NetworkSpec, burner: Burner) -> Figures:
    if not (spec.secret or _is_own(spec.host)):
        raise Unusable(f"a peer at {spec.host} needs a secret: others could load it")
    try:
        peer = Peer(spec.host, spec.port, spec.secret)
    except OSError as error:
        at = address(spec.host, spec.port)
        raise Unusable(f"{at} can't be had: {why(error)}") from None
    with closing(peer):
        ready = {"kind": "network", "ready": True, "host": peer.host, "port": peer.port}
        print(json.dumps(ready), flush=True)
        while burner.goes_on():
            burner.wait(IDLE_S)
    return {"role": "peer", "host": peer.host, "port": peer.port}


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _mbit_per_s(before: Counts, now: Counts) -> float:
    passed_s = now.at_s - before.at_s
    received = now.received_bytes - before.received_bytes
    return received / _BYTES_PER_MBIT / passed_s if passed_s > 0 else 0.0


def _end(ended_by: str) -> Figures:
    return {"ended_by": ended_by, "advice": LOST_PEER if ended_by else ""}


def _what(spec: NetworkSpec, link: Link) -> Figures:
    host, port = link.address[:2]
    path = LOOPBACK if link.is_loopback else "network"
    return {"mode": spec.mode, "peer": address(host, port), "path": path}


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(burn("network", "share of the rate cap", NetworkSpec, work, _GIVEN))
