from __future__ import annotations

import pytest

from tui.core.alerts import DEFAULTS, AlertRule, parse_alerts
from tui.core.config import parse_config
from tui.core.problem import InputError
from tui.core.target_process import process_of

DEMO = {"targets": {"demo": {"url": "demo:"}}}


def rule(metric: str, text: str) -> AlertRule:
    rules, problems = parse_alerts("config.toml", {metric: text})
    assert not problems
    return next(one for one in rules if one.metric == metric)


def test_what_the_file_does_not_say_keeps_its_default() -> None:
    rules, problems = parse_alerts("config.toml", {"cpu_percent": "> 50"})
    assert not problems
    assert {one.metric for one in rules} == set(DEFAULTS)
    assert rule("cpu_percent", "> 50").limit == 50


def test_false_switches_an_alert_off() -> None:
    rules, _ = parse_alerts("config.toml", {"p50_ms": False})
    assert "p50_ms" not in {one.metric for one in rules}


def test_any_gauge_may_have_an_alert() -> None:
    found = rule("nvme_c", "> 70 for 1m")
    assert (found.limit, found.for_s) == (70, 60)
    assert found.text == "nvme above 70 °C"


@pytest.mark.parametrize(
    ("metric", "text", "said"),
    [
        ("cpu_percnt", "> 5", "cpu_percent"),
        ("cpu_percent", "85", '"85" is not an alert'),
        ("cpu_percent", "> 85 for ever", '"ever" is not a duration'),
        ("cpu_percent", True, "true is not an alert"),
        ("error_rate", "> 2", "> 0.02"),
    ],
)
def test_a_mistake_names_its_key_and_what_was_meant(
    metric: str, text: str | bool, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_config("config.toml", {**DEMO, "alerts": {metric: text}})
    assert f"config.toml:alerts.{metric}:" in str(caught.value)
    assert said in str(caught.value)


def test_an_alert_is_over_only_well_inside_its_limit() -> None:
    high = rule("cpu_percent", "> 80")
    assert high.is_beyond(80.1)
    assert not high.is_back(79)
    assert high.is_back(76)
    low = rule("uptime_percent", "< 99.5")
    assert low.is_beyond(99.4)
    assert not low.is_back(99.5)
    assert low.is_back(99.8)


@pytest.mark.parametrize(
    ("url", "process", "expected"),
    [
        ("http://127.0.0.1:8000", "", "port:8000"),
        ("http://localhost", "", "port:80"),
        ("https://[::1]", "", "port:443"),
        ("http://192.168.1.5:8000", "", ""),
        ("http://192.168.1.5:8000", "unit:infer.service", "unit:infer.service"),
    ],
)
def test_a_service_on_this_machine_is_found_by_its_port(
    url: str, process: str, expected: str
) -> None:
    table = {"url": url, "process": process}
    target = parse_config("config.toml", {"targets": {"one": table}}).target("one")
    assert process_of(target, target.url) == expected


def test_a_process_that_can_not_be_one_is_named() -> None:
    table = {"url": "http://127.0.0.1:1", "process": "unit:infer service; rm"}
    with pytest.raises(InputError, match=r"targets\.one\.process: .* names no process"):
        parse_config("config.toml", {"targets": {"one": table}})
