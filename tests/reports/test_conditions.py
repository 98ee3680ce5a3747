from __future__ import annotations

from collections.abc import Iterator

from tests.core import script
from tui.core import events as ev
from tui.reports.conditions import Conditions, conditions_of

SLOW = [ev.SlowRequest("GET", "/", 900.0, ended_s) for ended_s in (30.4, 10.0, 100.0)]


def samples(*, offset_s: float = 1.0) -> Iterator[ev.Event]:
    yield ev.WorkBegan(at_s=offset_s)
    for second in range(60):
        yield script.sample(second + offset_s, tj_c=40.0 + second, gpu_percent=float(second))


def test_each_request_has_the_sample_that_is_nearest_to_its_end() -> None:
    assert conditions_of(samples(), SLOW) == (
        Conditions(70.0, 30.0),
        Conditions(50.0, 10.0),
        Conditions(),
    )


def test_moments_count_from_the_first_user() -> None:
    assert conditions_of(samples(offset_s=20.0), SLOW)[0] == Conditions(70.0, 30.0)


def test_the_hottest_zone_stands_in_for_a_junction_that_is_not_read() -> None:
    events = [script.sample(10.0, hottest_c=66.0), script.sample(11.0, cpu_percent=3.0)]
    assert conditions_of(events, SLOW)[1] == Conditions(66.0, None)


def test_nothing_is_read_where_nothing_was_slow() -> None:
    def unread() -> Iterator[ev.Event]:
        raise AssertionError("read")
        yield

    assert conditions_of(unread(), ()) == ()
