"""The body of a request of an OpenAPI operation: a picture, a form or a document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tui.core.e2e.answer import plain_type
from tui.core.e2e.openapi_document import is_json
from tui.core.e2e.openapi_endpoint import Endpoint
from tui.core.e2e.openapi_given import Given, NotAsked, value_text
from tui.core.e2e.openapi_links import Maker
from tui.core.e2e.openapi_sample import Sampler
from tui.core.e2e.openapi_value import UNIQUE
from tui.core.e2e.operation import READING, Operation
from tui.core.problem import quoted

PICTURE = "picture"
"""The step whose picture is sent wherever a file is wanted."""
JPEG = "image/jpeg"
_SECRET = re.compile(r"passw|passphrase|secret|token$|api_?key|^pin$|^otp$", re.I)
_LOGIN = re.compile(r"^(?:user|user_?name|login|account|e?_?mail|client_id)$", re.I)


class Bodies:
    """Of one document."""

    def __init__(self, sampler: Sampler, given: Given) -> None:
        self._sampler = sampler
        self._given = given

    def laid(
        self, endpoint: Endpoint, operation: Operation, maker: Maker | None
    ) -> tuple[Operation, str]:
        """The operation with its body, and the step whose picture it sends."""
        contents = {
            kind: media
            for kind, media in (endpoint.contents or {}).items()
            if isinstance(kind, str) and isinstance(media, Mapping)
        }
        if not contents or endpoint.method in READING:
            return operation, ""
        for kind, media in contents.items():
            if is_json(kind):
                return self._json(operation, kind, media, maker), ""
        for kind, media in contents.items():
            plain = plain_type(kind)
            if plain == "multipart/form-data":
                return self._form(operation, media, maker)
            if plain == "application/x-www-form-urlencoded":
                fields = tuple(self._fields(media, (), maker))
                return msgspec.structs.replace(operation, sends="fields", fields=fields), ""
            if plain in (JPEG, "image/*", "application/octet-stream", "*/*"):
                return msgspec.structs.replace(operation, sends="bytes"), PICTURE
        raise NotAsked(f"it sends {quoted(next(iter(contents)))}, which can't be made up")

    def _json(
        self, operation: Operation, kind: str, media: Mapping[str, Any], maker: Maker | None
    ) -> Operation:
        try:
            sample = self._sampler.example(media)
        except KeyError:
            sample = self._sampler.sample(media.get("schema", {}))
        if isinstance(sample, dict):
            properties, required = self._sampler.properties(media.get("schema"))
            sample = {key: value for key, value in sample.items() if key != _chosen(maker)}
            if maker is not None and maker.chosen in required:
                sample[maker.chosen] = UNIQUE
            sample.update(self._said(sample, properties, maker))
        usual = plain_type(kind) == "application/json"
        return msgspec.structs.replace(
            operation,
            sends="json",
            body=json.dumps(sample, ensure_ascii=False),
            headers=() if usual else (("Content-Type", kind),),
        )

    def _said(
        self, sample: Mapping[str, Any], properties: Mapping[str, Any], maker: Maker | None
    ) -> Iterator[tuple[str, str]]:
        """Of a body's values those that are not to be made up."""
        said = {name: self._given.values[name] for name in sample if name in self._given.values}
        yield from ((name, f"{{target.{name}}}") for name in said)
        asked = [
            name
            for name in sample
            if name not in said and (_SECRET.search(name) or self._is_secret(properties.get(name)))
        ]
        # Who makes an account may give it any password.
        for name in asked if maker is None else ():
            own = [name, *(f"{value}_{name}" for value in said.values())]
            found = next((each for each in own if each in self._given.secrets), None)
            if found is None:
                raise NotAsked(f"it needs {name}: {self._given.key('secrets', name, 'env:…')}")
            unknown = [each for each in sample if _LOGIN.search(each) and each not in said]
            if unknown:
                raise NotAsked(f"it needs {unknown[0]}: {self._given.key('values', unknown[0])}")
            yield name, f"{{secret.{found}}}"

    def _is_secret(self, about: object) -> bool:
        """Whether the document says so itself, whatever it is called."""
        return self._sampler.whole(about).get("format") == "password"

    def _form(
        self, operation: Operation, media: Mapping[str, Any], maker: Maker | None
    ) -> tuple[Operation, str]:
        properties, required = self._sampler.properties(media.get("schema"))
        files = [name for name, about in properties.items() if self._is_file(about)]
        wanted = [name for name in files if name in required]
        if len(wanted) > 1:
            raise NotAsked(f"it sends several files: {', '.join(wanted)}")
        fields = tuple(self._fields(media, tuple(files), maker))
        field = (wanted or files or [""])[0]
        made = msgspec.structs.replace(operation, sends="form", fields=fields, file_field=field)
        return made, PICTURE if field else ""

    def _fields(
        self, media: Mapping[str, Any], files: tuple[str, ...], maker: Maker | None
    ) -> Iterator[tuple[str, str]]:
        """What a form must have beside its files."""
        properties, required = self._sampler.properties(media.get("schema"))
        sample: dict[str, Any] = {}
        for name in required:
            about = self._sampler.whole(properties.get(name, {}))
            if name not in files and about.get("readOnly") is not True:
                sample[name] = self._sampler.sample(about, name)
        sample.update(self._said(sample, properties, maker))
        yield from ((name, value_text(value)) for name, value in sample.items())

    def _is_file(self, about: object) -> bool:
        whole = self._sampler.whole(about)
        if whole.get("type") == "array":
            whole = self._sampler.whole(whole.get("items"))
        media = f"{whole.get('contentMediaType', '')}"
        is_raw = media.startswith(("image/", "application/octet-stream"))
        return whole.get("format") == "binary" or (is_raw and "contentEncoding" not in whole)


def _chosen(maker: Maker | None) -> str:
    """The property by which the body would say an id: one that the document names may be
    somebody's."""
    return maker.chosen if maker is not None else ""
