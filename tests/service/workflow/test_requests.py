"""What a step sends beside what its operation says: a file, a bearer, another body, half of it."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import LIMIT_S, eventually
from tests.lib.target import free_port
from tests.service.workflow.saying import Said, gets, posts, saying
from tests.service.workflow.walking import CAPTURE, TOKEN, walked
from tui.core.e2e.deed import Make
from tui.core.e2e.detection import Detection, DetectionShape, Likeness
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.service.workflow import files

NOWHERE = "http://127.0.0.1:9"
BYTES = Operation("bytes", "POST", "/take", sends="bytes")
FORM = Operation("form", "POST", "/take", sends="form")


class TestAFile:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "scenarios"
        (folder / "golden").mkdir(parents=True)
        (folder / "golden" / "two.jpg").write_bytes(b"\xff\xd8 two")
        (tmp_path / "secret.txt").write_bytes(b"secret")
        return folder

    def sent(self, folder: Path | str, step: Step, operation: Operation = BYTES) -> Any:
        with saying(take={}) as service:
            of_job = {"folder": f"{folder}"}
            walk = walked(service.url, Workflow((step,)), (operation,), of_job=of_job)
            return walk, service.heard

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("two.jpg", "image/jpeg"), ("two.PNG", "image/png"), ("two.json", "application/json"),
            ("two", "application/octet-stream"), ("two.so", "application/octet-stream"),
        ],
    )  # fmt: skip
    def test_goes_with_its_type(self, folder: Path, name: str, kind: str) -> None:
        (folder / name).write_bytes(b"two")
        walk, (heard,) = self.sent(folder, Step("a", "bytes", file=name))
        assert walk.states == "p", walk.ended
        assert (heard.body, heard.headers["content-type"]) == (b"two", kind)

    def test_goes_in_a_form_under_its_name(self, folder: Path) -> None:
        walk, (heard,) = self.sent(folder, Step("a", "form", file="golden/two.jpg"), FORM)
        assert walk.states == "p"
        assert b'name="file"; filename="two.jpg"\r\nContent-Type: image/jpeg' in heard.body
        assert b"\xff\xd8 two" in heard.body

    def test_is_not_sent_where_none_is_to_be(self, folder: Path) -> None:
        step = Step("a", "form", file="golden/two.jpg", without_file=True)
        walk, (heard,) = self.sent(folder, step, FORM)
        assert walk.states == "p"
        assert b"two" not in heard.body
        walk, (heard,) = self.sent(folder, Step("a", "bytes", without_file=True))
        assert (heard.body, heard.headers["content-length"]) == (b"", "0")

    def test_may_be_a_link_that_stays(self, folder: Path) -> None:
        (folder / "link.jpg").symlink_to("golden/two.jpg")
        walk, (heard,) = self.sent(folder, Step("a", "bytes", file="link.jpg"))
        assert (walk.states, heard.body) == ("p", b"\xff\xd8 two")

    @pytest.mark.parametrize(
        ("path", "why"),
        [
            ("../secret.txt", "{} leads out of the scenario's directory"),
            ("golden/../../secret.txt", "{} leads out of the scenario's directory"),
            ("link", "{} leads out of the scenario's directory"),
            ("way/secret.txt", "{} leads out of the scenario's directory"),
            ("/etc/hostname", "{} leads out of the scenario's directory"),
            ("none.jpg", "there is no file {} beside the scenario"),
            ("golden", "there is no file {} beside the scenario"),
            ("a\0b", "a b is no path of a file"),
            ("loop", "{} is no path of a file"),
        ],
    )
    def test_is_nowhere_else(self, folder: Path, path: str, why: str) -> None:
        (folder / "link").symlink_to("../secret.txt")
        (folder / "way").symlink_to(folder.parent)
        (folder / "loop").symlink_to("loop")
        walk, heard = self.sent(folder, Step("a", "bytes", file=path))
        assert (walk.failed.why, heard) == (why.format(path), [])

    def test_is_bounded(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MOST_BYTES", 1024 * 1024)
        (folder / "most").write_bytes(b"x" * 1024 * 1024)
        (folder / "more").write_bytes(b"x" * (1024 * 1024 + 1))
        assert self.sent(folder, Step("a", "bytes", file="most"))[0].states == "p"
        walk, heard = self.sent(folder, Step("a", "bytes", file="more"))
        assert (walk.failed.why, heard) == ("more is larger than 1 MiB", [])

    def test_of_a_scenario_without_a_directory_is_none(self) -> None:
        walk, _ = self.sent("", Step("a", "bytes", file="two.jpg"))
        assert walk.failed.why == "two.jpg is beside a scenario that has no directory"


class TestABearer:
    def sent(self, bearer: str | None, **keys: Any) -> Any:
        with saying(page=keys.pop("page", {})) as service:
            operation = keys.pop("operation", gets("page"))
            steps = (CAPTURE, Step("ask", "page", bearer=bearer, **keys))
            walk = walked(service.url, Workflow(steps), (operation,), token=TOKEN)
            return walk, [each.headers.get("authorization") for each in service.heard]

    @pytest.mark.parametrize(
        ("bearer", "header"),
        [
            (None, f"Bearer {TOKEN}"), ("", None), ("garbage-{round.id}", "Bearer garbage-r7-1"),
        ],
    )  # fmt: skip
    def test_is_the_step_s_own(self, bearer: str | None, header: str | None) -> None:
        walk, headers = self.sent(bearer)
        assert (walk.states, headers) == ("pp", [header])

    @pytest.mark.parametrize(
        ("bearer", "header"), [(None, "Basic x"), ("", None), ("b", "Bearer b")]
    )
    def test_counts_more_than_what_the_operation_says(
        self, bearer: str | None, header: str | None
    ) -> None:
        operation = Operation("page", path="/page", headers=(("authorization", "Basic x"),))
        assert self.sent(bearer, operation=operation)[1] == [header]

    @pytest.mark.parametrize(
        ("bearer", "why"),
        [
            ("{empty}", "the bearer is empty"), ("{lines}", "the bearer can't be sent in a header"),
            ("é", "the bearer can't be sent in a header"), ("{none}", "no value for {none}"),
        ],
    )  # fmt: skip
    def test_that_can_not_be_sent_is_not(self, bearer: str, why: str) -> None:
        values = (("empty", ""), ("lines", "a\r\nX-Evil: 1"))
        walk, headers = self.sent(bearer, values=values)
        assert (walk.failed.why, headers) == (why, [])

    def test_that_is_refused_is_not_laid_to_the_configuration(self) -> None:
        walk, _ = self.sent("garbage", page=Said({}, 401))
        assert walk.failed.why == "status 401, not 200"
        walk, _ = self.sent("garbage", page=Said({}, 401), status=(401, 403))
        assert walk.states == "pp"


def test_a_type_that_no_header_can_have_is_not_sent_on() -> None:
    ask = Step("ask", "page", save=(("got", "body"),))
    send = Step("send", "take", send="got")
    take = Operation("take", "POST", "/take", sends="bytes")
    with saying(page=Said(b"x", kind="image/\u00fc"), take={}) as service:
        walk = walked(service.url, Workflow((ask, send)), (gets("page"), take))
        assert len(service.heard) == 1
    assert walk.failed.why == "the value of the header Content-Type can't be sent in one"


def test_another_body_is_sent_in_place_of_the_operation_s() -> None:
    with saying(note={}) as service:
        operations = (posts("note", '{"a": 1}'),)
        steps = (
            Step("plain", "note"),
            Step("other", "note", body='{"of": "{round.id}"}'),
            Step("broken", "note", body='{"of": '),
            Step("none", "note", body=""),
        )
        assert walked(service.url, Workflow(steps), operations).states == "pppp"
        bodies = [heard.body for heard in service.heard]
    assert bodies == [b'{"a": 1}', b'{"of": "r7-1"}', b'{"of": ', b""]


def test_objects_are_compared_as_the_target_writes_them() -> None:
    like = Likeness((Detection("car", 0.9, (0, 0, 50, 50)),), width=100, height=100)
    step = Step("ask", "page", checks=(Check("json:/found", like=like),))
    said = {"found": [{"kind": "Auto", "p": 0.9, "at": [0.0, 0.0, 0.5, 0.5]}]}
    shape = DetectionShape("/kind", "/p", "/at", "xywh", True, {"car": "Auto"})
    with saying(page=said) as service:
        args = service.url, Workflow((step,)), (gets("page"),)
        assert walked(*args, of_target={"detection": shape}).states == "p"
        step_ended = walked(*args).failed
    assert step_ended.why == "json:/found can't be read: object 1 has no /class"
    assert step_ended.wanted == "car 0.90 [0 0 50 50]"


def test_an_answer_is_what_the_service_s_document_says() -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {"/page": {"get": {"responses": {"200": {"content": {"application/json": {
            "schema": {"type": "object", "required": ["id"]}
        }}}}}}},
    }  # fmt: skip
    check = Check("body", schema="/paths/~1page/get")
    workflow = Workflow((Step("ask", "page", checks=(check,)),))
    with saying(page={"id": 1}) as service:
        args = service.url, workflow, (gets("page"),)
        assert walked(*args, of_job={"openapi": document}).states == "p"
        assert walked(*args).failed.why == "its OpenAPI is not known"
        service.pages["/page"] = Said({})
        assert "id" in walked(*args, of_job={"openapi": document}).failed.why


class _Patient:
    """Takes connections and reads of them, once it may, and says nothing."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard: list[bytes] = []
        """All that came on a connection, once its client was gone."""
        self.reads = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> _Patient:
        return self

    def __exit__(self, *_: object) -> None:
        self.reads.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    self._listen(connection)
        except OSError:
            pass

    def _listen(self, connection: socket.socket) -> None:
        heard = b""
        assert self.reads.wait(LIMIT_S)
        try:
            while piece := connection.recv(65536):
                heard += piece
        except ConnectionError:
            pass
        self.heard.append(heard)


class TestAClientThatLeaves:
    HUGE = Step("huge", deed=Make(size_bytes=20_000_000))

    def leave(self, after_s: float, **keys: Any) -> Step:
        return Step("gone", "bytes", leave_after_s=after_s, **keys)

    def test_expects_nothing_and_says_when_it_left(self) -> None:
        with _Patient() as service:
            service.reads.set()
            workflow = Workflow((self.leave(0.1, without_file=True),))
            (step,) = walked(service.url, workflow, (BYTES,)).ended
            assert (step.state, step.requests, step.why) == ("passed", 1, "")
            assert step.note == "left 100 ms after it began to send"
            assert 100 <= step.request_ms <= step.ms
            eventually(lambda: service.heard)
            assert service.heard[0].startswith(b"POST /take HTTP/1.1\r\n")
            assert b"X-Correlation-Id: r7-1\r\n" in service.heard[0]

    def test_leaves_in_the_middle_of_what_nobody_reads(self) -> None:
        with _Patient() as service:
            steps = (self.HUGE, self.leave(0.1, send="huge"))
            walk = walked(service.url, Workflow(steps), (BYTES,))
            assert walk.states == "pp", walk.ended
            service.reads.set()
            eventually(lambda: service.heard)
            assert 0 < len(service.heard[0]) < 20_000_000

    def test_leaves_no_connection_to_anybody(self) -> None:
        with saying(take={}, alive={}) as service:
            steps = (
                Step("one", "alive"), self.leave(0.05, without_file=True), Step("two", "alive"),
            )  # fmt: skip
            walk = walked(service.url, Workflow(steps), (BYTES, gets("alive")))
            assert walk.states == "ppp", walk.ended

    def test_must_have_come_there_first(self) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        step = walked(url, Workflow((self.leave(0.05, without_file=True),)), (BYTES,)).failed
        assert step.why == f"nothing listens at {url}"
