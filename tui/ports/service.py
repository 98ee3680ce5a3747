"""The service under test, as the engine itself talks to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from tui.core.config import Target


class Probe(msgspec.Struct, frozen=True):
    """How a target answered."""

    answered: bool
    detail: str
    ms: float | None = None
    paths: tuple[str, ...] = ()
    """From its OpenAPI document; empty without one."""


class Fetched(msgspec.Struct, frozen=True):
    """A document of the service."""

    body: bytes = b""
    trouble: str = ""
    """Why there is none, in a clause; empty where there is."""


class Prediction(msgspec.Struct, frozen=True):
    """What the service made of one picture."""

    status: int | None
    """Of HTTP; None: no answer."""
    ms: float | None
    """From the first byte sent to the last one read; None: no answer."""
    classes: dict[str, int] = {}
    """How many of each it found; empty: nothing, or no proper answer."""
    trouble: str = ""
    """What is wrong, in one line; empty: it answered as it should."""

    @property
    def objects(self) -> int:
        """All that it found."""
        return sum(self.classes.values())


class Service(Protocol):
    """The target, as the engine itself talks to it: before and after a run."""

    def probe(self, url: str, target: Target, token: str) -> Probe:
        """Ask once whether it is there."""

    def fetch(self, url: str, target: Target, token: str, path: str) -> Fetched:
        """GET a document, of at most 16 MiB within 15 s."""

    def delete(self, url: str, target: Target, token: str, paths: Sequence[str]) -> int:
        """Delete what a run created; how many are gone."""


class Predictor(Protocol):
    """The work that the target is for."""

    def predict(self, url: str, target: Target, token: str, jpeg: bytes) -> Prediction:
        """Send one picture to `POST /predict`, as the load's users do. Returns in bounded time."""


class HealthWatch(Protocol):
    """Asks a service's health check once a second until it is closed."""

    def close(self) -> None:
        """Ask no more. Returns within a second even if the service hangs."""


class EmbeddedTarget(Protocol):
    """The demo service as a child process, for which nobody else has a token."""

    @property
    def token(self) -> str:
        """What it lets in: the secret itself."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """`operator_password` and `viewer_password`, of the accounts of these names."""

    def start(self) -> str:
        """Its URL, once it accepts connections; the same one while it runs."""

    def restart(self) -> None:
        """End it and start it anew, at the same URL and with what it stored. OSError in one line
        when it does not come back."""

    def close(self) -> None:
        """End it; nothing of it is left."""
