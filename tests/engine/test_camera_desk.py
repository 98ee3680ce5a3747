"""Cameras that the screen looks at, and that a run shares with it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator

import pytest

from tests.engine.bench import DEMO
from tests.engine.camera_bench import CameraBench
from tests.lib.eventually import eventually
from tests.lib.fake_cameras import JPEG, QUALITY
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.reference import Reference
from tui.core.problem import InputError
from tui.ports import NoStill, PictureAsk, Prediction, Still

ASK = PictureAsk(40, 20, 2.0)


@pytest.fixture
def bench(eager: None) -> Iterator[CameraBench]:
    made = CameraBench()
    made.supervisor.start()
    yield made
    made.supervisor.close()


def test_nobody_looks_at_a_camera_until_somebody_asks(bench: CameraBench) -> None:
    bench.await_turn()
    assert [view.state for view in bench.newest.cameras] == ["closed", "closed"]
    assert not bench.cameras.watches


def test_the_screen_sees_what_it_looks_at(bench: CameraBench) -> None:
    bench.supervisor.look_at(["yard"])
    bench.await_state("yard", "live")
    bench.pass_s(3)
    assert bench.view("yard").fps_now == pytest.approx(30.0, rel=0.01)
    assert bench.view("gate").state == "closed"
    assert not bench.store.kept, "what happens outside a run is in no run's store"


def test_what_it_no_longer_looks_at_is_closed_on_no_engine_thread(bench: CameraBench) -> None:
    bench.cameras.closing_s = 0.2
    bench.supervisor.look_at(["yard", "gate"])
    bench.await_open("yard", "gate")
    bench.supervisor.look_at(["gate"])
    bench.await_state("yard", "closed")
    bench.await_open("gate")
    closed = next(each for each in bench.cameras.watches if each.is_closed)
    assert closed.camera.name == "yard"
    assert closed.closed_by != "supervisor"


def test_one_that_is_asked_for_again_waits_for_its_own_end(bench: CameraBench) -> None:
    bench.cameras.closing_s = 0.2
    bench.supervisor.look_at(["yard"])
    bench.await_open("yard")
    bench.supervisor.look_at([])
    bench.supervisor.look_at(["yard"])
    eventually(lambda: len(bench.cameras.watches) == 2)
    first, second = bench.cameras.watches
    assert first.is_closed, "a device can't be open twice"
    assert not second.is_closed
    bench.await_state("yard", "live")


def test_a_closed_camera_has_no_more_news(bench: CameraBench) -> None:
    bench.supervisor.look_at(["yard"])
    bench.await_state("yard", "live")
    (watch,) = bench.cameras.watches
    bench.supervisor.look_at([])
    bench.await_state("yard", "closed")
    watch._is_live = True
    watch.deliver()
    bench.await_turn()
    assert bench.view("yard").state == "closed"
    assert bench.view("yard").frames == 0


def test_pictures_come_to_the_screen_and_are_kept_nowhere(bench: CameraBench) -> None:
    bench.supervisor.look_at(["yard"])
    bench.await_state("yard", "live")
    bench.supervisor.show_camera("yard", ASK)
    eventually(lambda: bench.cameras.of("yard").ask == ASK)
    bench.pass_s(1)
    assert bench.view("yard").picture is not None
    bench.supervisor.show_camera("yard", None)
    eventually(lambda: bench.cameras.of("yard").ask is None)


def test_pictures_asked_for_while_it_opens_come_later(bench: CameraBench) -> None:
    bench.cameras.opens = False
    bench.supervisor.look_at(["yard"])
    bench.supervisor.show_camera("yard", ASK)
    eventually(lambda: bench.cameras.watches and bench.cameras.of("yard").ask == ASK)


def test_a_secret_goes_to_the_reader_alone(bench: CameraBench) -> None:
    bench.secrets["gate"] = "viewer:s3cret"
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")
    assert bench.cameras.of("gate").secret == "viewer:s3cret"
    assert "s3cret" not in str(bench.newest)


def test_a_secret_that_is_not_there_is_a_fault_with_its_next_step(bench: CameraBench) -> None:
    bench.secrets["gate"] = InputError.of("config", "x", "environment variable GATE is not set")
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "failed")
    fault = bench.view("gate").fault
    assert fault is not None
    assert (fault.kind, fault.detail) == ("no-credentials", "environment variable GATE is not set")
    assert any("export GATE=USER:PASSWORD" in entry.text for entry in bench.newest.log)
    bench.secrets["gate"] = "viewer:right"
    bench.supervisor.look_at([])
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")


def test_a_camera_that_fails_again_and_again_has_one_line_in_the_log(bench: CameraBench) -> None:
    bench.cameras.faults["yard"] = CameraFault("busy", holder="cat (pid 8)")
    bench.supervisor.look_at(["yard"])
    bench.await_state("yard", "failed")
    for _ in range(3):
        bench.cameras.of("yard").fail(CameraFault("busy", holder="cat (pid 8)"))
    eventually(lambda: any("4 times" in entry.text for entry in bench.newest.log))
    lines = [entry.text for entry in bench.newest.log if "camera yard" in entry.text]
    assert len(lines) == 1
    assert "cat (pid 8) has it" in lines[0]


def test_the_search_for_focus_begins_anew(bench: CameraBench) -> None:
    bench.supervisor.look_at(["yard"])
    bench.await_state("yard", "live")
    bench.pass_s(1)
    assert bench.view("yard").peak_percent == 100.0
    bench.supervisor.reset_focus("yard")
    bench.await_turn()
    assert bench.view("yard").focus_peak == 500.0


@pytest.mark.parametrize(
    ("source", "is_its_own"), [("v4l2:/dev/video0", True), ("v4l2:/dev/video7", False)]
)
def test_a_reference_is_compared_with_unless_it_is_of_another_source(
    eager: None, source: str, is_its_own: bool
) -> None:
    stored = Reference("yard", source, 1.75e9, 1280, 720, QUALITY, b"\x10" * 2304)
    bench = CameraBench(stored)
    bench.supervisor.start()
    try:
        bench.supervisor.look_at(["yard"])
        bench.await_state("yard", "live")
        bench.pass_s(1)
        assert bench.cameras.of("yard").thumb == (stored.thumb if is_its_own else b"")
        assert (bench.view("yard").compared is not None) == is_its_own
    finally:
        bench.supervisor.close()


class TestAStill:
    def test_is_the_cameras_next_picture(self, bench: CameraBench) -> None:
        bench.supervisor.look_at(["yard"])
        bench.await_state("yard", "live")
        still = take(bench, "yard")
        assert isinstance(still, Still)
        assert still.jpeg == JPEG

    @pytest.mark.parametrize("name", ["yard", "nobody"])
    def test_of_a_camera_that_is_not_watched_says_so(self, bench: CameraBench, name: str) -> None:
        assert take(bench, name) == NoStill("nobody looks at the camera")


class TestAPictureThroughTheService:
    def test_is_answered_with_what_it_found(self, bench: CameraBench) -> None:
        bench.embedded.token = "t0ken"
        bench.supervisor.look_at(["yard"])
        bench.await_state("yard", "live")
        answer = send(bench, "yard")
        assert answer == Prediction(200, 12.0, {"car": 2})
        assert bench.predictor.asked == [("http://127.0.0.1:40001", "t0ken", JPEG)]

    def test_needs_a_camera_that_is_watched(self, bench: CameraBench) -> None:
        assert isinstance(send(bench, "yard"), NoStill)
        assert not bench.predictor.asked


def test_what_goes_wrong_at_an_opening_is_a_fault_and_the_place_stays_usable(
    bench: CameraBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.secrets["gate"] = "viewer:s3cret"

    def break_off(_: Camera, secret: str, *__: object) -> None:
        raise RuntimeError(f"it broke at {secret}")

    with monkeypatch.context() as broken:
        broken.setattr(bench.cameras, "watch", break_off)
        bench.supervisor.look_at(["gate"])
        bench.await_state("gate", "failed")
    fault = bench.view("gate").fault
    assert fault is not None
    assert (fault.kind, fault.detail) == ("other", "it could not be begun (RuntimeError)")
    bench.supervisor.look_at([])
    bench.await_state("gate", "closed")
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")


def test_an_end_that_goes_wrong_leaves_the_place_usable(
    bench: CameraBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")
    (watch,) = bench.cameras.watches

    def break_off() -> None:
        raise RuntimeError("the driver is gone")

    monkeypatch.setattr(watch, "close", break_off)
    bench.supervisor.look_at([])
    bench.await_state("gate", "closed")
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")
    assert len(bench.cameras.watches) == 2


def test_the_end_of_the_engine_closes_every_camera(eager: None) -> None:
    bench = CameraBench()
    bench.cameras.closing_s = 0.1
    bench.supervisor.start()
    bench.supervisor.look_at(["gate", "yard"])
    bench.await_open("gate", "yard")
    bench.supervisor.close()
    assert not bench.cameras.open
    assert not [each for each in threading.enumerate() if each.name.startswith("seat-")]


def test_a_slow_driver_keeps_the_engine_from_nothing(bench: CameraBench) -> None:
    bench.cameras.closing_s = 1.0
    bench.supervisor.look_at(["yard"])
    bench.await_open("yard")
    bench.supervisor.look_at([])
    before_s = time.monotonic()
    bench.await_turn()
    took_s = time.monotonic() - before_s
    (watch,) = bench.cameras.watches
    assert not watch.is_closed, f"it waited for the driver: {took_s:.2f} s"


def take(bench: CameraBench, name: str) -> Still | NoStill:
    answers: queue.SimpleQueue[Still | NoStill] = queue.SimpleQueue()
    bench.supervisor.take_still(name, answers.put)
    return answers.get(timeout=10.0)


def send(bench: CameraBench, name: str) -> Prediction | NoStill:
    answers: queue.SimpleQueue[Prediction | NoStill] = queue.SimpleQueue()
    bench.supervisor.try_picture(name, DEMO, answers.put)
    return answers.get(timeout=10.0)


def test_events_of_a_camera_have_the_engines_own_clock(bench: CameraBench) -> None:
    bench.supervisor.look_at(["yard"])
    bench.await_state("yard", "live")
    bench.pass_s(10)
    bench.cameras.of("yard").fail(CameraFault("unplugged"), retry_s=1.0)
    bench.await_state("yard", "failed")
    bench.clock.pass_s(7.0)
    bench.cameras.of("yard").come()
    bench.await_state("yard", "live")
    assert bench.view("yard").recovered_s == pytest.approx(7.0, abs=1.1)
