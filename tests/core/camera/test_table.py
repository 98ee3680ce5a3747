"""`[cameras.NAME]` of the configuration, and cameras named on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from tui.core.camera.camera import Camera
from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.config import Config, parse_config
from tui.core.limits import Limit
from tui.core.problem import InputError

RTSP = "rtsp://10.0.0.9/live"


def config(**cameras: dict[str, Any]) -> Config:
    return parse_config("config.toml", {"cameras": cameras})


def problems(**cameras: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as raised:
        config(**cameras)
    return [str(problem) for problem in raised.value.problems]


def limits_on(camera: Camera, metric: str) -> tuple[list[str], list[str]]:
    """Thresholds and goals."""

    def texts(limits: tuple[Limit, ...]) -> list[str]:
        return [limit.text for limit in limits if limit.metric == metric]

    return texts(camera.thresholds), texts(camera.goals)


def test_a_camera_is_what_its_table_says() -> None:
    (found,) = config(
        dock={
            "source": "v4l2:/dev/video0",
            "fps": 30,
            "size": "1280x720",
            "format": "MJPG",
            "timeout": "8s",
        }
    ).cameras
    assert (found.name, found.source.text) == ("dock", "v4l2:/dev/video0")
    assert (found.fps, found.width, found.height) == (30.0, 1280, 720)
    assert (found.pixel_format, found.timeout_s) == ("mjpeg", 8.0)


def test_a_stream_has_credentials_and_a_transport() -> None:
    table = {"source": RTSP, "credentials": "env:DOCK", "transport": "udp"}
    (found,) = config(dock=table).cameras
    assert (found.credentials, found.transport) == ("env:DOCK", "udp")


def test_a_slow_camera_is_waited_for_as_it_says() -> None:
    (found,) = config(dock={"source": RTSP, "fps": 0.1, "timeout": "20s"}).cameras
    assert (found.fps, found.timeout_s) == (0.1, 20.0)


def test_a_certificate_is_checked_unless_it_is_accepted() -> None:
    over_tls = {"source": "rtsps://h/live"}
    strict, lax = config(a=over_tls, b={**over_tls, "verify_tls": False}).cameras
    assert (strict.verify_tls, lax.verify_tls) == (True, False)


def test_without_any_there_is_the_pattern() -> None:
    (found,) = parse_config("config.toml", {}).cameras
    assert (found.name, found.source.kind, found.source.label) == ("pattern", "test", "simulated")
    assert found.thresholds


def test_they_stand_in_the_order_of_the_file() -> None:
    names = ("yard", "belt", "Dock_3", "a1")
    made = config(**{name: {"source": RTSP} for name in names})
    assert tuple(each.name for each in made.cameras) == names


@pytest.mark.parametrize("metric", CAMERA_METRICS)
def test_what_nobody_set_has_its_default(metric: str) -> None:
    (found,) = config(dock={"source": RTSP}).cameras
    thresholds, goals = limits_on(found, metric)
    known = CAMERA_METRICS[metric]
    assert [bool(thresholds), bool(goals)] == [bool(known.threshold), bool(known.goal)]


def test_own_limits_take_the_place_of_the_defaults_of_that_metric_alone() -> None:
    (found,) = config(
        dock={
            "source": RTSP,
            "thresholds": {"fps_ratio": ">= 0.8", "brightness": "< 200"},
            "goals": {"brightness": "80 to 160"},
        }
    ).cameras
    assert limits_on(found, "fps_ratio") == ([">= 0.8"], [])
    assert limits_on(found, "brightness") == (["< 200"], [">= 80", "<= 160"])
    assert limits_on(found, "first_frame_ms") == (["< 2000"], [])


def test_all_mistakes_are_told_at_once() -> None:
    dock: dict[str, Any] = {
        "source": "v4l2:/dev/video0",
        "credentials": "admin:hunter2",
        "transport": "udp",
        "fps": 0,
        "size": "12",
        "format": "!!",
        "timeout": "1h",
        "thresholds": {"nois": "< 3", "fps_ratio": ">= 95"},
        "goals": {"noise": "> 3"},
    }
    told = problems(**{"dock": dock, "two words": {"source": "csi:99"}})
    keys = [line.removeprefix("config.toml:cameras.").partition(": ")[0] for line in told]
    assert keys == [
        "dock.credentials", "dock.transport", "dock.fps", "dock.format", "dock.size",
        "dock.timeout", "dock.thresholds.nois", "dock.thresholds.fps_ratio", "dock.goals.noise",
        "two words",
    ]  # fmt: skip
    assert "hunter2" not in "".join(told)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({}, "dock.source: is missing"),
        ({"source": RTSP, "colour": 1}, "dock.colour: unknown key"),
        ({"source": RTSP, "fps": "25"}, "dock.fps: expected a number"),
        ({"source": RTSP, "transport": "sctp"}, 'dock.transport: unknown value "sctp"'),
        ({"source": RTSP, "size": "1280x720"}, "dock.size: a stream comes in its own size"),
        ({"source": RTSP, "format": "mjpeg"}, "dock.format: only a V4L2 device"),
        ({"source": RTSP, "credentials": "env:"}, 'dock.credentials: "env:" names nothing'),
        ({"source": "test:", "credentials": "env:X"}, "dock.credentials: test asks for none"),
        ({"source": "http://h/x", "transport": "udp"}, "dock.transport: only RTSP"),
        ({"source": RTSP, "fps": float("nan")}, "dock.fps: from 0.1 to 1 000"),
        ({"source": RTSP, "fps": 0.1}, "dock.timeout: at 0.1 fps it is too short"),
        ({"source": RTSP, "fps": 1, "timeout": "1900ms"}, "dock.timeout: at 1 fps"),
        ({"source": RTSP, "verify_tls": False}, "dock.verify_tls: only https and rtsps"),
        ({"source": "http://h/?pwd={password}"}, "dock.credentials: its URL has a place for them"),
        ({"source": RTSP, "timeout": "0.1s"}, "dock.timeout: from 500ms to 1m"),
        ({"source": "test:", "size": "9999x9999"}, "dock.size: "),
        ({"source": "rtsp://admin:pw@10.0.0.9/live"}, "dock.source: a password in a URL"),
    ],
)
def test_a_mistake_is_told_by_its_key(table: dict[str, Any], told: str) -> None:
    (line,) = problems(dock=table)
    assert line.startswith(f"config.toml:cameras.{told}")
    assert "pw" not in line


@pytest.mark.parametrize("name", ["a" * 33, "-dock", "dock 3", "dök", "a/b", "", "a.b"])
def test_a_name_that_is_none_is_told(name: str) -> None:
    assert "a camera's name has" in problems(**{name: {"source": RTSP}})[0]


def test_there_may_be_sixteen() -> None:
    many = {f"c{n}": {"source": RTSP} for n in range(17)}
    assert problems(**many) == ["config.toml:cameras: at most 16 cameras"]


class TestNamedOnTheCommandLine:
    SITE = config(dock={"source": RTSP, "timeout": "9s"}, yard={"source": "/dev/video0"})

    def test_it_is_the_one_of_that_name(self) -> None:
        assert self.SITE.camera("yard").source.text == "v4l2:/dev/video0"

    @pytest.mark.parametrize("source", [RTSP, "/dev/video0", "v4l2:/dev/video0"])
    def test_what_the_configuration_says_holds_however_it_is_called(self, source: str) -> None:
        assert self.SITE.camera(source).name in ("dock", "yard")

    @pytest.mark.parametrize("source", ["csi:1", "test:", "file:/srv/a.mkv", "/dev/video7"])
    def test_a_source_makes_a_camera_with_the_usual_limits(self, source: str) -> None:
        found = self.SITE.camera(source)
        assert found.name == found.source.text
        assert found.thresholds == config(x={"source": "test:"}).cameras[0].thresholds

    @pytest.mark.parametrize(
        ("word", "told"),
        [
            ("dokc", '"dokc" (did you mean "dock"?); known: dock, yard, or a source'),
            ("csi:77", '"csi:0" to "csi:15"'),
            ("/dev/null", "is no video device"),
            ("htp://h/x", 'unknown kind of source "htp" (did you mean "http"?)'),
        ],
    )
    def test_what_is_neither_is_told_with_what_was_meant(self, word: str, told: str) -> None:
        with pytest.raises(InputError) as raised:
            self.SITE.camera(word)
        assert told in str(raised.value)

    def test_a_source_with_places_for_credentials_needs_its_table(self) -> None:
        with pytest.raises(InputError, match=r"config\.toml"):
            self.SITE.camera("http://h/x?pwd={password}")

    def test_a_password_is_refused_and_not_repeated(self) -> None:
        with pytest.raises(InputError) as raised:
            self.SITE.camera("rtsp://admin:hunter2@10.0.0.9/live")
        assert "hunter2" not in str(raised.value)
