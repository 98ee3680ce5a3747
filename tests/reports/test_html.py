from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest

from tests.core import script
from tests.lib.long_run import NAMES, long_run
from tests.reports.reading import validate
from tests.reports.runs import (
    EVIL,
    evil_facts,
    evil_run,
    mixed_run,
    not_started,
    refused,
    staged_view,
    with_unreached_stage,
)
from tui.core import events as ev
from tui.core.model import RunView
from tui.core.tally import MEASURED
from tui.reports.course import course
from tui.reports.html import html

MEGABYTE = 1_000_000
SHAPES = {"line", "rect", "path", "circle"}


class Page(HTMLParser):
    """Tags, text and attributes as a browser sees them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside != "style":
            self.text += data

    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name in ("src", "href", "action")]


def page_of(events: list[ev.Event], view: RunView | None = None) -> str:
    return html([(view or script.view_of(events), course(events))])


def test_the_verdict_and_its_reason_come_before_everything_else() -> None:
    page = Page(page_of(script.failing_run(script.facts(target=script.LOCAL))))
    words = [word for word in page.text.split("\n") if word.strip()]
    start = next(number for number, word in enumerate(words) if word == "FAIL")
    assert "errors 11 %, limit 1.0 %, and 1 more" in words[start + 1]
    assert not any("p95" in word for word in words[:start])


def test_the_summary_names_what_a_reader_has_to_know() -> None:
    page = Page(page_of(script.good_run(script.facts()), staged_view()))
    for word in (
        "http://127.0.0.1:8000",
        "Jetson Orin Nano",
        "Gate 4",
        "31 °C",
        "after the new heat sink",
        "+49 30 1234",
        "c0ffee",
        "jetproof 0.1.0",
        "2025-06-15 15:06:40 UTC",
        "prove-it, rung 2 of 5",
        "< 2 000 ms",
        "Sign-off",
        "above the truth",
        "offered 61.5",
        "12 s longer by hand",
    ):
        assert word in page.text, word


def test_the_charts_share_one_axis_and_show_the_board_where_it_was_read() -> None:
    events = list(long_run(script.facts(), 300))
    source = page_of(events)
    charts = source[source.index("data-readouts") : source.index("Endpoints")]
    titles = re.findall(r'class="title"[^>]*>(\w+) ', charts)
    assert titles == ["latency", "throughput", "users", "temperature", "board", "power"]
    assert 'class="ticks fail"' in charts
    assert 'class="warm"' in charts
    assert "nan" not in charts.lower()
    without = page_of(script.good_run(script.facts()))
    assert ">temperature " not in without


def test_marks_run_through_all_charts_with_a_word() -> None:
    source = page_of(script.good_run(script.facts()))
    assert re.search(r'<text class="mark-word info[^>]*>20 users</text>', source)


def test_a_limit_is_drawn_where_the_figures_are_near_it_and_named_where_they_are_not() -> None:
    assert "p95 limit 2 000 ms</text>" in page_of(script.failing_run(script.facts()))
    far = script.scenario(thresholds={"p95_ms": "< 60000"})
    assert "↑ limit p95 60 000 ms" in page_of(script.good_run(script.facts(scenario=far)))


def rows_of_stages(page: str) -> int:
    table = page[page.index("<h2>Stages</h2>") :]
    return table[table.index("<tbody>") : table.index("</tbody>")].count("<tr>")


def test_stages_have_their_table_and_their_scaling_curve() -> None:
    page = page_of(script.good_run(script.facts()), staged_view())
    assert "<h2>Stages</h2>" in page
    assert 'aria-label="throughput and p95 by users"' in page
    assert "actual send" in page
    assert "<h2>Stages</h2>" not in page_of(script.good_run(script.facts()))
    unreached = page_of(script.good_run(script.facts()), with_unreached_stage())
    assert rows_of_stages(unreached) == rows_of_stages(page) == 3


def test_simulated_data_can_not_be_taken_for_real() -> None:
    assert "SIMULATED" in Page(page_of(script.good_run(script.facts()))).text
    real = Page(page_of(script.good_run(script.facts(target=script.LOCAL))))
    assert "SIMULATED" not in real.text


def test_nothing_is_loaded_from_anywhere() -> None:
    page = Page(page_of(script.good_run(script.facts())))
    assert all(link.startswith(("#", "data:")) for link in page.links())
    assert not {"img", "link", "iframe", "object", "base"} & set(page.tags)


def test_only_the_pages_own_script_may_run() -> None:
    source = page_of(script.good_run(script.facts()))
    (own,) = Page(source).scripts
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in source
    assert "default-src 'none'" in source


def test_nothing_that_a_target_sends_becomes_part_of_the_page() -> None:
    page = Page(page_of(evil_run(evil_facts())))
    usual = Page(page_of(script.failing_run(script.facts(target=script.LOCAL))))
    assert set(page.tags) <= set(usual.tags) | SHAPES
    assert page.tags.count("script") == 1
    assert {name for name, _ in page.attributes} <= {name for name, _ in usual.attributes} | {
        "r",
        "cx",
        "cy",
    }
    assert EVIL[0] in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u200b"} & set(page.text)
    assert "‹202E›gnp.exe" in page.text


def test_the_embedded_files_are_the_reports_themselves() -> None:
    events = script.good_run(script.facts())
    links = [link for link in Page(page_of(events)).links() if link.startswith("data:")]
    texts = [base64.b64decode(link.split("base64,")[1]).decode() for link in links]
    assert len(texts) == 5
    (data,) = [json.loads(text) for text in texts if text.startswith("{")]
    validate(data)


@pytest.mark.parametrize(
    "make",
    [
        script.invalid_run,
        script.cut_short_run,
        script.empty_run,
        script.unsent_run,
        script.beginning,
        lambda facts: script.beginning(facts)[:1],
    ],
)
def test_every_run_has_a_page(make: script.RunMaker) -> None:
    assert "</html>" in page_of(make(script.facts()))


def test_several_runs_are_one_page_under_the_worst_verdict() -> None:
    runs = [script.run("r1"), script.run("r2", script.failing_run)]
    source = html([(script.view_of(run.events), course(run.events)) for run in runs])
    page = Page(source)
    assert "1 of 2 runs passed" in page.text
    assert page.text.index("1 of 2 runs passed") < page.text.index("460 requests within all")
    assert {"#run-r1", "#run-r2"} <= set(page.links())


def test_a_run_that_did_not_happen_stands_in_the_table_without_a_part_of_its_own() -> None:
    run = script.run("r1", target=script.LOCAL)
    part = (script.view_of(run.events), course(run.events))
    page = Page(html([part, refused(), not_started()]))
    assert "1 of 3 runs passed, 2 did not happen" in page.text
    assert page.text.index("INCOMPLETE") < page.text.index("460 requests within all")
    assert "connection refused" in page.text
    assert "ladder ended at rung 2: REFUSED" in page.text
    assert [link for link in page.links() if link.startswith("#")] == ["#run-r1"]


def test_a_page_of_nothing_that_happened_is_whole() -> None:
    page = Page(html([refused(EVIL[0], EVIL[1])]))
    assert "0 of 1 run passed, 1 did not happen" in page.text
    assert page.tags.count("script") == 1


def test_no_limit_of_a_stage_stands_under_a_figure_of_the_whole_run() -> None:
    load = {
        "stages": [{"users": 10, "duration": "1m"}, {"users": 20, "duration": "1m"}],
        "spawn_rate": 10.0,
        "judge": "stage",
    }
    events = script.good_run(script.facts(scenario=script.scenario(load=load)))
    source = page_of(events)
    tiles = source[source.index('class="tiles"') : source.index("What was run")]
    assert "judged by stage" in tiles
    assert "limit " not in tiles
    assert "limit &lt; 2 000 ms" in page_of(script.good_run(script.facts()))


def test_slow_requests_stand_with_the_heat_of_their_moment_where_it_is_known() -> None:
    events = script.good_run(script.facts())
    assert "Tj °C" not in Page(page_of(events)).text
    events.insert(-6, script.sample(12.0, hottest_c=68.25))
    view = script.view_of(events)
    page = Page(html([(view, course(events, slow=view.slow))]))
    assert "Tj °C" in page.text
    assert "68.2" in page.text


def test_the_mix_stands_beside_what_was_sent() -> None:
    events = mixed_run()
    page = Page(page_of(events))
    assert "Mix of requests" in page.text
    assert "75 %" in page.text
    assert "Mix of requests" not in Page(page_of(script.good_run(script.facts()))).text


def test_the_worst_page_of_a_day_stays_under_a_megabyte() -> None:
    # 200 endpoints with long names, 200 kinds of failure with the longest samples, every mark.
    names = tuple(f"/{'ü' * 100}/{number}" for number in range(200))
    events = list(long_run(script.facts(), 600, names))
    view = script.view_of(events)
    day = script.view_of(list(long_run(script.facts(), 3600, NAMES)))
    worst = [
        msgspec.structs.replace(view.failures[0], name=name, error="é" * 160, sample="ß" * 500)
        for name in names
    ]
    view = msgspec.structs.replace(
        view,
        failures=tuple(worst),
        points=day.points,
        marks=view.marks * 60,
        slow=(ev.SlowRequest("POST", names[0], 9000.0, 3.0, MEASURED),) * 50,
        warnings=("x" * 300,) * 50,
    )
    assert len(view.points) > 200
    assert len(page_of(events, view).encode()) < MEGABYTE
