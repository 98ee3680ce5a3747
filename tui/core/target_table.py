"""One [targets.NAME] table of the configuration, as a file has it, and what is wrong with it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping

import msgspec

from tui.core.e2e.detection import DetectionShape
from tui.core.e2e.operation_table import OperationTable, wrong_path
from tui.core.e2e.place import wrong_pointer
from tui.core.e2e.values_table import ValuesTable, check_value_name
from tui.core.levels import MAX_USERS
from tui.core.mistakes import Mistakes
from tui.core.problem import quoted
from tui.core.process import parse_process

MOST_SECRETS = 20
_NO_SECRET = 'a secret does not belong here; use "env:NAME" or "file:PATH"'


class TargetTable(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    token: str = ""
    protected: bool = False
    verify_tls: bool = True
    max_users: int | None = None
    normal_users: int | None = None
    process: str = ""
    operations: dict[str, OperationTable | bool] = {}
    values: ValuesTable = {}
    secrets: dict[str, str] = {}
    openapi: str = ""
    restart: list[str] | str = []
    detection: DetectionShape = DetectionShape()


def check_target(mistakes: Mistakes, table: TargetTable) -> None:
    """What is wrong with keys that hold for every target; `mistakes` are those of its table."""
    for key, users in (("max_users", table.max_users), ("normal_users", table.normal_users)):
        if users is not None and not 1 <= users <= MAX_USERS:
            mistakes.add(key, f"from 1 to {MAX_USERS}")
    try:
        if table.process:
            parse_process(table.process)
    except ValueError as error:
        mistakes.add("process", str(error))
    wrong = wrong_path(table.openapi) if table.openapi else ""
    if wrong:
        mistakes.add("openapi", wrong)
    _check_secrets(mistakes.within("secrets"), table.secrets)
    _check_restart(mistakes, table.restart)
    _check_detection(mistakes.within("detection"), table.detection)


def check_place_of_secret(mistakes: Mistakes, key: str, text: str) -> None:
    """Whether a text says where a secret is; one that may be the secret is not repeated."""
    if not text.startswith(("env:", "file:")):
        mistakes.add(key, _NO_SECRET)


def _check_secrets(mistakes: Mistakes, secrets: Mapping[str, str]) -> None:
    if len(secrets) > MOST_SECRETS:
        mistakes.add("", f"at most {MOST_SECRETS}")
    for name, text in secrets.items():
        check_value_name(mistakes, name)
        check_place_of_secret(mistakes, name, text)


def _check_restart(mistakes: Mistakes, restart: list[str] | str) -> None:
    if isinstance(restart, str):
        mistakes.add("restart", f"is run without a shell: a list of arguments{_as_list(restart)}")
    elif restart and not restart[0].strip():
        mistakes.add("restart.1", "the program that is run")
    elif any("\0" in each for each in restart):
        mistakes.add("restart", "has a character that no argument can have")


def _as_list(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    return f" (meant restart = {json.dumps(words, ensure_ascii=False)}?)" if words else ""


def _check_detection(mistakes: Mistakes, shape: DetectionShape) -> None:
    for key in ("category", "confidence", "box"):
        pointer = getattr(shape, key)
        wrong = wrong_pointer(pointer) if pointer else "an object's own, as a JSON pointer"
        if wrong:
            mistakes.add(key, wrong)
    for name, own in shape.categories.items():
        if not own:
            mistakes.add(f"categories.{name}", f"what it calls a {quoted(name)} is not empty")
