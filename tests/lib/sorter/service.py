"""The whole service: it serves, is restarted, and keeps what was stored."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.lib.eventually import eventually
from tests.lib.sorter.accounts import Accounts
from tests.lib.sorter.api import Api, Heard
from tests.lib.sorter.faults import Faults
from tests.lib.sorter.media import Shelf

CONFIG = Path(__file__).with_name("config.toml").read_text()
"""Of jetproof, for this service; its url is yet to be told."""


class Sorter:
    """Serves until it is closed."""

    def __init__(self, folder: Path, port: int = 0, certificate: Path | None = None) -> None:
        """`certificate`: with its key in one file; then it is served over TLS alone."""
        self.faults = Faults()
        self._folder = folder
        self._certificate = certificate
        self.starts = 0
        """How often it was started."""
        self._begin(port)
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.port}"

    @property
    def config(self) -> str:
        """What a user would write into `config.toml`."""
        return CONFIG.replace("http://sorter.invalid", self.url)

    @property
    def heard(self) -> list[Heard]:
        """The requests since it was started, in order."""
        return self._api.heard

    @property
    def shelf(self) -> Shelf:
        """What it holds."""
        return self._api.shelf

    @property
    def stored(self) -> int:
        """How much that is."""
        return len(self.shelf)

    def restart(self) -> None:
        """Everybody is cut off, sessions are forgotten; what is stored stays."""
        port = self._server.port
        self.close()
        self._begin(port)

    def close(self) -> None:
        """Serve nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def _begin(self, port: int) -> None:
        self._api = Api(Shelf(self._folder), Accounts(), self.faults)
        with _listening(port) as listener:
            self._server: BaseWSGIServer = make_server(
                "127.0.0.1",
                port,
                self._api.app(),
                threaded=True,
                request_handler=_Handler,
                fd=listener.fileno(),
                ssl_context=_tls(self._certificate),
            )
        self.starts += 1
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), name="sorter", daemon=True).start()


@contextlib.contextmanager
def sorter(certificate: Path | None = None) -> Iterator[Sorter]:
    """One that is empty, and gone behind the block."""
    folder = Path(tempfile.mkdtemp(prefix="sorter-"))
    service = Sorter(folder, certificate=certificate)
    try:
        yield service
    finally:
        service.close()
        shutil.rmtree(folder)


def _tls(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _listening(port: int) -> socket.socket:
    """On that port, as soon as nobody is served there any more; 0 takes a free one."""

    def bound() -> socket.socket | None:
        try:
            return socket.create_server(("127.0.0.1", port), backlog=64)
        except OSError:
            return None

    listener = eventually(bound, f"port {port} stays in use")
    assert listener is not None
    return listener


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one segment: else each answer waits for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""
