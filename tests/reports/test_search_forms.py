"""A search for the breaking point in every form of a report."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree as xml

import msgspec
import pytest

from tests.core import script
from tests.reports.reading import SCHEMA, validate
from tests.reports.runs import EVIL
from tests.reports.searched import (
    BAD,
    CALM,
    FOUND,
    FULL_CPU,
    STEPS,
    broke_with,
    found_with,
    search_facts,
    search_view,
    step,
    throttled,
)
from tui.core.model import RunView
from tui.core.search import BoardMeans, BreakingPoint
from tui.reports.course import course
from tui.reports.csv_files import csv_files
from tui.reports.explain import explain
from tui.reports.export import CSV_ENDS, EVERY_CSV_END
from tui.reports.findings import recommendations
from tui.reports.html import html
from tui.reports.junit import junit
from tui.reports.markdown import markdown
from tui.reports.report import report, to_json
from tui.reports.summary import summary

NOTHING_HELD = found_with(
    last_good=None,
    confirmed=None,
    first_bad=step(0, 4.0, passed=False),
    steps=(step(0, 4.0, passed=False),),
    why_ended="p95 827 ms, limit 400 ms at 4 users",
)
AT_THE_CAP = found_with(first_bad=None, ended_by="cap", why_ended="60 users held")
BUSY = found_with(
    first_bad=None,
    confirmed=None,
    steps=STEPS[:3],
    ended_by="generator",
    why_ended="the generator is the limit: a worker above 90 % of a core in 9 of 10 s",
)
BEYOND = found_with(first_bad=None, knee=16.0, ended_by="saturation", why_ended="from 16 users on")
BEGUN = BreakingPoint(by="users", state="searching")
BY_RATE = found_with(by="rate", last_good=step(2, 12.5), knee=6.25)
EVERY = (FOUND, NOTHING_HELD, AT_THE_CAP, BUSY, BEYOND, BEGUN, BY_RATE)


def told(point: BreakingPoint = FOUND, **changes: Any) -> str:
    return summary(search_view(point, **changes))


def plainly(point: BreakingPoint = FOUND, **changes: Any) -> str:
    return " ".join(explain(search_view(point, **changes)).split())


def of(view: RunView) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(to_json(report(view)))
    validate(data)
    return data


def page(point: BreakingPoint) -> str:
    view = search_view(point)
    return html([(view, course(script.good_run(view.facts)))])


class TestTheData:
    @pytest.mark.parametrize("point", EVERY)
    def test_is_by_the_schema(self, point: BreakingPoint) -> None:
        search = of(search_view(point))["load"]["search"]
        assert (search["by"], search["state"]) == (point.by, point.state)
        assert len(search["steps"]) == len(point.steps)

    def test_has_every_key_that_the_schema_knows(self) -> None:
        search = report(search_view())["load"]["search"]
        assert set(search) == set(
            SCHEMA["properties"]["load"]["properties"]["search"]["properties"]
        )
        known = SCHEMA["$defs"]["search_step"]["properties"]
        assert set(search["last_good"]) == set(known)
        assert set(search["last_good"]["board"]) == set(known["board"]["properties"])

    def test_says_what_was_asked_and_what_was_found(self) -> None:
        search = of(search_view())["load"]["search"]
        assert (search["from"], search["to"], search["factor"]) == (4, 60, 1.6)
        assert search["last_good"]["level"] == 42
        assert search["first_bad"]["board"]["cpu_percent"] == 97.2
        assert search["confirmed"] is True

    def test_of_a_load_whose_level_is_given_has_no_search(self) -> None:
        assert of(script.view_of(script.good_run(script.facts())))["load"]["search"] is None


class TestTheTables:
    def files(self, view: RunView) -> dict[str, str]:
        return csv_files(view, course(script.good_run(view.facts)))

    def test_are_one_more_with_a_row_for_each_level(self) -> None:
        files = self.files(search_view())
        assert set(files) == {*CSV_ENDS, "_search.csv"} <= set(EVERY_CSV_END)
        rows = list(csv.DictReader(io.StringIO(files["_search.csv"])))
        assert [float(row["level"]) for row in rows] == [step.level for step in STEPS]
        assert (rows[4]["which"], rows[4]["cpu_percent"]) == ("p95_ms", "97.2")

    def test_are_no_more_without_a_search(self) -> None:
        assert set(self.files(script.view_of(script.good_run(script.facts())))) == set(CSV_ENDS)


class TestTheSummary:
    @pytest.mark.parametrize(
        "line",
        [
            "  Last good level: 42 users at 39.6 rps, p95 310 ms",
            "  First bad level: 44 users: p95 827 ms, limit 400 ms",
            "  Confirmed: 33 users, 80 % of what held, stayed within the limits for 1 min",
            "  Ended: a limit broke: p95 827 ms, limit 400 ms at 44 users",
            "  users   rps  p95 ms  err %             GPU %  CPU %  Tj °C  RAM MiB  flight",
            "     42  39.6     310      0  ✓ held        30     41     52    2 100       1",
            "     44  41.6     820      0  ✗ p95         30     97     61    3 121      23",
        ],
    )
    def test_has_a_line_for_all_that_was_found(self, line: str) -> None:
        assert line in told().splitlines()

    @pytest.mark.parametrize("point", EVERY)
    def test_fits_80_columns(self, point: BreakingPoint) -> None:
        block = told(point).partition("Breaking point:")[2].partition("Threshold")[0]
        assert max(map(len, block.splitlines())) <= 80

    def test_fits_80_columns_with_the_widest_figures(self) -> None:
        wide = step(
            0, 100_000.0, passed=False, p95_ms=120_000.0, rps=99_999.0, which="ungraceful_rate"
        )
        many = found_with(steps=(wide,) * 60)
        block = told(many).partition("Breaking point:")[2].partition("Threshold")[0]
        assert max(map(len, block.splitlines())) <= 80
        assert "and 20 before them" in block

    def test_leaves_out_what_the_board_did_not_tell(self) -> None:
        bare = tuple(msgspec.structs.replace(each, board=BoardMeans()) for each in STEPS)
        heads = told(found_with(steps=bare))
        assert "Tj °C" not in heads
        assert "RAM MiB" not in heads

    def test_says_whose_figures_the_limits_are_beside(self) -> None:
        assert "Threshold Checks (figures of 42 users, the highest level that held):" in told()
        lowest = "Threshold Checks (figures of 4 users, the lowest level tried):"
        assert lowest in told(NOTHING_HELD)

    def test_of_another_load_has_nothing_of_it(self) -> None:
        other = summary(script.view_of(script.good_run(script.facts())))
        assert "Breaking point" not in other
        assert "of all levels" not in other


FULL_ALL = BoardMeans(99.0, 96.0, 60.0, 7400.0, 97.0, None, None)


class TestTheLimitingResource:
    @pytest.mark.parametrize(
        ("board", "words"),
        [
            (FULL_CPU, "the limiting resource is the CPU"),
            (FULL_ALL, "the limiting resources are the GPU and the CPU and memory"),
            (CALM, "nothing on the board was at its limit: look at the service"),
            (BoardMeans(cpu_percent=50.0), "at its limit (the GPU can't be read here): look at"),
            (BoardMeans(ram_mb=7200.0, ram_percent=93.0), "the limiting resource is memory"),
            (BoardMeans(tj_c=50.0), "what limits is not known"),
            (BoardMeans(), "not read at 44 users: what limits is not known"),
        ],
    )
    def test_is_named_where_the_board_shows_it(self, board: BoardMeans, words: str) -> None:
        assert words in " ".join(told(broke_with(board)).split())

    def test_is_doubted_where_it_was_full_at_a_level_that_held(self) -> None:
        steps = (*STEPS[:5], step(5, 33.0, purpose="confirm", board=FULL_CPU))
        text = " ".join(told(found_with(steps=steps)).split())
        assert "though as full at 33 users, which held: see what else ran" in text

    def test_is_not_doubted_where_it_was_full_just_below(self) -> None:
        good = msgspec.structs.replace(STEPS[2], board=FULL_CPU)
        near = found_with(steps=(*STEPS[:2], good, *STEPS[3:]), last_good=good)
        assert "though as full" not in " ".join(told(near).split())

    def test_is_the_clocks_where_the_board_held_them_back_then(self) -> None:
        at_it = " ".join(told(broke_with(CALM), incidents=throttled(45.0, 47.0)).split())
        assert "the clock, which the board held back (oc3 over-current)" in at_it
        before = told(broke_with(CALM), incidents=throttled(5.0, 7.0))
        assert "the clock," not in before

    def test_is_asked_for_beyond_the_knee_and_not_where_nothing_broke(self) -> None:
        assert "The board there:" in told(BEYOND)
        assert "The board there:" not in told(AT_THE_CAP)


class TestPlainWords:
    def test_tell_how_it_climbed_and_what_came_of_it(self) -> None:
        text = plainly()
        assert (
            "It climbed from 4 users, each level 1.6 times the one before, to 60 at most." in text
        )
        assert "Held 42 users at 39.6 rps; at 44 users p95 827 ms, limit 400 ms, while" in text
        assert "CPU 97 %, 61 °C, RAM 3 121 MiB, 9.8 W: the limiting resource is the CPU." in text
        assert "Does it hold for longer? 33 users, 80 % of what held" in text
        assert "PASS: a level was found that keeps every threshold." in text

    @pytest.mark.parametrize(
        ("point", "words"),
        [
            (NOTHING_HELD, "No level held: p95 827 ms, limit 400 ms; the lowest tried was 4 users"),
            (AT_THE_CAP, "Why no higher? The highest level was reached: 60 users held."),
            (BUSY, "the load generator was the limit, not the target: a worker above 90 %"),
            (BEYOND, "From 16 users on, twice the load brought less than 5 % more answers"),
            (BY_RATE, "Held 12.5 operations/s"),
            (BEGUN, "It has judged no level yet."),
        ],
    )
    def test_say_how_it_ended(self, point: BreakingPoint, words: str) -> None:
        assert words.lower() in plainly(point).lower()


class TestTheAdvice:
    @pytest.mark.parametrize(
        ("point", "words"),
        [
            (FOUND, "run the service at 33 users or fewer"),
            (FOUND, "see what takes the cores"),
            (found_with(confirmed=False), "search again below 33 users"),
            (found_with(confirmed=None, steps=STEPS[:5]), "(`load.search.confirm`)"),
            (broke_with(CALM), "look at the service: how many requests it works on"),
            (AT_THE_CAP, "raise `load.search.to`"),
            (BUSY, "more workers (--workers)"),
        ],
    )
    def test_follows_from_what_was_found(self, point: BreakingPoint, words: str) -> None:
        assert any(words in advice for advice in recommendations(search_view(point)))

    def test_gives_no_operating_point_where_no_level_held(self) -> None:
        assert not any("or fewer" in each for each in recommendations(search_view(NOTHING_HELD)))


class TestTheOtherForms:
    def test_a_ticket_has_a_table_of_the_levels(self) -> None:
        text = markdown([search_view()])
        assert "### Breaking point\n\n- last good level: 42 users" in text
        assert "| between | 00:40 | 44 | 41.6 | 820 | 0 | broke p95 |" in text

    def test_a_pipeline_finds_the_levels_among_the_properties(self) -> None:
        suite = xml.fromstring(junit([search_view()]))[0]
        values = {each.get("name"): each.get("value") for each in suite.iter("property")}
        assert values["search_last_good_level"] == "42 users at 39.6 rps, p95 310 ms"
        assert values["search_first_bad_level"] == "44 users: p95 827 ms, limit 400 ms"
        assert all(case.find("failure") is None for case in suite.iter("testcase"))

    @pytest.mark.parametrize("point", EVERY)
    def test_a_page_has_a_part_of_its_own(self, point: BreakingPoint) -> None:
        assert "<h2>Breaking point</h2>" in page(point)

    def test_a_page_begins_with_the_two_levels_and_judges_no_whole(self) -> None:
        text = page(FOUND)
        head = text.partition('<div class="tiles">')[2].partition("What the board did")[0]
        assert head.index("last good level") < head.index("first bad level") < head.index("p95")
        assert "judged by level" in head
        assert "limit &lt; 400 ms" not in head

    @pytest.mark.parametrize("evil", EVIL)
    def test_nothing_that_ended_it_acts(self, evil: str) -> None:
        point = found_with(ended_by="stop", why_ended=evil)
        for text in (told(point), plainly(point), markdown([search_view(point)]), page(point)):
            assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u200b"} & set(text)
        assert "<img src" not in page(point)


def test_the_facts_say_what_a_level_was() -> None:
    text = markdown([search_view()])
    assert "from 4 users, each level 1.6 times the one before, to 60 at most" in text
    assert "2 s to settle, then judged for 5 s at a time" in text
    assert "at the end 80 % of what held, for 1 min" in text
    no_hold = search_facts(confirm="0s")
    view = msgspec.structs.replace(search_view(), facts=no_hold)
    assert "no hold at the end" in markdown([view])


def test_a_board_that_is_full_in_a_search_is_no_news() -> None:
    assert BAD.board.cpu_percent == 97.2
    view = search_view(
        incidents=(
            msgspec.structs.replace(
                throttled(40.0, 49.0)[0], key="cpu_percent", kind="alert", text="cpu above 85 %"
            ),
        )
    )
    assert not any("with none to spare" in each for each in recommendations(view))
