"""One picture through a service's /predict."""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tests.lib.hostile import drip, hostile
from tests.lib.target import free_port
from tui.child.spawn import Lifelines
from tui.core.config import Target
from tui.service import client as client_module
from tui.service.client import HttpService
from tui.service.embedded import DemoTarget

PLAIN = Target("plant", "http://127.0.0.1")
JPEG = b"\xff\xd8 one picture"


class Answering:
    """A service that answers as it is told to, and remembers what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.body = json.dumps({"predictions": [{"class": "car"}, {"class": "car"}]}).encode()
        self.heard: list[tuple[str, str, bytes]] = []
        """Path, authorization and body."""
        answering = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = self.headers.get("Authorization", "")
                answering.heard.append((self.path, told, body))
                self.send_response(answering.status)
                self.send_header("Content-Length", str(len(answering.body)))
                self.end_headers()
                self.wfile.write(answering.body)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def answering() -> Iterator[Answering]:
    made = Answering()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_what_was_found_is_counted_by_class(answering: Answering) -> None:
    found = HttpService().predict(answering.url, PLAIN, "t0ken", JPEG)
    assert (found.status, found.classes, found.objects, found.trouble) == (200, {"car": 2}, 2, "")
    assert found.ms is not None
    ((path, told, body),) = answering.heard
    assert (path, told) == ("/predict?return_image=false", "Bearer t0ken")
    assert JPEG in body, "the very bytes: never encoded again"
    assert b'name="file"; filename="frame.jpg"' in body


def test_the_demo_takes_a_picture(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), (30, 30, 30)).save(picture, "JPEG")
    lifelines = Lifelines()
    demo = DemoTarget(lifelines, tmp_path)
    try:
        found = HttpService().predict(demo.start(), PLAIN, demo.token, picture.getvalue())
        assert (found.status, found.trouble) == (200, "")
        refused = HttpService().predict(demo.start(), PLAIN, demo.token, b"no picture")
        assert refused.status in range(400, 500)
        assert refused.trouble == f"HTTP {refused.status}"
    finally:
        demo.close()
        lifelines.close()


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (401, b"", "HTTP 401: its token is refused (token in config.toml)"),
        (503, b"busy", "HTTP 503"),
        (200, b"<html>", "no list of predictions in the answer"),
        (200, b'{"predictions": 5}', "no list of predictions in the answer"),
        (200, b"[]", "no list of predictions in the answer"),
    ],
)
def test_anything_else_says_what_is_wrong(
    answering: Answering, status: int, body: bytes, trouble: str
) -> None:
    answering.status, answering.body = status, body
    found = HttpService().predict(answering.url, PLAIN, "t0ken", JPEG)
    assert (found.status, found.classes, found.trouble) == (status, {}, trouble)


def test_nothing_found_is_an_answer(answering: Answering) -> None:
    answering.body = b'{"predictions": []}'
    found = HttpService().predict(answering.url, PLAIN, "", JPEG)
    assert (found.status, found.objects, found.trouble) == (200, 0, "")


def test_what_a_service_calls_its_classes_can_not_act_on_a_screen(answering: Answering) -> None:
    names = ["\x1b[2J\u202ecar", "x" * 500, None, 7, {"a": 1}]
    answering.body = json.dumps({"predictions": [{"class": name} for name in names]}).encode()
    found = HttpService().predict(answering.url, PLAIN, "", JPEG)
    assert found.objects == 5
    assert all(name.isprintable() and len(name) <= 40 for name in found.classes)
    assert found.classes["(no class)"] == 2


def test_a_service_that_is_not_there_says_so() -> None:
    found = HttpService().predict(f"http://127.0.0.1:{free_port()}", PLAIN, "", JPEG)
    assert (found.status, found.ms) == (None, None)
    assert found.trouble == "it can't be reached"


def test_an_answer_that_is_no_http_says_so() -> None:
    def answer(connection: socket.socket, method: str, path: str) -> None:
        connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

    with hostile(answer) as url:
        found = HttpService().predict(url, PLAIN, "", JPEG)
    assert (found.status, found.trouble) == (None, "its answer is no HTTP")


def test_one_that_drips_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(connection: socket.socket, method: str, path: str) -> None:
        drip(connection)

    monkeypatch.setattr(client_module, "PREDICT_S", 0.3)
    with hostile(answer) as url:
        found = HttpService().predict(url, PLAIN, "", JPEG)
    assert found.status is None
    assert found.trouble.startswith("no whole answer")


def test_an_answer_without_end_is_cut(answering: Answering) -> None:
    answering.body = b"[" * (5 * 1024 * 1024)
    found = HttpService().predict(answering.url, PLAIN, "", JPEG)
    assert found.trouble == "its answer is too long"
