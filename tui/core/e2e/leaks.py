"""Secrets in an answer that has no business there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from tui.core.secrecy import HIDDEN

MOST_BYTES = 1024 * 1024
"""Of one answer that are looked at."""
LEAST_OWN = 6
"""Characters: a secret that is shorter stands in an answer by chance."""
_FIELD = re.compile(
    rb"(?:password|passwd|passphrase|secret|(?:secret|private|access|api)[_-]?key)"
    rb'"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,4096})',
    re.IGNORECASE,
)
_TOLD_FIELD = re.compile(rb'(?:token|jwt)"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,4096})', re.IGNORECASE)
"""Of a log-in it is no leak, and nothing to be told on."""
_FIELD_SIGNS = (b'password"', b'passwd"', b'passphrase"', b'secret"', b'key"')
_FIELD_NAME = re.compile(rb"[A-Za-z0-9_-]{1,64}")
_MASK = re.compile(rb"(?:\*|\xe2\x80\xa2|\xe2\x97\x8f)+|<[a-z -]+>|\[?(?:redacted|hidden)\]?", re.I)
_AWS = re.compile(rb"(?<![A-Za-z0-9+/=])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])")
_PRIVATE = re.compile(rb"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----")
_KEY_BLOCK = re.compile(_PRIVATE.pattern + rb"[^-]*(?:-----END [A-Z0-9 ]{1,80}-----)?")
_PYTHON = b"Traceback (most recent call last)"
_JAVA = re.compile(rb"at [\w.$<>/]{3,200}\([\w$-]{1,100}\.(?:java|kt|scala):[0-9]+\)")
_GO = re.compile(rb"goroutine [0-9]+ \[[a-z ,0-9]+\]:")


def leak_in(body: bytes, own: Sequence[bytes], meant: Collection[bytes] = ()) -> str:
    """What kind of secret an answer has in it, never the secret itself: `a private key`, `a text
    for "db_password"`; empty where none was found in its first MiB.

    `own` are secrets of the run, as they may stand in JSON; `meant` are those that the answer is
    there to give.
    """
    body = body[:MOST_BYTES]
    if any(secret in body for secret in own if len(secret) >= LEAST_OWN and secret not in meant):
        return "a secret of this run"
    if b"PRIVATE KEY-----" in body and _PRIVATE.search(body):
        return "a private key"
    if (b"AKIA" in body or b"ASIA" in body) and _AWS.search(body):
        return "an AWS access key"
    return _trace_in(body) or _field_in(body, meant)


def leak_in_headers(
    headers: Mapping[str, str], own: Sequence[bytes], meant: Collection[bytes] = ()
) -> str:
    """The same of an answer's headers: `a secret of this run in its header x-debug`. What a cookie
    holds is no secret of the run, unless it is one of `own`."""
    sought = [secret for secret in own if len(secret) >= LEAST_OWN and secret not in meant]
    for name, value in headers.items():
        # As they came over the line.
        told = value.encode("latin-1", "replace")
        if any(secret in told for secret in sought):
            return f"a secret of this run in its header {name}"
        if _AWS.search(told):
            return f"an AWS access key in its header {name}"
    return ""


def without_leaks(text: str) -> str:
    """The same without keys, passwords and tokens, in whoever's answer they stand."""
    body = text.encode("utf-8", "replace")
    for pattern in (_KEY_BLOCK, _AWS):
        body = pattern.sub(HIDDEN.encode(), body)
    for pattern in (_FIELD, _TOLD_FIELD):
        body = pattern.sub(lambda found: found[0][: -len(found[1])] + HIDDEN.encode(), body)
    return body.decode("utf-8", "replace")


def _trace_in(body: bytes) -> str:
    if _PYTHON in body:
        return "a Python stack trace"
    has_java = any(sign in body for sign in (b".java:", b".kt:", b".scala:"))
    if has_java and _JAVA.search(body):
        return "a Java stack trace"
    return "a Go stack trace" if b"goroutine " in body and _GO.search(body) else ""


def _field_in(body: bytes, meant: Collection[bytes]) -> str:
    # A plain search is many times quicker than the pattern, and most answers end here.
    lowered = body.lower()
    if not any(sign in lowered for sign in _FIELD_SIGNS):
        return ""
    for found in _FIELD.finditer(body):
        if found[1] not in meant and not _MASK.fullmatch(found[1]):
            return f'a text for "{_key_before(body, found.start(), found[0])}"'
    return ""


def _key_before(body: bytes, start: int, found: bytes) -> str:
    """The whole key, of which the end was found."""
    key = body[body.rfind(b'"', 0, start) + 1 : start] + found.partition(b'"')[0]
    return key.decode() if _FIELD_NAME.fullmatch(key) else found.partition(b'"')[0].decode()
