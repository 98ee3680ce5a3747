"""One health check of a service: GET /health, on a kept connection where there is one."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from tui.core.failure import printable
from tui.service.line import ClosedMeanwhile, Line

if TYPE_CHECKING:
    from tui.core.config import Target

PATH = "/health"
SAFE = "/%:@!$&'()*+,;=~"
"""What stands for itself in a path."""
_OURS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL)


class Answer(NamedTuple):
    """What a service said to a check."""

    status: int
    ms: float
    """To the last byte that is read of its body; with the connection, where one was made."""


class Unanswered(Exception):
    """No answer, or half of one; the text is why, and holds nothing that the service sent.

    `is_ours`: the check itself could not be made, which says nothing of the service.
    """

    def __init__(self, text: str, *, is_ours: bool = False) -> None:
        super().__init__(text)
        self.is_ours = is_ours


class Address(NamedTuple):
    """Where a service is, as a request needs it."""

    host: str
    port: int
    netloc: str
    """As the Host header has it."""
    folder: str
    """The path that all of its paths begin with; empty where there is none."""
    is_tls: bool


def address_of(url: str) -> Address:
    """Unanswered for a URL that is none."""
    try:
        parts = urlsplit(url)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        name = f"[{host}]" if ":" in host else host.encode("idna").decode()
        port = parts.port or (443 if is_tls else 80)
        folder = quote(parts.path.rstrip("/"), safe=SAFE)
    except ValueError:
        raise Unanswered(f"{printable(url)} is not the address of a service") from None
    netloc = name if parts.port is None else f"{name}:{parts.port}"
    return Address(host, port, netloc, folder, is_tls)


class HealthPage:
    """The health page of one service; `ask` may be called from several threads at once.

    Redirects are not followed, proxies of the environment not used. Raises Unanswered.
    """

    def __init__(self, url: str, target: Target, token: str) -> None:
        self._url = url
        self._address = address_of(url)
        self._request = _request(self._address, token)
        self._context = tls_context(target.verify_tls) if self._address.is_tls else None
        self._lock = threading.Lock()
        self._kept: Line | None = None
        self._busy: set[Line] = set()
        self._is_closed = False

    def ask(self, limit_s: float) -> Answer:
        """One check; `limit_s` is for all of it, except the look-up of a name."""
        began_s = time.monotonic()
        ends_s = began_s + limit_s
        line = self._kept_one() or Line()
        try:
            try:
                status = self._exchange(line, ends_s)
            except ClosedMeanwhile:
                # By a restart, or because it was idle: that says nothing of the service now.
                line = Line()
                status = self._exchange(line, ends_s)
        except TimeoutError:
            whole = "whole " if line.is_heard else ""
            raise Unanswered(f"no {whole}answer from {self._url} within {limit_s:g} s") from None
        except (OSError, HTTPException, UnicodeError) as error:
            is_ours = isinstance(error, OSError) and error.errno in _OURS
            raise Unanswered(in_words(error, self._url), is_ours=is_ours) from None
        return Answer(status, (time.monotonic() - began_s) * 1000)

    def close(self) -> None:
        """Cut every connection: checks under way fail at once, and so do later ones."""
        with self._lock:
            self._is_closed = True
            kept, self._kept = self._kept, None
            for line in self._busy:
                line.cut()
        if kept is not None:
            kept.close()

    def _kept_one(self) -> Line | None:
        with self._lock:
            line, self._kept = self._kept, None
        if line is not None and not line.is_idle():
            line.close()
            return None
        return line

    def _exchange(self, line: Line, ends_s: float) -> int:
        """The status. The connection is kept when it can be and no other one is."""
        goes_on = False
        try:
            with self._lock:
                if self._is_closed:
                    raise Unanswered("the checks have ended", is_ours=True)
                self._busy.add(line)
            line.until(ends_s)
            if not line.is_open:
                line.open(self._address.host, self._address.port, self._context)
            status, goes_on = line.exchange(self._request)
        finally:
            with self._lock:
                self._busy.discard(line)
                is_kept = goes_on and self._kept is None and not self._is_closed
                if is_kept:
                    self._kept = line
            if not is_kept:
                line.close()
        return status


def tls_context(verify: bool) -> ssl.SSLContext:
    """For connections whose certificate is checked, or is not."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def refusal(status: int, token: str) -> str:
    """How a service refuses our token, in words; empty when it does not."""
    if status not in (401, 403):
        return ""
    wanted = "its token is refused" if token else "it wants a token"
    return f"HTTP {status}: {wanted} (token in config.toml)"


def _request(address: Address, token: str) -> bytes:
    lines = [
        f"GET {address.folder}{PATH} HTTP/1.1",
        f"Host: {address.netloc}",
        "User-Agent: jetproof",
        "Accept: */*",
    ]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def in_words(error: Exception, url: str) -> str:
    """What is wrong with an exchange that failed, OSError or HTTPException, in a clause."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = printable(error.verify_message)
        return f"its TLS certificate is not trusted: {reason} (verify_tls = false accepts it)"
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {url}"
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return f"the name in {url} is unknown"
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "it closed the connection without a whole answer"
    if isinstance(error, OSError):
        ours = "not asked: " if error.errno in _OURS else ""
        return ours + printable(error.strerror or str(error))[:120]
    # Its text would quote the service, which may quote our token.
    return "its answer is no HTTP"
