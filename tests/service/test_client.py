from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from tests.lib.hostile import OK_EMPTY, drip, flood, hostile
from tests.lib.target import Target, free_port, self_signed
from tui.core.config import Target as Described
from tui.core.problem import InputError
from tui.service import client as client_module
from tui.service.client import HttpService
from tui.service.token import read_secret, read_token

PLAIN = Described("plant", "http://127.0.0.1")
SECRET = "wh1sper-7Qz"


@pytest.fixture
def service() -> HttpService:
    return HttpService()


def test_a_target_that_answers_is_there(service: HttpService, target: Target) -> None:
    probe = service.probe(target.url, PLAIN, "")
    assert (probe.answered, probe.detail, probe.paths) == (True, "HTTP 200", ())
    assert probe.ms is not None
    assert probe.ms > 0


def test_a_service_without_a_health_page_is_there_all_the_same(
    service: HttpService, target: Target
) -> None:
    target.health_status = 404
    assert service.probe(target.url, PLAIN, "").answered


@pytest.mark.parametrize(
    ("status", "token", "said"),
    [
        (401, "", "HTTP 401: it wants a token"),
        (403, "x", "HTTP 403: its token is refused"),
        (503, "", "GET /health answers HTTP 503"),
    ],
)
def test_an_answer_that_refuses_is_none(
    service: HttpService, target: Target, status: int, token: str, said: str
) -> None:
    target.health_status = status
    probe = service.probe(target.url, PLAIN, token)
    assert not probe.answered
    assert said in probe.detail


def test_a_port_that_nobody_listens_on_is_said(service: HttpService) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert service.probe(url, PLAIN, "").detail == f"nothing listens at {url}"


def test_a_name_that_nobody_knows_is_said(service: HttpService) -> None:
    url = "http://no-such-host.invalid"
    probe = service.probe(url, PLAIN, "")
    assert not probe.answered
    assert "\n" not in probe.detail


@pytest.mark.parametrize("url", ["http://bad host", "http://[::1", "http://127.0.0.1:99999"])
def test_an_address_that_is_none_is_no_crash(service: HttpService, url: str) -> None:
    assert not service.probe(url, PLAIN, "").answered


def test_a_target_that_accepts_and_never_answers_is_not_there(
    service: HttpService, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "READ_S", 0.2)
    target.hangs.set()
    probe = service.probe(target.url, PLAIN, "")
    assert not probe.answered
    assert probe.detail.startswith(f"no answer from {target.url} within")


@pytest.mark.parametrize("drips", ["/health", "/openapi.json"])
def test_a_target_that_sends_a_byte_now_and_then_is_given_up(
    service: HttpService, monkeypatch: pytest.MonkeyPatch, drips: str
) -> None:
    def answer(connection: socket.socket, method: str, path: str) -> None:
        connection.sendall(OK_EMPTY) if path != drips else drip(connection)

    monkeypatch.setattr(client_module, "PROBE_S", 0.4)
    with hostile(answer) as url:
        probe = service.probe(url, PLAIN, "")
    assert not probe.answered
    assert probe.detail.startswith(f"no whole answer from {url} within")


def test_a_document_without_an_end_is_not_read_to_it(service: HttpService) -> None:
    def answer(connection: socket.socket, method: str, path: str) -> None:
        connection.sendall(OK_EMPTY) if path == "/health" else flood(connection)

    with hostile(answer) as url:
        probe = service.probe(url, PLAIN, "")
    assert (probe.answered, probe.paths) == (True, ())


@pytest.mark.parametrize("body", ["[]", "null", '{"paths": 7}', '{"paths": [[]]}', "{", "\ud800"])
def test_a_document_that_is_none_is_no_document(service: HttpService, body: str) -> None:
    raw = body.encode("utf-8", "surrogatepass")
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(raw)}\r\n\r\n".encode()

    with hostile(lambda connection, *_: connection.sendall(head + raw)) as url:
        probe = service.probe(url, PLAIN, "")
    assert probe.answered
    assert all(isinstance(path, str) for path in probe.paths)


def test_a_delete_that_answers_without_an_end_is_one_that_was_answered(
    service: HttpService,
) -> None:
    with hostile(lambda connection, *_: flood(connection)) as url:
        assert service.delete(url, PLAIN, "", ["/a", "/b"]) == 2


def test_a_delete_that_drips_is_given_up_and_what_was_gone_before_counts(
    service: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(connection: socket.socket, method: str, path: str) -> None:
        connection.sendall(OK_EMPTY) if path == "/a" else drip(connection)

    monkeypatch.setattr(client_module, "CLEAN_UP_S", 0.4)
    with hostile(answer) as url:
        assert service.delete(url, PLAIN, "", ["/a", "/b", "/c"]) == 1


def test_a_path_that_can_not_be_sent_is_left(service: HttpService, target: Target) -> None:
    assert service.delete(target.url, PLAIN, "", ["/\ud800", "/a"]) == 1


def test_what_speaks_no_http_is_not_there(service: HttpService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        # Enough for the handshake to be answered with nonsense.
        listener.settimeout(10)

        def garble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        thread = threading.Thread(target=garble)
        thread.start()
        probe = service.probe(url, PLAIN, "")
        thread.join()
    assert not probe.answered
    assert probe.detail.isprintable()


def test_a_certificate_that_nobody_trusts_is_said_and_can_be_accepted(
    service: HttpService, tmp_path: Path
) -> None:
    with Target(self_signed(tmp_path)) as target:
        probe = service.probe(target.url, PLAIN, "")
        assert not probe.answered
        assert "certificate is not trusted: self-signed certificate" in probe.detail
        lenient = Described("plant", target.url, verify_tls=False)
        assert service.probe(target.url, lenient, "").answered


def test_the_token_is_sent_and_never_said(service: HttpService, target: Target) -> None:
    probe = service.probe(target.url, PLAIN, SECRET)
    assert set(target.authorization) == {f"Bearer {SECRET}"}
    assert SECRET not in repr(probe)


def test_a_proxy_of_the_environment_is_not_used(
    service: HttpService, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert service.probe(target.url, PLAIN, "").answered


def test_what_a_run_left_is_deleted(service: HttpService, target: Target) -> None:
    assert service.delete(target.url, PLAIN, "", ["/images/1", "/images/2"]) == 2
    assert target.received["/images/1"] == target.received["/images/2"] == 1


def test_what_is_refused_is_not_counted_as_deleted(service: HttpService, target: Target) -> None:
    assert service.delete(target.url, PLAIN, "", ["/fail", "/openapi.json"]) == 1


def test_a_path_stays_inside_the_target(service: HttpService, target: Target) -> None:
    assert service.delete(target.url, PLAIN, "", ["/images/a b?c#d"]) == 1
    assert target.received["/images/a%20b%3Fc%23d"] == 1


def test_a_target_that_died_leaves_everything(service: HttpService) -> None:
    assert service.delete(f"http://127.0.0.1:{free_port()}", PLAIN, "", ["/a", "/b"]) == 0


def described(token: str) -> Described:
    return Described("plant", "http://127.0.0.1", token=token)


def test_a_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANT_TOKEN", f"{SECRET}\n")
    assert read_token(described("env:PLANT_TOKEN")) == SECRET


def test_a_token_comes_from_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    assert read_token(described(f"file:{file}")) == SECRET


def test_without_a_reference_there_is_no_token() -> None:
    assert read_token(described("")) == ""


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"two\nlines"])
def test_a_file_that_holds_no_token_is_said_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(InputError, match=r"targets\.plant\.token: .*token (is empty|holds what)"):
        read_token(described(f"file:{file}"))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_token(described(f"file:{tmp_path / 'none'}"))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("~nobody-of-that-name/token", "home directory"),
        ("a\0b", "NUL"),
        ("/dev/zero", "no ordinary file"),
        ("/", "Is a directory|no ordinary file"),
    ],
)
def test_what_can_be_no_file_of_a_secret_is_said(path: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read_token(described(f"file:{path}"))
    assert "\0" not in str(caught.value)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "token"
    os.mkfifo(pipe, 0o600)
    with pytest.raises(InputError, match="no ordinary file"):
        read_token(described(f"file:{pipe}"))


def test_a_file_that_is_too_long_for_a_secret_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.touch(0o600)
    os.truncate(file, 1 << 40)
    with pytest.raises(InputError, match="too long for a secret"):
        read_token(described(f"file:{file}"))


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(SECRET)
    file.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600") as caught:
        read_token(described(f"file:{file}"))
    assert SECRET not in str(caught.value)


class TestASecretOfATarget:
    PLANT = Described(
        "plant", "http://127.0.0.1", secrets=(("viewer", "env:PLANT_VIEWER"), ("gone", "file:/no"))
    )

    def test_comes_from_where_a_token_may(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PLANT_VIEWER", "gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n\n")
        # A password is sent in a body, where a token has to fit into a header.
        assert read_secret(self.PLANT, "viewer") == "gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n"

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("viewer", "environment variable PLANT_VIEWER is not set"),
            ("gone", "/no: No such file or directory"),
        ],
    )
    def test_that_is_not_there_is_told_by_its_key(
        self, name: str, told: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("PLANT_VIEWER", raising=False)
        with pytest.raises(InputError, match=rf"targets\.plant\.secrets\.{name}: {told}"):
            read_secret(self.PLANT, name)
