"""Limits that stop a run to protect the board: fed with every sample, none reads a clock."""

from tui.core.guards.halt import ADVICE, Halt
from tui.core.guards.heat import too_hot
from tui.core.guards.run_guards import RunGuards

__all__ = ["ADVICE", "Halt", "RunGuards", "too_hot"]
