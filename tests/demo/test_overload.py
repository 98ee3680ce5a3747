"""What the service refuses when it is asked for too much."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.demo.contract import check_answer
from tests.demo.pictures import encoded, with_rectangles
from tests.demo.running import PATIENCE_S, Running, running
from tui.demo.app import Limits, create_app
from tui.demo.gate import Gate
from tui.demo.images import ImageStore

PICTURE = encoded(with_rectangles((100, 80, 300, 200)))
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    + PICTURE
    + b"\r\n--b--\r\n"
)
HEAD = (
    f"POST /predict HTTP/1.1\r\nHost: demo\r\nContent-Type: {FORM['Content-Type']}\r\n"
    f"Connection: close\r\nContent-Length: {len(BODY)}\r\n\r\n"
).encode()


@contextlib.contextmanager
def held_requests(demo: Running, count: int) -> Iterator[list[socket.socket]]:
    """Predictions that have come but for their last byte."""
    with contextlib.ExitStack() as stack, demo.client() as client:
        sockets = []
        for _ in range(count):
            address = ("127.0.0.1", demo.ready["port"])
            held = stack.enter_context(socket.create_connection(address, PATIENCE_S))
            held.sendall(HEAD + BODY[:-1])
            sockets.append(held)
        while client.get("/health").json()["in_flight"] < count:
            pass  # each question gives the service time to see them
        yield sockets


def answer_of(held: socket.socket) -> bytes:
    held.sendall(BODY[-1:])
    return b"".join(iter(lambda: held.recv(65536), b""))


@pytest.fixture(scope="module")
def small() -> Iterator[Running]:
    with running("--concurrency", "1", "--queue", "2") as service:
        yield service


def test_beyond_the_queue_it_says_when_to_come_back(small: Running) -> None:
    with held_requests(small, 3), small.client() as client:
        refused = client.post("/predict", files={"file": PICTURE})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")


def test_what_waits_in_the_queue_is_answered(small: Running) -> None:
    with held_requests(small, 3) as held:
        answers = [answer_of(one) for one in held]
    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)


def test_a_caller_that_hangs_up_gives_its_place_back(small: Running) -> None:
    with held_requests(small, 3):
        pass
    with small.client() as client:
        while client.get("/health").json()["in_flight"]:
            pass  # each question gives the service time to see that they are gone
        assert client.post("/predict", files={"file": PICTURE}).status_code == 200


def test_full_inference_leaves_health_and_images_alone(small: Running) -> None:
    with held_requests(small, 3), small.client() as client:
        assert client.post("/images", files={"file": PICTURE}).status_code == 201
        assert client.get("/health").json()["in_flight"] == 3


@contextlib.asynccontextmanager
async def in_process(store: ImageStore, limits: Limits) -> AsyncIterator[httpx.AsyncClient]:
    """The service without a socket, where a test needs limits that no option sets."""
    gates = Gate("test-inference", 1, 1), Gate("test-disk", 1, 1)
    app = create_app(store, *gates, limits=limits)
    # The service answers an error of its own and lets it go on to the log.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(base_url="http://demo", transport=transport) as client:
        yield client
    for gate in gates:
        gate.close()


async def test_a_full_store_says_so(tmp_path: Path) -> None:
    async with in_process(ImageStore(tmp_path, most_images=0), Limits()) as client:
        answer = await client.post("/images", files={"file": PICTURE})
    assert answer.status_code == 507
    check_answer(answer)


async def test_a_body_that_stops_on_its_way_is_given_up(tmp_path: Path) -> None:
    async def stalled() -> AsyncIterator[bytes]:
        yield BODY[:100]
        await asyncio.Event().wait()

    async with in_process(ImageStore(tmp_path), Limits(body_timeout_s=0.05)) as client:
        answer = await client.post("/predict", content=stalled(), headers=FORM)
        assert answer.status_code == 408
        check_answer(answer)
        assert (await client.get("/health")).json()["in_flight"] == 0


async def test_an_error_of_our_own_is_json_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = ImageStore(tmp_path)
    monkeypatch.setattr(store, "page", lambda limit, offset: 1 / 0)
    async with in_process(store, Limits()) as client:
        answer = await client.get("/images")
    assert (answer.status_code, answer.json()) == (500, {"detail": "internal error"})
    assert "ZeroDivisionError" in caplog.text
