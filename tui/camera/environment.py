"""What of the owner's environment a reader gets: it talks to strangers, and others may see it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NEEDED = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|VIRTUAL_ENV|PYTHON\w+"
    # What finds libraries, GStreamer's parts and its cache, and who is trusted.
    r"|LD_\w+|GST_\w+|XDG_(?:CACHE_HOME|DATA_DIRS|RUNTIME_DIR)|SSL_CERT_(?:FILE|DIR)"
    # The resolver's.
    r"|RES_OPTIONS|LOCALDOMAIN|HOSTALIASES",
    re.ASCII,
)


def reader_environment(environment: Mapping[str, str], credentials: str) -> dict[str, str]:
    """The whole of a reader's; `credentials` is the reference of its camera."""
    kind, _, secret = credentials.partition(":")
    hidden = secret if kind == "env" else ""
    return {
        name: value
        for name, value in environment.items()
        if _NEEDED.fullmatch(name) and name != hidden
    }
