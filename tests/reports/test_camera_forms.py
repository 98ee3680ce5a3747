"""Cameras in every form of a report."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from xml.etree import ElementTree as xml

import jsonschema
import msgspec
import pytest

from tests.core.test_run_cameras import (
    REFUSED,
    bench,
    camera,
    facts,
    opened,
    played,
    second,
    watched,
)
from tests.lib.fake_cameras import QUALITY
from tests.reports.reading import SCHEMA
from tui.core import events as ev
from tui.core.camera.faults import CameraFault
from tui.core.model import RunView
from tui.reports.camera_text import camera_blocks, cameras_line
from tui.reports.explain import explain
from tui.reports.export import EVERY_CSV_END, render, render_all
from tui.reports.findings import findings, other_warnings, recommendations
from tui.reports.junit import junit
from tui.reports.report import report
from tui.reports.summary import summary
from tui.reports.validation import validation

GOOD = watched(facts(camera("gate"), camera("pattern", "test:")))
BAD = watched(
    facts(
        camera("gate"), camera("yard", "rtsp://10.0.0.9/live?user={user}", credentials="env:YARD")
    ),
    opened("yard"),
    *(second("yard", n + 1.0, frames=20) for n in range(5)),
    ev.CameraFailed(at_s=6.0, camera="yard", fault=REFUSED, retry_s=1.0),
)
FORMS = ("txt", "md", "html", "json", "csv", "junit")


def whole(form: str, events: Sequence[ev.Event]) -> str:
    """A run in one form, all its files together."""
    return "\n".join(render(form, played(list(events)), events).values())


def cases(events: Sequence[ev.Event]) -> dict[str, xml.Element]:
    suite = xml.fromstring(junit([played(list(events))])).find("testsuite")
    assert suite is not None
    return {case.get("name", ""): case for case in suite.findall("testcase")}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_every_camera(form: str) -> None:
    for name in ("gate", "yard"):
        assert name in whole(form, BAD)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_what_is_no_camera(form: str) -> None:
    assert "simulated" in whole(form, GOOD).lower()


@pytest.mark.parametrize("form", ["txt", "md", "html", "json", "junit"])
def test_every_form_that_has_words_says_what_to_do_next(form: str) -> None:
    assert "see whether the stream is switched on" in whole(form, BAD)


@pytest.mark.parametrize("form", FORMS)
def test_none_speaks_of_a_target_that_was_not_asked(form: str) -> None:
    said = whole(form, GOOD)
    assert "embedded demo" not in said
    assert "requests/s" not in said.lower()


def test_what_a_camera_says_of_itself_acts_nowhere() -> None:
    evil = '<script>alert(1)</script>\x1b[2J\u202e"=1'
    events = watched(
        facts(camera("gate")),
        opened("gate", codec=evil, mode=evil, notes=(evil,)),
        *(second("gate", n + 1.0) for n in range(5)),
        ev.CameraFailed(at_s=6.0, camera="gate", fault=CameraFault("other", evil), retry_s=1.0),
    )
    for form in ("txt", "md", "html", "junit", "csv"):
        said = whole(form, events)
        assert "\x1b" not in said, form
        assert "\u202e" not in said, form
    assert "<script>alert(1)" not in whole("html", events)
    assert "\x1b" not in explain(played(events))


class TestTheJson:
    @pytest.mark.parametrize("events", [GOOD, BAD, GOOD[:-1], GOOD[:2]])
    def test_is_by_the_schema(self, events: list[ev.Event]) -> None:
        jsonschema.validate(json.loads(json.dumps(report(played(events)))), SCHEMA)

    def test_has_every_key_that_the_schema_knows(self) -> None:
        (first, _) = report(played(GOOD))["cameras"]
        known = SCHEMA["$defs"]["camera"]["properties"]
        assert set(first) == set(known)
        for part in ("opened", "quality"):
            assert set(first[part]) == set(known[part]["properties"])
        [_, bad] = report(played(BAD))["cameras"]
        assert set(bad["fault"]) == set(known["fault"]["properties"])

    def test_tells_what_was_missing_and_what_a_fault_is_about(self) -> None:
        held = CameraFault("busy", "Device or resource busy", "python3 (pid 812)")
        grey = msgspec.structs.replace(QUALITY, is_uniform=True)
        events = watched(
            facts(camera("gate", "v4l2:/dev/video0")),
            opened("gate"),
            *(second("gate", n + 1.0, quality=grey, undecoded=2) for n in range(5)),
            ev.CameraFailed(at_s=6.0, camera="gate", fault=held, retry_s=1.0),
        )
        [told] = report(played(events))["cameras"]
        assert (told["undecoded"], told["uniform_most_s"]) == (10, 4.0)
        fault = told["fault"]
        assert (fault["detail"], fault["holder"]) == (held.detail, held.holder)
        assert "kill 812" in fault["next"]

    def test_names_the_credentials_that_were_refused(self) -> None:
        events = watched(
            facts(camera("gate", credentials="env:GATE")),
            ev.CameraFailed(camera="gate", fault=CameraFault("unauthorized")),
        )
        [told] = report(played(events))["cameras"]
        assert "export GATE=USER:PASSWORD" in told["fault"]["next"]

    @pytest.mark.parametrize(("codec", "is_told"), [("h264", True), ("rawvideo", False)])
    def test_gives_no_bitrate_of_pictures_that_are_not_compressed(
        self, codec: str, is_told: bool
    ) -> None:
        seconds = (second("gate", n + 1.0, bytes=250_000) for n in range(5))
        events = watched(facts(camera("gate")), opened("gate", codec=codec), *seconds)
        [told] = report(played(events))["cameras"]
        assert (told["bitrate_kbps"] is not None) is is_told

    def test_tells_each_cameras_limits_and_findings(self) -> None:
        (good, bad) = report(played(BAD))["cameras"]
        assert (good["grade"], bad["grade"]) == ("good", "fail")
        assert bad["fault"]["kind"] == "refused"
        assert bad["outages"] == 1
        assert {one["metric"]: one["passed"] for one in bad["thresholds"]}["fps_ratio"] is False
        assert bad["findings"][0]["next"]

    def test_is_nothing_for_a_run_without_cameras(self) -> None:
        from tests.core import script

        assert report(played([ev.RunStarted(facts=script.facts())]))["cameras"] is None


class TestJUnit:
    def test_has_a_case_for_each_camera_and_each_of_its_limits(self) -> None:
        found = cases(BAD)
        assert found["camera gate"].find("failure") is None
        assert found["camera yard"].find("failure") is not None
        assert found["camera yard fps_ratio >= 0.95"].find("failure") is not None
        assert found["camera gate fps_ratio >= 0.95"].find("failure") is None
        assert found["camera gate focus_percent >= 70"].find("skipped") is not None

    def test_says_each_thing_once_and_is_green_only_where_the_run_is(self) -> None:
        assert cases(BAD)["run"].find("failure") is None, "the cameras' own cases say it"
        failed = cases(BAD)["camera yard"].find("failure")
        assert failed is not None
        assert "rate of nominal" not in failed.get("message", "")
        assert not [name for name, case in cases(GOOD).items() if case.find("failure") is not None]

    def test_has_the_label_in_the_name(self) -> None:
        assert "camera pattern (simulated)" in cases(GOOD)


class TestTheCsv:
    def rows(self, events: list[ev.Event]) -> list[dict[str, str]]:
        files = render("csv", played(events), events)
        assert "_cameras.csv" in files
        return list(csv.DictReader(io.StringIO(files["_cameras.csv"])))

    def test_has_a_row_for_each_camera_and_second(self) -> None:
        rows = self.rows(GOOD)
        gate = [row for row in rows if row["camera"] == "gate"]
        assert [float(row["start_s"]) for row in gate] == [n - 1.0 for n in range(10)]
        assert {row["frames"] for row in gate} == {"25"}
        assert {row["label"] for row in rows if row["camera"] == "pattern"} == {"simulated"}

    def test_tells_when_a_camera_failed(self) -> None:
        faults = [row for row in self.rows(BAD) if row["fault"]]
        assert [(row["camera"], row["fault"]) for row in faults] == [("yard", "refused")]

    def test_is_bounded_however_long_the_run_is(self) -> None:
        rows = self.rows(watched(facts(camera("gate")), seconds=9000))
        assert 1800 <= len(rows) <= 3600
        assert sum(int(row["frames"]) for row in rows) == 9000 * 25
        assert sum(int(row["seconds"]) for row in rows) == 9000

    def test_is_known_to_whoever_looks_for_files(self) -> None:
        assert set(render("csv", played(GOOD), GOOD)) <= set(EVERY_CSV_END)


class TestTheFindings:
    def test_begin_with_what_fails_and_say_nothing_twice(self) -> None:
        found = findings(played(BAD))
        texts = [one.what for one in found]
        assert found[0].level == "fail"
        assert texts[0].startswith("yard: 10.0.0.9 is there")
        assert len(texts) == len(set(texts))
        assert not [text for text in texts if text.startswith("limit broken")]
        assert recommendations(played(BAD))[0].startswith("yard: see whether the stream")

    def test_of_a_pattern_are_no_warnings_once_more(self) -> None:
        assert [one.level for one in findings(played(GOOD))] == ["warn"]
        assert not other_warnings(played(GOOD))


class TestTheWords:
    def test_fit_eighty_columns(self) -> None:
        for view in (played(GOOD), played(BAD)):
            blocks = [cameras_line(view), *camera_blocks(view)]
            assert max(len(line) for lines in blocks for line in lines) <= 80
            assert max(map(len, explain(view).splitlines())) <= 80

    def test_tell_the_rate_and_what_it_is_of(self) -> None:
        said = summary(played(GOOD))
        assert "Cameras: gate, pattern (simulated)" in said
        assert "rate: 25.00 of 25.00 pictures/s (100.0 %), 250 pictures in 10 s" in said
        assert "missing: none, by its timestamps" in said

    def test_tell_the_slowest_opening_and_between_which_times_it_was_back(self) -> None:
        again = opened("gate", at_s=9.5, first_frame_ms=1200.0)
        said = summary(
            played(
                watched(
                    facts(camera("gate")),
                    opened("gate"),
                    *(second("gate", n + 1.0) for n in range(5)),
                    ev.CameraFailed(at_s=6.0, camera="gate", fault=REFUSED, retry_s=2.0),
                    ev.CameraTried(at_s=8.0, camera="gate"),
                    again,
                    *(second("gate", n + 1.0) for n in range(3)),
                )
            )
        )
        assert "first picture after 1 200 ms (opening 2 of 2)" in " ".join(said.split())
        assert re.search(r"outages: 1, back after \S+ s at most and \S+ s at least", said)

    def test_explain_a_way_back_as_that_of_a_camera(self) -> None:
        scenario = bench({"recovery_s": "< 60"})
        said = explain(played(watched(facts(camera("gate"), scenario=scenario))))
        assert "without pictures until it delivered them again" in " ".join(said.split())
        assert "after the stress" not in said

    def test_explain_what_was_done_and_found(self) -> None:
        said = explain(played(BAD)).replace("\n", " ")
        assert "It opened 2 cameras anew (gate, yard)" in said
        assert "The service was not asked for anything." in said
        assert "not every camera delivers what is asked of it" in said


class TestThePage:
    def test_has_a_table_and_a_chart_of_them(self) -> None:
        page = whole("html", GOOD)
        assert "<h2>Cameras</h2>" in page
        assert "pictures/s" in page
        assert "camera report" in page

    def test_says_above_all_that_a_source_is_no_camera(self) -> None:
        assert "NOT A CAMERA" in whole("html", GOOD)
        assert "NOT A CAMERA" not in whole("html", BAD)


def test_a_pattern_makes_nothing_ready() -> None:
    real = watched(facts(camera("gate")))
    assert validation([played(real)])["deployment_ready"] is True
    assert validation([played(GOOD)])["deployment_ready"] is False
    assert validation([played(GOOD)])["simulated"] is True


def test_a_session_holds_camera_runs_beside_others() -> None:
    from tests.core import script

    load: list[ev.Event] = [ev.RunStarted(facts=script.facts("r2"))]
    both: list[tuple[RunView, Sequence[ev.Event]]] = [(played(GOOD), GOOD), (played(load), load)]
    for form in FORMS:
        assert render_all(form, both)
