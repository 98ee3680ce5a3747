"""What is wrong with an object store, in words, and the next thing to try."""

from __future__ import annotations

from tui.core.storage.measures import FaultKind, StoreFault

_TOLD: tuple[FaultKind, ...] = ("certificate", "no-rights", "server-error", "other", "timeout")
"""Those whose detail says more than the words."""
_WORDS: dict[FaultKind, tuple[str, str]] = {
    "no-package": (
        "the package that speaks to object stores is not installed",
        "pip install 'jetproof[s3]'",
    ),
    "refused": (
        "nothing listens at {where}",
        "see whether the store runs, and on which port (storage.endpoint)",
    ),
    "unreachable": ("{where} can't be reached", "ping its host; then its cable, its VLAN"),
    "unknown-host": ("nobody knows the name of {where}", "use its address (storage.endpoint)"),
    "certificate": (
        "the certificate of {where} is not trusted",
        "SSL_CERT_FILE=CA.pem, or storage.verify_tls = false in a network of your own",
    ),
    "credentials": (
        "{where} refused the credentials",
        "look at what storage.access_key and storage.secret_key point to",
    ),
    "clock": (
        "{where} says that this board's clock is wrong",
        "timedatectl; a store takes requests only from clocks that are right to minutes",
    ),
    "no-rights": (
        "{where} knows the user, who may not do what the benchmark needs",
        "allow that user to list, put, get and delete objects in the bucket",
    ),
    "no-bucket": (
        "{where}: the bucket is not there, and this user may not make it",
        "make the bucket, or let that user do it (storage.bucket)",
    ),
    "region": (
        "{where} is of another region",
        "set the bucket's own region (storage.region)",
    ),
    "timeout": (
        "{where} did not answer in time",
        "see the store's load and its disks, and the link between",
    ),
    "gone": (
        "{where} broke the connection off",
        "see whether the store still runs, and what its log says of that moment",
    ),
    "server-error": ("{where} failed at a request", "look at the store's own log"),
    "not-s3": (
        "{where} does not speak the S3 protocol",
        "storage.endpoint is the API's port, not that of its web page",
    ),
    "other": ("{where} could not be measured", "look at the store's own log"),
}


def fault_text(fault: StoreFault, where: str) -> str:
    """What is wrong, in a clause; `where` is the endpoint."""
    words = _WORDS[fault.kind][0].replace("{where}", where)
    return f"{words}: {fault.detail}" if fault.kind in _TOLD and fault.detail else words


def fault_advice(fault: StoreFault) -> str:
    """The next thing to try."""
    return _WORDS[fault.kind][1]
