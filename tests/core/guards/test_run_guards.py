from __future__ import annotations

from typing import get_args

import pytest

from tests.core.guards.boards import Sample, feed, plain, stress, zone
from tui.core.guards import ADVICE, RunGuards
from tui.core.guards.halt import GuardName

WELL: Sample = {
    "tj_c": zone(60.0),
    "ram_used_mb": plain(3000.0, 7620.0),
    "memory_psi_full_percent": plain(0.0),
    "disk_free_mb": plain(20_000.0, 100_000.0),
    "vdd_in_mw": plain(9000.0, 25_000.0),
    "oc1_events": plain(0),
}
BAD: dict[str, Sample] = {
    "heat": {"tj_c": zone(96.0)},
    "sensors": {"tj_c": zone(None)},
    "memory": {"ram_used_mb": plain(7500.0, 7620.0)},
    "space": {"disk_free_mb": plain(500.0, 100_000.0)},
    "power": {"vdd_in_mw": plain(30_000.0, 25_000.0)},
}


def burning(seconds: float = 600.0) -> RunGuards:
    guards = RunGuards(stress(duration_s=seconds))
    guards.sample(WELL, 0.0)
    guards.begin_stress(0.0)
    return guards


@pytest.mark.parametrize("guard", BAD)
def test_each_guard_ends_a_stress_and_only_while_burners_burn(guard: str) -> None:
    bad = WELL | BAD[guard]
    idle = RunGuards(stress())
    assert feed(idle, [WELL] * 4 + [bad] * 40) is None
    guards = burning()
    found = feed(guards, [bad] * 40, from_s=0.5)
    assert found is not None
    assert (found.guard, found.advice) == (guard, ADVICE[found.guard])
    ended = burning()
    assert feed(ended, [WELL] * 4, from_s=0.5) is None
    ended.end_stress()
    assert feed(ended, [bad] * 40, from_s=4.0) is None


def test_what_is_lost_with_the_first_sample_of_a_stress_was_there_before_it() -> None:
    found = feed(burning(), [WELL | BAD["sensors"]] * 10, from_s=0.5)
    assert found is not None
    assert found.guard == "sensors"


def test_a_board_near_its_end_ends_any_run_first() -> None:
    for guards in (RunGuards(None), RunGuards(stress(allow_throttle=True)), burning()):
        found = feed(guards, [WELL | {"tj_c": zone(103.0)}] * 2, from_s=0.5)
        assert found is not None
        assert found.text == "heat guard: tj 103.0 °C, the board switches off at 104.5 °C"


def test_a_run_without_burners_is_never_under_stress() -> None:
    guards = RunGuards(None)
    guards.begin_stress(0.0)
    assert feed(guards, [WELL] + [WELL | BAD["memory"]] * 40) is None
    assert guards.missing == ()


def test_the_deadline_counts_from_the_stress_not_from_the_run() -> None:
    guards = RunGuards(stress(duration_s=10.0))
    assert feed(guards, [WELL] * 200) is None
    guards.begin_stress(0.0)
    found = feed(guards, [WELL] * 100, from_s=100.0)
    assert found is not None
    assert found.guard == "deadline"
    assert "10 s were planned" in found.detail


def test_a_good_stress_ends_by_itself() -> None:
    samples = [WELL | {"tj_c": zone(45.0 + 35.0 * (1 - 0.98**number))} for number in range(1000)]
    assert feed(burning(), samples, from_s=0.5) is None


def test_a_jetson_with_everything_lets_every_guard_watch() -> None:
    assert burning().missing == ()


def test_a_machine_that_tells_nothing_names_every_guard_that_is_blind() -> None:
    guards = RunGuards(stress())
    guards.sample({"cpu_percent": plain(5.0), "tj_c": zone(None)}, 0.0)
    blind = {word for line in guards.missing for word in line.partition(":")[0].split(", ")}
    assert blind == {"heat", "heat-rate", "sensors", "memory", "space", "power"}
    assert not any("\n" in line for line in guards.missing)


@pytest.mark.parametrize(
    ("changed", "max_c", "line"),
    [
        ({"vdd_in_mw": plain(9000.0)}, None, "power: the board tells no budget for its whole"),
        ({"tj_c": zone(60.0, critical=None)}, None, "heat: no sensor tells where the board sw"),
        ({"tj_c": zone(60.0, limit=None)}, None, "heat: no sensor tells where the board slows"),
        ({"tj_c": zone(60.0, limit=None)}, 80.0, None),
        ({"tj_c": zone(60.0, "psutil")}, None, "heat-rate: a PC's sensors leap"),
    ],
)
def test_a_guard_that_lacks_something_says_what(
    changed: Sample, max_c: float | None, line: str | None
) -> None:
    guards = RunGuards(stress(max_c=max_c))
    guards.sample(WELL | changed, 0.0)
    assert any(each.startswith(line) for each in guards.missing) if line else not guards.missing


def test_every_guard_has_its_advice() -> None:
    assert set(ADVICE) == set(get_args(GuardName))
