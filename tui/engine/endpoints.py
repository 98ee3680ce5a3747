"""The steps of a workflow that come from the service's own OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from tui.core.config import Target
from tui.core.e2e.asking import offered
from tui.core.e2e.openapi import Unreadable, expanded
from tui.core.e2e.workflow import Workflow
from tui.core.failure import printable
from tui.core.secrecy import Secrets
from tui.engine.parts import Parts
from tui.engine.starting import Asked, Refused
from tui.ports import Fetched, RunRequest

MOST_WHY = 200
"""In characters."""


def with_endpoints(parts: Parts, request: RunRequest, asked: Asked) -> tuple[RunRequest, Asked]:
    """The request with a step for each operation that the service says it has, where the scenario
    wants that; what the target does not offer is left out. Raises Refused for a document that is
    none."""
    workflow, target = request.scenario.workflow, request.target
    if workflow is None:
        return request, asked
    workflow = offered(workflow, target)
    request = _of(request, workflow)
    if not workflow.openapi:
        return request, asked
    path = target.openapi or workflow.openapi
    found = parts.service.fetch(asked.url, target, asked.token, path)
    secrets = parts.embedded.secrets if target.is_demo else {}
    try:
        document = _read(found, target)
        made, operations = expanded(workflow, document, target, tuple(secrets))
    except (Unreadable, RecursionError) as error:
        what = str(error) if isinstance(error, Unreadable) else "it nests too deeply"
        # It quotes the document, which may quote whatever it was sent.
        why = printable(Secrets(asked.token).cut(what, MOST_WHY))
        raise Refused("failed", f"{path}: {why}") from None
    whole = msgspec.structs.replace(target, operations=operations)
    request = msgspec.structs.replace(_of(request, made), target=whole)
    return request, msgspec.structs.replace(asked, openapi=document)


def _of(request: RunRequest, workflow: Workflow) -> RunRequest:
    scenario = msgspec.structs.replace(request.scenario, workflow=workflow)
    return msgspec.structs.replace(request, scenario=scenario)


def _read(found: Fetched, target: Target) -> Mapping[str, object]:
    if found.trouble:
        missing = found.trouble == "status 404"
        where = f"openapi in [targets.{target.name}] of config.toml"
        says = f"correct {where}" if target.openapi else f"{where} says where it is"
        hint = f": the service has no OpenAPI there; {says}"
        raise Unreadable(found.trouble + (hint if missing else ""))
    try:
        document = json.loads(found.body)
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON (an OpenAPI document in YAML can't be read)") from None
    if not isinstance(document, dict):
        raise Unreadable("it is no OpenAPI document")
    return document
