"""A load that goes another way to its target, with a real service that minds its name."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.lib.drive import Bench, plan, users_file
from tests.lib.machine import ROOT
from tests.lib.target import Target, self_signed
from tui.core.stress.toxics import Toxics
from tui.core.tally import MEASURED
from tui.faults.harm import Harm

NAME = "jetproof-service.test"
OTHER = "127.0.0.1"
CLIENTS = ("FastHttpUser", "HttpUser")
TRUST = "SSL_CERT_FILE"
"""Where OpenSSL looks for the authorities that are trusted."""
SLOW = Toxics(latency_ms=60.0)
LOOK, MOVED = 'self.client.get("/look")', 'self.client.get("/moved")'


class Named(ThreadingHTTPServer):
    """Answers 421 to whoever calls it by another name."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hosts: Counter[str] = Counter()
        self.paths: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()

    @property
    def url(self) -> str:
        """Under which users know it: nobody else does."""
        return f"http://{NAME}:{self.server_port}"

    @property
    def way_url(self) -> str:
        """Where it is."""
        return f"http://{OTHER}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Named

    def do_GET(self) -> None:
        host = self.headers["Host"]
        self.server.hosts[host] += 1
        self.server.paths[self.path] += 1
        self.server.tokens[self.headers.get("Authorization", "")] += 1
        if host != f"{NAME}:{self.server.server_port}":
            self.send_response(421)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", f"http://{host}/look")
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def named() -> Iterator[Named]:
    with Named() as made:
        serving = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        yield made
        made.shutdown()
        serving.join()


@pytest.mark.parametrize("client", CLIENTS)
def test_users_call_the_service_by_its_name_on_another_way_too(
    rig: Bench, named: Named, client: str
) -> None:
    file = rig.locustfile(users_file(LOOK, MOVED, client=client))
    wanted = plan(named.url, file, way_url=named.way_url, token="secret")
    drive = rig.whole(wanted, lambda _: named.paths["/look"] and named.paths["/moved"])
    assert drive.failures() == 0
    assert drive.requests() == named.paths.total() - named.paths["/moved"] > 0
    assert list(named.hosts) == [f"{NAME}:{named.server_port}"]
    assert named.tokens["Bearer secret"] >= drive.requests()


def test_another_host_on_the_same_port_is_still_itself(rig: Bench, named: Named) -> None:
    with Named() as other:
        serving = threading.Thread(target=other.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        # The port is that of the target, the host is not: no way leads from there.
        call = f'self.client.get("http://{OTHER}:{other.server_port}/look")'
        url = f"http://{NAME}:{other.server_port}"
        wanted = plan(url, rig.locustfile(users_file(call)), way_url=named.way_url)
        rig.whole(wanted, lambda _: other.paths["/look"] >= 5)
        other.shutdown()
        serving.join()
    assert named.paths.total() == 0


@pytest.fixture
def harm(rig: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harm]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = Harm(tmp_path, rig.lifelines, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_way_with_faults_leads_to_https_whose_certificate_is_checked_by_its_own_name(
    rig: Bench, harm: Harm, tmp_path: Path, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = self_signed(tmp_path, "DNS:localhost")
    monkeypatch.setenv(TRUST, str(file))
    # HttpUser asks no environment: its users name the authority themselves.
    look = LOOK if client == "FastHttpUser" else f'self.client.get("/look", verify="{file}")'
    with Target(file) as target:
        url = f"https://localhost:{target.port}"
        way_url = harm.lead(url)
        assert harm.suffer(SLOW) == []
        wanted = plan(url, rig.locustfile(users_file(look, client=client)), way_url=way_url)
        drive = rig.whole(wanted, lambda drive: drive.requests(MEASURED) >= 5)
        assert drive.failures() == 0
        assert target.received["/look"] == drive.requests()
        # There and back: nobody found a shorter way.
        assert min(row.min_ms for row in drive.rows() if row.requests) >= 2 * SLOW.latency_ms


def test_a_way_does_not_make_the_certificate_of_another_host_good(
    rig: Bench, harm: Harm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Good for where the way begins, not for whom users call.
    file = self_signed(tmp_path, "IP:127.0.0.1")
    monkeypatch.setenv(TRUST, str(file))
    with Target(file) as target:
        url = f"https://localhost:{target.port}"
        wanted = plan(url, rig.locustfile(users_file(LOOK)), way_url=harm.lead(url))
        drive = rig.whole(wanted, lambda drive: drive.requests() >= 5)
        assert drive.failures() == drive.requests()
        assert "mismatch" in drive.failure_counts[0].error
        assert target.received["/look"] == 0
