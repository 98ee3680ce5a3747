from __future__ import annotations

import pytest

from tui.core.failure import FailureClass, classify, normalise, printable


@pytest.mark.parametrize(
    ("status", "type_name", "message", "expected"),
    [
        (0, "ConnectionRefusedError", "[Errno 111] refused", "connect"),
        (0, "gaierror", "Name or service not known", "connect"),
        (0, "SSLError", "certificate verify failed", "connect"),
        (0, "OSError", "Network is down", "connect"),
        (0, "RemoteDisconnected", "", "connect"),
        (0, "ConnectTimeout", "connection timed out", "timeout"),
        (0, "timeout", "", "timeout"),
        (0, "ReadTimeoutError", "", "timeout"),
        (404, "HTTPError", "", "4xx"),
        (429, "", "Too Many Requests", "4xx"),
        (500, "HTTPError", "connection to database lost", "5xx"),
        (503, "", "", "5xx"),
        (200, "CatchResponseError", "no predictions", "payload"),
        (200, "CatchResponseError", "integrity: checksum differs", "integrity"),
        (0, "ValueError", "x", "payload"),
    ],
)
def test_a_failure_has_the_class_that_tells_where_to_look(
    status: int, type_name: str, message: str, expected: FailureClass
) -> None:
    assert classify(status, type_name, message) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no answer from http://a:80/x?id=1", "no answer from http://b/y"),
        ("<object at 0x7f00aa>", "<object at 0x7fffbb>"),
        ("item 8f14e45fceea167a missing", "item 45c48cce2e2d7fbd missing"),
        (
            "run 550e8400-e29b-41d4-a716-446655440000 gone",
            "run 123e4567-e89b-12d3-a456-426614174000 gone",
        ),
        ("took 12.345 s", "took 2.1 s"),
        ("frame 123456 lost", "frame 99999 lost"),
    ],
)
def test_messages_that_differ_by_a_detail_become_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize("text", ["HTTP 503 Service Unavailable", "facade not found", "a b"])
def test_what_tells_messages_apart_stays(text: str) -> None:
    assert normalise(text) == text


def test_what_a_target_sends_can_be_stored() -> None:
    assert printable("caf\u00e9 \ud800!").encode("utf-8") == "café ?!".encode()
    normalise("\udfff").encode("utf-8")


def test_a_message_is_bounded() -> None:
    assert len(normalise("x y " * 1000)) == 160


@pytest.mark.parametrize(
    "text",
    [
        "\u202egnp.exe",
        "zero\u200bwidth",
        "\u2066x\u2069",
        "\ufeff",
        "\x1b[2J\x1b[31mred",
        "a\nb\r\nc",
        "bell\a",
        "\x9b2J",
        "nul\0",
        "back\b\b\x7f",
        "\ud800",
    ],
)
def test_what_a_target_sends_can_not_move_a_cursor(text: str) -> None:
    assert printable(text).isprintable()


def test_what_turns_a_text_around_leaves_a_mark_where_it_was() -> None:
    assert printable("photo\u202egnp.exe") == "photo\ufffdgnp.exe"
