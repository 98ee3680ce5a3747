from __future__ import annotations

import re

import msgspec

from tests.core import script
from tests.reports.runs import (
    evil_facts,
    evil_run,
    not_started,
    refused,
    staged_view,
    with_unreached_stage,
)
from tui.reports.markdown import markdown
from tui.reports.ticket import code, prose


def rows_of(text: str) -> list[list[str]]:
    """The cells of all table rows, as a reader of GitHub's tables cuts them apart."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]


def test_the_verdict_and_its_reason_come_first() -> None:
    text = markdown([script.view_of(script.failing_run(script.facts()))])
    assert text.startswith("## ❌ FAIL: `standard`\n\n**errors 11 %, limit 1.0 %, and 1 more**")
    assert "| ❌ | p95 | 2 500 ms | \\< 2 000 ms | over by 25 % | threshold |" in text


def test_the_demo_is_called_simulated_and_a_real_target_is_not() -> None:
    demo = script.view_of(script.good_run(script.facts()))
    real = script.view_of(script.good_run(script.facts(target=script.LOCAL)))
    assert "**SIMULATED**" in markdown([demo])
    assert "SIMULATED" not in markdown([real])


def test_each_stage_that_came_to_a_figure_has_its_row() -> None:
    text = markdown([with_unreached_stage()])
    heads = "| users | from | rps | p95 ms | failed | within limits |"
    table = text[text.index(heads) : text.index("### Endpoints")].split("\n")
    assert table[2:5] == [
        "| 10 | 00:00 | 46.0 | 100 | 0 | yes |",
        "| 20 | 00:02 | 46.0 | 100 | 0 | yes |",
        "| 30 | 00:04 | 46.0 | 100 | 0 | no |",
    ]
    assert table[5] == ""
    assert "### Stages" not in markdown([script.view_of(script.good_run(script.facts()))])


def test_of_a_thousand_stages_the_rest_is_a_number() -> None:
    view = staged_view()
    many = msgspec.structs.replace(view, stages=view.stages * 10)
    assert "\n\nand 10 more\n\n### Endpoints" in markdown([many])


def test_several_runs_stand_under_the_worst_verdict() -> None:
    good = script.view_of(script.good_run(script.facts()))
    bad = script.view_of(script.failing_run(script.facts("r2")))
    text = markdown([good, bad])
    assert text.startswith("# ❌ FAIL: 1 of 2 runs passed")
    assert text.count("\n## ") == 2


def test_a_run_that_did_not_happen_stands_in_the_table_and_in_the_verdict() -> None:
    good = script.view_of(script.good_run(script.facts(target=script.LOCAL)))
    text = markdown([good, refused(), not_started()])
    assert text.startswith("# ⚠️ INCOMPLETE: 1 of 3 runs passed, 2 did not happen\n")
    assert "| `rush` | ⚠️ REFUSED | connection refused |" in text
    assert "| `peak` | ⚠️ NOT STARTED | ladder ended at rung 2: REFUSED |" in text
    assert markdown([refused()]).startswith("# ⚠️ INCOMPLETE: 0 of 1 run passed, 1 did")


def test_every_row_of_a_table_has_its_cells_whatever_a_target_sends() -> None:
    text = markdown([script.view_of(evil_run(evil_facts()))])
    width = 0
    for before, line in zip(["", *text.splitlines()], text.splitlines(), strict=False):
        if not line.startswith("|"):
            continue
        cells = len(re.split(r"(?<!\\)\|", line))
        width = cells if not before.startswith("|") else width
        assert cells == width, line
    assert rows_of(text)


def test_nothing_that_a_target_sends_is_drawn_linked_or_mentioned() -> None:
    assert code("a|b`c``d") == "``` a\\|b`c``d ```"
    assert code("plain") == "`plain`"
    assert prose("<b>*x*") == "\\<b\\>\\*x\\*"
    assert "@admin" not in prose("ask @admin")
    assert "http://" not in prose("see http://evil.example")
