"""An HTTP camera for tests: a stream of JPEG pictures, and everything else that answers."""

from __future__ import annotations

import base64
import ssl
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

FPS = 25.0
PAGE = b"<html><body>Please log in to your camera.</body></html>" * 20


def some_jpegs(count: int = 8, size: str = "160x120") -> list[bytes]:
    """Pictures that differ."""
    made = []
    with av.open(f"testsrc2=size={size}:rate=5", format="lavfi") as pattern:
        for frame in pattern.decode(video=0):
            made.append(_jpeg(frame))
            if len(made) == count:
                break
    return made


def _jpeg(frame: VideoFrame) -> bytes:
    codec = av.CodecContext.create("mjpeg", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = frame.width, frame.height, "yuvj420p"
    codec.time_base = Fraction(1, 25)
    picture = frame.reformat(format="yuvj420p")
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*codec.encode(picture), *codec.encode(None)])


class MjpegServer(ThreadingHTTPServer):
    """`/stream`, `/image.jpg`, `/page`, `/silent`, and `/STATUS` for an answer of that kind."""

    daemon_threads = True

    def __init__(
        self,
        secret: str,
        dropped: Collection[int],
        broken: Collection[int],
        certificate: Path | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.secret = secret
        self.dropped = dropped
        """Numbers of pictures that are left out of the stream."""
        self.broken = broken
        """Of those that are no pictures."""
        self.pictures = some_jpegs()
        self.sent = 0
        """The number of the picture whose turn it is."""
        self.asked = 0
        """Requests so far."""
        self.is_stalled = threading.Event()
        self.is_cut = threading.Event()
        self.restarts = threading.Event()
        """While it is set there is a page in the place of the stream."""

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}/{path}"


class _Handler(BaseHTTPRequestHandler):
    server: MjpegServer

    def do_GET(self) -> None:
        self.server.asked += 1
        path = self.path.partition("?")[0]
        if self.server.secret and not self._is_let_in():
            self._answer(401, "text/html", PAGE, ("WWW-Authenticate", 'Basic realm="camera"'))
        elif path == "/stream" and not self.server.restarts.is_set():
            self._stream()
        elif path == "/image.jpg":
            self._answer(200, "image/jpeg", self.server.pictures[0])
        elif path in ("/page", "/stream"):
            self._answer(200, "text/html", PAGE)
        elif path == "/silent":
            self.server.is_cut.wait(60.0)
        else:
            self._answer(int(path[1:]), "text/html", PAGE)

    def log_message(self, *_: object) -> None:
        pass

    def _is_let_in(self) -> bool:
        query = parse_qs(urlsplit(self.path).query)
        if query:
            return ":".join(query["user"] + query["pwd"]) == self.server.secret
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode() == self.server.secret

    def _answer(self, status: int, kind: str, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Type", kind), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        server = self.server
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=part")
        self.end_headers()
        began_s = time.monotonic()
        number = 0
        while not server.is_cut.wait(max(began_s + number / FPS - time.monotonic(), 0.0)):
            if number not in server.dropped and not server.is_stalled.is_set():
                body = server.pictures[number % len(server.pictures)]
                if number in server.broken:
                    body = bytes(len(body))
                head = f"--part\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
                try:
                    self.wfile.write(head.encode() + body + b"\r\n")
                except OSError:
                    return  # whoever looked has gone
            number += 1
            server.sent = number


@contextmanager
def mjpeg_server(
    secret: str = "",
    dropped: Collection[int] = (),
    broken: Collection[int] = (),
    certificate: Path | None = None,
) -> Iterator[MjpegServer]:
    """One that runs; `secret` is the `user:password` that it wants, in a header or its query.

    With a certificate, and its key in the same file, over TLS.
    """
    with MjpegServer(secret, dropped, broken, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.is_cut.set()
            server.shutdown()
            thread.join()
