"""One document of a service, fetched whole."""

from __future__ import annotations

import contextlib

from tui.core.config import Target
from tui.ports import Fetched
from tui.service.health_check import Unanswered, refusal
from tui.service.workflow.caller import Caller
from tui.service.workflow.request import Request

MOST_BYTES = 16 * 1024 * 1024


def fetched(url: str, target: Target, token: str, path: str, limit_s: float) -> Fetched:
    """GET it within `limit_s`, the look-up of a name not counted in."""
    request = Request("GET", path, (("Accept", "application/json"),), b"", "")
    try:
        with contextlib.closing(Caller(url, target, token)) as caller:
            answer = caller.ask(request, "jetproof", limit_s, MOST_BYTES)
    except Unanswered as error:
        return Fetched(trouble=str(error))
    if answer.status != 200:
        return Fetched(trouble=refusal(answer.status, token) or f"status {answer.status}")
    return Fetched(answer.body)
