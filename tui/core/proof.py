"""What a stress, cameras, a workflow or storage showed, as far as the verdict of a run asks."""

from __future__ import annotations

import msgspec


class Shortfall(msgspec.Struct, frozen=True):
    """Why a run shows less than it was meant to, and what to do about it."""

    reason: str
    advice: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """`findings` and `undone` begin with the weightiest."""

    findings: tuple[str, ...] = ()
    """What fails the run beside its limits."""
    advice: str = ""
    """What to do about the first of them; empty: the reports say it."""
    undone: tuple[Shortfall, ...] = ()
    """Why what was done shows nothing."""
    unjudged: dict[str, Shortfall] = {}
    """Why limits on these metrics have no figure; of others nobody knows."""
    exempt: tuple[str, ...] = ()
    """Metrics of what the site does not have: a limit on them fails nothing without a figure."""
    done: str = ""
    """What was done beside its requests."""
    is_work: bool = False
    """Whether that was what the run was for, and its requests no more than beside it."""
    cut: str = ""
    """Why less was done than was asked for, by somebody's wish; empty: all of it was."""
