"""Small real services to look at: they are started, and ended, by pid."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

WEB = """
import http.server, os, socketserver, sys, threading
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept = []
    def do_GET(self):
        if self.path == "/leak":
            self.kept.append(bytearray(os.urandom(1024)) * (20 * 1024))
        if self.path == "/write":
            with open("written", "wb") as file:
                file.write(os.urandom(8 << 20)); file.flush(); os.fsync(file.fileno())
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_): pass
server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
"""An HTTP service on the port of its first argument; it says which when that is 0."""

WITH_CHILDREN = """
import subprocess, sys
wait = "import sys; sys.stdin.read()"
children = [subprocess.Popen([sys.executable, "-c", wait], stdin=subprocess.PIPE)
            for _ in range(2)]
print("ready", flush=True)
sys.stdin.readline()
"""

BURNS_IN_CHILDREN = """
import subprocess, sys, time
burn = "import time\\nwhile time.process_time() < 0.05: pass"
print("ready", flush=True)
while True:
    subprocess.run([sys.executable, "-S", "-E", "-c", burn])
"""
"""Itself it uses next to nothing; its children are too short-lived to be seen alive."""


class Running:
    """A program that runs, and the first line that it printed."""

    def __init__(self, process: subprocess.Popen[str], said: str) -> None:
        self.process = process
        self.pid = process.pid
        self.said = said

    def end(self) -> None:
        """Kill it and wait for it."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def running(
    program: str, *args: str, cwd: Path | None = None, script: Path | None = None
) -> Iterator[Running]:
    """A Python program as a child; `script` is the file to run it from."""
    if script is not None:
        script.write_text(program)
    start = [str(script)] if script else ["-c", program]
    with subprocess.Popen(
        [sys.executable, "-S", *start, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=cwd,
    ) as process:
        try:
            yield Running(process, _line(process.stdout))
        finally:
            process.kill()


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


@contextlib.contextmanager
def orphan(program: str, script: Path) -> Iterator[int]:
    """The pid of a program that is nobody's child: its starter has ended."""
    script.write_text(program)
    start = (
        "import subprocess, sys\n"
        "quiet = subprocess.DEVNULL\n"
        "print(subprocess.Popen([sys.executable, '-S', sys.argv[1]],"
        " stdin=quiet, stdout=quiet, stderr=quiet).pid)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", start, str(script)], capture_output=True, text=True, check=True
    )
    pid = int(done.stdout)
    try:
        yield pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
