"""What a network burner and its peer say to each other. Pure.

On TCP, lines first: a greeting with a nonce, the peer's nonce and proof, the burner's proof and
what it wants; then a line with the session, and lines of counts until the end. A proof is an HMAC
of both nonces with a secret that both were given, so neither talks to a stranger; an empty secret
still tells a peer of ours from any other server.
"""

from __future__ import annotations

import hmac
import ipaddress
import random
import struct
from hashlib import sha256
from typing import Literal

import msgspec

SECRET_VARIABLE = "JETPROOF_PEER_SECRET"
"""Of the environment: what both sides know, and nobody else."""
GREETING = "jetproof-peer 1"
Wish = Literal["tcp", "udp", "connect"]
PROOF_DIGITS = 2 * sha256().digest_size
WISHES: tuple[Wish, ...] = ("tcp", "udp", "connect")

STREAM_BLOCK = 32_768
DATAGRAM = 1200
"""Fits in every link's packets, so a lost datagram is one lost packet."""

HEADER = struct.Struct("!8sQQ")
"""Session, number, the sender's clock in nanoseconds."""
_NUMBER = struct.Struct("!8sQ")


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What a peer has received in a session so far."""

    at_s: float
    """By the peer's own clock: two of these make a rate that no delay on the way falsifies."""
    received_bytes: int
    verified: int
    bad: int
    expected: int = 0
    """Datagrams up to the highest number seen."""
    received: int = 0
    """Datagrams of these, each once."""
    reordered: int = 0
    doubled: int = 0
    jitter_us: float | None = None
    is_final: bool = False


def proof(secret: str, role: Literal["peer", "burner"], burner_nonce: str, peer_nonce: str) -> str:
    """That one knows the secret: good for one connection and one side."""
    said = f"{GREETING} {role} {burner_nonce} {peer_nonce}".encode()
    return hmac.new(secret.encode(), said, sha256).hexdigest()


def is_proof(given: str, expected: str) -> bool:
    """Compare without telling by the time how much of it was right."""
    return hmac.compare_digest(given.encode(), expected.encode())


def stream_block(session: bytes) -> bytearray:
    """A block of a session's stream, not numbered yet."""
    return bytearray(random.Random(session).randbytes(STREAM_BLOCK))


def number_block(block: bytearray, session: bytes, number: int) -> None:
    """Make it the block of that number, in place."""
    _NUMBER.pack_into(block, 0, session, number)


def payload(session: bytes) -> bytes:
    """What follows the header in every datagram of a session."""
    return random.Random(session).randbytes(DATAGRAM - HEADER.size)


def address(host: str, port: int) -> str:
    """As a scenario writes it: `10.0.0.9:5201`, `[fe80::1]:5201`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_loopback(own: str, other: str) -> bool:
    """Whether a connection between these addresses stays inside this machine.

    Not only 127.0.0.1: what goes to an own address of the machine takes no wire either.
    """
    address = ipaddress.ip_address(other.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return own == other or (mapped or address).is_loopback
