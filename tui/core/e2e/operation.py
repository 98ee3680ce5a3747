"""What a service offers, under the names that workflows use: each service has paths of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
READING: tuple[Method, ...] = ("GET", "HEAD")
"""What changes nothing, and has no body."""
Sends = Literal["nothing", "json", "form", "bytes", "fields"]


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
    fields: tuple[tuple[str, str], ...] = ()
    """Of a form, beside its file, and of `fields`, which are sent as a URL has them: names and
    texts, with words in braces."""
    body: str = ""
    """Of `json`: the document, with words in braces."""
    status: tuple[int, ...] = (200,)
    """Of an answer that is right."""
    gives: tuple[tuple[str, str], ...] = ()
    """A name, and where the answer has it: `json:/id`, `header:ETag`, `body`, `status`."""
    record: tuple[tuple[str, str], ...] = ()
    """Of an answer that is a list: a name, and the JSON pointer to it within each record."""

    @property
    def templates(self) -> tuple[str, ...]:
        """Its texts with words in braces, the body left out."""
        pairs = (*self.query, *self.headers, *self.fields)
        return (self.path, *(text for _, text in pairs))

    def pointer(self, name_or_pointer: str) -> str:
        """The JSON pointer into a record; what it gives no name is one itself."""
        return dict(self.record).get(name_or_pointer, name_or_pointer)


OPERATIONS: tuple[Operation, ...] = (
    Operation("health", path="/health", gives=(("state", "json:/status"),)),
    Operation(
        "login", "POST", "/login", sends="json",
        body='{"user": "{user}", "password": "{password}", "expires_in": {expires_in}}',
        gives=(("token", "json:/token"), ("role", "json:/role")),
    ),
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
        record=(("id", "/id"), ("name", "/name"), ("size", "/size"),
                ("created_at", "/created_at")),
    ),
    Operation("retrieve", path="/images/{id}", gives=(("sha256", "header:X-Sha256"),)),
    Operation("delete", "DELETE", "/images/{id}", status=(200, 202, 204)),
)  # fmt: skip
"""Those of the service that jetproof knows without being told, by `[targets.NAME.operations]`."""
