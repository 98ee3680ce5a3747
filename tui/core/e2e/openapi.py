"""From a service's OpenAPI document to a workflow that asks for each of its operations."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tui.core.config import Target
from tui.core.e2e.openapi_body import PICTURE
from tui.core.e2e.openapi_document import Document, Unreadable, version_of
from tui.core.e2e.openapi_endpoint import Endpoint, endpoints
from tui.core.e2e.openapi_given import Given, NotAsked, word
from tui.core.e2e.openapi_links import Maker, makers, parameters_of, prefix_of, unknown_id
from tui.core.e2e.openapi_request import Asked, Asking
from tui.core.e2e.openapi_sample import Sampler
from tui.core.e2e.operation import READING, Operation
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Check, Step, Workflow

__all__ = ["Unreadable", "expanded"]

MOST_NAME = 32
WHOLE_ANSWER = "answer:"
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def expanded(
    workflow: Workflow, document: object, target: Target, secrets: Collection[str] = ()
) -> tuple[Workflow, tuple[Operation, ...]]:
    """The workflow with a step for each operation of the document behind its own ones, and all
    operations that it asks for. What can't be asked is a step that is left out, with its reason.

    `secrets` are the names of those that the target has beside its own. Raises Unreadable.
    """
    version_of(document)
    assert isinstance(document, Mapping)
    planned = _Planned(workflow, document, target, secrets)
    for endpoint in planned.in_order():
        planned.add(endpoint)
    return planned.workflow(), planned.operations()


class _Planned:
    """A workflow that grows, operation by operation."""

    def __init__(
        self, workflow: Workflow, document: Document, target: Target, secrets: Collection[str]
    ) -> None:
        self._own = workflow
        self._endpoints = endpoints(document)
        self._sampler = Sampler(document)
        self._makers = makers(self._endpoints, self._sampler)
        used = {step.operation for step in workflow.all_steps if step.operation}
        self._operations = [each for each in target.operations if each.name in used]
        self._names = _Names({*workflow.names, *used, PICTURE})
        self._steps: list[Step] = []
        self._cleanup: list[Step] = []
        self._tests: list[SmokeTest] = []
        self._made: dict[str, str] = {}
        given = Given(
            target.name,
            {**dict(workflow.values), **dict(target.values)},
            frozenset({*dict(target.secrets), *secrets}),
        )
        folder = _folder_of(document, target.url)
        self._asking = Asking(document, self._sampler, given, folder, self._made)

    def in_order(self) -> list[Endpoint]:
        """What makes something before what needs its id, deletions last."""
        making = {maker.endpoint.pointer for maker in self._makers.values()}
        written = {each.path for each in self._endpoints if each.method in ("POST", "PUT")}

        def rank(endpoint: Endpoint) -> tuple[int, int]:
            path, depth = endpoint.path, len(parameters_of(endpoint.path))
            if endpoint.method == "DELETE":
                return 5, -depth
            if endpoint.pointer in making:
                return 0, depth
            if endpoint.method not in READING:
                return 3, depth
            # A part of what was made is there only once it was written: `/images/{id}/thumbnail`.
            is_part = depth > 0 and not path.endswith("}") and path in written
            return (4 if is_part else 2 if depth else 1), depth

        return sorted(self._endpoints, key=rank)

    def add(self, endpoint: Endpoint) -> None:
        """Its steps, and what cleans up behind it."""
        name = self._names.of(endpoint)
        made = [
            prefix
            for prefix, maker in self._makers.items()
            if maker.endpoint.pointer == endpoint.pointer
        ]
        maker = self._makers[made[0]] if made else None
        try:
            asked = self._asking.asked(name, endpoint, maker)
        except NotAsked as error:
            self._operations.append(self._asking.left_out(name, endpoint))
            self._group(endpoint, [Step(name, name, omit=str(error))])
            return
        self._operations.append(asked.operation)
        steps = [self._step(name, endpoint, asked, made)]
        if asked.send and all(step.name != PICTURE for step in self._steps):
            steps.insert(0, Step(PICTURE))
        if endpoint.method in READING:
            steps += self._unknown(name, endpoint, asked)
        if endpoint.method == "DELETE":
            self._cleanup.append(self._cleaning(name, endpoint, asked))
        self._group(endpoint, steps)

    def workflow(self) -> Workflow:
        """All of it. Each operation is a test of its own, so that one that fails hides none; not
        where the whole is done again and again."""
        own = self._own
        tests: tuple[SmokeTest, ...] = ()
        if own.rounds == 1:
            before = (SmokeTest("OWN", "Own steps", "own", tuple(step.name for step in own.steps)),)
            tests = (*(own.tests or (before if own.steps else ())), *self._tests)
        return msgspec.structs.replace(
            own,
            steps=(*own.steps, *self._steps),
            cleanup=(*self._cleanup, *own.cleanup),
            tests=tests,
        )

    def operations(self) -> tuple[Operation, ...]:
        """Those of the workflow's own steps, then those of the document."""
        return tuple(self._operations)

    def _group(self, endpoint: Endpoint, steps: list[Step]) -> None:
        self._steps += steps
        number = len(self._tests) + 1
        names = tuple(step.name for step in steps)
        self._tests.append(SmokeTest(f"API-{number:02}", endpoint.text, _group_of(endpoint), names))

    def _step(self, name: str, endpoint: Endpoint, asked: Asked, made: list[str]) -> Step:
        saved: dict[str, str] = {}
        for prefix in made:
            maker: Maker = self._makers[prefix]
            own = next((key for key, place in saved.items() if place == maker.place), "")
            if maker.place:
                own = own or f"{name}_id{len(saved) + 1 if saved else ''}"
                saved[own] = maker.place
            self._made[prefix] = (
                f"{{{own}}}" if own else dict(asked.values)[word(parameters_of(endpoint.path)[-1])]
            )
        return Step(
            name,
            name,
            send=asked.send,
            values=asked.values,
            checks=(Check(WHOLE_ANSWER, schema=endpoint.pointer),),
            save=tuple(saved.items()),
            bearer=asked.bearer,
        )

    def _unknown(self, name: str, endpoint: Endpoint, asked: Asked) -> list[Step]:
        """The same for something that is not there, where the document says how that is told."""
        last = parameters_of(endpoint.path)[-1:]
        parameter = next(
            (each for each in endpoint.parameters if each.place == "path" and each.name in last),
            None,
        )
        if parameter is None or prefix_of(endpoint.path, parameter.name) not in self._made:
            return []
        unknown = unknown_id(parameter, self._sampler)
        if unknown is None or not endpoint.says(404):
            return []
        values = {**dict(asked.values), word(parameter.name): unknown}
        # Of a text a service may see without looking that it is no id.
        is_text = not unknown.isdigit() and "format" not in self._sampler.whole(parameter.schema)
        refused = [status for status in (400, 422) if is_text and endpoint.says(status)]
        return [
            Step(
                self._names.taken(f"{name[: MOST_NAME - 8]}-unknown"),
                name,
                values=tuple(values.items()),
                status=(404, *refused),
                checks=(Check(WHOLE_ANSWER, schema=endpoint.pointer),),
                bearer=asked.bearer,
            )
        ]

    def _cleaning(self, name: str, endpoint: Endpoint, asked: Asked) -> Step:
        """Deletes what is still there; that it is gone is told by 404, or by what the document has
        in its place."""
        gone = (404, 410)
        refused = () if any(map(endpoint.says, gone)) else (400, 422)
        status = (*endpoint.right, *filter(endpoint.says, refused))
        return Step(
            self._names.taken(f"clean-{name[: MOST_NAME - 6]}"),
            name,
            values=asked.values,
            status=status,
            bearer=asked.bearer,
        )


class _Names:
    """Of steps and operations: each once."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = {name.lower() for name in taken}

    def of(self, endpoint: Endpoint) -> str:
        """Its own id; where that is none or too long, its method and path."""
        own = _clean(f"{endpoint.about.get('operationId') or ''}")
        plain = _clean(f"{endpoint.method.lower()}{endpoint.path}")
        fits = [name for name in (own, plain) if name and len(name) <= MOST_NAME]
        return self.taken((fits or [own or plain])[0])

    def taken(self, name: str) -> str:
        """The name, with a number where it is taken already."""
        name = name[:MOST_NAME].rstrip("-_")
        free, number = name, 1
        while free.lower() in self._taken:
            number += 1
            free = f"{name[: MOST_NAME - len(f'-{number}')]}-{number}"
        self._taken.add(free.lower())
        return free


def _clean(text: str) -> str:
    name = _NO_NAME.sub("-", text).strip("-_")
    return name if not name or name[0].isalpha() else f"op-{name}"


def _group_of(endpoint: Endpoint) -> str:
    tags = endpoint.about.get("tags")
    if isinstance(tags, list) and tags and isinstance(tags[0], str) and tags[0].isprintable():
        return tags[0][:MOST_NAME]
    return next((part for part in endpoint.path.split("/") if part), "/")[:MOST_NAME]


def _folder_of(document: Document, url: str) -> str:
    """What stands before the paths of the document behind the target's url: its first server's
    path, as far as the url has it not already."""
    servers = document.get("servers")
    server: Any = servers[0] if isinstance(servers, list) and servers else {}
    text = server.get("url") if isinstance(server, Mapping) else None
    if not isinstance(text, str):
        return ""
    variables = server.get("variables")
    for name, about in variables.items() if isinstance(variables, Mapping) else ():
        default = about.get("default") if isinstance(about, Mapping) else None
        text = text.replace(f"{{{name}}}", f"{default or ''}")
    try:
        path = urlsplit(text).path.rstrip("/")
        own = urlsplit(url).path.rstrip("/") if "//" in url else ""
    except ValueError:
        return ""
    if not path.startswith("/"):
        return ""
    if own and (own == path or own.endswith(path)):
        return ""
    return path.removeprefix(own) if path.startswith(f"{own}/") else path
