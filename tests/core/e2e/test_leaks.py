"""Secrets in answers."""

from __future__ import annotations

import base64
import json
import time

import pytest

from tui.core.e2e.leaks import MOST_BYTES, leak_in, without_leaks
from tui.core.e2e.making import noise

OWN = (b"wh1sper-7Qz",)
AWS = b"AKIA" + b"IOSFODNN7EXAMPLE"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"echo": "Bearer wh1sper-7Qz"}', "a secret of this run"),
        (b"-----BEGIN PRIVATE KEY-----\nMII", "a private key"),
        (b'{"pem": "-----BEGIN RSA PRIVATE KEY-----\\nMII"}', "a private key"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        (b"key " + AWS + b" of the bucket", "an AWS access key"),
        (b'{"password": "hunter2"}', 'a text for "password"'),
        (b'{"db_password" : "hunter2"}', 'a text for "db_password"'),
        (b'{"db":{"SECRET_KEY":"x\\"y"}}', 'a text for "SECRET_KEY"'),
        (b'{"clientSecret":"x"}', 'a text for "clientSecret"'),
        (b'{"apiKey": "x"}', 'a text for "apiKey"'),
        (b"Traceback (most recent call last):\n  File", "a Python stack trace"),
        (b'{"detail": "\\n\\tat com.shop.Db$1.open(Db.java:12)\\n"}', "a Java stack trace"),
        (b"panic: x\n\ngoroutine 1 [running]:\nmain.main()", "a Go stack trace"),
    ],
)
def test_what_has_no_business_there_is_named_by_its_kind(body: bytes, kind: str) -> None:
    assert leak_in(body, OWN) == kind
    assert leak_in(b"[" + b"1," * 1000 + body, OWN) == kind


@pytest.mark.parametrize(
    "body",
    [
        b"", b'{"predictions": []}', b'{"password": ""}', b'{"password": null}',
        b'{"password": "***"}', b'{"password": "[redacted]"}', b'{"password": true}',
        b'{"password": {"type": "string", "format": "password"}}', b'{"title": "Password"}',
        b'{"password_changed_at": "2026-01-01"}', b'{"key": "m/0001", "keys": "x"}',
        b'{"type": "password", "secret": {"name": "x"}}', b"-----BEGIN PUBLIC KEY-----",
        b"-----BEGIN CERTIFICATE-----", b"AKIA", b"BAKIAIOSFODNN7EXAMPLES",
        b"look at Db.java:12 please", b"the goroutine 1 sleeps", b'{"why": "wh1sper"}',
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_none(body: bytes) -> None:
    assert leak_in(body, OWN) == ""


def test_what_an_answer_is_there_to_give_is_meant() -> None:
    body = b'{"secret": "wh1sper-7Qz"}'
    assert leak_in(body, OWN, OWN) == ""
    assert leak_in(body + b'{"secret": "another"}', OWN, OWN) == 'a text for "secret"'


def test_a_secret_that_is_too_short_is_found_by_chance_and_so_not_at_all() -> None:
    assert leak_in(b'{"count": 1234}', (b"1234", b"")) == ""


def test_a_value_is_looked_at_however_it_ends() -> None:
    assert leak_in(b'{"password": "' + b"\\" * 10_001, OWN)
    assert leak_in(b'{"password": "' + b"x" * 10_000, OWN)


def test_only_the_beginning_is_looked_at() -> None:
    body = b" " * MOST_BYTES + b'{"password": "hunter2"}'
    assert leak_in(body, OWN) == ""
    assert leak_in(body[14:], OWN) == ""
    assert leak_in(body[30:], OWN)


@pytest.mark.parametrize(
    "bait", [b'"password"', b'"key":"', b'"secret" : ', b'"secret":"\\', b"AKIA", b"goroutine "]
)
def test_what_is_made_to_hold_it_up_does_not(bait: bytes) -> None:
    def took_s(size: int) -> float:
        began_s = time.perf_counter()
        leak_in(bait * (size // len(bait)), OWN)
        return time.perf_counter() - began_s

    small_s, whole_s = (
        min(took_s(size) for _ in range(3)) for size in (MOST_BYTES // 8, MOST_BYTES)
    )
    assert whole_s < 40 * small_s, "eight times as much takes eight times as long"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            b'{"a": 1, "db_password": "hunt\\"er2", "b": 2}',
            b'{"a": 1, "db_password": "***", "b": 2}',
        ),
        (b'{"apiKey":"x","secret":"y"}', b'{"apiKey":"***","secret":"***"}'),
        (b"a -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- b", b"a *** b"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nMIIEow", b"***"),
        (b"key " + AWS + b" of", b"key *** of"),
        (b'{"access_token": "t0k", "token": 5}', b'{"access_token": "***", "token": 5}'),
        (b'{"status": "ok"}', b'{"status": "ok"}'),
    ],
)
def test_what_leaked_is_not_told_on(body: bytes, told: bytes) -> None:
    assert without_leaks(body.decode()) == told.decode()


def test_pictures_in_an_answer_are_none() -> None:
    image = base64.b64encode(noise(700_000, "picture")).decode()
    assert leak_in(json.dumps({"image": image}).encode(), OWN) == ""
