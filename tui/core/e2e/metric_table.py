"""What a workflow is judged by."""

from __future__ import annotations

from tui.core.own_metric import Metric

WORKFLOW_METRICS: dict[str, Metric] = {
    "round_s": Metric("slowest round", "s", 1),
    "step_ms": Metric("slowest step", "ms", 0),
    "completion_rate": Metric("rounds complete", "%", 1, operators=">", most=1),
    "overhead_ms": Metric("overhead", "ms", 1),
    "item_error_rate": Metric("items failed", "%", 2, most=1),
    "completeness": Metric("records complete", "%", 2, operators=">", most=1),
    "requests_per_s": Metric("requests", "per s", 1, operators=">"),
    "tests_passed": Metric("tests passed", "%", 1, operators=">", most=1),
}
"""None has a limit unless the scenario sets one."""
