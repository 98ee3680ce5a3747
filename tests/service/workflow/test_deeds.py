"""Steps that ask the service for no operation."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.service.workflow.saying import gets, saying
from tests.service.workflow.walking import CAPTURE, TOKEN, walked
from tui.core.e2e.deed import Certificate, Decide, Make, Restart, Simulate
from tui.core.e2e.detection import DetectionShape
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Step, Workflow

NOWHERE = "http://127.0.0.1:9"
UPLOAD = Operation("upload", "POST", "/upload", sends="bytes")


class TestMadeUpBytes:
    def test_are_sent_and_known_by_hash_and_size(self) -> None:
        with saying(upload={"ok": True}) as service:
            steps = (
                Step("letter", deed=Make(text="hello {round.id}", content_type="text/plain")),
                Step("huge", deed=Make(size_bytes=100_000)),
                Step("first", "upload", send="letter", values=(("n", "{letter.size}"),)),
                Step("second", "upload", send="huge"),
            )
            walk = walked(service.url, Workflow(steps, rounds=2), (UPLOAD,))
            assert walk.states == "pppp" * 2, walk.ended
            letter, huge, again, huge_again = service.heard
            assert (letter.body, letter.headers["content-type"]) == (b"hello r7-1", "text/plain")
            assert again.body == b"hello r7-2"
            assert huge.body == huge_again.body, "the same in each round"
            assert len(huge.body) == 100_000
        made = walk.ended[0]
        assert (made.requests, made.request_ms, made.wait_ms) == (0, 0, 0)

    def test_are_a_damaged_copy(self) -> None:
        with saying(upload={}) as service:
            steps = (
                Step("whole", deed=Make(size_bytes=1000)),
                Step("half", deed=Make(of="whole", keep=0.5)),
                Step("other", deed=Make(of="whole", flip=3)),
                *(Step(f"send-{name}", "upload", send=name) for name in ("whole", "half", "other")),
            )
            walked(service.url, Workflow(steps), (UPLOAD,))
            whole, half, other = (heard.body for heard in service.heard)
        assert half == whole[:500]
        assert sum(a != b for a, b in zip(whole, other, strict=True)) == 3

    def test_of_a_value_that_is_not_there_fail(self) -> None:
        step = walked(NOWHERE, Workflow((Step("half", deed=Make(of="whole")),))).failed
        assert step.why == "no value for {whole}"


class TestARule:
    FOUND = ({"label": "Mensch", "p": 0.91}, {"label": "dog", "p": 0.99})
    SHAPE = DetectionShape(category="/label", confidence="/p", categories={"person": "Mensch"})
    ASKED = Step("find", "find", save=(("found", "objects"),))
    OPEN = Decide("found", "{target.who}", 0.5, "open", "shut")

    def steps(self, rule: Decide = OPEN) -> Workflow:
        act = Step("act", deed=Simulate("gate {gate} for {round.id}"))
        return Workflow((self.ASKED, Step("gate", deed=rule), act))

    def walk(self, found: object, workflow: Workflow) -> Any:
        with saying(find={"objects": found}) as service:
            of_target = {"detection": self.SHAPE, "values": (("who", "person"),)}
            operations = (gets("find", objects="json:/objects"),)
            return walked(service.url, workflow, operations, of_target=of_target)

    def test_is_told_and_its_outcome_known(self) -> None:
        _, rule, act = self.walk(self.FOUND, self.steps()).ended
        assert (rule.state, rule.note) == ("passed", "person 0.91 >= 0.5: open")
        assert (act.state, act.note) == ("passed", "simulated: gate open for r7-1")
        assert rule.requests == act.requests == 0

    def test_that_finds_nothing_is_no_failure(self) -> None:
        _, rule, act = self.walk([], self.steps()).ended
        assert (rule.note, act.note) == ("no person: shut", "simulated: gate shut for r7-1")

    @pytest.mark.parametrize(
        ("found", "why"),
        [
            ({"a": 1}, "found can't be read: it is no list of objects"),
            ([{"label": "a"}], "found can't be read: object 1 has no /p"),
            ("so many", "found is no JSON"),
        ],
    )
    def test_can_not_be_applied_to_anything(self, found: object, why: str) -> None:
        assert self.walk(found, self.steps()).failed.why == why

    def test_takes_the_scenario_s_word_where_the_target_says_nothing(self) -> None:
        workflow = Workflow((Step("say", deed=Simulate("{target.a} {target.b}")),),
                            values=(("a", "1"), ("b", "1")))  # fmt: skip
        walk = walked(NOWHERE, workflow, of_target={"values": (("b", "2"),)})
        assert walk.ended[0].note == "simulated: 1 2"


class TestARestart:
    RESTART = Step("restart", deed=Restart())

    def test_takes_as_long_as_it_takes(self) -> None:
        def restart() -> str:
            time.sleep(0.12)
            return ""

        (step,) = walked(NOWHERE, Workflow((self.RESTART,)), of_job={"restart": restart}).ended
        assert (step.state, step.note) == ("passed", f"back after {step.request_ms / 1000:.1f} s")
        assert 120 <= step.request_ms <= step.ms
        assert step.requests == 0

    def test_that_does_not_help_fails_without_a_secret(self) -> None:
        of_job = {"restart": lambda: f"not back within 60 s: {TOKEN}"}
        step = walked(NOWHERE, Workflow((self.RESTART,)), token=TOKEN, of_job=of_job).failed
        assert step.why == "not back within 60 s: ***"

    def test_that_breaks_fails_its_step(self) -> None:
        def restart() -> str:
            raise ZeroDivisionError(TOKEN)

        step = walked(NOWHERE, Workflow((self.RESTART,)), of_job={"restart": restart}).failed
        assert step.why == "not done: ZeroDivisionError"

    def test_is_left_out_where_nobody_said_how(self) -> None:
        (step,) = walked(NOWHERE, Workflow((self.RESTART,))).ended
        assert (step.state, step.why) == ("omitted", "the target has no restart in config.toml")

    def test_ends_the_connection_that_was_kept(self) -> None:
        with saying(health={}) as service:
            alive = gets("health")
            steps = (Step("one", "health"), self.RESTART, Step("two", "health"))
            of_job = {"restart": lambda: ""}
            walk = walked(service.url, Workflow(steps), (alive,), of_job=of_job)
            assert walk.states == "ppp"


class TestACertificate:
    STEP = Step("tls", deed=Certificate())

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:9", "http://LOCALHOST.:9", "http://[::1]:9", "http://127.1:9"]
    )
    def test_is_needed_by_nobody_on_this_board_alone(self, url: str) -> None:
        (step,) = walked(url, Workflow((self.STEP,))).ended
        assert (step.state, step.why) == ("omitted", "plain HTTP on this board alone")

    @pytest.mark.parametrize("url", ["http://192.168.1.7", "http://plant.local:8000"])
    def test_is_missed_where_others_can_read(self, url: str) -> None:
        step = walked(url, Workflow((self.STEP,))).failed
        assert step.why == "plain HTTP: everybody on the way can read it"

    def test_that_is_not_verified_says_nothing(self) -> None:
        walk = walked(
            "https://127.0.0.1:9", Workflow((self.STEP,)), of_target={"verify_tls": False}
        )
        (step,) = walk.ended
        assert step.state == "omitted"
        assert step.why == "verify_tls = false in config.toml: nobody vouches for its certificate"

    def test_of_nobody_is_told_so(self) -> None:
        step = walked("https://127.0.0.1:9", Workflow((self.STEP,))).failed
        assert step.why == "nothing listens at https://127.0.0.1:9"


def test_a_picture_is_no_deed() -> None:
    assert walked(NOWHERE, Workflow((CAPTURE,))).states == "p"
