"""The health check of each second, against real services on loopback."""

from __future__ import annotations

import errno
import os
import signal
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.lib.calm import measured_in_calm
from tests.lib.eventually import eventually
from tests.lib.hostile import OK_EMPTY, drip, flood, hostile
from tests.lib.processes import descriptors, freeze, python_threads
from tests.lib.services import WEB, running
from tests.lib.target import Target, free_port, self_signed
from tui.core.config import Target as Described
from tui.core.events import HealthProbed
from tui.service.client import HttpService
from tui.service.health import MOST_AT_ONCE, HealthProbe
from tui.service.health_check import HealthPage, Unanswered

PLAIN = Described("plant", "http://127.0.0.1")
LENIENT = Described("plant", "https://127.0.0.1", verify_tls=False)
SECRET = "wh1sper-7Qz"
OFTEN_S = 0.05
PATIENT_S = 20.0


@contextmanager
def probing(
    url: str,
    target: Described = PLAIN,
    token: str = "",
    *,
    interval_s: float = OFTEN_S,
    timeout_s: float = PATIENT_S,
) -> Iterator[list[HealthProbed]]:
    """What a probe says of a service, as it comes."""
    told: list[HealthProbed] = []
    probe = HealthProbe(url, target, token, told.append, interval_s=interval_s, timeout_s=timeout_s)
    probe.start()
    try:
        yield told
    finally:
        probe.close()


def first_of(url: str, target: Described = PLAIN, token: str = "") -> HealthProbed:
    """What the first check says."""
    with probing(url, target, token, interval_s=0.3, timeout_s=0.5) as told:
        return eventually(lambda: list(told))[0]


def more(told: list[HealthProbed], checks: int) -> list[HealthProbed]:
    """The checks after those so far."""
    so_far = len(told)
    eventually(lambda: len(told) >= so_far + checks)
    return told[so_far:]


@pytest.mark.parametrize("is_tls", [False, True])
@measured_in_calm
def test_a_service_that_is_well_is_asked_on_one_connection(tmp_path: Path, is_tls: bool) -> None:
    with Target(self_signed(tmp_path) if is_tls else None) as target:
        with probing(target.url, LENIENT) as told:
            eventually(lambda: len(told) >= 10)
        assert target.connections_made == 1
    assert all(each.ms is not None and each.ms > 0 and not each.detail for each in told)


@measured_in_calm
def test_a_slow_answer_moves_no_later_check_and_is_none_the_less_an_answer() -> None:
    # Two or three at once, with room for an answer that a busy machine makes late.
    slow_s, interval_s = 1.05, 0.5

    def answer(connection: socket.socket, method: str, path: str) -> None:
        time.sleep(slow_s)
        connection.sendall(OK_EMPTY)

    with hostile(answer) as url, probing(url, interval_s=interval_s) as told:
        eventually(lambda: len(told) >= 8)
    gaps_s = [later - earlier for earlier, later in pairwise(sorted(each.sent_s for each in told))]
    assert statistics.median(gaps_s) < 0.8 * slow_s
    assert all(each.ms is not None and each.ms >= slow_s * 1000 for each in told)


def test_a_service_that_stands_still_fails_in_each_of_its_seconds_and_comes_back() -> None:
    interval_s = 0.25
    with running(WEB, "0") as service:
        url = f"http://127.0.0.1:{service.said}"
        with probing(url, interval_s=interval_s, timeout_s=2 * interval_s) as told:
            eventually(lambda: told)
            freeze(service.pid)
            frozen = eventually(lambda: [each for each in told if each.ms is None][5:])
            os.kill(service.pid, signal.SIGCONT)
            eventually(lambda: told[-1].ms is not None)
    failed = [each for each in told if each.ms is None]
    assert frozen[0] in failed
    assert f"no answer from {url} within 0.5 s" in {each.detail for each in failed}
    gaps_s = [later.sent_s - earlier.sent_s for earlier, later in pairwise(failed)]
    assert sorted(gaps_s)[len(gaps_s) // 2] < 1.5 * interval_s


@measured_in_calm
def test_beyond_three_at_once_a_second_fails_without_being_sent(target: Target) -> None:
    target.hangs.set()
    with probing(target.url) as told:
        eventually(lambda: told)
        assert told[0].detail.startswith("3 checks still wait, the first for ")
        assert sum(target.received.values()) <= MOST_AT_ONCE
        target.hangs.clear()
        target.release()
        eventually(lambda: told[-1].ms is not None)
    assert sum(each.ms is not None for each in told) >= MOST_AT_ONCE


def test_a_name_whose_look_up_hangs_is_told_when_its_time_is_over(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = threading.Event()

    def look_up(*_: object, **__: object) -> object:
        found.wait()
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with probing(target.url, timeout_s=0.2) as told:
        eventually(lambda: any(each.detail == "no answer within 0.2 s" for each in told))
        seen = [each.sent_s for each in told]
        found.set()
        eventually(lambda: "is unknown" in told[-1].detail)
    assert len(set(seen)) == len(seen)


def test_a_service_that_is_gone_is_one_outage_until_it_is_back(target: Target) -> None:
    with probing(target.url) as told:
        eventually(lambda: told)
        target.go_down()
        down = more(told, 5)[-1]
        assert (down.ms, down.detail) == (None, f"nothing listens at {target.url}")
        target.come_back()
        eventually(lambda: told[-1].ms is not None)
        assert all(each.ms is not None for each in more(told, 5))
    was_well = [each.ms is not None for each in sorted(told, key=lambda each: each.sent_s)]
    assert sum(before != after for before, after in pairwise(was_well)) == 2


def test_a_restart_between_two_checks_is_no_outage(target: Target) -> None:
    with closing(HealthPage(target.url, PLAIN, "")) as page:
        page.ask(PATIENT_S)
        target.go_down()
        target.come_back()
        assert page.ask(PATIENT_S).status == 200
    assert target.connections_made == 2


def test_a_kept_connection_that_closes_under_a_request_is_no_outage() -> None:
    answered: set[socket.socket] = set()

    def answer(connection: socket.socket, method: str, path: str) -> None:
        if connection in answered:
            raise OSError("enough")
        answered.add(connection)
        connection.sendall(OK_EMPTY)

    with hostile(answer) as url, closing(HealthPage(url, PLAIN, "")) as page:
        assert [page.ask(PATIENT_S).status for _ in range(4)] == [200] * 4


def test_a_service_that_closes_before_it_has_ever_answered_does_not_answer() -> None:
    def leave(connection: socket.socket, method: str, path: str) -> None:
        raise OSError("no")

    with hostile(leave) as url:
        said = first_of(url)
    assert (said.ms, said.detail) == (None, "it closed the connection without a whole answer")


def test_half_an_answer_is_none() -> None:
    def answer(connection: socket.socket, method: str, path: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        raise OSError("and gone")

    with hostile(answer) as url:
        assert first_of(url).ms is None


def test_an_answer_that_drips_is_none() -> None:
    with hostile(lambda connection, *_: drip(connection)) as url:
        said = first_of(url)
    assert (said.ms, said.detail) == (None, f"no whole answer from {url} within 0.5 s")


def huge(connection: socket.socket, method: str, path: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n")
    while True:
        connection.sendall(bytes(0x8000))


@pytest.mark.parametrize("answer", [huge, lambda connection, *_: flood(connection)])
def test_a_body_without_an_end_is_an_answer_and_not_read_to_it(answer: object) -> None:
    assert callable(answer)
    with hostile(answer) as url, probing(url) as told:
        eventually(lambda: len(told) >= 5)
    assert all(each.ms is not None for each in told)


@pytest.mark.parametrize(
    ("statuses", "counts", "detail"),
    [
        ([503], False, "HTTP 503"),
        ([500], False, "HTTP 500"),
        ([200, 404], False, "HTTP 404"),
        ([200, 429], False, "HTTP 429"),
        ([200, 302], False, "HTTP 302"),
        ([404], True, "HTTP 404: it has no health page, any answer counts"),
        ([404, 204], True, ""),
        ([401], True, "HTTP 401: its token is refused (token in config.toml)"),
        ([200, 403], True, "HTTP 403: its token is refused (token in config.toml)"),
    ],
)
def test_what_a_proper_answer_is(
    target: Target, statuses: list[int], counts: bool, detail: str
) -> None:
    target.health_status = statuses[0]
    with probing(target.url, token=SECRET) as told:
        for status in statuses:
            target.health_status = status
            last = more(told, 2 * MOST_AT_ONCE)[-1]
    assert (last.ms is not None, last.detail) == (counts, detail)


def test_a_redirect_is_not_followed(target: Target) -> None:
    elsewhere = f"HTTP/1.1 302 Found\r\nLocation: {target.url}/x\r\nContent-Length: 0\r\n\r\n"
    with hostile(lambda connection, *_: connection.sendall(elsewhere.encode())) as url:
        first_of(url, token=SECRET)
    assert target.connections_made == 0


def test_the_token_is_sent(target: Target) -> None:
    first_of(target.url, token=SECRET)
    assert set(target.authorization) == {f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    "quotes", [b"%s\r\n\r\n", b"HTTP/1.1 abc %s\r\n\r\n", b"HTTP/1.1 503 %s\r\n\r\n"]
)
def test_a_service_that_quotes_the_token_is_not_quoted(quotes: bytes) -> None:
    with hostile(lambda connection, *_: connection.sendall(quotes % SECRET.encode())) as url:
        said = first_of(url, token=SECRET)
    assert said.ms is None
    assert said.detail
    assert SECRET not in repr(said)


def test_a_certificate_that_nobody_trusts_is_no_answer(tmp_path: Path) -> None:
    with Target(self_signed(tmp_path)) as target:
        said = first_of(target.url)
    assert said.ms is None
    assert "certificate is not trusted: self-signed certificate" in said.detail


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999", "http://a..b"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(Unanswered, match="is not the address"):
        HealthProbe(url, PLAIN, "", lambda _: None)


def test_a_service_under_a_path_is_asked_there(target: Target) -> None:
    first_of(f"{target.url}/räume/1")
    assert set(target.received) == {"/r%C3%A4ume/1/health"}


def test_closing_waits_for_nobody_and_nothing_is_said_after_it() -> None:
    before = python_threads()
    with running(WEB, "0") as service:
        freeze(service.pid)
        with probing(f"http://127.0.0.1:{service.said}", timeout_s=1000) as told:
            eventually(lambda: told)
        so_far = len(told)
        assert not {name for name in python_threads() - before if name.startswith("health")}
        time.sleep(3 * OFTEN_S)
        assert len(told) == so_far


def test_a_probe_that_was_never_started_can_be_closed() -> None:
    HealthProbe(f"http://127.0.0.1:{free_port()}", PLAIN, "", lambda _: None).close()


def test_checks_that_fail_leave_no_descriptor_open(target: Target) -> None:
    before = descriptors()
    target.hangs.set()
    with closing(HealthPage(target.url, PLAIN, "")) as page:
        for limit_s in (0.05, 0.05, 0.05, PATIENT_S, PATIENT_S):
            if limit_s == PATIENT_S:
                target.release()
                target.go_down()
            with pytest.raises(Unanswered):
                page.ask(limit_s)
    eventually(lambda: descriptors() < before)


@pytest.mark.parametrize(
    ("error", "is_ours"),
    [
        (OSError(errno.EMFILE, "Too many open files"), True),
        (MemoryError(), True),
        (OSError(errno.EHOSTUNREACH, "No route to host"), False),
    ],
)
def test_a_check_that_we_could_not_make_is_told_as_ours(
    target: Target, monkeypatch: pytest.MonkeyPatch, error: Exception, is_ours: bool
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("tui.service.line.Line.open", refuse)
    probed = first_of(target.url)
    assert (probed.ms, probed.is_ours) == (None, is_ours)
    assert probed.detail.startswith("not asked: ") == is_ours


def test_a_watch_of_the_health_alone_asks_for_nothing_else(target: Target) -> None:
    probe = HttpService(reads_paths=False).probe(target.url, PLAIN, "")
    assert probe.answered
    assert dict(target.received) == {"/health": 1}
