from __future__ import annotations

from typing import Any

import pytest

from tui.core.config import Config, is_config, parse_config
from tui.core.e2e.detection import DetectionShape
from tui.core.problem import InputError


def config_of(**tables: Any) -> Config:
    return parse_config("config.toml", tables)


def with_url(url: str, **more: Any) -> Config:
    return config_of(targets={"t": {"url": url, **more}})


def said(**tables: Any) -> str:
    with pytest.raises(InputError) as caught:
        config_of(**tables)
    return str(caught.value)


def test_an_empty_file_gives_the_embedded_demo() -> None:
    config = config_of()
    assert [(target.name, target.is_demo) for target in config.targets] == [("demo", True)]
    assert (config.workers, config.bind, config.port) == (1, "127.0.0.1", 0)


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ({"target": {}}, 'config.toml:target: unknown key (did you mean "targets"?)'),
        (
            {"targets": {"t": {"url": "demo:", "tokn": "env:X"}}},
            'config.toml:targets.t.tokn: unknown key (did you mean "token"?)',
        ),
        ({"targets": {"t": {}}}, "config.toml:targets.t.url: is missing"),
        (
            {"targets": {"a": {"url": "demo:"}, "b": {"url": 5}}},
            "config.toml:targets.b.url: expected text in quotes, got a whole number",
        ),
        ({"mix": {"predict": -1}}, "config.toml:mix.predict: a share can't be negative"),
        ({"mix": {"predict": "x"}}, "config.toml:mix.predict: expected a whole number"),
        ({"load": {"workers": 0}}, "config.toml:load.workers: at least 1"),
        ({"load": {"workers": 65}}, "config.toml:load.workers: at most 64"),
        ({"load": {"port": 70000}}, "config.toml:load.port: a port is 0"),
        ({"mix": {"health": 10**400}}, "config.toml:mix.health: a share is at most 10000"),
        ({"workers": 2}, 'config.toml:workers: unknown key (did you mean "load.workers"?)'),
        (
            {"targets": {"t": {"url": "http://board:0"}}},
            "config.toml:targets.t.url: a service's port is 1 to 65535",
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_key(tables: dict[str, Any], line: str) -> None:
    assert said(**tables).startswith(line)
    assert "\n" not in said(**tables)


def test_a_mix_of_nothing_is_refused() -> None:
    nothing = dict.fromkeys(["health", "predict", "predict_with_image", "predict_large"], 0)
    assert "at least one share must be above 0" in said(mix=nothing)


def test_several_targets_are_all_looked_at() -> None:
    tables = {"a": {"url": "ftp://x"}, "b": {"url": "http://"}}
    assert len(said(targets=tables).splitlines()) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://admin:hunter2@board:8000",
        "http://admin:hunter2@board:notaport",
        "http://admin:hunter2@board:99999",
        "http://admin:hun/ter2@board",
        "ftp://admin:hunter2@board",
        "http://hunter2@board",
        "http://admin:hunter2@[::1",
    ],
)
def test_a_password_in_a_url_is_refused_and_never_repeated(url: str) -> None:
    for text in (said(targets={"t": {"url": url}}), _as_argument(url)):
        assert "hunter2" not in text
        assert "hun/" not in text
        assert "'hun'" not in text
        assert "ter2" not in text


def _as_argument(word: str) -> str:
    with pytest.raises(InputError) as caught:
        config_of().target(word)
    return str(caught.value)


def test_a_password_in_what_is_not_even_a_url_is_not_repeated() -> None:
    assert "hunter2" not in _as_argument("admin:hunter2@board")


def test_a_secret_in_the_file_is_refused_and_not_repeated() -> None:
    text = said(targets={"t": {"url": "http://board", "token": "hunter2"}})
    assert text.startswith("config.toml:targets.t.token: a secret does not belong here")
    assert "hunter2" not in text


@pytest.mark.parametrize("token", ["env:JETPROOF_TOKEN", "file:/run/secrets/token", ""])
def test_where_a_secret_is_may_be_said(token: str) -> None:
    assert with_url("http://board", token=token).targets[-1].token == token


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000",
        "http://localhost",
        "http://10.1.2.3",
        "http://192.168.1.20:9000",
        "http://[::1]:80",
        "http://[fe80::1]",
        "http://LOCALHOST.",
        "http://demo.localhost",
        "http://orin.local",
        "https://172.16.0.9",
        "http://[fd12::1]",
        "http://[::ffff:192.168.1.20]",
        # As a resolver reads addresses, without being asked.
        "http://0.0.0.0:8000",
        "http://0",
        "http://127.1",
        "http://2130706433",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://192.168.276",
    ],
)
def test_a_near_host_is_not_protected(url: str) -> None:
    assert with_url(url).targets[-1].protected is False


@pytest.mark.parametrize(
    "url",
    [
        "https://cameras.example.com",
        "http://8.8.8.8",
        "http://[2606:4700::1111]",
        "http://a.b.c",
        # 8.8.8.8, as a resolver reads addresses.
        "http://134744072",
        "http://0x08080808",
        "http://0X8080808:80",
        "http://010.8.8.8",
        "http://8.526344",
        "http://8.8.2056",
        "http://8.8.0x808",
        "http://[::ffff:8.8.8.8]",
        # 11.0.0.1, though its digits begin like a private network's.
        "http://013.0.0.1",
        # Addresses for nobody's own network.
        "http://[2001:0:4136:e378::1]",
        "http://203.0.113.9",
        "http://100.64.0.1",
        # No addresses, so names: anybody's, whatever they look like.
        "http://orin",
        "http://127.0.0.256",
        "http://127.0.0.1.5",
        "http://0127.0.0.08",
        "http://4294967296",
        "http://127.0.0.1.",
        "http://0x",
        "http://127..1",
        "http://localhost.example.com",
        "http://nolocalhost",
        "http://" + "9" * 5000,
    ],
)
def test_a_public_host_is_protected_whatever_the_file_says(url: str) -> None:
    assert with_url(url).targets[-1].protected is True
    assert with_url(url, protected=False).targets[-1].protected is True


def test_a_near_host_is_protected_when_the_file_says_so() -> None:
    assert with_url("http://127.0.0.1", protected=True).targets[-1].protected is True


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://board:8000/", "http://board:8000"),
        ("https://board/api/", "https://board/api"),
        ("http://[::1]:80", "http://[::1]:80"),
        ("HTTP://Board", "http://board"),
    ],
)
def test_a_url_is_kept_without_what_does_not_count(url: str, kept: str) -> None:
    assert with_url(url).targets[-1].url == kept


@pytest.mark.parametrize("url", ["http://board?x=1", "http://board/#top", "board:8000", "x", ""])
def test_what_is_no_base_url_is_refused(url: str) -> None:
    assert said(targets={"t": {"url": url}}).startswith("config.toml:targets.t.url: ")


def test_a_target_is_found_by_name_or_made_of_a_url() -> None:
    config = with_url("http://board")
    assert config.target("t").url == "http://board"
    assert config.target("demo:").is_demo
    made = config.target("https://example.com/api")
    assert (made.name, made.protected) == ("example.com", True)


def test_an_unknown_target_says_what_is_known() -> None:
    with pytest.raises(InputError, match=r'unknown target "dem" \(did you mean "demo"\?\); known'):
        config_of().target("dem")


@pytest.mark.parametrize(
    "word", ["127.0.0.1:8123", "board:80/api", "localhost:8000", "192.168.1.40", "[::1]:80"]
)
def test_an_address_without_its_scheme_says_what_was_meant(word: str) -> None:
    with pytest.raises(InputError) as caught:
        config_of().target(word)
    assert f'(did you mean "http://{word}"?)' in str(caught.value)


@pytest.mark.parametrize(
    ("data", "known"),
    [
        ({"targets": {}}, True),
        ({"mix": {"predict": 1}}, True),
        ({"load": {"workers": 2}}, True),
        ({"stress": {"scratch": "/data"}}, True),
        ({"stress": {"scratch": "/data", "duration": "2m"}}, False),
        ({"load": {"users": 2}}, False),
        ({"load": {}}, False),
        ({"kind": "load", "targets": {}}, False),
        ({}, False),
    ],
)
def test_a_configuration_is_known_by_its_tables(data: dict[str, Any], known: bool) -> None:
    assert is_config(data) is known


def test_the_url_of_a_known_target_is_that_target() -> None:
    table = {"url": "http://127.0.0.1:8000/", "protected": True, "max_users": 20}
    config = parse_config("config.toml", {"targets": {"line-3": table}})
    assert config.target("http://127.0.0.1:8000") == config.target("line-3")
    assert config.target("http://127.0.0.1:8001").max_users is None


def test_a_limit_for_all_targets_raises_none() -> None:
    tables = {
        "small": {"url": "http://127.0.0.1:1", "max_users": 20},
        "free": {"url": "http://127.0.0.1:2"},
    }
    config = parse_config("config.toml", {"targets": tables}).with_max_users(500)
    assert config.target("small").max_users == 20
    assert config.target("free").max_users == 500
    assert config.target("http://127.0.0.1:3").max_users == 500


SERVES = {
    "values": {"line": "dock 3", "most": 4},
    "secrets": {"viewer": "env:VIEWER", "root-1": "file:/run/secrets/root"},
    "openapi": "/v2/openapi.json",
    "restart": ["systemctl", "restart", "infer.service"],
    "detection": {"category": "/label", "corners": "xywh", "categories": {"box": "17"}},
}


@pytest.mark.parametrize("url", ["demo:", "http://board:8000"])
def test_what_workflows_have_of_a_target_is_read(url: str) -> None:
    target = with_url(url, **SERVES).target("t")
    assert target.values == (("line", "dock 3"), ("most", "4"))
    assert target.secrets == (("viewer", "env:VIEWER"), ("root-1", "file:/run/secrets/root"))
    assert target.openapi == "/v2/openapi.json"
    assert target.restart == ("systemctl", "restart", "infer.service")
    assert target.detection == DetectionShape(
        category="/label", corners="xywh", categories={"box": "17"}
    )


def test_without_them_a_target_has_none() -> None:
    target = with_url("http://board:8000").target("t")
    assert (target.values, target.secrets, target.openapi, target.restart) == ((), (), "", ())
    assert target.detection == DetectionShape()


@pytest.mark.parametrize("url", ["demo:", "http://board:8000"])
@pytest.mark.parametrize(
    ("keys", "what"),
    [
        (
            {"restart": "systemctl restart 'my unit'"},
            "restart: is run without a shell: a list of arguments "
            '(meant restart = ["systemctl", "restart", "my unit"]?)',
        ),
        ({"openapi": "v2/openapi.json"}, "openapi: "),
        ({"restart": "it's"}, "restart: is run without a shell: a list of arguments"),
        ({"restart": ["", "x"]}, "restart.1: the program that is run"),
        ({"restart": [3]}, "restart.1: expected text in quotes, got a whole number"),
        ({"restart": ["x", "a\0b"]}, "restart: has a character that no argument can have"),
        ({"secrets": {"a b": "env:X"}}, "secrets.a b: a name in braces has letters, digits"),
        ({"values": {"a.b": 1}}, "values.a.b: a name in braces has letters, digits"),
        ({"values": {"a": "{round.id}"}}, "values.a: a value is what words stand for, and has"),
        ({"values": {"a": [1]}}, "values.a: expected "),
        ({"detection": {"box": "bbox"}}, 'detection.box: "bbox" is no JSON pointer (meant "/bbox"'),
        ({"detection": {"box": ""}}, "detection.box: an object's own, as a JSON pointer"),
        ({"detection": {"corners": "xy"}}, 'detection.corners: unknown value "xy" (known: xyxy'),
        ({"detection": {"class": "/a"}}, "detection.class: unknown key"),
        ({"detection": {"categories": {"box": ""}}}, "detection.categories.box: what it calls a"),
    ],
)
def test_a_mistake_of_what_workflows_have_of_a_target_is_one_line(
    url: str, keys: dict[str, Any], what: str
) -> None:
    (line,) = said(targets={"t": {"url": url, **keys}}).splitlines()
    assert line.startswith(f"config.toml:targets.t.{what}")


@pytest.mark.parametrize("url", ["demo:", "http://board:8000"])
def test_a_secret_among_the_secrets_is_refused_and_not_repeated(url: str) -> None:
    text = said(targets={"t": {"url": url, "secrets": {"viewer": "hunter2"}}})
    assert text.startswith("config.toml:targets.t.secrets.viewer: a secret does not belong here")
    assert "hunter2" not in text
