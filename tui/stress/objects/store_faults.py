"""From what the client of an object store raises to what is wrong with the store."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence

from tui.core.storage.measures import FaultKind, StoreFault
from tui.stress.objects.rounds import TooSlow
from tui.stress.objects.spec import ANSWER_S

LONGEST = 160
_CODES: dict[str, FaultKind] = {
    "InvalidAccessKeyId": "credentials",
    "SignatureDoesNotMatch": "credentials",
    "AuthorizationHeaderMalformed": "region",
    "PermanentRedirect": "region",
    "IllegalLocationConstraintException": "region",
    "RequestTimeTooSkewed": "clock",
    "AccessDenied": "no-rights",
    "AllAccessDisabled": "no-rights",
    "NoSuchBucket": "no-bucket",
    "SlowDown": "server-error",
    "InternalError": "server-error",
    "ServiceUnavailable": "server-error",
}
_ERRNOS: dict[int, FaultKind] = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ETIMEDOUT: "timeout",
}


def fault_of(
    error: BaseException, secrets: Sequence[str], *, is_making: bool = False
) -> StoreFault:
    """What is wrong; `is_making` says that a bucket was to be made."""
    kind, detail = _kind(error)
    if is_making and kind == "no-rights":
        kind = "no-bucket"
    for secret in filter(None, secrets):
        detail = detail.replace(secret, "…")
    return StoreFault(kind, detail[:LONGEST])


def _kind(error: BaseException) -> tuple[FaultKind, str]:
    if isinstance(error, ImportError):
        return "no-package", ""
    if isinstance(error, TooSlow):
        return "timeout", "its transfers were not over in time"
    # Only what is installed can have raised the rest.
    from minio.error import InvalidResponseError, S3Error, ServerError
    from urllib3 import exceptions as http

    if isinstance(error, S3Error):
        code = str(error.code or "")
        message = f"{code}: {error.message or ''}".rstrip(": ")
        return _CODES.get(code, "other"), message
    if isinstance(error, InvalidResponseError):
        return "not-s3", ""
    if isinstance(error, ServerError):
        return "server-error", f"status {error.status_code}"
    if isinstance(error, http.NameResolutionError):
        return "unknown-host", ""
    if isinstance(error, http.SSLError):
        told = (getattr(each, "verify_message", "") for each in _behind(error))
        return "certificate", next(filter(None, told), "")
    if isinstance(error, http.ReadTimeoutError):
        return "timeout", f"no byte in {ANSWER_S:g} s"
    for each in _behind(error):
        if isinstance(each, OSError) and each.errno in _ERRNOS:
            return _ERRNOS[each.errno], ""
    if isinstance(error, http.ConnectTimeoutError):
        return "unreachable", ""
    if isinstance(error, (http.ProtocolError, http.IncompleteRead, ConnectionError)):
        return "gone", ""
    return "other", type(error).__name__


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
