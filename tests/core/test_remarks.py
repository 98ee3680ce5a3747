from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tui.core.incidents import Incident, Rise
from tui.core.remarks import board_warnings, incident_text

P95 = Incident(
    key="p95_ms",
    kind="alert",
    text="p95 above 750 ms",
    label="p95",
    level="warn",
    began_s=52.0,
    ended_s=103.0,
    detail="230 ms",
    gauge="p95_ms",
    peak=1223.0,
    peak_s=70.0,
    peak_detail="1 223 ms",
)
OC3 = Incident("oc3", "throttle", "oc3 over-current", "oc3", "warn", 98.0, 121.0, "12/s")


@pytest.mark.parametrize(
    ("began_s", "text"),
    [
        (98.0, "oc3 over-current from 01:38 for 23 s, 12/s"),
        (-4.0, "oc3 over-current from before the work began for 23 s, 12/s"),
    ],
)
def test_an_incident_is_dated_by_the_work_with_or_without_a_load(began_s: float, text: str) -> None:
    one = msgspec.structs.replace(OC3, began_s=began_s, ended_s=began_s + 23)
    assert incident_text([one]) == text


def test_an_alert_is_told_by_its_worst_value_and_not_by_its_last() -> None:
    assert (
        incident_text([P95]) == "p95 above 750 ms from 00:52 for 51 s, at worst 1 223 ms at 01:10"
    )


def test_of_several_alerts_the_worst_is_told() -> None:
    later = msgspec.structs.replace(
        P95, began_s=200.0, ended_s=210.0, peak=800.0, peak_s=205.0, peak_detail="800 ms"
    )
    for group in ([P95, later], [later, P95]):
        assert incident_text(group).endswith("2 times, at worst 1 223 ms at 01:10")


def test_what_was_worst_before_the_work_began_says_so() -> None:
    one = msgspec.structs.replace(P95, began_s=-8.0, peak_s=-4.0)
    assert incident_text([one]).endswith("at worst 1 223 ms before the work began")


@pytest.mark.parametrize("by", ["load", "fault", "stress"])
def test_a_rise_that_the_run_asked_for_is_no_warning(by: Any) -> None:
    rise = Rise(100.0, 123.0, 846.0, 1167.0, 870.0, cause="it", by=by)
    assert board_warnings([], [rise], []) == []
    assert len(board_warnings([], [msgspec.structs.replace(rise, by="incident")], [])) == 1
