"""An nginx of our own: the target that is never the slowest part."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.bench.lib.port import free_port

MISSING = "nginx is not installed (apt install nginx-light)"
_CONFIG = """
{user}
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  open_file_cache max=10;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    root {root}/www;
    default_type text/plain;
    location = /status {{ stub_status; }}
    location = /health {{ return 200 ok; }}
  }}
}}
"""


def program() -> str | None:
    """Where it is; None when it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Nginx:
    """One worker, a static page of 128 bytes. Use it as a context."""

    def __enter__(self) -> Nginx:
        found = program()
        assert found is not None, MISSING
        self._root = Path(tempfile.mkdtemp(prefix="jetproof-bench-nginx-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (self._root / "www").mkdir()
        (self._root / "www" / "index.html").write_text("x" * 128, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        config = _CONFIG.format(root=self._root, port=self.port, user=user)
        (self._root / "nginx.conf").write_text(config, encoding="utf-8")
        self._process = subprocess.Popen(
            [
                found, "-p", str(self._root), "-c", str(self._root / "nginx.conf"),
                "-e", str(self._root / "error.log"), "-g", "daemon off;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(100):
            try:
                self.requests()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise RuntimeError("nginx did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._root, ignore_errors=True)

    def requests(self) -> int:
        """How many it has answered since its start; asking counts too."""
        with urllib.request.urlopen(f"{self.url}/status", timeout=2) as answer:
            text = answer.read().decode()
        found = re.search(r"^\s*\d+ \d+ (\d+)", text, re.MULTILINE)
        assert found is not None
        return int(found[1])
