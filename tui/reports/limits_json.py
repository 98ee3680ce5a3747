"""Limits as data, beside what they judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.core.limits import LimitState


def limits_json(states: Sequence[LimitState]) -> list[dict[str, Any]]:
    """In their order; `observed` and `passed` are None where nothing was measured."""
    return [
        {
            "metric": state.limit.metric,
            "limit": state.limit.text,
            "observed": state.observed,
            "passed": state.passed,
        }
        for state in states
    ]
