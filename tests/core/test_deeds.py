from __future__ import annotations

from typing import Any

import pytest

from tests.core import script
from tui.core import events as ev
from tui.core.deeds import Deed, DeedsFold, deed_behind

FAULTS = [{"latency_ms": 100}, {"latency_ms": 400, "share_percent": 30}, {"kb_per_s": 256}]


def stressed(**stress: Any) -> DeedsFold:
    """A stress of a minute beside a load."""
    scenario = script.scenario(
        "stress-it",
        kind="stress",
        stress={"duration": "60s", **stress},
        load={"users": 5, "spawn_rate": 5.0},
    )
    return DeedsFold(scenario.id, scenario.stress)


def told(fold: DeedsFold, *events: tuple[float, ev.Event]) -> tuple[Deed, ...]:
    for at_s, event in events:
        fold.apply(event, at_s)
    return fold.deeds


def step(number: int) -> ev.Event:
    return ev.StressStepped(step=number)


def fault(text: str) -> ev.Event:
    return ev.FaultDone(name="network", text=text)


class TestAFault:
    def test_holds_from_its_beginning_to_its_undoing(self) -> None:
        fold = stressed(faults=FAULTS)
        undone = ev.FaultUndone(name="network")
        (deed,) = told(fold, (10, step(0)), (10, fault("latency 100 ms")), (30, undone))
        assert (deed.by, deed.text, deed.began_s, deed.ended_s) == (
            "fault",
            "latency 100 ms (ours)",
            10,
            30,
        )

    def test_is_over_when_another_of_its_name_is_done(self) -> None:
        fold = stressed(faults=FAULTS)
        first, second = told(
            fold, (10, step(0)), (10, fault("one")), (30, step(1)), (30, fault("two"))
        )
        assert (first.ended_s, second.ended_s) == (30, None)

    def test_adds_its_latency_there_and_back_where_every_connection_suffers(self) -> None:
        fold = stressed(faults=FAULTS)
        events = [(10.0 * at, one) for at in range(3) for one in (step(at), fault(str(at)))]
        assert [deed.own_ms for deed in told(fold, *events)] == [200, 0, 0]


class TestAStep:
    def test_is_told_with_its_level_where_there_are_several(self) -> None:
        fold = stressed(cpu={}, steps_percent=[25, 75], ramp="10s")
        first, second = told(fold, (20, step(0)), (50, step(1)))
        assert (first.text, first.ramp_s, first.ended_s) == ("stress-it step 25 %", 10, 50)
        assert (second.text, second.ramp_s, second.ended_s) == ("stress-it step 75 %", 0, None)
        (alone,) = told(stressed(cpu={}), (20, step(0)))
        assert alone.text == "stress-it"

    def test_that_asks_for_less_is_none(self) -> None:
        fold = stressed(cpu={}, steps_percent=[75, 25, 50])
        first, third = told(fold, (20, step(0)), (40, step(1)), (60, step(2)))
        assert (first.ended_s, third.text) == (40, "stress-it step 50 %")

    @pytest.mark.parametrize(
        "event",
        [
            ev.StressEntered(part="after"),
            ev.RunEnded(reason="completed"),
            ev.BurnerEnded(name="cpu", why_not="no such method"),
        ],
    )
    def test_ends_when_nothing_burns_any_more(self, event: ev.Event) -> None:
        (deed,) = told(stressed(cpu={}), (20, step(0)), (25, event))
        assert deed.ended_s == 25

    def test_goes_on_while_another_burner_does(self) -> None:
        fold = stressed(cpu={}, memory={})
        (deed,) = told(fold, (20, step(0)), (25, ev.BurnerEnded(name="memory")))
        assert deed.ended_s is None

    def test_is_none_where_nothing_is_burnt(self) -> None:
        assert told(stressed(faults=FAULTS), (20, step(0))) == ()


def of(began_s: float, ended_s: float | None = None, **more: Any) -> Deed:
    return Deed("fault", "it", began_s, ended_s, **more)


@pytest.mark.parametrize(
    ("deed", "is_it"),
    [
        (of(100), True),
        (of(70, 101), True),
        (of(102), True),
        (of(70, 100), False),
        (of(39), False),
        (of(39, ramp_s=30), True),
        (of(103), False),
    ],
    ids=["as it began", "still on", "same second", "undone", "long on", "ramp", "later"],
)
def test_only_what_was_in_force_and_had_begun_lately_is_behind_it(deed: Deed, is_it: bool) -> None:
    assert (deed_behind([deed], 100, 2) is deed) is is_it


def test_the_newest_is_behind_it_and_a_fault_before_the_step_that_it_belongs_to() -> None:
    step_of_it = Deed("stress", "step", 100)
    fault_of_it = Deed("fault", "fault", 100)
    assert deed_behind([of(60), fault_of_it, step_of_it], 101, 2) is fault_of_it
