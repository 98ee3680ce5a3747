"""A camera's secret: put into its URL in this process's memory alone, taken out of every text."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote, urlsplit

from tui.core.camera.source import PLACEHOLDERS
from tui.core.failure import printable

HIDDEN = "***"
MOST_CHARACTERS = 200
_USERINFO = re.compile(r"(?<=//)[^/\s'\"]*@")


def with_secret(url: str, secret: str) -> str:
    """The URL as the camera needs it: the secret in its query's places, else before its host.

    `secret` is `user:password`, in plain characters, or empty.
    """
    if not secret:
        return url
    user, _, password = secret.partition(":")
    words = [quote(each, safe="") for each in (user, password)]
    if any(place in url for place in PLACEHOLDERS):
        for place, word in zip(PLACEHOLDERS, words, strict=True):
            url = url.replace(place, word)
        return url
    parts = urlsplit(url)
    return parts._replace(netloc=f"{':'.join(words)}@{parts.netloc}").geturl()


class Scrubber:
    """Makes a text fit to be told: without the secret, one bounded line, no control characters."""

    def __init__(self, secret: str) -> None:
        password = secret.partition(":")[2]
        forms = {form for each in (secret, password) if each for form in _forms(each)}
        # The longest first: what is left of it would tell a part.
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return printable(_USERINFO.sub(f"{HIDDEN}@", text))[:MOST_CHARACTERS]


def _forms(secret: str) -> set[str]:
    encoded = {quote(secret, safe=""), quote(secret), quote(secret, safe=":")}
    lowered = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each) for each in encoded}
    return {
        secret,
        repr(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
        *encoded,
        *lowered,
    }
