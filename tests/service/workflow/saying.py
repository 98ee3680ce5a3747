"""A real HTTP service that says what a test puts into its mouth, and remembers what it heard."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tui.core.e2e.operation import Operation


class Said(NamedTuple):
    """One answer."""

    body: object = None
    """Bytes as they are; else JSON."""
    status: int = 200
    kind: str = ""
    """Its content type; empty: what the body is."""
    headers: tuple[tuple[str, str], ...] = ()
    """More of them."""


class Heard(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Saying:
    """By path: what is said there, or what makes it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, Said | Callable[[Heard], Said]] = {}
        self.heard: list[Heard] = []

    def answer(self, heard: Heard) -> Said:
        self.heard.append(heard)
        page = self.pages.get(heard.path, Said({}, 404))
        return page if isinstance(page, Said) else page(heard)


@contextlib.contextmanager
def saying(**pages: object) -> Iterator[Saying]:
    """One that serves until the block ends; pages by their names, as in `/NAME`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = service.answer(Heard(self.command, self.path, headers, self.rfile.read(length)))
            is_raw = isinstance(said.body, bytes)
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            kind = said.kind or ("application/octet-stream" if is_raw else "application/json")
            self.send_response(said.status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", f"{len(body)}")
            for name, value in said.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        service = Saying(f"http://127.0.0.1:{server.server_address[1]}")
        for name, page in pages.items():
            service.pages[f"/{name}"] = page if isinstance(page, Said) else Said(page)
        serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        try:
            yield service
        finally:
            server.shutdown()
            serving.join()


def gets(name: str, **gives: str) -> Operation:
    """GET /NAME."""
    return Operation(name, path=f"/{name}", gives=tuple(gives.items()))


def posts(name: str, body: str, **gives: str) -> Operation:
    """POST /NAME of a JSON document."""
    return Operation(name, "POST", f"/{name}", sends="json", body=body, gives=tuple(gives.items()))
