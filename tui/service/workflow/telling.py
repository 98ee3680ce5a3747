"""Requests and answers as they may be told: bounded, printable, and without secrets."""

from __future__ import annotations

from tui.core.e2e.answer import Answer, content_type, has_text
from tui.core.e2e.leaks import without_leaks
from tui.core.events import Exchange
from tui.core.failure import printable
from tui.core.format import count
from tui.core.secrecy import HIDDEN, Secrets
from tui.service.workflow.done import Done
from tui.service.workflow.request import Request

MOST_ANSWER = 2000
MOST_SENT = 500
MOST_LINE = 200
MOST_HEADERS = 20
"""All in characters, but the number of headers."""
_SECRET_HEADERS = ("cookie", "authorization", "token", "api-key")
"""How the names of those end that nobody is told."""


class Telling:
    """Knows what must not be told."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = Secrets(*secrets)

    def text(self, text: str, most: int = MOST_LINE) -> str:
        """One line of at most so many characters."""
        # Much more than is shown: a key or a password may be long, and is told as three stars.
        return printable(without_leaks(self._secrets.cut(text, 40 * most))[:most])

    def of(self, done: Done) -> None:
        """What became of a step, as it may be told; its exchange is that already."""
        done.why, done.wanted, done.got, done.note = (
            self.text(text) for text in (done.why, done.wanted, done.got, done.note)
        )

    def exchange(self, request: Request, answer: Answer | None) -> Exchange:
        """None: nothing was answered."""
        return Exchange(
            method=request.method,
            url=self.text(request.path, MOST_SENT),
            sent=self.text(request.sent, MOST_SENT),
            status=answer.status if answer is not None else None,
            headers=self._headers(answer) if answer is not None else (),
            answer=self._body(answer) if answer is not None else "",
        )

    def _headers(self, answer: Answer) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self.text(name), HIDDEN if name.endswith(_SECRET_HEADERS) else self.text(value))
            for name, value in list(answer.headers.items())[:MOST_HEADERS]
        )

    def _body(self, answer: Answer) -> str:
        if not answer.body:
            return ""
        if has_text(answer):
            # Decoded all of it, a long answer would take several times its memory.
            beginning = answer.body[: 400 * MOST_ANSWER]
            return self.text(beginning.decode("utf-8", "replace"), MOST_ANSWER)
        return self.text(f"{content_type(answer) or 'no text'}, {count(len(answer.body))} bytes")
