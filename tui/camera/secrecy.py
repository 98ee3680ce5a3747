"""A camera's secret: put into its URL in this process's memory alone, taken out of every text."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from tui.core.camera.source import PLACEHOLDERS
from tui.core.failure import printable
from tui.core.secrecy import HIDDEN, Secrets

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
        self._secrets = Secrets(secret, secret.partition(":")[2])

    def __call__(self, text: str) -> str:
        hidden = self._secrets.hidden(text)
        return printable(_USERINFO.sub(f"{HIDDEN}@", hidden))[:MOST_CHARACTERS]
