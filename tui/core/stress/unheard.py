"""A fault of whose end nobody told: the engine that would have was gone before."""

from __future__ import annotations

from tui.core.stress.view import FaultView
from tui.core.stress.way import told_name

NOT_HEARD = "not heard of: look at `jetproof doctor`"
"""In the place of how it was undone."""


def unheard_text(fault: FaultView) -> str:
    """A line that warns of it."""
    return f"the undo of {told_name(fault.name)} ({fault.text}) was {NOT_HEARD}"
