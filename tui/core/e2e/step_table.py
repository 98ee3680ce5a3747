"""One step of a workflow, read and checked."""

from __future__ import annotations

import re

import msgspec

from tui.core.e2e.check_table import Expected, read_check
from tui.core.e2e.known_words import KnownWords
from tui.core.e2e.place import wrong_place
from tui.core.e2e.workflow import Poll, Step
from tui.core.mistakes import Mistakes
from tui.core.problem import quoted

TIMEOUT = "15s"
LEAST_TIMEOUT_S, MOST_TIMEOUT_S = 0.1, 600.0
LEAST_EVERY_S, MOST_POLL_S = 0.05, 3600.0
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
_OF_OPERATIONS = ("send", "values", "status", "expect", "save", "poll")


class PollTable(msgspec.Struct, forbid_unknown_fields=True):
    within: str
    every: str = "1s"


class StepTable(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    operation: str = ""
    picture: str | None = None
    send: str = ""
    values: dict[str, str | int | float] = {}
    status: list[int] = []
    expect: dict[str, Expected] = {}
    within_ms: float | None = None
    save: dict[str, str] = {}
    poll: PollTable | None = None
    timeout: str = TIMEOUT


def read_step(mistakes: Mistakes, table: StepTable, known: KnownWords, *, is_cleanup: bool) -> Step:
    """The step as far as it is in order; what it saves is added to what is known."""
    _check_name(mistakes, table.name, known)
    _check_action(mistakes, table, is_cleanup=is_cleanup)
    timeout_s = mistakes.seconds("timeout", table.timeout, LEAST_TIMEOUT_S, MOST_TIMEOUT_S)
    _check_within(mistakes, table.within_ms, timeout_s)
    for status in table.status:
        if not 200 <= status <= 599:
            mistakes.add("status", f"{status} is no status that ends a request (200 to 599)")
    known.check_bytes(mistakes, "send", table.send)
    _check_values(mistakes.within("values"), table, known)
    expecting = mistakes.within("expect")
    checks = tuple(
        read_check(expecting, place, entry, known) for place, entry in table.expect.items()
    )
    poll = _poll(mistakes.within("poll"), table.poll) if table.poll is not None else None
    _save(mistakes, table, known)
    return Step(
        name=table.name,
        operation=table.operation,
        camera=table.picture or "",
        send=table.send,
        values=tuple((name, f"{value}") for name, value in table.values.items()),
        status=tuple(table.status),
        checks=checks,
        within_ms=table.within_ms,
        save=tuple(table.save.items()),
        poll=poll,
        timeout_s=timeout_s,
    )


def _check_name(mistakes: Mistakes, name: str, known: KnownWords) -> None:
    if not _NAME.fullmatch(name):
        what = "a step's name has up to 32 letters, digits, - and _, a letter first"
        mistakes.add("name", what)
    elif name in known.steps:
        mistakes.add("name", f"there is a step {quoted(name)} already")
    known.steps.add(name)


def _check_action(mistakes: Mistakes, table: StepTable, *, is_cleanup: bool) -> None:
    """Whether it takes a picture, or asks for an operation, and has no key of the other."""
    if table.picture is None and not table.operation:
        what = 'needs an operation, or picture = "" (a picture of the first camera)'
        mistakes.add("", what, unless=["operation", "picture"])
    if table.picture is None:
        return
    if is_cleanup:
        mistakes.add("picture", "no part of a clean-up")
    if table.operation:
        mistakes.add("operation", "a step takes a picture or asks for an operation", "picture")
        return
    for key in _OF_OPERATIONS:
        if getattr(table, key):
            mistakes.add(key, "no part of a step that takes a picture", "picture")
    if table.timeout != TIMEOUT:
        what = "the camera's own holds ([cameras.NAME] of config.toml); leave it out"
        mistakes.add("timeout", what, "picture")


def _check_within(mistakes: Mistakes, within_ms: float | None, timeout_s: float) -> None:
    if within_ms is None:
        return
    mistakes.check("within_ms", within_ms, 1, MOST_TIMEOUT_S * 1000)
    if within_ms > timeout_s * 1000:
        what = f"longer than its timeout ({timeout_s:g} s), which ends it before"
        mistakes.add("within_ms", what, "timeout")


def _check_values(mistakes: Mistakes, table: StepTable, known: KnownWords) -> None:
    for name, value in table.values.items():
        if not _WORD.fullmatch(name):
            mistakes.add(name, "a word of an operation has letters, digits, - and _")
        elif isinstance(value, str):
            known.check_text(mistakes, name, value)


def _poll(mistakes: Mistakes, table: PollTable) -> Poll:
    every_s = mistakes.seconds("every", table.every, LEAST_EVERY_S, MOST_POLL_S)
    within_s = mistakes.seconds("within", table.within, LEAST_EVERY_S, MOST_POLL_S)
    if every_s > within_s:
        what = "longer than within: it would be asked but once"
        mistakes.add("every", what, "within")
    return Poll(every_s, within_s)


def _save(mistakes: Mistakes, table: StepTable, known: KnownWords) -> None:
    saving = mistakes.within("save")
    if table.picture is not None:
        known.add_picture(table.name)
    for name, place in table.save.items():
        if not _WORD.fullmatch(name):
            saving.add(name, "a value's name has letters, digits, - and _")
        wrong = wrong_place(place)
        if wrong:
            saving.add(name, wrong)
        known.add_saved(saving, name)
    # A key that nobody could read may have named what later steps use.
    known.is_certain = known.is_certain and not _hides_names(mistakes)


def _hides_names(mistakes: Mistakes) -> bool:
    return any(mistakes.concern(key) for key in ("name", "picture", "save"))
