"""Accounts, their sessions, and what each role may do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.demo.pictures import encoded, plain
from tests.demo.running import Running, refused, running
from tests.lib.eventually import eventually

PICTURE = {"file": encoded(plain())}
WORDS = {"OPERATOR": "0perate", "VIEWER": "v1ew"}
ACCOUNTS = ("--operator-env", "OPERATOR", "--viewer-env", "VIEWER")
UNKNOWN = {"Authorization": "Bearer nobodys"}


@pytest.fixture(scope="module")
def opened() -> Iterator[httpx.Client]:
    """With accounts, and open to whoever bears nothing."""
    with running(*ACCOUNTS, **WORDS) as demo, demo.client() as client:
        yield client


@pytest.fixture(scope="module")
def guarded() -> Iterator[httpx.Client]:
    """With accounts and a token of its own."""
    arguments = (*ACCOUNTS, "--token-env", "OWN")
    with running(*arguments, **WORDS, OWN="s3cret") as demo, demo.client() as client:
        yield client


def session(client: httpx.Client, role: str, **more: Any) -> dict[str, str]:
    """The header of a new session."""
    asked = {"user": role, "password": WORDS[role.upper()], **more}
    answer = client.post("/login", json=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["role"] == role
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def answers(client: httpx.Client, headers: dict[str, str]) -> dict[str, int]:
    """The status of one request of each kind; the picture that it needs is an operator's."""
    operator = session(client, "operator")
    stored = client.post("/images", files=PICTURE, headers=operator).headers["Location"]
    asked = {
        "health": client.get("/health", headers=headers),
        "document": client.get("/openapi.json", headers=headers),
        "list": client.get("/images", headers=headers),
        "picture": client.get(stored, headers=headers),
        "predict": client.post("/predict", files=PICTURE, headers=headers),
        "store": client.post("/images", files=PICTURE, headers=headers),
        "delete": client.delete(stored, headers=headers),
    }
    return {name: answer.status_code for name, answer in asked.items()}


READ = {"health": 200, "document": 200, "list": 200, "picture": 200}
ALL = {**READ, "predict": 200, "store": 201, "delete": 204}


@pytest.fixture(params=["opened", "guarded"])
def either(request: pytest.FixtureRequest) -> httpx.Client:
    client: httpx.Client = request.getfixturevalue(request.param)
    return client


def test_an_operator_may_do_everything(either: httpx.Client) -> None:
    assert answers(either, session(either, "operator")) == ALL


def test_a_viewer_may_read_and_nothing_else(either: httpx.Client) -> None:
    refusals = {"predict": 403, "store": 403, "delete": 403}
    assert answers(either, session(either, "viewer")) == {**READ, **refusals}


def test_a_token_that_nobody_has_is_refused_everywhere(either: httpx.Client) -> None:
    assert set(answers(either, UNKNOWN).values()) == {401}


def test_without_a_token_it_is_open_unless_it_has_one_of_its_own(
    opened: httpx.Client, guarded: httpx.Client
) -> None:
    assert answers(opened, {}) == ALL
    found = answers(guarded, {})
    assert [name for name, status in found.items() if status == 200] == ["health", "document"]
    assert {status for status in found.values() if status != 200} == {401}


def test_a_session_is_refused_once_its_time_is_over(opened: httpx.Client) -> None:
    headers = session(opened, "viewer", expires_in=1)
    assert opened.get("/images", headers=headers).status_code == 200
    eventually(lambda: opened.get("/images", headers=headers).status_code == 401)


def test_a_session_lasts_as_long_as_it_was_asked_for(opened: httpx.Client) -> None:
    asked = {"user": "viewer", "password": "v1ew"}
    assert opened.post("/login", json=asked).json()["expires_in"] == 900
    asked_more = {**asked, "expires_in": 3600}
    assert opened.post("/login", json=asked_more).json()["expires_in"] == 3600


def test_a_log_in_may_bear_a_session_that_is_over(opened: httpx.Client) -> None:
    asked = {"user": "viewer", "password": "v1ew"}
    assert opened.post("/login", json=asked, headers=UNKNOWN).status_code == 200


@pytest.mark.parametrize(
    ("user", "password"), [("operator", "v1ew"), ("nobody", "v1ew"), ("viewer", ""), ("", "")]
)
def test_a_wrong_name_or_password_is_refused(
    opened: httpx.Client, user: str, password: str
) -> None:
    answer = opened.post("/login", json={"user": user, "password": password})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_accounts_nobody_logs_in(client: httpx.Client) -> None:
    for user in ("operator", "viewer"):
        answer = client.post("/login", json={"user": user, "password": ""})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (422, b""),
        (422, b"user=viewer"),
        (422, b"[]"),
        (422, b'{"user": "viewer"}'),
        (422, b'{"user": "viewer", "password": 5}'),
        (422, b'{"user": "viewer", "password": "v1ew", "expires_in": 0}'),
        (422, b'{"user": "viewer", "password": "v1ew", "expires_in": 3601}'),
        (422, b'{"user": "viewer", "password": "v1ew", "expires_in": "60"}'),
        (422, b'{"user": "viewer", "password": "v1ew", "admin": true}'),
        (422, b'{"user": "viewer", "password": "\\ud800"}'),
        (422, b"\xff"),
        (413, b'{"user": "viewer", "password": "%s"}' % (b"x" * 4096)),
    ],
)
def test_a_log_in_that_is_none_is_refused(opened: httpx.Client, status: int, body: bytes) -> None:
    answer = opened.post("/login", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert "v1ew" not in answer.text


def test_no_password_and_no_token_is_ever_told() -> None:
    arguments = (*ACCOUNTS, "--token-env", "OWN")
    with running(*arguments, **WORDS, OWN="s3cret") as demo, demo.client() as client:
        token = session(client, "viewer")["Authorization"].partition(" ")[2]
        told = client.get("/openapi.json").text + client.get("/health").text
        command = Path(f"/proc/{demo.process.pid}/cmdline").read_text()
    for secret in (*WORDS.values(), "s3cret", token):
        assert secret not in told + command


def test_sessions_end_with_the_service() -> None:
    with running(*ACCOUNTS, **WORDS) as demo, demo.client() as client:
        headers = session(client, "viewer")
    with running(*ACCOUNTS, **WORDS) as demo, demo.client() as client:
        assert client.get("/images", headers=headers).status_code == 401


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_a_variable_without_a_password_makes_no_account(role: str) -> None:
    ended = refused(f"--{role}-env", "WORD", WORD="")
    assert ended.returncode == 2
    assert "environment variable WORD holds no password" in ended.stdout


def test_an_answer_without_a_body_has_its_safe_headers_too(demo: Running) -> None:
    with socket.create_connection(("127.0.0.1", demo.ready["port"])) as line:
        line.sendall(b"HEAD /health HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n")
        head = b"".join(iter(lambda: line.recv(65536), b"")).lower()
    assert b"x-content-type-options: nosniff\r\n" in head
    assert b"cache-control: no-store\r\n" in head
    assert b"\r\nserver:" not in head
