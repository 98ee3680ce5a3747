"""The way from a request to a run: is it admitted, is the board free, does the target answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tui.core.config import Target
from tui.core.events import Reading
from tui.core.guards import too_hot
from tui.core.model import FORCEABLE, Trouble
from tui.core.problem import InputError
from tui.engine.admission import objection
from tui.engine.parts import Parts
from tui.ports import LoadFailed, Probe, RunRequest

EXPECTED = (InputError, LoadFailed, OSError)
"""What may come up on the way and is no mistake of ours."""


class Refused(Exception):
    """The run may not start, or could not."""

    def __init__(self, trouble: Trouble, what: str) -> None:
        super().__init__(what)
        self.trouble = trouble


class Asked(msgspec.Struct, frozen=True):
    """A target that is ready, or that load is put on although it is not."""

    url: str
    """Its real address."""
    token: str
    """The secret itself."""
    probe: Probe | None
    """None: the run has nothing to do with it."""
    overridden: str
    """What speaks against the run and was overridden, all of it."""
    openapi: Mapping[str, Any] | None = None
    """The service's OpenAPI document, where the run's steps come from it."""


def admit(parts: Parts, request: RunRequest, board: Mapping[str, Reading]) -> str:
    """What speaks against the run and was overridden. Raises Refused where it may not start."""
    hot = too_hot(board)
    if hot:
        raise Refused("hot", hot)
    objected = objection(request, parts.device)
    if objected is None:
        return ""
    trouble, what = objected
    if not (request.force and trouble in FORCEABLE):
        raise Refused(trouble, what)
    return what


def take_board(parts: Parts, request: RunRequest) -> None:
    """From now on no other run drives the board. Raises Refused while one does."""
    holder = parts.lock.acquire(request.scenario.id, parts.clock.utc())
    if holder:
        raise Refused("busy", holder)


def ask_target(parts: Parts, request: RunRequest, overridden: str) -> Asked:
    """Start the embedded target if that is meant, and see whether it answers; neither where the
    run has nothing to do with it.

    Raises Refused, or one of `EXPECTED`.
    """
    if not request.scenario.asks_service:
        return Asked("", "", None, overridden)
    url, token = reach(parts, request.target)
    probe = parts.service.probe(url, request.target, token)
    if not probe.answered and not request.force:
        raise Refused("target-down", probe.detail)
    down = "" if probe.answered else f"the target did not answer: {probe.detail}"
    return Asked(url, token, probe, "; ".join(filter(None, (overridden, down))))


def reach(parts: Parts, target: Target) -> tuple[str, str]:
    """The real address of a target, and the token that it wants; the embedded one is started.

    Raises InputError or OSError.
    """
    if target.is_demo:
        return parts.embedded.start(), parts.embedded.token
    return target.url, parts.read_token(target)


def refusal_of(error: Exception, stopped: str) -> Refused:
    """Why a start came to nothing; `stopped` says that somebody wanted it so."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, InputError):
        return Refused("input", str(error))
    if isinstance(error, LoadFailed):
        return Refused("input" if error.is_input else "failed", stopped or str(error))
    return Refused("failed", str(error))
