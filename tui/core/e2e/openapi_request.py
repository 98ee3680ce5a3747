"""What a request of an OpenAPI operation is made of: ids that the run made, what the target's
configuration says, examples, and else the least that its schemas allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tui.core.e2e.openapi_body import Bodies
from tui.core.e2e.openapi_document import Document, Part, Unreadable, child
from tui.core.e2e.openapi_endpoint import Endpoint, Parameter
from tui.core.e2e.openapi_given import Given, NotAsked, value_text, word
from tui.core.e2e.openapi_links import Maker, parameters_of, prefix_of
from tui.core.e2e.openapi_sample import Sampler
from tui.core.e2e.openapi_value import UNIQUE
from tui.core.e2e.operation import READING, Operation
from tui.core.e2e.place import is_header_name
from tui.core.failure import printable
from tui.core.problem import quoted

_OVERWRITING = ("PUT", "PATCH", "DELETE")
_ENDING = re.compile(
    r"(?:^|[^a-z])(?:log-?out|shut-?down|reboot|restart|reset|stop|kill|terminate|purge|wipe|clear|drop"
    r"|delete|remove|truncate)(?:[^a-z]|$)"
)
"""In the path of a POST: it may end or delete more than this run made."""


class Asked(msgspec.Struct, frozen=True):
    """A request that can be made."""

    operation: Operation
    values: tuple[tuple[str, str], ...]
    """For the words of its path."""
    send: str
    """The step whose picture is sent; empty: none."""
    bearer: str | None
    """Empty: it is asked without a token."""


class Asking:
    """Of one document and target. `made` has the text that stands for an id, by what
    `prefix_of` says of its parameter; whoever plans adds what each step makes."""

    def __init__(
        self,
        document: Document,
        sampler: Sampler,
        given: Given,
        folder: str,
        made: Mapping[str, str],
    ) -> None:
        self._document = document
        self._sampler = sampler
        self._given = given
        self._bodies = Bodies(sampler, given)
        self._folder = folder
        self._made = made

    def asked(self, name: str, endpoint: Endpoint, maker: Maker | None) -> Asked:
        """The request; `maker` where it makes something. Raises NotAsked."""
        if endpoint.wrong:
            raise NotAsked(endpoint.wrong)
        if endpoint.is_endless():
            raise NotAsked("its answer is a stream that never ends")
        try:
            self._check_harm(endpoint, maker)
            values = tuple(self._path_values(endpoint, maker))
            headers, query, cookies = self._pairs(endpoint)
            bearer = self._secure(endpoint, headers, query, cookies)
            if cookies:
                headers.append(("Cookie", "; ".join(f"{key}={value}" for key, value in cookies)))
            operation, send = self._bodies.laid(endpoint, self._operation(name, endpoint), maker)
        except Unreadable as error:
            raise NotAsked(str(error)) from None
        strange = next((name for name, _ in headers if not is_header_name(name)), None)
        if strange is not None:
            raise NotAsked(f"the header {quoted(printable(strange))} can't be sent")
        operation = msgspec.structs.replace(
            operation, query=tuple(query), headers=(*operation.headers, *headers)
        )
        return Asked(operation, values, send, bearer)

    def left_out(self, name: str, endpoint: Endpoint) -> Operation:
        """What stands for one that is not asked."""
        return self._operation(name, endpoint)

    def _operation(self, name: str, endpoint: Endpoint) -> Operation:
        path = endpoint.path
        for parameter in parameters_of(path):
            path = path.replace(f"{{{parameter}}}", f"{{{word(parameter)}}}")
        return Operation(name, endpoint.method, self._folder + path, status=endpoint.right)

    def _check_harm(self, endpoint: Endpoint, maker: Maker | None) -> None:
        if endpoint.method in _OVERWRITING:
            last = parameters_of(endpoint.path)[-1:]
            is_own = any(prefix_of(endpoint.path, name) in self._made for name in last)
            if not is_own and maker is None:
                does = "delete" if endpoint.method == "DELETE" else "overwrite"
                raise NotAsked(f"it would {does} what this run did not make")
        elif endpoint.method == "POST" and _ENDING.search(_spaced(endpoint)):
            raise NotAsked("its name says that it ends or deletes more than this run made")

    def _path_values(self, endpoint: Endpoint, maker: Maker | None) -> Iterator[tuple[str, str]]:
        known = {each.name: each for each in endpoint.parameters if each.place == "path"}
        for name in parameters_of(endpoint.path):
            parameter = known.get(name) or Parameter(name, "path", True, {}, {})
            if maker is not None and not maker.place and name == parameters_of(endpoint.path)[-1]:
                yield word(name), UNIQUE
                continue
            made = self._made.get(prefix_of(endpoint.path, name))
            yield word(name), made or self._told(endpoint, parameter)

    def _told(self, endpoint: Endpoint, parameter: Parameter) -> str:
        """A value that is none of the run's own."""
        name = word(parameter.name)
        if name in self._given.values:
            return f"{{target.{name}}}"
        try:
            if parameter.place == "path" and endpoint.method not in READING:
                raise KeyError("an example may be somebody's")
            return value_text(self._hint(parameter))
        except KeyError:
            raise NotAsked(f"it needs {name}: {self._given.key('values', name)}") from None

    def _hint(self, parameter: Parameter) -> object:
        try:
            return self._sampler.example(parameter.about)
        except KeyError:
            contents = parameter.about.get("content")
            if isinstance(contents, Mapping) and contents:
                media = next(iter(contents.values()))
                schema = media.get("schema", {}) if isinstance(media, Mapping) else {}
                return json.dumps(self._sampler.sample(schema))
            return self._sampler.hint(parameter.schema, is_id=parameter.place == "path")

    def _pairs(
        self, endpoint: Endpoint
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
        """Headers, query and cookies, as far as they are needed or have an example."""
        found: dict[str, list[tuple[str, str]]] = {"header": [], "query": [], "cookie": []}
        for parameter in endpoint.parameters:
            if parameter.place == "path":
                continue
            has_example = any(
                key in about
                for key in ("example", "examples")
                for about in (parameter.about, parameter.schema)
            )
            if parameter.is_required or has_example:
                value = self._told(endpoint, parameter)
                if parameter.place == "header" and not (value.isascii() and value.isprintable()):
                    raise NotAsked(f"the example of its header {parameter.name} can't be sent")
                found[parameter.place].append((parameter.name, value))
        return found["header"], found["query"], found["cookie"]

    def _secure(
        self,
        endpoint: Endpoint,
        headers: list[tuple[str, str]],
        query: list[tuple[str, str]],
        cookies: list[tuple[str, str]],
    ) -> str | None:
        """Its secrets are added; what its bearer is."""
        own = endpoint.about.get("security")
        listed = own if isinstance(own, list) else self._document.get("security")
        if own == []:
            return ""
        listed = listed if isinstance(listed, list) else []
        choices = [each for each in listed if isinstance(each, Mapping)]
        if not choices or {} in choices:
            return None
        schemes = [[self._scheme(name) for name in choice] for choice in choices]
        places: dict[Any, list[tuple[str, str]]] = {
            "header": headers, "query": query, "cookie": cookies,
        }  # fmt: skip
        # What the target's token alone opens needs no other secret.
        for scheme in min(schemes, key=lambda all_of: sum(not _is_bearer(each) for each in all_of)):
            if _is_bearer(scheme):
                continue
            name = word(scheme.pointer.rpartition("/")[2])
            about, secret = scheme.value, f"{{secret.{name}}}"
            is_basic = about.get("type") == "http" and about.get("scheme") == "basic"
            if about.get("type") != "apiKey" and not is_basic:
                raise NotAsked(f"it wants {quoted(name)}, which is no token")
            if name not in self._given.secrets:
                raise NotAsked(f"it needs a secret: {self._given.key('secrets', name, 'env:…')}")
            if is_basic:
                headers.append(("Authorization", f"Basic {secret}"))
            elif about.get("in") in places:
                places[about["in"]].append((f"{about.get('name')}", secret))
        return None

    def _scheme(self, name: str) -> Part:
        components = child(self._document, Part("", self._document), "components") or Part("")
        schemes = child(self._document, components, "securitySchemes") or Part("")
        found = child(self._document, schemes, name)
        if found is None:
            raise Unreadable(f"its OpenAPI has no security scheme {quoted(name)}")
        return Part(f"/{name}", found.value)


def _spaced(endpoint: Endpoint) -> str:
    """Its path and its name, in words: `deleteAll` is two."""
    text = f"{endpoint.path} {endpoint.about.get('operationId', '')}"
    return re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower().replace("_", " ")


def _is_bearer(scheme: Part) -> bool:
    """Whether the target's token is what it wants."""
    about = scheme.value
    if about.get("type") == "apiKey":
        return about.get("in") == "header" and f"{about.get('name')}".lower() == "authorization"
    is_http = about.get("type") == "http"
    return about.get("type") in ("oauth2", "openIdConnect") or (
        is_http and f"{about.get('scheme')}".lower() == "bearer"
    )
