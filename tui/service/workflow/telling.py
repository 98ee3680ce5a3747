"""Requests and answers as they may be told: bounded, printable, and without secrets."""

from __future__ import annotations

from tui.core.e2e.answer import Answer
from tui.core.e2e.checking import Wrong
from tui.core.events import Exchange
from tui.core.failure import printable
from tui.core.format import count
from tui.core.secrecy import HIDDEN, Secrets
from tui.service.workflow.request import Request

MOST_ANSWER = 2000
MOST_SENT = 500
MOST_LINE = 200
MOST_HEADERS = 20
"""All in characters, but the number of headers."""
_SECRET_HEADERS = ("set-cookie", "cookie", "authorization", "proxy-authorization")
_TEXT_TYPES = ("text/", "json", "xml", "x-www-form-urlencoded")


class Telling:
    """Knows what must not be told."""

    def __init__(self, token: str) -> None:
        self._secrets = Secrets(token)

    def text(self, text: str, most: int = MOST_LINE) -> str:
        """One line of at most so many characters."""
        return printable(self._secrets.cut(text, most))

    def wrong(self, wrong: Wrong) -> Wrong:
        """The same of all three."""
        return Wrong(self.text(wrong.why), self.text(wrong.wanted), self.text(wrong.got))

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
            (self.text(name), HIDDEN if name in _SECRET_HEADERS else self.text(value))
            for name, value in list(answer.headers.items())[:MOST_HEADERS]
        )

    def _body(self, answer: Answer) -> str:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        # More than is ever looked at, so that what is cut is known to be cut.
        beginning = answer.body[: 40 * MOST_ANSWER].decode("utf-8", "replace")
        is_text = any(each in kind for each in _TEXT_TYPES) or not kind
        if not answer.body:
            return ""
        if is_text and "\0" not in beginning:
            return self.text(beginning, MOST_ANSWER)
        return self.text(f"{kind or 'no text'}, {count(len(answer.body))} bytes")
