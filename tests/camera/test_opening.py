"""What an opening asks of names, of files and of nothing else."""

from __future__ import annotations

import socket

import pytest

from tests.lib.mjpeg_server import mjpeg_server
from tui.camera.errors import NoCamera
from tui.camera.opening import Connection
from tui.camera.spec import ReaderSpec
from tui.core.camera.camera import Camera
from tui.core.camera.source import Source, parse_source


@pytest.mark.parametrize(
    ("number", "kind"),
    [(socket.EAI_NONAME, "unknown-host"), (socket.EAI_AGAIN, "no-name-server")],
)
def test_a_name_that_nobody_knows_is_not_a_name_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch, number: int, kind: str
) -> None:
    def fail(*_: object) -> None:
        raise socket.gaierror(number, "the resolver's words")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    connection = Connection(ReaderSpec(Camera("dock", parse_source("rtsp://dock3.example/live"))))
    with pytest.raises(NoCamera) as raised:
        connection.open()
    assert raised.value.fault.kind == kind
    assert raised.value.fault.detail == "the resolver's words"
    assert not connection.is_resolved


def test_a_file_leads_to_no_machine_whatever_its_name() -> None:
    with mjpeg_server() as server:
        source = Source("file", server.url("stream"))
        with pytest.raises(FileNotFoundError):
            Connection(ReaderSpec(Camera("dock", source))).open()
        assert server.asked == 0
