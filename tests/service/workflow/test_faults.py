"""A planted fault makes exactly its step fail, says why, and what was made is cleaned up."""

from __future__ import annotations

import msgspec
import pytest

from tests.lib.fake_cameras import JPEG
from tests.lib.hostile import OK_EMPTY, flood, hostile
from tests.lib.other_service import OTHER_OPERATIONS, Fault, OtherService, other_service
from tests.lib.target import free_port
from tests.service.workflow.walking import (
    CAPTURE,
    DELETE,
    GONE,
    PREDICT,
    REMOVE,
    STORE,
    TOKEN,
    TRAVEL,
    walked,
)
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.core.events import RoundEnded
from tui.ports import NoStill, Still
from tui.service.workflow import caller

WHOLE = Workflow((*TRAVEL, REMOVE, GONE), (DELETE,))
SHORT_S = 0.3


def hasty(*names: str) -> Workflow:
    """The same, with little time for some steps."""
    return msgspec.structs.replace(
        WHOLE,
        steps=tuple(
            msgspec.structs.replace(step, timeout_s=SHORT_S) if step.name in names else step
            for step in WHOLE.steps
        ),
    )


@pytest.mark.parametrize("operation", ["predict", "store", "retrieve"])
@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("status", "status 500, not "),
        ("silence", "no answer within 0.3 s"),
        ("drip", "no whole answer within 0.3 s"),
        ("reset", "it closed the connection without a whole answer"),
        ("garbage", "its answer is no HTTP"),
    ],
)
def test_a_fault_of_any_operation(operation: str, fault: Fault, why: str) -> None:
    with other_service(**{operation: fault}) as service:
        walk = walked(service.url, hasty(operation), OTHER_OPERATIONS)
        place = WHOLE.names.index(operation)
        assert (walk.failed.step, walk.failed.why[: len(why)]) == (place, why)
        cleaned = "s" if operation != "retrieve" else "p"
        assert walk.states == "p" * place + "f" + "s" * (5 - place) + cleaned
        assert not walk.round.is_complete
        assert len(service.heard_of(operation)) == 1, "nothing is sent twice"
        assert service.media == {}, "what is known to be made is cleaned up"


@pytest.mark.parametrize(
    ("operation", "fault", "why"),
    [
        ("predict", "missing", "no objects in the answer (json:/result/boxes)"),
        ("store", "wrong-hash", "sha256 is another"),
        ("store", "stale", "created_at is 3 h ago by this machine's clock"),
        ("retrieve", "flipped", "the SHA-256 of body is not the one of capture"),
    ],
)
def test_a_fault_in_what_is_answered(operation: str, fault: Fault, why: str) -> None:
    with other_service(**{operation: fault}) as service:
        walk = walked(service.url, WHOLE, OTHER_OPERATIONS)
        assert (walk.failed.step, walk.failed.why) == (WHOLE.names.index(operation), why)
        assert service.media == {}, "what was stored wrong is deleted, too"
        assert walk.round.left == 0


def test_a_deletion_that_does_nothing_is_found_by_looking() -> None:
    with other_service(delete="does-nothing") as service:
        walk = walked(service.url, WHOLE, OTHER_OPERATIONS)
        assert walk.states == "pppppfp"
        assert walk.failed.why == "status 200, not 404"


def test_what_can_not_be_deleted_is_counted() -> None:
    with other_service(delete="status") as service:
        workflow = Workflow(TRAVEL, (DELETE, Step("health", "health")), rounds=2)
        walk = walked(service.url, workflow, OTHER_OPERATIONS)
        assert walk.states == "ppppfp" * 2, "the rest of the clean-up is done all the same"
        assert [(each.is_complete, each.left) for each in walk.all(RoundEnded)] == [(False, 1)] * 2


def test_what_was_stored_without_an_answer_is_not_said_to_be_cleaned_up() -> None:
    with other_service(store="lost") as service:
        walk = walked(service.url, Workflow(TRAVEL, (DELETE,)), OTHER_OPERATIONS)
        assert walk.states == "ppfss"
        assert walk.ended[-1].why == "store failed, {id} is not known"
        assert (walk.round.left, walk.round.maybe_left) == (0, 1)
        assert len(service.media) == 1


def test_what_only_read_and_failed_has_left_nothing() -> None:
    with other_service(health="lost") as service:
        alive = Step("alive", "health")
        walk = walked(service.url, Workflow((alive,), (DELETE,)), OTHER_OPERATIONS)
        assert walk.states == "fs"
        assert (walk.round.left, walk.round.maybe_left) == (0, 0)


def test_a_clean_up_without_its_value_is_a_mistake_where_all_went_well() -> None:
    with other_service() as service:
        careless = msgspec.structs.replace(STORE, save=())
        walk = walked(service.url, Workflow((CAPTURE, careless), (DELETE,)), OTHER_OPERATIONS)
        assert (walk.failed.why, walk.round.left) == ("no value for {id}", 1)


def test_an_empty_value_never_shortens_a_path() -> None:
    with other_service() as service:
        empty = Step("delete", "delete", values=(("id", ""),))
        walk = walked(service.url, Workflow((CAPTURE,), (empty,)), OTHER_OPERATIONS)
        assert walk.failed.why == "{id} in the path is empty"
        assert service.heard == []


def test_a_failed_step_shows_request_answer_and_difference() -> None:
    with other_service(store="wrong-hash") as service:
        step = walked(service.url, WHOLE, OTHER_OPERATIONS).failed
    exchange = step.exchange
    assert exchange is not None
    assert (exchange.method, exchange.url, exchange.status) == ("PUT", "/v2/media/r7-1.jpg", 201)
    assert exchange.sent.endswith("bytes of image/jpeg")
    assert exchange.answer.startswith('{"media": {"key": "m/0001"')
    assert ("set-cookie", "***") in exchange.headers
    assert len(step.wanted) == 64
    assert step.got in exchange.answer
    assert step.got != step.wanted.upper()


def test_bytes_that_are_no_text_are_told_by_what_they_are() -> None:
    with other_service(retrieve="flipped") as service:
        step = walked(service.url, WHOLE, OTHER_OPERATIONS).failed
    assert step.exchange is not None
    assert step.exchange.answer == f"image/jpeg, {len(JPEG)} bytes"


class TestASecret:
    @pytest.mark.parametrize(
        ("says", "is_shown"),
        [
            (TOKEN, True),
            ("x" * 190 + TOKEN, True),
            ("x" * 1970 + TOKEN, True),
            ("x" * 1990 + TOKEN, False),
            (TOKEN * 3000, True),
            (f"\x1b[2J\u202e{TOKEN}", True),
        ],
        ids=["alone", "at a figure's end", "at an answer's end", "behind", "often", "hidden"],
    )
    def test_that_is_quoted_is_told_nowhere(self, says: str, is_shown: bool) -> None:
        check = Check("json:/says", equals="nothing")
        workflow = Workflow((Step("health", "health", checks=(check,)),))
        with other_service() as service:
            service.says = says
            step = walked(service.url, workflow, OTHER_OPERATIONS, token=TOKEN).failed
            assert service.heard[0].headers["authorization"] == f"Bearer {TOKEN}"
        assert step.exchange is not None
        told = msgspec.json.encode(step).decode()
        assert all(TOKEN[:length] not in told for length in range(5, len(TOKEN)))
        assert step.got.isprintable()
        assert step.exchange.answer.isprintable()
        assert len(step.exchange.answer) <= 2000
        assert ("***" in step.exchange.answer) == is_shown

    def test_that_is_refused_says_where_it_stands(self) -> None:
        def answer(connection: object, method: str, path: str) -> None:
            connection.sendall(  # type: ignore[attr-defined]
                b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"
            )

        with hostile(answer) as url:
            step = walked(url, Workflow((Step("health", "health"),)), token=TOKEN).failed
        assert step.why == "HTTP 401: its token is refused (token in config.toml)"
        assert (step.wanted, step.got) == ("200", "401")


class TestACamera:
    def test_that_gives_no_picture_fails_its_step(self) -> None:
        with other_service() as service:
            walk = walked(
                service.url, WHOLE, OTHER_OPERATIONS, lambda name: NoStill("it is not open")
            )
            assert (walk.states, walk.failed.why) == ("fssssss", "it is not open")
            assert service.heard == []

    def test_whose_look_up_breaks_fails_its_step(self) -> None:
        def broken(name: str) -> Still | NoStill:
            raise ZeroDivisionError(TOKEN)

        with other_service() as service:
            walk = walked(service.url, WHOLE, OTHER_OPERATIONS, broken)
        assert walk.failed.why == "not done: ZeroDivisionError"


class TestAServiceThat:
    def test_is_not_there_is_told_so(self) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        walk = walked(url, WHOLE, OTHER_OPERATIONS)
        assert (walk.states, walk.failed.why) == ("pfsssss", f"nothing listens at {url}")

    def test_has_no_address_is_told_so(self) -> None:
        walk = walked("http://[x", WHOLE, OTHER_OPERATIONS)
        assert walk.failed.why == "http://[x is not the address of a service"

    def test_never_ends_its_answer_is_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(caller, "MOST_BODY_BYTES", 1024 * 1024)
        with hostile(lambda connection, method, path: flood(connection)) as url:
            step = walked(url, Workflow((Step("health", "health"),))).failed
        assert step.why == "its answer is longer than 1 MiB"

    def test_has_no_such_operation_is_told_so(self) -> None:
        step = walked("http://127.0.0.1:9", Workflow((Step("x", "fly"),))).failed
        assert step.why == "the target has no operation fly"


def test_a_connection_that_was_idle_for_long_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(caller, "KEPT_S", 0.0)
    with other_service() as service:
        walk = walked(service.url, WHOLE, OTHER_OPERATIONS)
        assert walk.round.is_complete
        assert service.connections == len(service.heard) > 1


def test_a_connection_that_its_service_closed_is_not_used_again() -> None:
    def answer(connection: object, method: str, path: str) -> None:
        connection.sendall(OK_EMPTY)  # type: ignore[attr-defined]
        connection.close()  # type: ignore[attr-defined]

    with hostile(answer) as url:
        steps = (Step("one", "health"), Step("pause"), Step("two", "health"))
        walk = walked(url, Workflow(steps))
    assert walk.states == "ppp", walk.failed


def test_a_path_before_all_paths_is_kept() -> None:
    with OtherService() as service:
        walk = walked(f"{service.url}/v2/", Workflow((Step("health", "health"),)))
        assert service.heard[0].path == "/v2/health"
        assert walk.states == "f", "it has no such page there"


def test_a_file_goes_under_the_name_that_the_operation_says() -> None:
    with other_service() as service:
        plain = msgspec.structs.replace(OTHER_OPERATIONS[1], file_field="file")
        walk = walked(service.url, Workflow((CAPTURE, PREDICT)), (plain,))
    assert walk.failed.exchange is not None
    assert walk.failed.exchange.answer == '{"error": "no part called image"}'
