from __future__ import annotations

import msgspec
import pytest

from tui.core.incidents import Incident
from tui.core.remarks import incident_text

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
