from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from tui.stress.arrivals import MAX_MISSING, Arrivals, lost_percent
from tui.stress.burner import Unusable
from tui.stress.pace import BACKLOG_S, IDLE_S, Pace, Spread
from tui.stress.peer import Peer
from tui.stress.peer_link import Link, first_link
from tui.stress.peer_wire import (
    HEADER,
    SECRET_VARIABLE,
    is_loopback,
    number_block,
    payload,
    stream_block,
)
from tui.stress.senders import DatagramSender


def arrivals(*numbers: int) -> Arrivals:
    seen = Arrivals()
    for at, number in enumerate(numbers):
        seen.add(number, 1000 * number, 1000 * at)
    return seen


def test_datagrams_in_order_are_all_there() -> None:
    seen = arrivals(*range(100))
    assert (seen.expected, seen.received, seen.reordered, seen.doubled) == (100, 100, 0, 0)
    assert seen.jitter_us == 0.0


def test_a_gap_is_loss_until_the_late_one_comes() -> None:
    assert (arrivals(0, 1, 3, 4).received, arrivals(0, 1, 3, 4).expected) == (4, 5)
    late = arrivals(0, 1, 3, 4, 2)
    assert (late.received, late.expected, late.reordered, late.doubled) == (5, 5, 1, 0)


def test_the_same_one_twice_is_counted_once() -> None:
    seen = arrivals(0, 1, 1, 0)
    assert (seen.received, seen.doubled, seen.reordered) == (2, 2, 0)


def test_a_number_out_of_thin_air_takes_no_memory() -> None:
    seen = arrivals(0, 2**60)
    assert len(seen._missing) == MAX_MISSING
    assert (seen.expected, seen.received) == (2**60 + 1, 2)


def test_jitter_is_the_mean_change_of_the_way_whatever_the_clocks() -> None:
    seen = Arrivals()
    for number in range(400):
        # 5 ms and 6 ms by turns, and clocks an hour apart.
        way_ns = 3600 * 10**9 + (5 + number % 2) * 10**6
        seen.add(number, number * 10**7, number * 10**7 + way_ns)
    assert seen.jitter_us == pytest.approx(1000.0, rel=0.01)


@pytest.mark.parametrize(
    ("expected", "received", "sent", "percent"),
    [(100, 99, 100, 1.0), (100, 101, 100, 0.0), (0, 0, 50, 100.0), (0, 0, 0, None), (0, 2, 0, 0.0)],
)
def test_loss_is_a_share_of_what_was_expected(
    expected: int, received: int, sent: int, percent: float | None
) -> None:
    assert lost_percent(expected, received, sent) == percent


def test_the_pace_keeps_the_mean_however_it_is_asked() -> None:
    dice = random.Random(3)
    pace, now_s, sent = Pace(0.0), 0.0, 0
    while now_s < 100.0:
        wait_s = pace.wait_s(now_s, 1e6, 1000)
        sent += 0 if wait_s else 1000
        now_s += wait_s * dice.uniform(0.5, 3.0)
    assert sent == pytest.approx(1e8, rel=0.01)


def test_a_stall_is_not_made_good_by_a_burst() -> None:
    pace = Pace(0.0)
    sent = 0
    while not pace.wait_s(60.0, 1e6, 1000):
        sent += 1000
    assert sent <= 1e6 * BACKLOG_S + 1000


def test_a_rate_of_nothing_sends_nothing() -> None:
    pace = Pace(0.0)
    assert all(pace.wait_s(float(now_s), 0.0, 1) > 0 for now_s in range(100))


def test_a_budget_is_spread_over_its_time_and_never_passed() -> None:
    spread, now_s, written, most = Spread(1000, 100.0, 50.0), 50.0, 0, 0.0
    while now_s < 250.0:
        wait_s = spread.wait_s(now_s, written)
        if not wait_s:
            written += 10
        most = max(most, written - spread.bytes_per_s * (now_s - 50.0))
        now_s += wait_s
    assert written == 1000
    assert most <= 10
    assert spread.wait_s(250.0, written) == IDLE_S


def test_a_budget_of_nothing_lets_nothing_be_written() -> None:
    assert Spread(-5, 100.0, 0.0).wait_s(1000.0, 0) == IDLE_S


def test_what_does_not_leave_the_machine_is_loopback() -> None:
    assert is_loopback("127.0.0.1", "127.0.0.1")
    assert is_loopback("127.0.0.1", "127.9.9.9")
    assert is_loopback("::1", "::1")
    assert is_loopback("::ffff:127.0.0.1", "::ffff:127.0.0.2")
    assert is_loopback("192.168.1.7", "192.168.1.7")
    assert not is_loopback("192.168.1.7", "192.168.1.8")
    assert not is_loopback("fe80::1%eth0", "fe80::2%eth0")


def test_both_sides_make_the_same_bytes_of_a_session() -> None:
    first, second, other = (stream_block(name) for name in (b"session1", b"session1", b"session2"))
    assert first == second != other
    number_block(first, b"session1", 7)
    assert first != second
    assert payload(b"session1") != payload(b"session2")


@contextmanager
def peer(secret: str = "") -> Iterator[Peer]:
    with closing(Peer("127.0.0.1", 0, secret)) as made:
        yield made


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server of someone else: its port, and all that it was sent."""
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        link, _ = listener.accept()
        with link, suppress(OSError):  # it may hang up on what it is told
            link.settimeout(5.0)
            heard.append(link.recv(65_536))
            link.sendall(answer)
            link.shutdown(socket.SHUT_WR)
            while more := link.recv(65_536):
                heard.append(more)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join(10.0)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\xfe\n",
        b"jetproof-peer 1 abc def\n",
        b"jetproof-peer 1 0123\n",
        b"x" * 100_000,
    ],
)
def test_nothing_but_the_greeting_goes_to_a_stranger(answer: bytes) -> None:
    with (
        answering(answer) as (port, heard),
        pytest.raises(Unusable, match=r"no peer of ours|does not answer"),
    ):
        first_link("127.0.0.1", port, "", "tcp")
    assert len(b"".join(heard)) < 100


def test_one_that_hangs_up_is_not_called_a_stranger() -> None:
    with answering(b"") as (port, _), pytest.raises(Unusable) as refused:
        first_link("127.0.0.1", port, "", "tcp")
    assert str(refused.value).endswith(
        "ended the connection before it was known for a peer of ours"
    )
    assert f"`jetproof peer --host 127.0.0.1 --port {port}`" in refused.value.advice


def test_a_peer_that_has_its_hands_full_is_not_called_a_stranger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.stress.peer.MAX_LINKS", 0)
    with peer() as made, pytest.raises(Unusable, match="ended the connection before"):
        first_link("127.0.0.1", made.port, "", "tcp")


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(Unusable, match="refused") as refused:
            first_link("127.0.0.1", port, "", "udp")
    assert f"`jetproof peer --host 127.0.0.1 --port {port}`" in refused.value.advice


@pytest.mark.parametrize(
    ("ours", "theirs", "why", "advice"),
    [
        ("a", "b", f"given another secret than {SECRET_VARIABLE} on this board", "set "),
        ("", "b", f"wants a secret, and {SECRET_VARIABLE} is not set on this board", "set "),
        ("a", "", f"given no secret, and {SECRET_VARIABLE} is set on this board", "unset "),
    ],
)
def test_another_secret_is_refused_with_what_to_do(
    ours: str, theirs: str, why: str, advice: str
) -> None:
    with peer(theirs) as made, pytest.raises(Unusable, match=why) as refused:
        first_link("127.0.0.1", made.port, ours, "tcp")
    assert refused.value.advice.startswith(f"{advice}{SECRET_VARIABLE} here")
    assert "jetproof peer" in refused.value.advice


def test_a_burner_without_the_secret_is_not_served() -> None:
    with peer("secret") as made, socket.create_connection(("127.0.0.1", made.port)) as link:
        link.settimeout(5.0)
        link.sendall(b"jetproof-peer 1 00\n")
        assert link.recv(1000).startswith(b"jetproof-peer 1 ")
        link.sendall(b"0" * 64 + b" tcp\n")
        assert link.recv(1000) == b""


def datagrams(link: Link, *changes: bytes) -> None:
    """Ten right datagrams, and one for each change."""
    with closing(DatagramSender(link)) as sender:
        for _ in range(10):
            sender.send()
        for change in changes:
            sender._socket.send(change)


def test_datagrams_are_compared_and_those_of_no_session_are_not_counted() -> None:
    with peer("s") as made, closing(Link("127.0.0.1", made.port, "s", "udp")) as link:
        link.news(None)  # it listens for them
        header = HEADER.pack(link.session, 2**40, 0)
        strangers = HEADER.pack(b"whatever", 3, 0) + payload(link.session)
        datagrams(link, header + payload(b"another!"), strangers, b"", b"short")
        last = link.final()
    assert (last.verified, last.bad, last.received, last.expected) == (10, 1, 10, 10)


def test_a_wrong_byte_in_the_stream_is_one_bad_block() -> None:
    with peer() as made, closing(Link("127.0.0.1", made.port, "", "tcp")) as link:
        block = stream_block(link.session)
        for number in range(4):
            number_block(block, link.session, number)
            if number == 2:
                block[9000] ^= 1
            link.socket.sendall(block)
            block[9000] ^= number == 2
        last = link.final()
    assert (last.verified, last.bad, last.received_bytes) == (3, 1, 4 * len(block))


def test_a_closed_peer_leaves_no_thread_and_no_port() -> None:
    before = threading.active_count()
    with peer() as made:
        link = Link("127.0.0.1", made.port, "", "udp")
        assert threading.active_count() > before
    with closing(link), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", made.port), timeout=5.0).close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(5.0)
    assert threading.active_count() <= before
