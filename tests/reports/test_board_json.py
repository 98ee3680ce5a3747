from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.reports import board
from tests.reports.reading import validate
from tui.core.gauge_figure import figure
from tui.core.gauges import GAUGES, unit_of
from tui.core.model import RunView
from tui.reports.board_words import LONGEST
from tui.reports.gauge_words import is_cumulative
from tui.reports.report import report, to_json


def report_of(view: RunView) -> Any:
    data = json.loads(to_json(report(view)))
    validate(data)
    return data


@pytest.fixture(scope="module")
def whole() -> Any:
    return report_of(script.view_of(board.throttled_run()))


def test_throttling_stands_with_its_reason_since_when_and_how_long(whole: Any) -> None:
    throttle = whole["telemetry"]["throttle"]
    assert (throttle["throttled"], throttle["seconds"]) == (True, 27.0)
    (reason,) = throttle["reasons"]
    assert (reason["key"], reason["text"]) == ("oc3", "oc3 over-current")
    # The load began a second into the run, at 15:06:41.
    assert reason["began_at"] == "2025-06-15T15:08:19.500000+00:00"
    assert reason["ended_at"] == "2025-06-15T15:08:46.500000+00:00"
    assert (reason["peak"], reason["unit"], reason["seconds"]) == (25.0, "/s", 27.0)


def test_each_rise_of_p95_stands_with_the_board_event_before_it(whole: Any) -> None:
    (rise,) = whole["telemetry"]["rises"]
    assert (rise["cause"], rise["by"], rise["lag_s"]) == ("oc3 over-current", "board", 1.5)
    assert rise["percent"] == pytest.approx((rise["peak_ms"] / rise["before_ms"] - 1) * 100)
    assert rise["unchanged"] == ["heat"]


def test_changes_lost_sources_and_whether_it_compares_are_told(whole: Any) -> None:
    (change,) = whole["telemetry"]["changes"]
    assert (change["key"], change["detail"]) == ("power_mode", "MAXN_SUPER to 15W")
    (lost,) = whole["telemetry"]["lost"]
    assert lost["source"] == "jtop"
    assert "systemctl start jtop" in lost["why"]
    assert lost["ended_at"] is None
    assert whole["comparable"]["comparable"] is False
    assert "MAXN_SUPER to 15W" in whole["comparable"]["reasons"][0]
    assert whole["device"]["jetpack"] == "6.2"


def test_a_gauge_has_its_unit_its_limit_and_a_counter_its_growth(whole: Any) -> None:
    metrics = whole["telemetry"]["metrics"]
    assert (metrics["tj_c"]["unit"], metrics["tj_c"]["limit"]) == ("°C", 99.0)
    assert metrics["oc3_events"]["growth"] == 650.0
    assert metrics["service_restarts"]["growth"] == 0.0
    assert "growth" not in metrics["gpu_mhz"]
    assert "limit" not in metrics["cpu_percent"]
    assert metrics["power_mode"]["text"] == "15W"


def test_a_run_on_a_board_that_tells_nothing_is_neither_throttled_nor_not() -> None:
    data = report_of(board.view_with())
    assert data["telemetry"]["throttle"] == {"throttled": None, "seconds": None, "reasons": []}
    assert data["comparable"] == {"comparable": True, "reasons": []}


def test_an_alert_that_goes_on_counts_to_the_end_and_has_no_end() -> None:
    view = board.view_with(msgspec.structs.replace(board.HEAT, began_s=4.0))
    (alert,) = report_of(view)["telemetry"]["alerts"]
    assert (alert["ended_at"], alert["seconds"]) == (None, 9.0)
    assert (alert["peak"], alert["limit"], alert["unit"]) == (91.4, 99.0, "°C")


def test_seconds_that_two_reasons_share_count_once() -> None:
    heat = msgspec.structs.replace(board.OC3, key="thermal", began_s=2.0, ended_s=6.0)
    view = board.view_with(
        msgspec.structs.replace(board.OC3, began_s=1.0, ended_s=4.0), heat, is_throttled=True
    )
    assert report_of(view)["telemetry"]["throttle"]["seconds"] == 5.0


def test_a_rise_without_a_cause_names_nobody() -> None:
    unexplained = msgspec.structs.replace(board.RISE, cause="", by="", detail="", lag_s=0.0)
    by_load = msgspec.structs.replace(board.RISE, cause="the load rose", by="load")
    rises = report_of(board.view_with(rises=(unexplained, by_load)))["telemetry"]["rises"]
    assert [(rise["by"], rise["cause"]) for rise in rises] == [
        (None, None),
        ("load", "the load rose"),
    ]
    assert rises[0]["lag_s"] is None


@pytest.mark.parametrize("by", ["fault", "stress"])
def test_what_the_run_did_on_purpose_is_not_laid_to_the_board(by: Any) -> None:
    rise = msgspec.structs.replace(board.RISE, cause="latency 400 ms (ours)", by=by)
    (told,) = report_of(board.view_with(rises=(rise,)))["telemetry"]["rises"]
    assert (told["by"], told["cause"]) == (by, "latency 400 ms (ours)")


def test_a_board_that_talks_too_much_is_cut_short() -> None:
    long = msgspec.structs.replace(board.OC3, text="x" * 9000, detail="y" * 9000)
    text = to_json(report_of(board.view_with(long, incomparable=("z" * 9000,))))
    assert max(map(len, text.split('"'))) <= LONGEST


def test_replayed_figures_are_called_so() -> None:
    assert report_of(script.view_of(board.throttled_run("replay")))["telemetry"]["replayed"] is True


def test_every_gauge_without_a_unit_that_counts_since_some_start_has_a_growth() -> None:
    names = {name.replace("{n}", "3"): meaning for name, meaning in GAUGES.items()}
    counting = {name for name, means in names.items() if "since" in means and not unit_of(name)}
    assert {name for name in names if is_cumulative(name)} == counting
    assert {"oc3_events", "net_errors", "service_restarts"} <= counting


@pytest.mark.parametrize(
    ("gauge", "value", "said"),
    [
        ("tj_c", 91.44, "91.4 °C"),
        ("oc3_per_s", 12.0, "12/s"),
        ("vdd_in_mw", 12340.4, "12 340 mW"),
        ("error_rate", 0.031, "3.1 %"),
        ("memory_psi_percent", 0.25, "0.25 %"),
        ("service_restarts", 2.0, "2"),
        ("tj_c", None, "–"),
    ],
)
def test_a_figure_has_its_unit_and_no_more_digits_than_it_can_mean(
    gauge: str, value: float | None, said: str
) -> None:
    assert figure(gauge, value) == said
