"""A board that had other work, or was hot, before the stress began."""

from __future__ import annotations

import pytest

from tests.core import script
from tests.core.stress import loaded
from tests.core.stress.loaded import BEGAN_S, END_S, folded, told
from tui.core.events import STALE_S, Reading
from tui.core.stress.busy import BusyFold

CORES = 4


def sample(
    cpu: float | None = 10.0, *, gpu: float | None = 5.0, zone_c: float = 50.0, **others: float
) -> dict[str, Reading]:
    """A board of four cores, of which a zone throttles at 99 °C; `others` are percent of a core."""
    cores = {f"cpu{core}_percent": Reading(cpu, "sysfs") for core in range(CORES)}
    return {
        "cpu_percent": Reading(cpu, "sysfs"),
        **cores,
        "gpu_percent": Reading(gpu, "sysfs"),
        "cpu_c": Reading(zone_c, "sysfs", limit=99.0),
        **{f"{name}_cpu_percent": Reading(value, "psutil") for name, value in others.items()},
    }


def remarks(*samples: dict[str, Reading], is_loaded: bool = False) -> str:
    fold = BusyFold(is_loaded=is_loaded)
    for each in samples:
        fold.add(each)
    return " | ".join(fold.remarks)


def test_a_quiet_and_cool_board_needs_no_word() -> None:
    assert remarks(*[sample()] * 20) == ""


def test_other_work_is_told_with_its_figures() -> None:
    said = remarks(*[sample(61.0, gpu=40.0)] * 20)
    assert "busy before the stress (CPU 61 %, GPU 40 %, without jetproof's own)" in said


def test_a_moment_of_work_is_none() -> None:
    assert remarks(*[sample()] * 11, *[sample(100.0, gpu=100.0)] * 9) == ""


def test_two_samples_tell_nothing() -> None:
    assert remarks(sample(100.0), sample(100.0)) == ""


def test_what_jetproof_takes_itself_is_no_other_work() -> None:
    assert remarks(*[sample(30.0, console=40.0)] * 5) == ""
    assert "CPU 30 %" in remarks(*[sample(30.0)] * 5)


def test_beside_a_load_service_and_generator_are_meant_to_work() -> None:
    busy = [sample(80.0, gpu=90.0, service=200.0, generator=60.0)] * 5
    assert remarks(*busy, is_loaded=True) == ""
    assert "CPU 80 %, GPU 90 %" in remarks(*busy)
    more = [sample(95.0, service=200.0, generator=60.0)] * 5
    assert "(CPU 30 %, without" in remarks(*more, is_loaded=True)


def test_beside_a_load_of_a_service_that_is_not_seen_nobody_can_tell() -> None:
    assert remarks(*[sample(99.0)] * 5, is_loaded=True) == ""


@pytest.mark.parametrize(("zone_c", "is_told"), [(83.0, False), (86.5, True)])
def test_heat_is_told_beside_where_the_board_slows_down(zone_c: float, is_told: bool) -> None:
    said = remarks(*[sample(zone_c=zone_c)] * 5)
    assert ("hot before the stress: cpu 86.5 °C, and it slows down at 99.0 °C" in said) is is_told


def test_a_line_that_a_driver_made_up_makes_nothing_hot() -> None:
    made_up = {**sample(), "cpu_c": Reading(69.0, "psutil", limit=70.0)}
    assert remarks(*[made_up] * 5) == ""


def test_a_stale_gauge_tells_nothing() -> None:
    old = {
        name: Reading(99.0, reading.source, age_s=STALE_S + 1, limit=reading.limit)
        for name, reading in sample().items()
    }
    assert remarks(*[old] * 5) == ""


def test_a_run_warns_of_what_was_before_its_stress_alone() -> None:
    def warned(from_s: int, until_s: int) -> bool:
        """Whether it does, of a board that is busy then."""
        row = {0: script.row([20.0] * 50)}
        samples = [
            script.sample(
                BEGAN_S + at_s + 0.4,
                service_cpu_percent=10.0,
                **{
                    name: 90.0 if from_s <= at_s < until_s else 5.0
                    for name in ("cpu_percent", "cpu0_percent")
                },
            )
            for at_s in range(END_S)
        ]
        events = sorted((*told(row), *samples), key=lambda event: event.at_s)
        about = loaded.facts(error_rate="< 0.05")
        view = folded(about, *events, *loaded.end()).view(END_S + 10.0)
        return any("busy before the stress" in warning for warning in view.warnings)

    assert warned(0, loaded.STRESS_S)
    assert not warned(loaded.STRESS_S, END_S)
