from __future__ import annotations

from tests.engine.bench import Bench
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.core.config import Target, parse_config

LOCAL = Target("local", "http://127.0.0.1:8000", process="unit:infer.service")


def zone(value: float) -> ev.Reading:
    return ev.Reading(value, "sysfs", limit=99.0, critical=104.5)


def test_a_board_close_to_switching_itself_off_ends_the_run_and_the_queue(bench: Bench) -> None:
    bench.start()
    bench.supervisor.start_run(bench.request("next"))
    eventually(lambda: bench.newest.queued)
    bench.run_s(3)
    bench.board.readings["tj_c"] = zone(102.0)
    view = bench.end()
    assert view.judgement is not None
    assert view.judgement.verdict == "ABORTED"
    assert view.judgement.reason == ("heat guard: tj 102.0 °C, the board switches off at 104.5 °C")
    assert bench.newest.queued == ()
    bench.board.readings["tj_c"] = zone(60.0)
    eventually(lambda: bench.newest.board["tj_c"].value == 60.0)
    bench.start(bench.request("later"))
    assert [facts.scenario.id for facts in bench.started()] == ["standard", "later"]


def test_no_run_starts_on_a_board_that_hot(bench: Bench) -> None:
    bench.board.readings["tj_c"] = zone(102.0)
    bench.await_gauge("tj_c")
    bench.supervisor.start_run(bench.request())
    assert bench.await_refusal() == "hot"


def test_a_run_is_of_the_power_mode_that_the_board_has_then(bench: Bench) -> None:
    bench.board.readings["power_mode"] = ev.Reading(0.0, "sysfs", text="15W")
    bench.await_gauge("power_mode")
    bench.start()
    assert bench.run.facts.device.power_mode == "15W"


def test_the_service_under_load_is_the_one_that_is_watched(bench: Bench) -> None:
    bench.start(bench.request(target=LOCAL))
    eventually(lambda: bench.board.watched == "unit:infer.service")


def test_the_demo_is_watched_by_its_port(bench: Bench) -> None:
    bench.start()
    eventually(lambda: bench.board.watched == "port:40001")


def test_an_incident_is_in_the_log_once_and_open_on_the_screen(bench: Bench) -> None:
    bench.start()
    bench.board.readings["tj_c"] = zone(91.0)
    eventually(lambda: [one.key for one in bench.newest.incidents] == ["heat"])
    eventually(lambda: [one.key for one in bench.run.incidents] == ["heat"])
    lines = [line.text for line in bench.newest.log if line.text.startswith("heat")]
    assert lines == ["heat: tj 91.0 °C, 8.0 below its limit"]


def test_closing_closes_the_board(bench: Bench) -> None:
    bench.await_gauge("cpu_percent")
    bench.supervisor.close()
    assert bench.board.is_closed


def test_an_alert_on_a_gauge_that_is_not_there_is_told_once(eager: None) -> None:
    bench = Bench(config=parse_config("config.toml", {"alerts": {"tjj_c": "> 80"}}))
    bench.supervisor.start()
    eventually(lambda: any("alerts.tjj_c" in line.text for line in bench.newest.log))
    bench.supervisor.close()
    assert sum("alerts." in line.text for line in bench.newest.log) == 1
