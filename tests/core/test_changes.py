from __future__ import annotations

import pytest

from tui.core.changes import Changes
from tui.core.events import Reading
from tui.core.incidents import Incident

CARD = "mmcblk0: error -110 sending status command"


def kernel(count: float | None, text: str = "") -> Reading:
    return Reading(count, "kmsg", text=text)


def news(*samples: Reading) -> list[Incident]:
    changes = Changes()
    return [
        incident
        for at, reading in enumerate(samples)
        for incident in changes.sample({"kernel_errors": reading}, float(at), is_hot=False)
    ]


@pytest.mark.parametrize(
    ("more", "detail"), [(1, CARD), (12, f"{CARD} (12 times)")], ids=["one", "several"]
)
def test_a_serious_message_of_the_kernel_is_an_incident_that_names_it(
    more: int, detail: str
) -> None:
    (found,) = news(kernel(0), kernel(more, CARD))
    assert (found.key, found.kind, found.level) == ("kernel.errors", "alert", "fail")
    assert (found.text, found.detail, found.began_s) == ("kernel error", detail, 1.0)


def test_a_kernel_that_says_nothing_new_is_none() -> None:
    assert not news(kernel(3, CARD), kernel(3, CARD))
    assert not news(kernel(None), kernel(2, CARD), kernel(2, CARD))


def test_a_counter_without_words_says_how_often() -> None:
    changes = Changes()
    samples = [{"oom_kills": Reading(count, "sysfs")} for count in (1.0, 3.0)]
    found = [one for each in samples for one in changes.sample(each, 0.0, is_hot=False)]
    assert [one.detail for one in found] == ["2 times"]
