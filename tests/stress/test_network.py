from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.processes import is_alive
from tests.stress.burning import Burning, burning

MODULE = "tui.stress.network"


@contextmanager
def peer(**spec: Any) -> Iterator[tuple[Burning, int]]:
    with burning(MODULE, role="peer", intent="contend", **spec) as served:
        yield served, served.line_with(ready=True)["port"]


def test_a_stream_reaches_its_rate_as_the_peer_received_it() -> None:
    with (
        peer() as (_, port),
        burning(MODULE, port=port, rate_mbit_per_s=40, intent="contend") as burner,
    ):
        lines = [burner.line() for _ in range(2)]
        burner.order("stop")
        last = burner.rest()[-1]
    # A busy machine sends less than it may; more than the cap it never does.
    assert max(line["reached"] for line in lines) == pytest.approx(0.8, abs=0.3)
    first = lines[0]
    assert first["mbit_per_s"] == pytest.approx(40.0 * first["reached"], rel=0.001)
    assert first["path"].startswith("loopback")
    assert last["bad"] == 0
    assert last["verified"] * 32_768 <= last["received_bytes"] == last["sent_bytes"]
    assert last["rtt_us"] > 0


def test_a_lower_level_is_a_lower_rate() -> None:
    with (
        peer() as (_, port),
        burning(MODULE, port=port, rate_mbit_per_s=80, intent="contend") as burner,
    ):
        high = burner.line()["reached"]
        burner.order("level 0.1")
        burner.line_with(asked=0.1)
        low = burner.line_with(asked=0.1)["reached"]
        assert low < high / 2
        burner.order("stop")
        assert burner.rest()[-1]["is_stopped"] is True


def test_datagrams_tell_loss_and_jitter() -> None:
    with (
        peer() as (_, port),
        burning(MODULE, port=port, mode="udp", rate_mbit_per_s=4) as burner,
    ):
        first = burner.line()
        burner.order("stop")
        last = burner.rest()[-1]
    for line in (first, last):
        assert 0.0 <= line["lost_percent"] <= 100.0
        assert line["path"].startswith("loopback")
    assert first["jitter_us"] > 0
    assert last["sent_bytes"] == 1200 * last["sent"]
    assert last["verified"] * 1200 == last["received_bytes"]
    lost = last["sent"] - last["verified"]
    assert last["lost_percent"] == pytest.approx(100.0 * lost / last["sent"], abs=1e-5)


def test_every_connection_makes_sure_of_the_peer() -> None:
    with (
        peer(secret="s") as (_, port),
        burning(MODULE, port=port, mode="connect", secret="s", connects_per_s=40) as burner,
    ):
        assert burner.line()["reached"] < 1.2
        burner.order("stop")
        last = burner.rest()[-1]
    assert last["connects"] == last["verified"] > 0
    assert (last["failed"], last["failed_by"]) == (0, "")
    assert last["connects_per_s"] == pytest.approx(last["connects"] / last["ran_s"], rel=0.1)
    assert 0 < last["connect_p50_us"] <= last["connect_p99_us"] <= last["connect_longest_us"]


@pytest.mark.parametrize("mode", ["tcp", "udp", "connect"])
def test_a_peer_that_dies_ends_the_burner_with_the_reason(mode: str) -> None:
    with (
        peer() as (served, port),
        burning(MODULE, port=port, mode=mode, rate_mbit_per_s=8) as burner,
    ):
        burner.line()
        served.child.kill()
        last = burner.rest()[-1]
        assert burner.child.returncode == 0
    assert last["done"] is True
    assert "the peer is gone" in last["ended_by"]
    assert "errno" not in last["ended_by"].lower()
    assert "`jetproof peer`" in last["advice"]
    if mode == "connect":
        times = [int(each.rpartition(" ")[2]) for each in last["failed_by"].split(", ")]
        assert sum(times) == last["failed"] >= 10


def test_a_frozen_peer_ends_the_burner_too() -> None:
    with (
        peer() as (served, port),
        burning(MODULE, port=port, mode="udp", rate_mbit_per_s=1) as burner,
    ):
        burner.line()
        os.kill(served.pid, signal.SIGSTOP)
        assert "silent" in burner.rest()[-1]["ended_by"]


def test_a_killed_burner_leaves_a_peer_that_serves_the_next() -> None:
    with peer() as (_, port):
        with burning(MODULE, port=port, rate_mbit_per_s=8) as burner:
            burner.line()
            burner.child.kill()
            eventually(lambda: not is_alive(burner.pid))
        with burning(MODULE, port=port, rate_mbit_per_s=8) as burner:
            assert any(burner.line()["verified"] for _ in range(5))


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"role": "peer", "host": "0.0.0.0"}, "needs a secret"),
        ({"role": "peer", "host": "192.0.2.1", "secret": "s"}, "can't be had"),
        ({"port": 1}, "does not answer"),
        ({"rate_mbit_per_s": 0}, "rate_mbit_per_s"),
        ({"mode": "flood"}, "mode"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(spec: dict[str, Any], why: str) -> None:
    with burning(MODULE, **spec) as burner:
        (line,) = burner.rest()
        assert burner.child.returncode == 2
    assert why in line["error"]
