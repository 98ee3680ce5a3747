"""The answers of a round, searched for secrets as they come."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence

from tui.core.e2e.answer import Answer, has_text
from tui.core.e2e.leaks import MOST_BYTES, leak_in, leak_in_headers

MOST_FOUND = 20


class Answers:
    """Several threads may use it: a round's items go on beside each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.looked_at = 0
        """With text."""
        self.by_headers = 0
        """Without any: their headers alone were looked at."""
        self.in_part = 0
        """Of those, which were longer than is looked at."""
        self.found: list[tuple[str, str]] = []
        """The step and what its answer had in it, the first of them."""
        self.leaks = 0

    def look_at(
        self, step: str, answer: Answer, secrets: Sequence[str], meant: Sequence[str]
    ) -> None:
        """Search one, its headers and its text; `meant` are secrets that it is there to give."""
        own, given = (
            [form for secret in texts for form in _as_sent(secret)] for texts in (secrets, meant)
        )
        is_text = has_text(answer)
        kind = leak_in(answer.body, own, given) if is_text else ""
        kind = kind or leak_in_headers(answer.headers, own, given)
        with self._lock:
            self.looked_at += is_text
            self.by_headers += not is_text
            self.in_part += is_text and len(answer.body) > MOST_BYTES
            self.leaks += bool(kind)
            if kind and len(self.found) < MOST_FOUND:
                self.found.append((step, kind))


def _as_sent(secret: str) -> set[bytes]:
    """Plain, and as a JSON text has it."""
    forms = (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    return {form.encode("utf-8", "replace") for form in forms if form}
