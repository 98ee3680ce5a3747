"""The report's schema, and a validator for every document that it describes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
from referencing import Registry, Resource

SCHEMA: dict[str, Any] = json.loads(files("tui.reports").joinpath("report.schema.json").read_text())
_REGISTRY: Registry[Any] = Registry().with_resource(SCHEMA["$id"], Resource.from_contents(SCHEMA))


def validate(data: Any, document: str = "") -> None:
    """ValidationError when `data` is not that document of `$defs`; the report of a run without."""
    kind = jsonschema.Draft202012Validator
    place = f"{SCHEMA['$id']}#/$defs/{document}" if document else SCHEMA["$id"]
    checker = kind({"$ref": place}, registry=_REGISTRY, format_checker=kind.FORMAT_CHECKER)
    checker.validate(data)
