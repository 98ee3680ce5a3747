"""`jetproof peer`, with the network burner that a board would run against it."""

from __future__ import annotations

import re
import shlex
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.lib.machine import Machine, Running
from tests.lib.processes import children_of
from tests.stress.burning import burning

MODULE = "tui.stress.network"
HOST = "127.0.0.2"
SECRET = "a-secret-of-this-test"
VARIABLE = "JETPROOF_PEER_SECRET"


@contextmanager
def peer(machine: Machine, host: str = HOST, secret: str = SECRET) -> Iterator[tuple[Running, str]]:
    """A peer on a free port, and the line that it says."""
    with machine.running("peer", "--host", host, "--port", "0", **{VARIABLE: secret}) as served:
        assert served.process.stdout is not None
        yield served, served.process.stdout.readline().strip()


def port_of(line: str) -> int:
    found = re.match(r"peer at \S+:(\d+) ", line)
    assert found, line
    return int(found[1])


@pytest.mark.parametrize("mode", ["tcp", "udp", "connect"])
def test_a_burner_with_the_secret_burns_to_it(machine: Machine, mode: str) -> None:
    with peer(machine) as (served, line):
        port = port_of(line)
        with burning(
            MODULE, host=HOST, port=port, secret=SECRET, mode=mode, rate_mbit_per_s=8
        ) as burner:
            first = burner.line()
            burner.order("stop")
            last = burner.rest()[-1]
        served.signal(signal.SIGTERM)
        ended = served.end()
    assert first["peer"] == f"{HOST}:{port}"
    assert first["reached"] > 0
    assert (last["bad"], last["ended_by"]) == (0, "")
    assert last["verified"] > 0
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("another one", f"was given another secret than {VARIABLE} on this board"),
        ("", f"wants a secret, and {VARIABLE} is not set on this board"),
    ],
)
def test_a_burner_with_another_secret_sends_nothing_to_it_and_says_what_to_do(
    machine: Machine, secret: str, said: str
) -> None:
    with (
        peer(machine) as (_, line),
        burning(MODULE, host=HOST, port=port_of(line), secret=secret) as burner,
    ):
        (told,) = burner.rest()
    at = f"{HOST}:{port_of(line)}"
    assert told["error"] == f"the peer at {at} {said}"
    assert f"set {VARIABLE} here" in told["advice"]
    assert at in told["advice"]
    assert SECRET not in str(told)


def test_it_says_what_to_run_on_the_board_and_never_the_secret(machine: Machine) -> None:
    with peer(machine) as (served, line):
        at = f"{HOST}:{port_of(line)}"
        assert line == f"peer at {at} (ctrl-c ends it)"
        assert served.process.stdout is not None
        told = [served.process.stdout.readline().rstrip("\n") for _ in range(2)]
        served.signal(signal.SIGINT)
        ended = served.end()
    assert told == [
        f"on the board: read -rsp 'secret: ' {VARIABLE} && export {VARIABLE} && "
        f"jetproof run stress-network --set stress.network.peer={at}",
        f"  it asks there for the secret that is in {VARIABLE} here",
    ]
    assert SECRET not in line + "".join(told) + ended.out + ended.err


def test_on_loopback_it_needs_no_secret_and_asks_for_none(machine: Machine) -> None:
    with peer(machine, "localhost", "") as (served, line):
        assert served.process.stdout is not None
        assert served.process.stdout.readline().strip() == (
            "on the board: jetproof run stress-network "
            f"--set stress.network.peer=127.0.0.1:{port_of(line)}"
        )
        with burning(MODULE, port=port_of(line), rate_mbit_per_s=8) as burner:
            assert burner.line()["reached"] > 0
        served.signal(signal.SIGHUP)
        assert served.end().code == 0


def test_an_ipv6_address_is_told_in_brackets(machine: Machine) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with peer(machine, "::1", "") as (served, line):
        assert served.process.stdout is not None
        told = shlex.split(served.process.stdout.readline())[-1]
    assert told == f"stress.network.peer=[::1]:{port_of(line)}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_in_the_middle_of_a_burn_with_nothing_left(
    machine: Machine, number: signal.Signals
) -> None:
    with peer(machine) as (served, line):
        port = port_of(line)
        with burning(MODULE, host=HOST, port=port, secret=SECRET, rate_mbit_per_s=8) as burner:
            burner.line()
            served.signal(number)
            assert served.end().code == 0
            burner.rest()
        assert not children_of(served.pid)
    socket.create_server((HOST, port)).close()


@pytest.mark.parametrize("secret", ["", "7-chars"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_away_from_loopback_it_needs_a_long_secret(
    machine: Machine, host: str, secret: str
) -> None:
    ended = machine.run("peer", "--host", host, "--port", "0", **{VARIABLE: secret})
    assert (ended.code, ended.out) == (2, "")
    (said,) = ended.err.splitlines()
    assert f"put a secret of 8 characters or more in {VARIABLE}" in said


def test_a_host_that_is_no_address_is_one_line(machine: Machine) -> None:
    ended = machine.run("peer", "--host", "not an address", **{VARIABLE: SECRET})
    assert ended.code == 2
    assert ended.err.strip() == (
        'command line:--host: "not an address" is no address of this machine'
    )


@pytest.mark.parametrize(
    ("host", "secret"), [(HOST, ""), ("192.0.2.1", SECRET)], ids=["taken", "elsewhere"]
)
def test_a_port_that_can_not_be_had_is_one_line_and_exit_3(
    machine: Machine, host: str, secret: str
) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        ended = machine.run("peer", "--host", host, "--port", str(port), **{VARIABLE: secret})
    assert ended.code == 3
    (said,) = ended.err.splitlines()
    assert said.startswith(f"jetproof peer: {host}:{port} can't be had: ")
