"""A real HTTP service with paths and names of its own, and faults that a test plants in it.

Nothing of it is as jetproof's own demo has it: it stands for a service that somebody else wrote.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from email.parser import BytesParser
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from tests.lib.quiet_http import QuietHandler, QuietServer
from tui.core.e2e.operation import Operation

Fault = Literal[
    "status", "missing", "silence", "drip", "reset", "garbage",  # of any operation
    "wrong-hash", "stale", "flipped", "does-nothing", "lost",
]  # fmt: skip
"""`lost`: it is done, and the answer never comes."""
DRIP_S = 0.02

OTHER_OPERATIONS: tuple[Operation, ...] = (
    Operation("health", path="/v2/status", gives=(("state", "json:/ready"),)),
    Operation(
        "predict", "POST", "/v2/detect", sends="form", file_field="image",
        gives=(("objects", "json:/result/boxes"),),
    ),
    Operation(
        "store", "PUT", "/v2/media/{name}", sends="bytes", status=(201,),
        gives=(("id", "json:/media/key"), ("sha256", "json:/media/digest"),
               ("size", "json:/media/length"), ("created_at", "json:/media/at")),
    ),
    Operation("retrieve", path="/v2/media/{id}", gives=(("sha256", "header:Repr-Digest"),)),
    Operation("delete", "DELETE", "/v2/media/{id}"),
    Operation("note", "POST", "/v2/notes", sends="json", body='{"of": "{id}", "n": {number}}',
              gives=(("text", "json:/of"),)),
)  # fmt: skip
"""It, as a configuration tells it."""


class Heard(NamedTuple):
    """One request."""

    operation: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class OtherService:
    """Serves until the block ends."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}
        """By the name of the operation."""
        self.heard: list[Heard] = []
        self.media: dict[str, tuple[bytes, str]] = {}
        """Bytes and type, by key."""
        self.connections = 0
        self.not_ready = 0
        """So many times it is not ready yet."""
        self.says = ""
        """Goes with each answer of its status page."""
        self._ended = threading.Event()
        self._keys = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> OtherService:
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), name="other-service", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def release(self) -> None:
        """Whoever waits for an answer gets none."""
        self._ended.set()

    def heard_of(self, operation: str) -> list[Heard]:
        """The requests for one operation."""
        with self._lock:
            return [each for each in self.heard if each.operation == operation]

    def hear(self, heard: Heard) -> None:
        """One more, from any thread."""
        with self._lock:
            self.heard.append(heard)

    def wait(self, seconds: float | None = None) -> bool:
        """True once nobody is to be waited for."""
        return self._ended.wait(seconds)

    def keep(self, data: bytes, content_type: str) -> str:
        """Its key."""
        with self._lock:
            self._keys += 1
            key = f"m/{self._keys:04}"
            self.media[key] = (data, content_type)
            return key


@contextlib.contextmanager
def other_service(**faults: Fault) -> Iterator[OtherService]:
    """One with faults, by operation."""
    with OtherService() as service:
        service.faults.update(faults)
        yield service


class _Server(QuietServer):
    service: OtherService


class _Handler(QuietHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.service.connections += 1

    def do_GET(self) -> None:
        if self.path == "/v2/status":
            self._serve("health", self._status)
        else:
            self._serve("retrieve", self._give)

    def do_POST(self) -> None:
        if self.path == "/v2/notes":
            self._serve("note", lambda body: (200, json.loads(body)))
        else:
            self._serve("predict", self._detect)

    def do_PUT(self) -> None:
        self._serve("store", self._keep)

    def do_DELETE(self) -> None:
        self._serve("delete", self._drop)

    def _serve(self, operation: str, work: Any) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        service.hear(Heard(operation, self.path, headers, body))
        fault = service.faults.get(operation)
        if fault in ("silence", "drip", "reset", "garbage"):
            self._misbehave(fault)
            return
        if fault == "status":
            self._answer(500, {"error": "planted"})
            return
        status, document = work(body)
        if fault == "lost":
            self._misbehave("reset")
            return
        self._answer(status, {"other": 1} if fault == "missing" else document)

    def _status(self, body: bytes) -> tuple[int, Any]:
        service = self.server.service
        service.not_ready -= 1
        return 200, {"ready": service.not_ready < 0, "says": service.says}

    def _detect(self, body: bytes) -> tuple[int, Any]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser().parsebytes(head + body)
        names = [part.get_param("name", header="content-disposition") for part in form.walk()]
        if "image" not in names:
            return 400, {"error": "no part called image"}
        return 200, {"result": {"boxes": [{"label": "car"}, {"label": "dog"}]}}

    def _keep(self, body: bytes) -> tuple[int, Any]:
        service = self.server.service
        fault = service.faults.get("store")
        key = service.keep(body, self.headers.get("Content-Type", ""))
        digest = hashlib.sha256(b"another" if fault == "wrong-hash" else body).hexdigest()
        now = datetime.now(timezone.utc) - timedelta(hours=3 if fault == "stale" else 0)
        media = {"key": key, "digest": digest.upper(), "length": len(body), "at": now.isoformat()}
        return 201, {"media": media}

    def _give(self, body: bytes) -> tuple[int, Any]:
        service = self.server.service
        found = service.media.get(self._key())
        if found is None:
            return 404, {"error": "unknown"}
        data = found[0]
        if service.faults.get("retrieve") == "flipped":
            data = data[:-1] + bytes([data[-1] ^ 1])
        return 200, data

    def _drop(self, body: bytes) -> tuple[int, Any]:
        service = self.server.service
        if self._key() not in service.media:
            return 410, {"error": "gone"}
        if service.faults.get("delete") != "does-nothing":
            del service.media[self._key()]
        return 200, {"gone": True}

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path.rpartition("/")[2])

    def _answer(self, status: int, content: Any) -> None:
        is_document = not isinstance(content, bytes)
        body = json.dumps(content).encode() if is_document else content
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if is_document else "image/jpeg")
        self.send_header("Repr-Digest", hashlib.sha256(body).hexdigest())
        self.send_header("Set-Cookie", "session=c00kie")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _misbehave(self, fault: str) -> None:
        service = self.server.service
        self.close_connection = True
        if fault == "garbage":
            self.connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")
        elif fault == "drip":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not service.wait(DRIP_S):
                self.connection.sendall(b"x")
        elif fault == "silence":
            service.wait()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0" + bytes(4))
        if fault in ("reset", "silence"):
            self.connection.close()
