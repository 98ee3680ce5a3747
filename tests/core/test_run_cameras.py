"""A run that watches cameras, folded from its events."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.lib.fake_cameras import QUALITY
from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.measures import Opened, StreamSecond
from tui.core.camera.source import Source, parse_source
from tui.core.camera.table import CameraTable, read_cameras
from tui.core.histogram import bucket_of
from tui.core.mistakes import Mistakes
from tui.core.model import RunView
from tui.core.problem import InputError
from tui.core.run_fold import RunFold
from tui.core.scenario import Scenario, parse_scenario

LIMITS = {"first_frame_ms": "< 2000", "fps_ratio": ">= 0.95", "longest_gap": "< 3"}
FPS = 25.0
REFUSED = CameraFault("refused")


def bench(limits: Any = LIMITS, goals: Any = None, **plan: Any) -> Scenario:
    data = {
        "kind": "benchmark",
        "title": "Cameras",
        "cameras": {"settle": "0s", **plan},
        "thresholds": limits,
        "goals": goals or {},
    }
    return parse_scenario(PurePath("bench-x.toml"), data, {})


def camera(name: str, source: str = "rtsp://10.0.0.9/live", **keys: Any) -> Camera:
    """One of the configuration, with its usual limits."""
    mistakes = Mistakes("config.toml")
    (found,) = read_cameras(mistakes, {name: CameraTable(source, **keys)})
    mistakes.end()
    return found


def facts(*cameras: Camera, scenario: Scenario | None = None) -> ev.RunFacts:
    made = script.facts(scenario=scenario or bench())
    return msgspec.structs.replace(made, cameras=cameras)


def opened(name: str, at_s: float = 0.5, **keys: Any) -> ev.CameraOpened:
    usual = {"codec": "h264", "width": 1280, "height": 720, "opened_ms": 200.0}
    usual |= {"first_frame_ms": 400.0, "nominal_fps": FPS, "has_timestamps": True}
    return ev.CameraOpened(at_s=at_s, camera=name, opened=Opened(**{**usual, **keys}))


def second(name: str, until_s: float, frames: int = 25, **keys: Any) -> ev.CameraTold:
    """A second that ends `until_s` after the camera was tried; missing pictures are told."""
    told = {
        "frames": frames,
        "first_s": until_s - 1.0 if frames else None,
        "last_s": until_s - 1 / FPS if frames else None,
        "intervals": {bucket_of(40.0): frames},
        "dropped": 25 - frames,
        "longest_gap": min(25 - frames, 1),
        "drop_sign": "timestamps",
        "quality": QUALITY,
        "silent_s": 0.04,
        **keys,
    }
    return ev.CameraTold(at_s=until_s, camera=name, second=StreamSecond(until_s, **told))


def watched(made: ev.RunFacts, *between: ev.Event, seconds: int = 10) -> list[ev.Event]:
    """A run in which every camera delivers, but for what is put `between`."""
    names = [each.name for each in made.cameras]
    events: list[ev.Event] = [ev.RunStarted(facts=made)]
    told = {event.camera for event in between if isinstance(event, ev.CameraEvent)}
    for name in names:
        events.append(ev.CameraTried(at_s=0.0, camera=name))
        if name not in told:
            events += [opened(name), *(second(name, n + 1.0) for n in range(seconds))]
    events += [*between, ev.WorkBegan(at_s=1.0), ev.PhaseEntered(at_s=1.0, phase="measuring")]
    events.append(ev.RunEnded(at_s=seconds + 1.0, reason="completed"))
    return events


def played(events: list[ev.Event]) -> RunView:
    started = events[0]
    assert isinstance(started, ev.RunStarted)
    fold = RunFold(started.facts)
    for event in events:
        fold.apply(event)
    return fold.view(events[-1].at_s)


def verdict(view: RunView) -> tuple[str, str]:
    assert view.judgement is not None
    return view.judgement.verdict, view.judgement.reason


class TestTheVerdict:
    def test_is_a_pass_where_all_deliver(self) -> None:
        view = played(watched(facts(camera("gate"), camera("yard"))))
        assert verdict(view) == ("PASS", "2 cameras watched for 10 s, within all limits")
        assert [state.passed for state in view.thresholds] == [True, True, True]

    def test_names_the_camera_that_has_no_picture_and_the_next_thing_to_try(self) -> None:
        failed = ev.CameraFailed(camera="yard", fault=REFUSED, retry_s=1.0)
        view = played(watched(facts(camera("gate"), camera("yard")), failed))
        word, reason = verdict(view)
        assert word == "FAIL"
        assert reason.startswith("yard: 10.0.0.9 is there, and nothing listens on that port")
        assert view.judgement is not None
        assert "see whether the stream is switched on" in view.judgement.advice

    def test_tells_of_a_camera_that_stopped_even_if_it_came_back(self) -> None:
        made = facts(camera("gate"))
        events = [
            opened("gate"),
            *(second("gate", n + 1.0) for n in range(3)),
            ev.CameraFailed(at_s=4.0, camera="gate", fault=REFUSED, retry_s=1.0),
            ev.CameraTried(at_s=5.0, camera="gate"),
            opened("gate", at_s=9.0),
            *(second("gate", n + 1.0) for n in range(3)),
        ]
        view = played(watched(made, *events))
        assert verdict(view)[0] == "FAIL"
        assert verdict(view)[1].startswith("gate: it stopped delivering 1 time, back after 5")

    def test_is_the_worst_cameras(self) -> None:
        made = facts(camera("gate"), camera("yard"))
        slow = [opened("yard"), *(second("yard", n + 1.0, frames=20) for n in range(10))]
        view = played(watched(made, *slow))
        state = view.thresholds[1]
        assert (state.limit.metric, state.passed) == ("fps_ratio", False)
        assert state.observed == pytest.approx(0.8, rel=0.05)
        assert verdict(view)[1].startswith("yard: rate of nominal 79.9 %, limit >= 95 %")

    def test_follows_a_limit_of_the_run_that_no_camera_has_of_its_own(self) -> None:
        made = facts(camera("gate"), scenario=bench({"interval_ratio": "< 0.5"}))
        view = played(watched(made))
        assert verdict(view) == ("FAIL", "gate: p95 interval 1.00 periods, limit < 0.5")

    def test_follows_a_limit_that_the_configuration_gave_one_camera(self) -> None:
        strict = camera("yard", thresholds={"first_frame_ms": "< 300"})
        view = played(watched(facts(camera("gate"), strict)))
        assert verdict(view) == ("FAIL", "yard: first frame 400 ms, limit < 300 ms")

    def test_is_invalid_where_one_camera_has_no_rate_to_be_judged_by(self) -> None:
        blind = [
            opened("yard", nominal_fps=None),
            *(second("yard", n + 1.0) for n in range(10)),
        ]
        view = played(watched(facts(camera("gate"), camera("yard")), *blind))
        assert verdict(view) == (
            "INVALID",
            "rate of nominal could not be judged: yard tells no rate of its own",
        )
        assert view.judgement is not None
        assert "fps" in view.judgement.advice

    def test_is_invalid_after_too_few_pictures(self) -> None:
        view = played(watched(facts(camera("gate")), seconds=1))
        assert verdict(view)[0] == "INVALID"
        assert "25 pictures of gate" in verdict(view)[1]

    def test_of_a_way_back_needs_no_outage(self) -> None:
        made = facts(camera("gate"), scenario=bench({"recovery_s": "< 60"}))
        assert verdict(played(watched(made)))[0] == "PASS"


class TestWhatAReaderMustKnow:
    def test_is_that_the_pattern_is_no_camera(self) -> None:
        view = played(watched(facts(camera("pattern", "test:"))))
        assert verdict(view)[0] == "PASS"
        assert view.warnings[0].startswith("pattern is a made picture (simulated)")

    def test_is_that_a_recording_is_none_either(self) -> None:
        view = played(watched(facts(camera("walk", "file:/x.mkv"))))
        assert view.warnings[0].startswith("walk is a recording (replay)")

    def test_is_that_a_camera_needed_a_second_attempt(self) -> None:
        late = [
            ev.CameraFailed(at_s=0.1, camera="gate", fault=CameraFault("busy"), retry_s=1.0),
            opened("gate"),
            *(second("gate", n + 1.0) for n in range(5)),
        ]
        view = played(watched(facts(camera("gate", "v4l2:/dev/video0")), *late))
        assert verdict(view)[0] == "PASS"
        assert view.warnings[0] == "gate did not open at the first attempt: /dev/video0 is in use"

    def test_is_nothing_of_the_embedded_demo(self) -> None:
        view = played(watched(facts(camera("gate"))))
        assert not view.facts.is_demo
        assert not view.warnings


class TestTheHeadline:
    def test_counts_those_that_are_open(self) -> None:
        made = facts(camera("gate"), camera("yard"))
        fold = RunFold(made)
        for event in (ev.RunStarted(facts=made), ev.CameraTried(camera="gate"), opened("gate")):
            fold.apply(event)
        headline = fold.view(1.0).headline
        assert f"{headline.strong}{headline.rest}" == "opening 2 cameras: 1 of 2 open"

    def test_names_the_one_that_fails(self) -> None:
        events = watched(facts(camera("gate"), camera("yard")))[:-1]
        view = played([*events, ev.CameraFailed(at_s=9.0, camera="yard", fault=REFUSED)])
        assert (view.headline.level, view.headline.strong) == ("fail", "yard")
        assert view.headline.rest.endswith(", 1 of 2 deliver")

    def test_tells_the_rates_while_all_is_well(self) -> None:
        view = played(watched(facts(camera("gate"), camera("yard")))[:-1])
        headline = view.headline
        assert headline.level == "ok"
        assert (headline.strong, headline.rest) == ("2 cameras deliver", ", 25.0, 25.0 pictures/s")


def test_a_stored_run_looks_the_same_without_its_pictures() -> None:
    from tui.core.camera.view import Picture

    events = watched(facts(camera("gate")))
    pictured = ev.CameraPictured(at_s=3.0, camera="gate", picture=Picture(1, 1, b"abc"))
    live = [*events[:5], pictured, *events[5:]]
    assert played(live) == played([event for event in live if event.is_kept])
    assert played(live).cameras[0].picture is None


def test_a_run_of_a_day_grows_no_larger() -> None:
    def size(seconds: int) -> int:
        events = watched(facts(camera("gate")), seconds=seconds)
        return len(msgspec.msgpack.encode(played(events)))

    assert size(6000) < 1.2 * size(60)


class TestTheScenario:
    def test_needs_no_service(self) -> None:
        scenario = bench(duration="10m", settle="5s", names=["gate"])
        assert not scenario.asks_service
        assert scenario.duration_s == 605.0
        assert scenario.plan == "1 camera for 10 min"

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"cameras": {"duration": "1s"}}, "bench-x.toml:cameras.duration: from 2s to 1d"),
            ({"cameras": {"names": ["a", "a"]}}, "bench-x.toml:cameras.names: a camera stands"),
            ({}, "bench-x.toml:cameras: is missing"),
            ({"cameras": {}, "load": {}}, "bench-x.toml:load: is no part of a benchmark"),
            (
                {"cameras": {}, "thresholds": {"p95_ms": "< 5"}},
                "bench-x.toml:thresholds.p95_ms: unknown metric",
            ),
            (
                {"cameras": {}, "thresholds": {"noise": {"limit": "< 5", "abort": True}}},
                "bench-x.toml:thresholds.noise.abort: cameras are judged when the run is over",
            ),
            (
                {"kind": "load", "load": {"users": 1, "duration": "9s"}, "cameras": {}},
                "bench-x.toml:kind: a name that begins so is for another kind",
            ),
        ],
    )
    def test_says_what_is_wrong_with_its_file(self, data: dict[str, Any], said: str) -> None:
        whole = {"kind": "benchmark", "title": "x", **data}
        with pytest.raises(InputError) as caught:
            parse_scenario(PurePath("bench-x.toml"), whole, {})
        assert said in str(caught.value)


def test_a_camera_whose_source_is_no_camera_is_told_apart() -> None:
    assert [parse_source(text).label for text in ("test:", "file:/x", "csi:0")] == [
        "simulated",
        "replay",
        "",
    ]
    assert Source("rtsp", "rtsp://h/x").is_real
