"""Cameras over TLS: whose certificate is trusted, and what is said of one that is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lib.mjpeg_server import mjpeg_server
from tests.lib.target import self_signed
from tests.lib.watching import watching
from tui.core.events.camera import CameraFailed

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


@pytest.mark.parametrize("scheme", ["https", "rtsps"])
def test_a_certificate_that_nobody_trusts_is_a_fault_of_its_own(
    tmp_path: Path, scheme: str
) -> None:
    with mjpeg_server(certificate=self_signed(tmp_path)) as server:
        url = server.url("stream").replace("https", scheme)
        with watching(url, "viewer:s3cret", credentials="file:/x") as one:
            fault = one.failed()
            assert (fault.kind, fault.detail) == ("certificate", "self-signed certificate")
            assert one.next(CameraFailed).retry_s is None
        assert server.sent == 0


def test_a_certificate_can_be_accepted_unseen(tmp_path: Path) -> None:
    with (
        mjpeg_server(certificate=self_signed(tmp_path)) as server,
        watching(server.url("stream"), verify_tls=False) as one,
    ):
        assert one.opened().codec == "mjpeg"


def test_a_certificate_of_an_authority_of_this_machine_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        mjpeg_server(certificate=certificate) as server,
        watching(server.url("stream")) as one,
    ):
        assert one.opened().codec == "mjpeg"


def test_a_certificate_of_another_host_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path, "DNS:other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        mjpeg_server(certificate=certificate) as server,
        watching(server.url("stream")) as one,
    ):
        fault = one.failed()
        assert fault.kind == "certificate"
        assert "127.0.0.1" in fault.detail
