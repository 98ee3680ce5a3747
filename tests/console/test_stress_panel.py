"""The burners' table, in the place of the endpoints', and what stands beneath it."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.sight import drawn
from tests.console.stressed import CPU, MIXED, TELLING, burning, frame, over, with_stress
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.burners import draw_burners
from tui.console.widgets.detail import draw_detail
from tui.core.stress.view import BurnerView, FaultView, HealthView, Left, Level, Recovery


def table(scene: Scene, width: int = 90, height: int = 16) -> list[str]:
    text = drawn(draw_burners, scene, width, height).text()
    return [row.strip("│ ") for row in text.split("\n")[1:-1] if row.strip("│ ")]


def told(**changes: object) -> Scene:
    """An ended run that has everything to tell, or else."""
    fields = {name: getattr(TELLING, name) for name in TELLING.__struct_fields__}
    return with_stress(frame(over()), **{**fields, **changes})


def test_a_row_tells_reached_of_asked_figures_and_what_was_verified() -> None:
    rows = table(frame(burning(MIXED, 130), MIXED))
    assert " ".join(rows[0].split()) == "cpu 98 / 100 % 1 204 rounds/s 11 588 0"
    assert rows[1].startswith("memory     39 / 40 %  held 2 992 MiB  1 204 MiB free")
    assert rows[2].startswith("storage   98 / 100 %  write 220 MB/s  1 118 IOPS  fsync p99 5.4 ms")
    assert rows[3].startswith("network    78 / 80 %  377 Mbit/s  loopback: no wire  jitter 0.21 ms")


def test_a_burner_that_computed_wrongly_stands_out() -> None:
    cpu = BurnerView("cpu", "share of a core", 1.0, 0.5, verified=1_000, bad=3)
    canvas = drawn(draw_burners, with_stress(frame(burning()), burners=(cpu,)), 80, 10)
    x = canvas.row(1).rindex("3")
    assert canvas.looks[1][x] & 0xFF == Ink.FAIL
    level = canvas.row(1).index("50")
    assert canvas.looks[1][level] & 0xFF == Ink.WARN


def test_before_the_stress_the_table_says_what_is_planned() -> None:
    rows = table(frame(burning(seconds=10)))
    assert rows[0] == "cpu        – / 100 %  matrix 100 %"


def test_where_rows_are_few_every_burner_keeps_one() -> None:
    rows = table(frame(burning(MIXED, 130), MIXED), 58, 10)
    assert [row.split()[0] for row in rows[:5]] == ["cpu", "memory", "storage", "network", "health"]
    roomy = table(frame(burning(MIXED, 130), MIXED), 58, 20)
    assert any("1 118 IOPS" in row for row in roomy)
    assert not any("1 118 IOPS" in row for row in rows)


def test_one_that_can_not_burn_says_why_and_one_that_gave_up_when() -> None:
    assert any("can't burn here: neither trtexec nor" in row for row in table(told()))
    ended = BurnerView(
        "storage", "busy", mean_asked=1.0, mean_reached=0.2, ended_by="the disk is full"
    )
    assert "ended early: the disk is full" in "\n".join(table(told(burners=(ended,))))


def test_everything_that_came_of_it_has_a_line() -> None:
    rows = "\n".join(table(told(), height=20))
    for text in (
        "p95 ×1.40 (1.20–1.70) under stress  p95 ×1.00 after",
        "✓ recovered after 4 s  by its requests, 7 requests lost",
        "health 12 ms  p95 18  outage 3 s of 132 checks",
        "last from 00:40: HTTP 503",
        "connections 1 020 (the service refused)",
        "threads ≥ 4 096 (our own cap of 4096)",
        "peak 71.2 °C (+21.2)  15.2 W mean  1.8 kJ  0.50 GB written  least memory 1 200 MiB",
        "✓ latency 200 ms 01:20–01:35, undone",
    ):
        assert text in rows


@pytest.mark.parametrize(
    ("recovery", "text"),
    [
        (Recovery(140.0, "load", watched_s=12.0), "recovered? not yet, 12 s"),
        (
            Recovery(140.0, "health", recovered_s=1.2),
            "✓ recovered after 1.2 s  by its health check",
        ),
    ],
)
def test_while_it_is_watched_the_way_back_is_told(recovery: Recovery, text: str) -> None:
    rows = "\n".join(table(with_stress(frame(burning(seconds=150)), recovery=recovery)))
    assert text in rows


def test_a_service_that_was_never_worse_needed_no_way_back() -> None:
    never = table(told(recovery=Recovery(140.0, "load", recovered_s=0.0, watched_s=9.0)))
    assert "✓ no recovery was needed  by its requests" in never
    worse = table(told(recovery=Recovery(140.0, "load", 0.0, 9.0, first_bad_s=3.0)))
    assert "✓ recovered after 0 s  by its requests" in worse


def test_a_fault_of_whose_end_nobody_told_is_no_fault_that_holds() -> None:
    fault = FaultView("network", "latency 80 ms", 20.0)
    rows = " ".join("\n".join(table(told(faults=(fault,), is_over=True))).split())
    assert "! latency 80 ms: its undo was not heard of: look at `jetproof doctor`" in rows
    assert "since 00:20" not in rows


def test_at_the_end_a_stepped_burner_shows_each_step() -> None:
    levels = (Level(0, 0.25, 0.25), Level(1, 1.0, 0.97))
    cpu = BurnerView("cpu", "share", mean_asked=0.62, mean_reached=0.58, levels=levels)
    row = " ".join(table(told(burners=(cpu,)))[0].split())
    assert row.startswith("cpu 97 / 100 % by step 25 · 97 %")


def test_at_the_end_a_way_back_that_never_came_is_told_as_such() -> None:
    never = table(told(recovery=Recovery(140.0, "load", watched_s=60.0)))
    assert "✗ not recovered in 60 s  by its requests" in never
    unknown = table(told(recovery=Recovery(140.0, "load", why="too few requests")))
    assert "? recovery: too few requests" in unknown


def test_a_fault_that_holds_comes_before_the_health_it_hurts() -> None:
    faults = (
        FaultView("network", "latency 80 ms", 20.0, 60.0),
        FaultView("network", "latency 200 ms", 80.0),
    )
    rows = table(with_stress(frame(burning()), faults=faults))
    assert rows.index("! latency 200 ms since 01:20") < next(
        number for number, row in enumerate(rows) if row.startswith("health")
    )
    assert "✓ latency 80 ms 00:20–01:00, undone" in rows


def test_what_could_not_be_undone_or_was_not_given_back_is_red() -> None:
    fault = FaultView("disk", "70 GiB taken", 20.0, 60.0, trouble="permission denied")
    left = (Left("service_descriptors", 50, 900, 10), Left("service_threads", 10, 10, 5))
    rows = "\n".join(table(told(faults=(fault,), left=left)))
    assert "✗ disk: 70 GiB taken NOT undone: permission denied" in rows
    assert "✗ service descriptors not given back: 50 before, 900 after" in rows
    assert "threads not given back" not in rows


def test_a_service_that_never_answered_is_told_in_full() -> None:
    health = HealthView(probes=30, outages=((0.0, 30.0),), outage_s=30.0, detail="refused")
    rows = "\n".join(table(told(health=health)))
    assert "health never answered  outage 30 s of 30 checks" in rows


def test_the_last_answer_from_before_an_outage_is_not_told_as_news() -> None:
    health = HealthView(30, 20, ms=12.0, outages=((20.0, 30.0),), outage_s=10.0, gone_since_s=20.0)
    rows = "\n".join(table(told(health=health)))
    assert "health no answer since 00:20  outage 10 s" in rows
    assert "12 ms" not in rows


def test_what_finds_no_row_can_be_scrolled_to() -> None:
    shown = told()
    assert "latency 200 ms" not in "\n".join(table(shown, 58, 8))
    scrolled = msgspec.structs.replace(shown, panel="endpoints", scroll=99)
    assert "latency 200 ms" in "\n".join(table(scrolled, 58, 8))


def test_the_detail_says_what_burns_in_which_steps_and_for_how_long() -> None:
    shown = drawn(draw_detail, frame(burning()), 40, 20).text()
    for text in ("cpu for 2 min", "25 → 50 → 75 → 100 %", "20 s before, 1 m after"):
        assert text in shown
    assert "contends with the service" in shown
    assert CPU.id in shown
