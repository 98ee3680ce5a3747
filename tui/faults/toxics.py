"""What a fault proxy does to connections, and what it says that it did."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

LARGEST_MS = 60_000.0
Ms = Annotated[float, msgspec.Meta(ge=0.0, le=LARGEST_MS)]

Cut = Literal["none", "reset", "black_hole", "half_open", "refuse"]
"""`reset`: every connection ends with a TCP reset, new ones too. `black_hole`: nothing gets
through, and all of it does once that is over. `half_open`: the service's side is gone and the
client is never told; over, its connection is reset. `refuse`: nobody listens; what is connected
goes on."""


class Toxics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The faults of a moment; the default is none."""

    latency_ms: Ms = 0.0
    """Added each way."""
    jitter_ms: Ms = 0.0
    """Each piece is late by up to so much more or less, and never before an earlier one."""
    bytes_per_s: Annotated[float, msgspec.Meta(ge=0.0)] = 0.0
    """Most that one connection carries each way; 0: no bound."""
    cut: Cut = "none"
    toxicity: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 1.0
    """Share of the connections that suffer; which ones, each draws once in its life."""

    def __post_init__(self) -> None:
        if self.cut == "refuse" and self.toxicity < 1.0:
            # Nobody can refuse one connection and take the next: it is the port that refuses.
            raise ValueError("refuse concerns every connection: its toxicity is 1")

    @property
    def is_clean(self) -> bool:
        """Whether bytes pass as if there were no proxy."""
        return not (self.latency_ms or self.jitter_ms or self.bytes_per_s or self.cut != "none")


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
