"""Moments as reports write them, always in UTC."""

from __future__ import annotations

from datetime import datetime, timezone

from tui.core.model import RunView


def moment(at_utc: float) -> datetime:
    """Seconds since the epoch as a moment."""
    return datetime.fromtimestamp(at_utc, timezone.utc)


def iso(at_utc: float) -> str:
    """`2026-11-21T04:04:26.000000+00:00`, for programs."""
    return moment(at_utc).isoformat(timespec="microseconds")


def stamp(at_utc: float) -> str:
    """`2026-11-21 04:04:26`, for people."""
    return f"{moment(at_utc):%Y-%m-%d %H:%M:%S}"


def of_load(view: RunView, load_s: float) -> float:
    """A moment of the load's own clock as seconds since the epoch."""
    return view.facts.started_at + (view.began_s or 0.0) + load_s


def ended(view: RunView) -> float:
    """When the run ended, or started while it goes on, as seconds since the epoch."""
    return view.facts.started_at + (view.ended_s or 0.0)
