"""`[storage]` of the configuration: the object store of the site, and where local files go."""

from __future__ import annotations

import msgspec

from tui.core.base_url import parse_base_url
from tui.core.mistakes import Mistakes
from tui.core.target_table import check_place_of_secret

_NEEDED = ("bucket", "access_key", "secret_key")


class StorageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Never a secret: where each one is."""

    endpoint: str = ""
    """`http(s)://HOST[:PORT]`; empty: there is no object store."""
    bucket: str = ""
    """Made and removed again where it is not there."""
    region: str = "us-east-1"
    access_key: str = ""
    """`env:NAME` or `file:PATH`."""
    secret_key: str = ""
    """`env:NAME` or `file:PATH`."""
    verify_tls: bool = True
    local: str = ""
    """The directory that the store is compared with; empty: where storage is burnt, too."""


def check_storage(mistakes: Mistakes, settings: StorageSettings) -> StorageSettings:
    """The settings with a plain endpoint; `mistakes` are those of that table."""
    for key in ("access_key", "secret_key"):
        reference: str = getattr(settings, key)
        if reference:
            check_place_of_secret(mistakes, key, reference)
        if reference in ("env:", "file:"):
            mistakes.add(key, f'"{reference}" names nothing')
    if settings.local and not settings.local.startswith("/"):
        mistakes.add("local", "the whole path of a directory")
    if not settings.endpoint:
        return settings
    for key in _NEEDED:
        if not getattr(settings, key):
            mistakes.add(key, "an object store needs it: endpoint is set")
    if "/" in settings.bucket:
        mistakes.add("bucket", "a bucket's name has no slash in it")
    try:
        url = parse_base_url(settings.endpoint)
    except ValueError as error:
        mistakes.add("endpoint", str(error))
        return settings
    if url.text.count("/") > 2:
        mistakes.add("endpoint", "an object store stands at a host, not under a path of it")
    return msgspec.structs.replace(settings, endpoint=url.text)
