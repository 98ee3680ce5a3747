"""Which operation of an OpenAPI document makes what another one asks for by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tui.core.e2e.openapi_document import Unreadable, may_be_json
from tui.core.e2e.openapi_endpoint import Endpoint, Parameter
from tui.core.e2e.openapi_sample import Sampler
from tui.core.e2e.openapi_value import UNIQUE

_PARAMETER = re.compile(r"\{([^{}]+)\}")
_WRAPPERS = ("data", "result", "item", "object", "entity", "record")
"""Around what was made, beside its own name."""
_MAKING = ("create", "add", "new", "upload")
_IDS = ("id", "uuid", "key", "name")
"""How the name of an id ends."""


class Maker(msgspec.Struct, frozen=True):
    """Who makes what a parameter of a path names."""

    endpoint: Endpoint
    place: str
    """Where its answer has the id; empty: the run chooses it, as `UNIQUE`."""
    chosen: str = ""
    """The property of its body that says the id, empty where the service chooses it."""


def parameters_of(path: str) -> tuple[str, ...]:
    """The words of a path, in their order."""
    return tuple(_PARAMETER.findall(path))


def makers(endpoints: tuple[Endpoint, ...], sampler: Sampler) -> dict[str, Maker]:
    """By the path up to a parameter and its braces, as `prefix_of` has it."""
    found: dict[str, Maker] = {}
    for endpoint in endpoints:
        for name in parameters_of(endpoint.path):
            prefix = prefix_of(endpoint.path, name)
            if prefix not in found:
                maker = _maker(endpoints, prefix, name, sampler)
                if maker is not None:
                    found[prefix] = maker
    return found


def prefix_of(path: str, name: str) -> str:
    """`/users/{}/posts/{}` of `/users/{user}/posts/{post}.json` and `post`: whose ids these are."""
    before = path.partition(f"{{{name}}}")[0]
    return _PARAMETER.sub("{}", before.rpartition("/")[0]) + "/{}"


def _maker(
    endpoints: tuple[Endpoint, ...], prefix: str, name: str, sampler: Sampler
) -> Maker | None:
    collection = prefix[: -len("/{}")]
    noun = collection.rpartition("/")[2]
    for endpoint in endpoints:
        if endpoint.method == "POST" and not endpoint.wrong and _makes(endpoint.path, collection):
            try:
                maker = _by_answer(endpoint, noun, name, sampler)
            except Unreadable:
                maker = None
            if maker is not None:
                return maker
    for endpoint in endpoints:
        is_it = _PARAMETER.sub("{}", endpoint.path) == prefix and endpoint.method == "PUT"
        is_said = not endpoint.wrong and endpoint.says(201)
        if is_it and is_said and _is_free(endpoint, sampler):
            return Maker(endpoint, "")
    return None


def _makes(path: str, collection: str) -> bool:
    """Whether a POST to this path makes one of the collection."""
    path = _PARAMETER.sub("{}", path).rstrip("/")
    head, _, last = path.rpartition("/")
    return (
        path == collection
        or _one(path) == _one(collection)
        or (last.lower() in _MAKING and head == collection)
    )


def _one(path: str) -> str:
    """The same for `/pet` and `/pets`."""
    return path.lower().removesuffix("s")


def _by_answer(endpoint: Endpoint, noun: str, name: str, sampler: Sampler) -> Maker | None:
    for answer in endpoint.successes():
        contents = answer.value.get("content")
        for kind, media in contents.items() if isinstance(contents, Mapping) else ():
            schema = media.get("schema") if isinstance(media, Mapping) else None
            if may_be_json(kind) and isinstance(schema, Mapping):
                pointer = _id_in(schema, noun, name, sampler)
                if pointer is not None:
                    return _made(endpoint, pointer, sampler)
        headers = answer.value.get("headers")
        if isinstance(headers, Mapping) and "location" in {f"{key}".lower() for key in headers}:
            return Maker(endpoint, f"tail:Location/{noun}")
    return None


def _made(endpoint: Endpoint, pointer: str, sampler: Sampler) -> Maker | None:
    """None where the body chooses the id, and it can't be one that nobody else has."""
    name = pointer.rpartition("/")[2]
    for kind, media in (endpoint.contents or {}).items():
        schema = media.get("schema") if isinstance(media, Mapping) else None
        properties, required = sampler.properties(schema)
        if name not in properties or not may_be_json(kind):
            continue
        about = sampler.whole(properties[name])
        if about.get("readOnly") is True:
            continue
        if name in required and not _takes_any_text(about):
            return None
        return Maker(endpoint, f"json:{pointer}", chosen=name)
    return Maker(endpoint, f"json:{pointer}")


def _id_in(schema: Mapping[str, Any], noun: str, name: str, sampler: Sampler) -> str | None:
    """A JSON pointer; None where nothing looks like its own id. Anybody else's must not: by it
    something would be deleted."""
    whole = sampler.whole(schema)
    if whole.get("type") == "integer" or whole.get("format") == "uuid":
        return ""
    properties, _ = sampler.properties(schema)
    found = _named(properties, name)
    if found is not None:
        return f"/{found}"
    for outer, about in properties.items():
        if outer.lower() in _WRAPPERS or _one(outer) == _one(noun):
            inner, _ = sampler.properties(about)
            found = _named(inner, name)
            if found is not None and sampler.whole(about).get("type") != "array":
                return f"/{outer}/{found}"
    return None


def _named(properties: Mapping[str, Any], name: str) -> str | None:
    plain = {re.sub(r"[^a-z0-9]", "", each.lower()): each for each in reversed([*properties])}
    wanted = re.sub(r"[^a-z0-9]", "", name.lower())
    own = [each for each in _IDS if wanted.endswith(each)]
    usual = [] if wanted.endswith("name") else ["id", "uuid"]
    for key in dict.fromkeys((wanted, *own, *usual)):
        if key in plain and "/" not in plain[key] and "~" not in plain[key]:
            return plain[key]
    return None


def _is_free(endpoint: Endpoint, sampler: Sampler) -> bool:
    """Whether the last id of its path may be any text."""
    last = parameters_of(endpoint.path)[-1:]
    return any(
        parameter.name in last
        and parameter.place == "path"
        and _takes_any_text(sampler.whole(parameter.schema))
        for parameter in endpoint.parameters
    )


def _takes_any_text(about: Mapping[str, Any]) -> bool:
    fixed = ("pattern", "format", "enum", "const")
    most = about.get("maxLength")
    is_long = not isinstance(most, int) or most >= len(UNIQUE) * 8
    return about.get("type") == "string" and is_long and not any(key in about for key in fixed)


def unknown_id(parameter: Parameter, sampler: Sampler) -> str | None:
    """One that fits the schema and that nobody has; None where there is none such."""
    about = sampler.whole(parameter.schema)
    if about.get("type") == "integer":
        most = about.get("maximum")
        return f"{min(most, 2**31 - 1) if isinstance(most, int) else 2**31 - 1}"
    if about.get("format") == "uuid":
        return "00000000-0000-4000-8000-6a6574000001"
    return f"{UNIQUE}-unknown" if _takes_any_text(about) else None
