"""Secrets out of texts, in every form in which an answer or an error may quote them."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

HIDDEN = "***"


class Secrets:
    """What must never be told; empty ones are none."""

    def __init__(self, *secrets: str) -> None:
        forms = {form for each in secrets if each for form in _forms(each)}
        # The longest first: what is left of it would tell a part.
        self._forms = sorted(forms, key=len, reverse=True)

    def hidden(self, text: str) -> str:
        """The text without any of them."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text

    def cut(self, text: str, most: int) -> str:
        """The same of the beginning of a text, at most so many characters: none is cut in two."""
        beginning = text[: 8 * most]
        if len(beginning) < len(text) and self._forms:
            # What may be the first half of one.
            beginning = beginning[: -len(self._forms[0])]
        return self.hidden(beginning)[:most]


def _forms(secret: str) -> set[str]:
    paths = {quote(secret, safe=""), quote(secret), quote(secret, safe=":")}
    encoded = {*paths, quote_plus(secret)}
    lowered = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each) for each in encoded}
    return {
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        base64.b64encode(secret.encode()).decode(),
        *encoded,
        *lowered,
    }
