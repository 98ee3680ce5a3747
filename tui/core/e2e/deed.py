"""What a step does that neither takes a picture nor asks the service for an operation."""

from __future__ import annotations

import msgspec


class Make(msgspec.Struct, frozen=True, tag="make"):
    """Bytes that are made up, saved under the step's name: a text, noise, or a damaged copy."""

    text: str | None = None
    """With words in braces."""
    size_bytes: int | None = None
    """So much noise, the same in each round."""
    of: str = ""
    """The value that it is a copy of."""
    keep: float = 1.0
    """Of a copy: this share of it, from its beginning, 0..1."""
    flip: int = 0
    """Of a copy: so many bytes, spread over it, are other ones."""
    content_type: str = "application/octet-stream"


class Decide(msgspec.Struct, frozen=True, tag="decide"):
    """A rule: whether a saved list of detections has one of a class, sure enough. What it comes to
    is saved under the step's name."""

    of: str
    """The saved value."""
    category: str
    """The class that is looked for; with words in braces. Empty: any."""
    least_confidence: float = 0.5
    then: str = "yes"
    otherwise: str = "no"


class Simulate(msgspec.Struct, frozen=True, tag="simulate"):
    """What would be done now is told, and not done."""

    text: str
    """With words in braces."""


class Restart(msgspec.Struct, frozen=True, tag="restart"):
    """The service is restarted, as the target's configuration says; left out where it says
    nothing."""


class Certificate(msgspec.Struct, frozen=True, tag="certificate"):
    """The service's TLS certificate is valid for its name, and for some days to come. Left out
    where plain HTTP does not leave this machine."""

    least_days: float = 14.0


class NoSecrets(msgspec.Struct, frozen=True, tag="no_secrets"):
    """No answer of the round had a secret in it: one of the run's own, a private key, a password, a
    stack trace."""


class Archive(msgspec.Struct, frozen=True, tag="archive"):
    """What a step fetched, item by item, is written into one archive with a manifest of SHA-256,
    and that is read back and compared."""

    of: str
    """The step; it saved a body."""


Deed = Make | Decide | Simulate | Restart | Certificate | NoSecrets | Archive


def deed_text(deed: Deed) -> str:
    """What stands for it where an operation has its method and path."""
    if isinstance(deed, Make):
        return "made-up bytes" if not deed.of else f"damaged copy of {deed.of}"
    if isinstance(deed, Decide):
        return f"rule on {deed.of}"
    if isinstance(deed, Archive):
        return f"archive of {deed.of}"
    return _TEXTS[type(deed)]


_TEXTS: dict[type[object], str] = {
    Simulate: "simulated action",
    Restart: "restart of the service",
    Certificate: "certificate",
    NoSecrets: "search for secrets",
}
