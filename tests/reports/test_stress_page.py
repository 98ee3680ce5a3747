from __future__ import annotations

import re

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import (
    EVIL,
    STRESSED,
    evil_stress,
    refused,
    stress_events,
    stress_facts,
    stress_view,
)
from tui.core.events import HealthProbed
from tui.core.stress.view import StressView
from tui.reports.course import course
from tui.reports.health_course import CAPACITY, HealthCourse
from tui.reports.html import html
from tui.reports.sheet import Sheet, sheet_of


def page(*, is_loaded: bool = False, stress: StressView = STRESSED) -> str:
    events = stress_events(stress_facts(is_loaded=is_loaded))
    return html([(stress_view(is_loaded=is_loaded, stress=stress), course(events))])


def sheet(*, is_loaded: bool = False, stress: StressView = STRESSED) -> Sheet:
    found = course(stress_events(stress_facts(is_loaded=is_loaded)))
    drawn = sheet_of(stress_view(is_loaded=is_loaded, stress=stress), found.board, found.health)
    assert drawn is not None
    return drawn


def titles(drawn: Sheet) -> list[str]:
    return [panel.title for panel in drawn.panels]


def test_without_a_load_the_page_says_nothing_of_requests() -> None:
    text = page()
    for word in ("Slowest requests", "Endpoints", "Latency distribution", "first user", ">p99<"):
        assert word not in text
    assert "stress report" in text


def test_the_page_tells_of_the_service_under_stress() -> None:
    text = page()
    assert "<h2>The service under stress</h2>" in text
    assert "p95 under stress 1.84 times what it was before (95 % sure: 1.62 to 2.10)" in text
    for head in ("Price of it", "Asked and reached", "Limits found", "Faults", "Given back"):
        assert f"<h2>{head}" in text


def test_a_table_of_limits_may_take_the_whole_width_where_there_is_little() -> None:
    # Beside what was run it would be cut: half of a narrow window is too little for six columns.
    text = page()
    widths = [int(width) for width in re.findall(r"max-width: (\d+)px\) \{ \.two", text)]
    assert widths
    assert min(widths) >= 1000
    assert '<table class="limits">' in text


def test_with_a_load_both_have_their_figures() -> None:
    text = page(is_loaded=True)
    assert "Slowest requests" in text
    assert "<h2>The service under stress</h2>" in text


def test_levels_and_health_are_drawn_over_the_board() -> None:
    assert titles(sheet()) == ["level", "health check", "temperature", "board"]
    assert titles(sheet(is_loaded=True))[:5] == [
        "latency",
        "throughput",
        "users",
        "level",
        "health check",
    ]


def test_what_was_asked_is_drawn_beside_what_was_reached() -> None:
    level = sheet().panels[0]
    assert [(curve.kind, curve.ink) for curve in level.curves] == [("asked", "g0"), ("line", "g0")]
    assert [entry.label for entry in level.legend] == ["cpu"]


def test_a_check_without_an_answer_is_marked() -> None:
    health = sheet().panels[1]
    assert [curve.label for curve in health.curves] == ["slowest answer", "no answer"]


def test_the_time_under_stress_is_tinted() -> None:
    drawn = sheet()
    ((start, end),) = drawn.stressed
    assert drawn.left < start < end < drawn.right
    assert page().count('<rect class="stressed"') == 1


def test_a_burner_that_falls_silent_leaves_a_gap() -> None:
    first, *_, last = STRESSED.points
    far = msgspec.structs.replace(last, at_s=first.at_s + 60)
    gap = msgspec.structs.replace(STRESSED, points=(*STRESSED.points[:2], far))
    assert sheet(stress=gap).panels[0].curves[1].path.count("M") == 2


def test_a_stress_of_which_nothing_was_told_has_no_charts_of_it() -> None:
    nothing = StressView(part=None, step=0, left_s=0.0)
    assert "level" not in titles(sheet(stress=nothing))


@pytest.mark.parametrize("evil", EVIL)
def test_all_that_a_burner_or_service_says_is_escaped(evil: str) -> None:
    text = page(stress=evil_stress(evil))
    body = text.split("<main>")[1].split("<footer>")[0]
    assert not re.search(r"<(script|img|b>')", body.replace("<b>", "").replace("</b>", ""))
    assert not {"\x1b", "\x00", "\u202e", "\u2066"} & set(text)


def test_a_session_of_both_kinds_has_a_row_for_each() -> None:
    load = script.good_run(script.facts("r2", target=script.LOCAL))
    text = html(
        [
            (stress_view(), course(stress_events(stress_facts()))),
            (script.view_of(load), course(load)),
            refused(),
        ]
    )
    first = text.split('<a href="#run-r1">')[1].split("</tr>")[0]
    assert first.endswith('<td class="n">–<td class="n">–')
    assert "jetproof <span>report</span>" in text


def test_a_course_of_health_checks_keeps_the_worst_of_each_step() -> None:
    fold = HealthCourse()
    fold.began_s = 1.0
    for second in range(2 * CAPACITY):
        ms = None if second == 3 else 5.0 + second % 2
        fold.add(HealthProbed(at_s=second + 1.5, sent_s=second + 1.1, ms=ms))
    points = fold.points
    assert len(points) == CAPACITY
    assert {point.width_s for point in points} == {2}
    assert points[0].ms == 6.0
    assert (points[1].ms, points[1].failed) == (5.0, 1)


def test_a_check_that_was_never_sent_tells_nothing_of_the_service() -> None:
    fold = HealthCourse()
    fold.add(HealthProbed(at_s=1.0, sent_s=0.9, detail="no room for it", is_ours=True))
    assert fold.points == ()
