from __future__ import annotations

import re

import msgspec
import pytest

from tests.core import script
from tests.reports import board
from tests.reports.runs import EVIL
from tests.reports.test_html import MEGABYTE, SHAPES, Page, page_of


@pytest.fixture(scope="module")
def source() -> str:
    return page_of(board.throttled_run())


def charts_of(page: str) -> str:
    return page[page.index("data-readouts") : page.index("<h2>Endpoints")]


def test_why_p95_rose_stands_before_the_charts(source: str) -> None:
    text = Page(source[: source.index("data-readouts")]).text
    for words in (
        "Throttled: yes, for 27 s in all",
        "oc3 over-current from 01:38 for 27 s, at worst 25/s at 01:39",
        "2 s after oc3 over-current began, 25/s; heat unchanged",
        "p95 was first beyond its limit at 01:40, 2 s after this on the board: oc3 over-current",
        "not comparable with other runs, because of this: power mode changed: MAXN_SUPER to 15W",
        "jtop lost from 03:21 to the end: its service stopped",
        "p95 above 750 ms",
        "JetPack 6.2",
        "clocks not pinned",
    ):
        assert words in text, words


def test_each_alert_has_its_row_with_the_worst_figure_beside_its_limit() -> None:
    heat = msgspec.structs.replace(board.HEAT, began_s=4.0, ended_s=9.0)
    page = page_of(board.throttled_run(), board.view_with(heat))
    table = page[page.index("<th>alert") :]
    row = re.sub(r"<[^>]*>", "|", table[table.index("heat") : table.index("</tr>", 200)])
    assert re.match(r"heat\|+from 00:04\|+5 s\|+91.4 °C\|+99 °C", row), row


def test_the_board_and_the_service_lie_on_the_axis_of_the_latency(source: str) -> None:
    titles = re.findall(r'class="title"[^>]*>([\w ]+) <tspan', charts_of(source))
    assert titles == [
        "latency",
        "throughput",
        "users",
        "temperature",
        "board",
        "clocks",
        "power",
        "service CPU",
        "service memory",
    ]
    assert ">tj passive trip 99 °C</text>" in source


def test_what_began_on_the_board_is_marked_and_its_throttling_shaded(source: str) -> None:
    charts = charts_of(source)
    for label in ("oc3", "15W", "jtop lost"):
        assert re.search(rf'class="mark-word [^>]*>{label}</text>', charts), label
    assert charts.count('class="held"') == 1
    assert "Red: the board held itself back." in source
    assert 'class="held"' not in page_of(script.good_run(script.facts()))


def test_a_bout_of_a_second_in_a_day_is_still_seen() -> None:
    brief = msgspec.structs.replace(board.OC3, began_s=120.0, ended_s=120.2)
    events = board.throttled_run()
    view = msgspec.structs.replace(script.view_of(events), incidents=(brief,))
    (width,) = re.findall(r'class="held"[^>]* width="([0-9.]+)"', page_of(events, view))
    assert float(width) >= 1


def test_replayed_figures_are_called_so_above_them_and_on_their_charts() -> None:
    page = page_of(board.throttled_run("replay"))
    assert "<b>REPLAYED</b>" in page
    assert "°C, replayed</tspan>" in page
    assert "% of one core</tspan>" in page
    assert "eplayed" not in Page(page_of(board.throttled_run())).text


def test_a_run_without_a_board_says_that_nothing_is_known() -> None:
    text = Page(page_of(script.empty_run(script.facts()))).text
    assert "Throttled: not known (nothing here can tell)" in text


def test_nothing_that_a_board_says_becomes_part_of_the_page() -> None:
    events = board.throttled_run()
    usual = Page(page_of(events))
    view = script.view_of(events)
    said = tuple(
        msgspec.structs.replace(board.OC3, key=word, text=word, label=word, detail=word, kind=kind)
        for word in EVIL
        for kind in ("throttle", "alert", "change", "source")
    )
    rises = tuple(msgspec.structs.replace(board.RISE, cause=word, detail=word) for word in EVIL)
    device = msgspec.structs.replace(view.facts.device, power_mode=EVIL[0], l4t=EVIL[1])
    evil = msgspec.structs.replace(
        view,
        incidents=said,
        rises=rises,
        incomparable=EVIL,
        facts=msgspec.structs.replace(view.facts, device=device),
    )
    page = Page(page_of(events, evil))
    assert set(page.tags) <= set(usual.tags) | SHAPES
    assert page.tags.count("script") == 1
    assert {name for name, _ in page.attributes} <= {name for name, _ in usual.attributes}
    assert EVIL[0] in page.text
    assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u200b"} & set(page.text)


def test_the_page_of_a_board_that_never_rests_stays_under_a_megabyte() -> None:
    events = board.throttled_run()
    many = tuple(
        msgspec.structs.replace(board.OC3, key=f"key{at}", text="x" * 500, began_s=float(at))
        for at in range(200)
    )
    alerts = tuple(msgspec.structs.replace(one, kind="alert") for one in many)
    view = msgspec.structs.replace(
        script.view_of(events), incidents=many + alerts, rises=(board.RISE,) * 50
    )
    assert len(page_of(events, view)) < MEGABYTE
