"""Runs that watch cameras, kept and played again."""

from __future__ import annotations

from pathlib import Path

from tests.core.test_run_cameras import REFUSED, camera, facts, opened, played, second, watched
from tests.store.test_archive import always, keep
from tui.core import events as ev
from tui.core.camera.view import Picture
from tui.store.history import History
from tui.store.paths import DATABASE

FACTS = facts(camera("gate", credentials="env:GATE"), camera("pattern", "test:"))
EVENTS = watched(FACTS)


def test_a_kept_run_looks_as_it_did(tmp_path: Path) -> None:
    keep(tmp_path, "r1", EVENTS)
    history = History(tmp_path)
    assert history.view("r1") == played(EVENTS)
    (past,) = history.runs()
    assert (past.verdict, past.p95_ms, past.target) == ("PASS", None, FACTS.target.name)


def test_a_second_that_is_read_back_shows_the_cameras_as_they_were(tmp_path: Path) -> None:
    failing = [
        opened("gate"),
        *(second("gate", n + 1.0) for n in range(5)),
        ev.CameraFailed(at_s=6.0, camera="gate", fault=REFUSED, retry_s=1.0),
    ]
    events = sorted(watched(facts(camera("gate")), *failing), key=lambda event: event.at_s)
    archive = keep(tmp_path, "r1", events)
    early, late = (archive.moment("r1", load_s, always) for load_s in (3.5, 8.0))
    assert early is not None
    assert late is not None
    for moment, state in ((early, "live"), (late, "failed")):
        assert moment.snapshot.run is not None
        assert [view.state for view in moment.snapshot.run.cameras] == [state]
        assert [view.state for view in moment.snapshot.cameras] == [state]
    assert any("nothing listens on that port" in entry.text for entry in late.snapshot.log)


def test_no_picture_is_ever_on_the_disk(tmp_path: Path) -> None:
    marker = b"a face, as it were"
    picture = Picture(3, 2, marker)
    shown = ev.CameraPictured(at_s=3.0, camera="gate", picture=picture)
    keep(tmp_path, "r1", [*EVENTS[:4], shown, *EVENTS[4:]])
    assert marker not in (tmp_path / DATABASE).read_bytes()
