"""What is said to a fault proxy, and what it says that it did."""

from __future__ import annotations

import msgspec

from tui.core.stress.toxics import Toxics


class ProxySpec(msgspec.Struct, frozen=True):
    """The first line to a proxy."""

    host: str
    port: int
    listen: int = 0
    """On 127.0.0.1; 0: any free port."""
    seed: int = 0
    """Of its draws."""


class ProxySet(msgspec.Struct, frozen=True, tag="set"):
    """An order: these faults from now on; answered by ProxyApplied with the same number."""

    number: int
    toxics: Toxics


class ProxyReady(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    """It listens."""

    port: int


class ProxyApplied(msgspec.Struct, frozen=True, tag="applied", tag_field="type"):
    """An order was carried out, or was not: `why`."""

    number: int
    why: str = ""


class ProxySecond(msgspec.Struct, frozen=True, tag="second", tag_field="type"):
    """What happened in one second."""

    toxics: Toxics
    open: int
    """Connections at its end."""
    toxic: int
    """Of them, those that suffer."""
    opened: int
    over_limit: int
    """Turned away for want of descriptors: ours, not the service's fault."""
    unreachable: int
    """The service took no connection; the client's was reset."""
    to_service_bytes: int
    to_client_bytes: int
    delayed_bytes: int
    """Of them, those that waited here."""
    held_bytes: int
    """Waiting at its end."""
    resets: int
    half_opened: int


ProxyLine = ProxyReady | ProxyApplied | ProxySecond
