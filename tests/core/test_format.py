from __future__ import annotations

import pytest

from tui.core.format import NOTHING, metric, metric_label, metric_unit


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("recovery_s", 60.0, "60"),
        ("outage_s", 3.25, "3.2"),
        ("outage_s", 0.0, "0"),
        ("recovery_s", 86_400.0, "86 400"),
        ("p95_ms", 2000.0, "2 000"),
        ("rps", 39.6, "39.6"),
        ("p95_ratio", 2.0, "2.00"),
        ("error_rate", 0.05, "5.0"),
    ],
)
def test_a_metric_is_written_as_people_read_it(name: str, value: float, text: str) -> None:
    assert metric(name, value) == text


@pytest.mark.parametrize("name", ["recovery_s", "p95_ms", "rps", "p95_ratio", "error_rate"])
def test_what_was_not_measured_is_a_dash(name: str) -> None:
    assert metric(name, None) == NOTHING


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("round_s", 1.26, "slowest round 1.3 s"),
        ("step_ms", 1234.4, "slowest step 1 234 ms"),
        ("completion_rate", 0.6667, "rounds complete 66.7 %"),
        ("overhead_ms", 0.84, "overhead 0.8 ms"),
    ],
)
def test_a_figure_of_a_workflow_has_its_label_and_unit(name: str, value: float, shown: str) -> None:
    text = f"{metric_label(name)} {metric(name, value)} {metric_unit(name)}"
    assert text == shown
