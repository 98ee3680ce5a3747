"""What a way to the service can suffer from."""

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

    @property
    def added_ms(self) -> float:
        """What the latency adds to every answer, there and back; 0 where only a share suffers.

        Jitter makes that more or less by up to twice its own.
        """
        return 2 * self.latency_ms if self.toxicity == 1 else 0.0

    @property
    def text(self) -> str:
        """`latency 80 ms, jitter 20 ms, 30 % of the connections`; `none` without any."""
        parts = []
        if self.latency_ms:
            parts.append(f"latency {self.latency_ms:g} ms")
        if self.jitter_ms:
            parts.append(f"jitter {self.jitter_ms:g} ms")
        if self.bytes_per_s:
            parts.append(f"{self.bytes_per_s / 1000:g} kB/s")
        if self.cut != "none":
            parts.append(self.cut.replace("_", " "))
        if parts and self.toxicity < 1:
            parts.append(f"{self.toxicity * 100:g} % of the connections")
        return ", ".join(parts) or "none"
