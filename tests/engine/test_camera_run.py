"""A run that watches cameras, from their opening to its verdict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.bench import PLANT, verdict
from tests.engine.camera_bench import SETTLE_S, WATCHED_S, CameraBench, watching
from tests.lib.eventually import eventually
from tests.lib.fake_cameras import QUALITY
from tui.core import events as ev
from tui.core.camera.faults import CameraFault
from tui.core.camera.reference import Reference
from tui.core.run_fold import RunFold
from tui.ports import RunRequest

REFUSED = CameraFault("refused")


@pytest.fixture
def bench(eager: None) -> Iterator[CameraBench]:
    made = CameraBench()
    made.supervisor.start()
    yield made
    made.supervisor.close()


def test_cameras_are_opened_settle_and_are_judged(bench: CameraBench) -> None:
    bench.watch()
    bench.await_phase("warm-up")
    bench.to_the_end()
    assert bench.phases() == ["preparing", "warm-up", "measuring", "ended"]
    assert verdict(bench.run)[0] == "PASS"
    assert [camera.name for camera in bench.run.cameras] == ["gate", "yard"]
    assert bench.run.elapsed_s == pytest.approx(SETTLE_S + WATCHED_S, abs=1.0)
    assert bench.run.total_s == SETTLE_S + WATCHED_S


def test_no_target_is_asked_nor_started(bench: CameraBench) -> None:
    bench.service.answer = bench.service.answer.__class__(False, "down")
    bench.watch()
    bench.to_the_end()
    assert bench.service.probed == []
    assert not bench.embedded.is_running
    assert (bench.run.facts.url, bench.run.facts.target.name) == ("", "")
    assert verdict(bench.run)[0] == "PASS"


def test_a_protected_target_need_not_be_named(bench: CameraBench) -> None:
    bench.supervisor.start_run(RunRequest(watching(), PLANT, workers=1))
    bench.to_the_end()
    assert verdict(bench.run)[0] == "PASS"


def test_only_the_named_ones_are_opened(bench: CameraBench) -> None:
    bench.watch(names=["yard"])
    bench.await_phase("warm-up")
    assert [watch.camera.name for watch in bench.cameras.watches] == ["yard"]
    bench.to_the_end()
    assert [camera.name for camera in bench.run.facts.cameras] == ["yard"]


def test_a_name_that_no_camera_has_is_refused(bench: CameraBench) -> None:
    bench.watch(names=["yrd"])
    assert bench.await_refusal() == "input"
    refusal = bench.newest.refusal
    assert refusal is not None
    assert 'unknown camera "yrd" (did you mean "yard"?)' in refusal.what
    assert not bench.lock.is_held


def test_one_that_the_screen_looks_at_is_opened_anew(bench: CameraBench) -> None:
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")
    bench.watch()
    bench.await_phase("warm-up")
    gates = [watch for watch in bench.cameras.watches if watch.camera.name == "gate"]
    assert [watch.is_closed for watch in gates] == [True, False]
    assert bench.kept_of("gate")[:2] == ["CameraTried", "CameraOpened"]


def test_the_screens_stay_open_behind_a_run_and_the_others_do_not(bench: CameraBench) -> None:
    bench.supervisor.look_at(["gate"])
    bench.watch()
    bench.await_phase("warm-up")
    bench.to_the_end()
    bench.await_open("gate")
    bench.await_state("yard", "closed")
    assert bench.run.cameras[1].state == "live", "the run's own view is of its last moment"


def test_a_screen_that_looks_away_takes_no_camera_from_a_run(bench: CameraBench) -> None:
    bench.supervisor.look_at(["gate"])
    bench.watch()
    bench.await_phase("warm-up")
    bench.supervisor.look_at([])
    bench.to_the_end()
    assert verdict(bench.run)[0] == "PASS"


def test_a_camera_that_fails_leaves_the_others_their_time(bench: CameraBench) -> None:
    bench.cameras.faults["gate"] = REFUSED
    bench.watch()
    bench.to_the_end()
    word, reason = verdict(bench.run)
    assert word == "FAIL"
    assert reason == "gate: 10.0.0.9 is there, and nothing listens on that port"
    assert bench.run.cameras[1].frames > 0


def test_one_that_fails_in_mid_run_fails_it_and_its_way_back_is_told(bench: CameraBench) -> None:
    bench.watch()
    bench.await_phase("warm-up")
    bench.pass_s(SETTLE_S + 2)
    bench.cameras.of("gate").fail(REFUSED)
    bench.pass_s(1)
    bench.cameras.of("gate").come()
    bench.to_the_end()
    word, reason = verdict(bench.run)
    assert word == "FAIL"
    assert reason.startswith("gate: it stopped delivering 1 time, back after 1")
    kept = bench.kept_of("gate")
    assert kept.count("CameraFailed") == 1
    assert "CameraClosed" not in kept, "its end must not hide its fault"


def test_with_no_camera_at_all_it_ends_at_once(bench: CameraBench) -> None:
    bench.cameras.faults = {"gate": REFUSED, "yard": CameraFault("missing")}
    bench.watch()
    bench.end()
    assert verdict(bench.run)[0] == "FAIL"
    assert verdict(bench.run)[1].endswith(", and 1 more")


def test_it_ends_early_when_all_need_a_hand(bench: CameraBench) -> None:
    bench.watch()
    bench.await_phase("warm-up")
    bench.pass_s(SETTLE_S + 1)
    for name in ("gate", "yard"):
        bench.cameras.of(name).fail(CameraFault("unauthorized"), retry_s=None)
    bench.await_turn()
    bench.end()
    assert bench.run.elapsed_s < SETTLE_S + WATCHED_S
    assert verdict(bench.run)[0] == "FAIL"


def test_it_does_not_wait_for_ever_for_a_reader_that_says_nothing(bench: CameraBench) -> None:
    bench.cameras.opens = False
    bench.watch()
    bench.await_phase("preparing")
    eventually(lambda: len(bench.cameras.open) == 2)
    bench.pass_s(120)
    bench.end()
    assert verdict(bench.run)[0] in ("FAIL", "INVALID")


def test_stopped_by_hand_it_proves_nothing(bench: CameraBench) -> None:
    bench.watch()
    bench.await_phase("warm-up")
    bench.supervisor.stop_run()
    bench.end()
    assert verdict(bench.run) == ("INTERRUPTED", "stopped by hand")
    bench.await_open()


def test_a_second_run_opens_them_again(bench: CameraBench) -> None:
    for _ in range(2):
        bench.watch()
    for _ in range(60):
        if len(bench.kept(ev.RunEnded)) == 2:
            break
        bench.pass_s(1)
    bench.end()
    assert len(bench.started()) == 2
    assert verdict(bench.run)[0] == "PASS"
    assert len(bench.cameras.watches) == 4


def test_what_is_kept_of_it_plays_the_same_again(bench: CameraBench) -> None:
    bench.supervisor.look_at(["gate"])
    bench.watch()
    bench.await_phase("warm-up")
    from tui.ports import PictureAsk

    bench.supervisor.show_camera("gate", PictureAsk(10, 5, 1.0))
    bench.to_the_end()
    kept = [event for _, event in bench.store.kept]
    assert not [event for event in kept if isinstance(event, ev.CameraPictured)]
    fold = RunFold(bench.run.facts)
    for event in kept:
        fold.apply(event)
    assert fold.view(kept[-1].at_s).cameras == bench.run.cameras


def test_no_secret_is_in_what_is_kept(bench: CameraBench) -> None:
    bench.secrets["gate"] = "viewer:s3cret"
    bench.watch()
    bench.to_the_end()
    assert "s3cret" not in str(bench.store.kept)
    assert bench.run.facts.cameras[0].credentials == "env:GATE"


def test_no_picture_of_a_reference_is_in_what_is_kept(eager: None) -> None:
    stored = Reference("yard", "v4l2:/dev/video0", 1.75e9, 1280, 720, QUALITY, b"\x10" * 2304)
    bench = CameraBench(stored)
    bench.supervisor.start()
    try:
        bench.watch()
        bench.to_the_end()
        assert [each.thumb for each in bench.run.facts.references] == [b""]
        assert bench.run.cameras[1].compared is not None
        thumbs = {watch.camera.name: watch.thumb for watch in bench.cameras.watches}
        assert thumbs == {"gate": b"", "yard": stored.thumb}
    finally:
        bench.supervisor.close()


def test_a_load_run_has_nothing_to_do_with_the_screens_cameras(bench: CameraBench) -> None:
    bench.supervisor.look_at(["gate"])
    bench.await_state("gate", "live")
    bench.start()
    bench.cameras.deliver_s()
    bench.await_turn()
    assert bench.run.cameras == ()
    assert not bench.kept_of("gate")
    assert bench.view("gate").frames > 0
