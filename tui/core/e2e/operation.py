"""What a service offers, under the names that workflows use: each service has paths of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Sends = Literal["nothing", "json", "form", "bytes"]


class Operation(msgspec.Struct, frozen=True):
    """One request that a service understands, and where its answer has what.

    Words in braces, as in `/images/{id}`, are filled with a workflow's values.
    """

    name: str
    method: Method = "GET"
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    sends: Sends = "nothing"
    file_field: str = "file"
    """Of a form: the name of the part that is the file."""
    body: str = ""
    """Of `json`: the document, with words in braces."""
    status: tuple[int, ...] = (200,)
    """Of an answer that is right."""
    gives: tuple[tuple[str, str], ...] = ()
    """A name, and where the answer has it: `json:/id`, `header:ETag`, `body`, `status`."""


OPERATIONS: tuple[Operation, ...] = (
    Operation("health", path="/health", gives=(("state", "json:/status"),)),
    Operation(
        "predict", "POST", "/predict", sends="form", gives=(("objects", "json:/predictions"),)
    ),
    Operation(
        "predict_with_image", "POST", "/predict", query=(("return_image", "true"),), sends="form",
        gives=(("objects", "json:/predictions"), ("image", "json:/image")),
    ),
    Operation(
        "store", "POST", "/images", query=(("name", "{name}"),), sends="form", status=(200, 201),
        gives=(("id", "json:/id"), ("sha256", "json:/sha256"), ("size", "json:/size"),
               ("created_at", "json:/created_at")),
    ),
    Operation(
        "list", path="/images", query=(("limit", "{limit}"), ("offset", "{offset}")),
        gives=(("items", "json:/images"), ("total", "json:/total")),
    ),
    Operation("retrieve", path="/images/{id}", gives=(("sha256", "header:X-Sha256"),)),
    Operation("delete", "DELETE", "/images/{id}", status=(200, 202, 204)),
)  # fmt: skip
"""Those of the service that jetproof knows without being told, by `[targets.NAME.operations]`."""
