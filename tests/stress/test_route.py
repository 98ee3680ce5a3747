"""The way to a peer, and the link that carries the session of whoever looks on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import NamedTuple

import psutil
import pytest

from tests.lib.machine import ROOT
from tests.stress.specced import spec_of
from tui.core.stress.plan import NetworkPlan
from tui.stress import route, specs
from tui.stress.specs import NotHere


class Link:
    """An interface with several addresses that leads everywhere."""

    def __init__(self) -> None:
        self.speed: float | None = None


class Address(NamedTuple):
    address: str


class Stats(NamedTuple):
    speed: float


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Link:
    made = Link()
    addresses = [Address(each) for each in ("127.0.0.1", "192.0.2.7", "2001:db8::7%wlan0")]
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: {"wlan0": addresses})
    monkeypatch.setattr(psutil, "net_if_stats", lambda: {"wlan0": Stats(made.speed or 0)})
    return made


def test_the_way_to_a_peer_on_this_board_is_the_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.9 5000 127.0.0.1 22")
    spec = spec_of(NetworkPlan(peer="127.0.0.1:5201"))
    assert (spec["host"], spec["port"]) == ("127.0.0.1", 5201)
    assert spec["rate_mbit_per_s"] == specs.LOOPBACK_MBIT_PER_S


@pytest.mark.parametrize(
    ("speed", "session", "asked", "sent"),
    [
        (1000.0, "", None, 1000.0),
        (1000.0, "", 4000.0, 1000.0),
        (1000.0, "10.0.0.9 5000 192.0.2.7 22", None, 200.0),
        (1000.0, "10.0.0.9 5000 2001:db8::7 22", None, 200.0),
        (1000.0, "10.0.0.9 5000 198.51.100.1 22", None, 1000.0),
        (None, "10.0.0.9 5000 192.0.2.7 22", 50.0, 50.0),
        (400_000.0, "", None, 100_000.0),
    ],
)
def test_a_link_that_carries_the_session_keeps_most_for_it(
    speed: float | None,
    session: str,
    asked: float | None,
    sent: float,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link.speed = speed
    monkeypatch.setenv("SSH_CONNECTION", session)
    assert (
        spec_of(NetworkPlan(peer="127.0.0.1:1", rate_mbit_per_s=asked))["rate_mbit_per_s"] == sent
    )


@pytest.mark.parametrize(
    ("session", "why"),
    [
        ("", "wlan0 leads to 127.0.0.1:1, and does not tell its speed"),
        (
            "10.0.0.9 5000 192.0.2.7 22",
            "wlan0 leads to 127.0.0.1:1 and carries this session, and does not tell its speed",
        ),
    ],
)
def test_an_unknown_speed_needs_a_rate(
    session: str, why: str, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    link.speed = None
    monkeypatch.setattr(route, "_connections", lambda: iter([session or "away"]))
    monkeypatch.setattr(route, "_addresses_of_sessions", lambda: iter(()))
    with pytest.raises(NotHere) as refused:
        spec_of(NetworkPlan(peer="127.0.0.1:1"))
    assert str(refused.value) == why
    assert "stress.network.rate_mbit_per_s" in refused.value.advice
    assert spec_of(NetworkPlan(peer="127.0.0.1:1", rate_mbit_per_s=7))["rate_mbit_per_s"] == 7


def test_connects_alone_need_no_speed(link: Link) -> None:
    link.speed = None
    spec = spec_of(NetworkPlan(peer="127.0.0.1:1", mode="connect", connects_per_s=5))
    assert spec["connects_per_s"] == 5


PARENT = """
import os, subprocess, sys
without = {name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"}
subprocess.run([sys.executable, "-c", sys.argv[1]], env=without, check=True)
"""


CHILD = "from tui.stress.route import _connections; print(*_connections(), sep='|')"


def test_a_session_is_seen_through_what_forgets_it() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PARENT, CHILD],
        env={**os.environ, "SSH_CONNECTION": "10.0.0.9 5000 192.0.2.7 22"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    first, *others = told.strip().split("|")
    assert first == ""
    assert "10.0.0.9 5000 192.0.2.7 22" in others


@pytest.mark.parametrize(("is_connected", "sent"), [(True, 200.0), (False, 1000.0)])
def test_without_a_word_of_it_any_session_counts(
    is_connected: bool, sent: float, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "_connections", lambda: iter([""]))
    link.speed = 1000.0
    with socket.create_server(("127.0.0.1", 0)) as sshd:
        monkeypatch.setattr(route, "SSH_PORT", sshd.getsockname()[1])
        with socket.socket() as session:
            if is_connected:
                session.connect(sshd.getsockname())
            spec = spec_of(NetworkPlan(peer="127.0.0.1:1"))
    assert spec["rate_mbit_per_s"] == sent
