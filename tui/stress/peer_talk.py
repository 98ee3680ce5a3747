"""The handshake between a network burner and its peer, and the lines that follow it."""

from __future__ import annotations

import secrets
import socket
from select import select

from tui.stress.peer_wire import GREETING, PROOF_DIGITS, WISHES, Wish, is_proof, proof

LINE_LIMIT = 1024
MAX_PENDING = 65_536
HANDSHAKE_S = 5.0


class Stranger(Exception):
    """The other side is none of ours; the text says how it was told."""


class OtherSecret(Stranger):
    """A peer of ours that was given another secret. `has_none`: it was given none."""

    def __init__(self, *, has_none: bool) -> None:
        super().__init__("it has no secret" if has_none else "it has another secret")
        self.has_none = has_none


class HungUp(Stranger):
    """It ended the connection in the middle of a word: it may also be dying."""


class Lines:
    """The lines that a socket brings. Raises what the socket raises, TimeoutError among it."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._pending = b""

    def next(self) -> str:
        """The next line. Raises Stranger for the end, and for what is no line of ours."""
        while b"\n" not in self._pending:
            self._receive()
        line, _, self._pending = self._pending.partition(b"\n")
        try:
            return line.decode("ascii")
        except UnicodeDecodeError:
            raise Stranger("it says something else") from None

    def arrived(self, within_s: float = 0.0) -> list[str]:
        """The lines that are there, after waiting for something at most so long."""
        if b"\n" not in self._pending and select([self._link], [], [], within_s)[0]:
            self._receive()
        return [self.next() for _ in range(self._pending.count(b"\n"))]

    def _receive(self) -> None:
        chunk = self._link.recv(LINE_LIMIT)
        if not chunk:
            raise HungUp("it ended the connection")
        self._pending += chunk
        if len(self._pending) > MAX_PENDING:
            raise Stranger("it says something else")


def greet(link: socket.socket, lines: Lines, secret: str, wish: Wish) -> bytes:
    """The burner's half: make sure that it is a peer, say the wish; the session's name.

    Raises Stranger, OSError.
    """
    nonce = secrets.token_hex(16)
    link.sendall(f"{GREETING} {nonce}\n".encode(), socket.MSG_NOSIGNAL)
    greeting, _, rest = lines.next().rpartition(f"{GREETING} ")
    words = rest.split()
    if greeting or len(words) != 2 or len(words[1]) != PROOF_DIGITS:
        raise Stranger("it says something else")
    if not is_proof(words[1], proof(secret, "peer", nonce, words[0])):
        bare = proof("", "peer", nonce, words[0])
        raise OtherSecret(has_none=is_proof(words[1], bare))
    proven = proof(secret, "burner", nonce, words[0])
    link.sendall(f"{proven} {wish}\n".encode(), socket.MSG_NOSIGNAL)
    try:
        session = bytes.fromhex(lines.next())
    except ValueError:
        session = b""
    if len(session) != 8:
        raise Stranger("it says something else")
    return session


def welcome(link: socket.socket, lines: Lines, secret: str) -> tuple[Wish, bytes]:
    """The peer's half: the wish and the session's name. Raises Stranger, OSError."""
    head, _, nonce = lines.next().rpartition(" ")
    if head != GREETING:
        raise Stranger("it says something else")
    own = secrets.token_hex(16)
    proven = proof(secret, "peer", nonce, own)
    link.sendall(f"{GREETING} {own} {proven}\n".encode(), socket.MSG_NOSIGNAL)
    given, _, said = lines.next().partition(" ")
    if not is_proof(given, proof(secret, "burner", nonce, own)):
        raise Stranger("it has another secret")
    wish = next((one for one in WISHES if one == said), None)
    if wish is None:
        raise Stranger("it says something else")
    session = secrets.token_bytes(8)
    link.sendall(session.hex().encode() + b"\n", socket.MSG_NOSIGNAL)
    return wish, session
