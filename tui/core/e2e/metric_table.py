"""What a workflow is judged by."""

from __future__ import annotations

from tui.core.own_metric import Metric

WORKFLOW_METRICS: dict[str, Metric] = {
    "round_s": Metric("slowest round", "s", 1),
    "step_ms": Metric("slowest step", "ms", 0),
    "completion_rate": Metric("rounds complete", "%", 1, operators=">", most=1),
    "overhead_ms": Metric("overhead", "ms", 1),
}
"""None has a limit unless the scenario sets one."""
