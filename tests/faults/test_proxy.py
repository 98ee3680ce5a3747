from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import socket
import socketserver
import statistics
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.faults.ground import Victim, owner
from tests.lib import processes
from tests.lib.calm import measured_in_calm
from tests.lib.eventually import eventually
from tui.child.spawn import Lifelines
from tui.core.stress.toxics import Cut, Toxics
from tui.faults.detour import Detour
from tui.faults.pipe import CHUNK_BYTES
from tui.faults.proxy_lines import ProxySecond, ProxySpec
from tui.faults.undo import FaultRefused

SOON_S = 10.0
QUIET_S = 0.3
"""Nothing comes for so long: nothing comes."""


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert isinstance(self.server, Echoes)
        self.server.ends.append("open")
        try:
            while data := self.request.recv(65536):
                self.request.sendall(data)
            self.server.ends.append("end")
        except OSError:
            self.server.ends.append("reset")


class Echoes(socketserver.ThreadingTCPServer):
    """Says back what it hears; `ends` tells how connections went."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        self.ends: list[str] = []
        super().__init__(("127.0.0.1", 0), Echo)


class Road:
    """A service, the proxy before it, and what the proxy says."""

    def __init__(self, echoes: Echoes, lifelines: Lifelines) -> None:
        self.echoes = echoes
        self.seconds: list[ProxySecond] = []
        spec = ProxySpec("127.0.0.1", echoes.server_address[1], seed=4)
        self.detour = Detour(spec, lifelines, on_second=self._note)

    def connect(self, *, is_direct: bool = False) -> socket.socket:
        """A connection to the service."""
        return reached(self.echoes.server_address[1] if is_direct else self.detour.port)

    def total(self, figure: str) -> int:
        """Of all seconds so far."""
        return sum(getattr(second, figure) for second in self.seconds)

    def _note(self, second: ProxySecond | None) -> None:
        if second is not None:
            self.seconds.append(second)


def reached(port: int) -> socket.socket:
    """A connection to a port of this machine."""
    made = socket.create_connection(("127.0.0.1", port), SOON_S)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


@pytest.fixture
def road(lifelines: Lifelines) -> Iterator[Road]:
    with Echoes() as echoes:
        thread = threading.Thread(target=echoes.serve_forever, args=(0.05,))
        thread.start()
        made = Road(echoes, lifelines)
        yield made
        made.detour.close()
        echoes.shutdown()
        thread.join()


def received(one: socket.socket, size: int) -> bytes:
    """So many bytes."""
    data = b""
    while len(data) < size:
        chunk = one.recv(size - len(data))
        assert chunk, "the stream ended"
        data += chunk
    return data


def echo_s(one: socket.socket, said: bytes = b"x" * 64) -> float:
    """Seconds until it came back."""
    began_s = time.perf_counter()
    one.sendall(said)
    assert received(one, len(said)) == said
    return time.perf_counter() - began_s


def is_silent(one: socket.socket) -> bool:
    """Whether nothing comes, not even an end."""
    one.settimeout(QUIET_S)
    try:
        one.recv(1)
    except TimeoutError:
        return True
    finally:
        one.settimeout(SOON_S)
    return False


def test_a_healthy_proxy_is_nearly_as_fast_as_the_direct_way(road: Road) -> None:
    with closing(road.connect(is_direct=True)) as direct, closing(road.connect()) as proxied:
        for one in (direct, proxied):
            echo_s(one)
        pairs = [(echo_s(direct), echo_s(proxied)) for _ in range(400)]
    straight, around = (statistics.median(column) for column in zip(*pairs, strict=True))
    # Two more hops, each a wake-up of a process; what is wrong (Nagle, a timer) costs 1000 times.
    assert around / straight < 20


def test_the_latency_that_was_asked_for_is_reached(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one)
        road.detour.set(Toxics(latency_ms=50.0))
        median = statistics.median(echo_s(one) for _ in range(9))
    assert 1.0 <= median / 0.100 < 1.5


def test_latency_does_not_lower_the_rate(road: Road) -> None:
    said = random.Random(1).randbytes(3_000_000)
    road.detour.set(Toxics(latency_ms=100.0))
    with closing(road.connect()) as one:
        sender = threading.Thread(target=one.sendall, args=(said,))
        began_s = time.perf_counter()
        sender.start()
        assert received(one, len(said)) == said
        took_s = time.perf_counter() - began_s
        sender.join()
    # One after the other, pieces of 256 KiB would have waited a dozen times.
    assert took_s / 0.2 < 4


@measured_in_calm
def test_jitter_spreads_what_latency_only_shifts(road: Road) -> None:
    def spread(toxics: Toxics) -> float:
        road.detour.set(toxics)
        with closing(road.connect()) as one:
            # The middle half: a busy machine makes some late whatever is asked.
            low, _, high = statistics.quantiles((echo_s(one) for _ in range(20)), n=4)
            return high - low

    weathers = Toxics(latency_ms=20, jitter_ms=20), Toxics(latency_ms=20)
    # By turns, and the least of each: what else the machine does only adds to both.
    spreads = [[spread(each) for each in weathers] for _ in range(3)]
    jittery, steady = (min(each) for each in zip(*spreads, strict=True))
    assert jittery > 2 * steady


def test_jitter_never_turns_the_order_around(road: Road) -> None:
    road.detour.set(Toxics(latency_ms=5, jitter_ms=5))
    words = [struct.pack("!I", number) for number in range(200)]
    with closing(road.connect()) as one:
        for word in words:
            one.sendall(word)
            time.sleep(0.0005)
        assert received(one, 4 * len(words)) == b"".join(words)


@measured_in_calm
def test_the_bandwidth_that_was_asked_for_is_kept_and_reached(road: Road) -> None:
    road.detour.set(Toxics(bytes_per_s=400_000))
    with closing(road.connect()) as one:
        took_s = echo_s(one, b"y" * 300_000)
    # There and back at once: the second way begins with the first piece.
    assert 0.85 <= took_s / 0.75 < 1.6


def test_a_reset_ends_every_connection_and_each_new_one(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one)
        road.detour.set(Toxics(cut="reset"))
        with pytest.raises(ConnectionResetError):
            one.recv(1)
    with pytest.raises(ConnectionResetError), closing(road.connect()) as other:
        other.recv(1)
    road.detour.set(Toxics())
    with closing(road.connect()) as another:
        echo_s(another)
    eventually(lambda: road.total("resets") == 2)


def test_a_black_hole_holds_everything_and_loses_nothing(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one)
        road.detour.set(Toxics(cut="black_hole"))
        one.sendall(b"who is there?")
        with closing(road.connect()) as other:
            other.sendall(b"and who is here?")
            assert is_silent(one)
            assert is_silent(other)
            road.detour.set(Toxics())
            assert received(one, 13) == b"who is there?"
            assert received(other, 16) == b"and who is here?"


def test_a_black_hole_takes_little_memory(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one)
        road.detour.set(Toxics(cut="black_hole"))
        one.settimeout(QUIET_S)
        with pytest.raises(TimeoutError):
            one.sendall(bytes(64 * 1024**2))
        told = len(road.seconds)
        eventually(lambda: len(road.seconds) > told + 1)
        assert 0 < road.seconds[-1].held_bytes <= 2 * CHUNK_BYTES


def test_half_open_the_service_is_gone_and_the_client_is_not_told(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one)
        road.detour.set(Toxics(cut="half_open"))
        eventually(lambda: road.echoes.ends == ["open", "reset"])
        one.sendall(b"are you there?")
        assert is_silent(one)
        road.detour.set(Toxics())
        with pytest.raises(ConnectionResetError):
            one.recv(1)
    eventually(lambda: road.total("half_opened") == 1)


def test_refused_is_whoever_comes_while_those_inside_go_on(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one)
        road.detour.set(Toxics(cut="refuse"))
        with pytest.raises(ConnectionRefusedError):
            road.connect()
        echo_s(one)
        road.detour.set(Toxics())
        with closing(road.connect()) as other:
            echo_s(other)


@pytest.mark.parametrize("toxics", [Toxics(latency_ms=60_000), Toxics(bytes_per_s=10)])
def test_what_waits_when_the_fault_ends_passes_at_once(road: Road, toxics: Toxics) -> None:
    road.detour.set(toxics)
    with closing(road.connect()) as one:
        one.sendall(b"z" * 5000)
        assert is_silent(one) or toxics.bytes_per_s
        eventually(lambda: road.seconds and road.seconds[-1].held_bytes > 0)
        road.detour.set(Toxics())
        took = received(one, 5000 - (1 if toxics.bytes_per_s else 0))
        assert set(took) == {ord("z")}


def test_bytes_come_through_changing_weather_unharmed(road: Road) -> None:
    said = random.Random(2).randbytes(6_000_000)
    weathers = [Toxics(latency_ms=5, jitter_ms=5), Toxics(), Toxics(cut="black_hole")]
    weathers += [Toxics(bytes_per_s=20_000_000), Toxics(latency_ms=1)]
    with closing(road.connect()) as one:
        sender = threading.Thread(target=one.sendall, args=(said,))

        def change() -> None:
            for toxics in [*weathers * 4, Toxics()]:
                road.detour.set(toxics)
                time.sleep(0.01)

        changer = threading.Thread(target=change)
        changer.start()
        sender.start()
        heard = received(one, len(said))
        sender.join()
        changer.join()
    assert hashlib.sha256(heard).digest() == hashlib.sha256(said).digest()


def test_toxicity_is_of_a_connection_not_of_its_pieces(road: Road) -> None:
    connections = [road.connect() for _ in range(24)]
    for one in connections:
        echo_s(one)
    road.detour.set(Toxics(latency_ms=60.0, toxicity=0.5))
    # The quicker of two: a busy machine makes one late, but none early.
    first = [min(echo_s(one), echo_s(one)) > 0.12 for one in connections]
    second = [min(echo_s(one), echo_s(one)) > 0.12 for one in connections]
    for one in connections:
        one.close()
    assert 3 <= sum(first) <= 21
    assert first == second


def test_a_service_that_is_not_there_is_a_reset(lifelines: Lifelines) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        seconds: list[ProxySecond | None] = []
        spec = ProxySpec("127.0.0.1", nobody.getsockname()[1])
        detour = Detour(spec, lifelines, on_second=seconds.append)
        with pytest.raises(ConnectionResetError), closing(reached(detour.port)) as one:
            one.recv(1)
        eventually(lambda: sum(second.unreachable for second in seconds if second) == 1)
        detour.close()


def test_an_end_of_stream_passes_one_way_alone(road: Road) -> None:
    with closing(road.connect()) as one:
        one.sendall(b"the last word")
        one.shutdown(socket.SHUT_WR)
        assert received(one, 13) == b"the last word"
        assert one.recv(1) == b""


def test_each_second_it_says_what_it_did(road: Road) -> None:
    with closing(road.connect()) as one:
        echo_s(one, b"a" * 1000)
        road.detour.set(Toxics(latency_ms=1))
        echo_s(one, b"b" * 500)
        eventually(lambda: road.total("to_client_bytes") == 1500)
        assert road.seconds[-1].open == 1
    eventually(lambda: road.seconds[-1].open == 0)
    assert road.total("opened") == 1
    assert road.total("to_service_bytes") == 1500
    assert road.total("delayed_bytes") == 1000
    assert road.seconds[-1].toxics == Toxics(latency_ms=1)


def test_connections_that_have_ended_leave_nothing_in_it(road: Road) -> None:
    descriptors = Path(f"/proc/{road.detour.pid}/fd")
    before = len(list(descriptors.iterdir()))
    cuts: tuple[Cut, ...] = ("none", "reset", "half_open", "black_hole")
    for cut in cuts:
        road.detour.set(Toxics(cut=cut))
        for _ in range(20):
            # A reset may come before the connection is there for us.
            with contextlib.suppress(ConnectionResetError):
                road.connect().close()
    road.detour.set(Toxics())
    eventually(lambda: len(list(descriptors.iterdir())) == before)


def test_it_listens_on_the_loopback_alone(road: Road) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", road.detour.port), SOON_S)


def test_a_killed_owner_takes_the_proxy_with_it(tmp_path: Path, victim: Victim) -> None:
    with owner(tmp_path, "proxy", victim, tmp_path) as by:
        proxy = int(by.says())
        by.process.kill()
        eventually(lambda: not processes.is_alive(proxy), limit_s=10)


def test_a_proxy_that_is_gone_takes_no_order(road: Road) -> None:
    os.kill(road.detour.pid, signal.SIGKILL)
    with pytest.raises(FaultRefused, match="ended"):
        road.detour.set(Toxics(latency_ms=1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Toxics(cut="refuse", toxicity=0.5),
        lambda: msgspec.convert({"latency_ms": -1}, Toxics),
        lambda: msgspec.convert({"latency_s": 1}, Toxics),
        lambda: msgspec.convert({"toxicity": 2}, Toxics),
    ],
)
def test_faults_that_can_not_be_are_refused(make: Callable[[], Toxics]) -> None:
    with pytest.raises(ValueError, match=r"refuse|latency|toxicity|unknown"):
        make()


def test_a_port_that_is_taken_is_no_proxy(road: Road, lifelines: Lifelines) -> None:
    port = road.echoes.server_address[1]
    with pytest.raises(FaultRefused, match="started"):
        Detour(ProxySpec("127.0.0.1", 9, listen=port), lifelines)
