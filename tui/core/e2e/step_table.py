"""One step of a workflow, read and checked."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from tui.core.e2e.batch_table import BatchTable, read_items
from tui.core.e2e.check_table import Expected, read_check
from tui.core.e2e.deed import Archive, Deed, NoSecrets, Restart, Simulate
from tui.core.e2e.deed_table import (
    CertificateTable,
    DecideTable,
    MakeTable,
    read_certificate,
    read_decide,
    read_make,
)
from tui.core.e2e.known_words import Items, KnownWords, StepWords
from tui.core.e2e.pages_table import PagesTable, check_items, read_pages
from tui.core.e2e.place import wrong_place
from tui.core.e2e.poll_table import PollTable, read_poll
from tui.core.e2e.values_table import ValuesTable
from tui.core.e2e.words import MADE_WORDS, PICTURE_WORDS
from tui.core.e2e.workflow import Step
from tui.core.mistakes import Mistakes
from tui.core.problem import quoted

TIMEOUT = "15s"
LEAST_TIMEOUT_S, MOST_TIMEOUT_S = 0.1, 600.0
LEAST_LEAVE_S = 0.001
DEEDS = ("make", "decide", "simulate", "restart", "certificate", "no_secrets", "archive")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
_OF_LEAVING = ("expect", "save", "poll", "pages", "status", "within_ms", "p95_ms")
"""What expects an answer."""
_OF_ONE_LIST = ("repeat", "each", "leave_after")
"""What a step that reads a list can't have beside it."""


class StepTable(BatchTable, forbid_unknown_fields=True, kw_only=True):
    name: str
    operation: str = ""
    picture: str | None = None
    make: MakeTable | None = None
    decide: DecideTable | None = None
    simulate: str | None = None
    restart: bool = False
    certificate: CertificateTable | None = None
    no_secrets: bool = False
    archive: str = ""
    send: str = ""
    send_file: str = ""
    without_file: bool = False
    values: ValuesTable = msgspec.field(default_factory=dict)
    bearer: str | None = None
    body: str | None = None
    status: list[int] = msgspec.field(default_factory=list)
    expect: dict[str, Expected] = msgspec.field(default_factory=dict)
    within_ms: float | None = None
    save: dict[str, str] = msgspec.field(default_factory=dict)
    poll: PollTable | None = None
    leave_after: str = ""
    pages: PagesTable | None = None
    timeout: str = TIMEOUT


def read_step(mistakes: Mistakes, table: StepTable, known: KnownWords, *, is_cleanup: bool) -> Step:
    """The step as far as it is in order; what it saves is added to what is known."""
    _check_name(mistakes, table.name, known)
    _check_action(mistakes, table, is_cleanup=is_cleanup)
    sends = bool(table.send or table.send_file)
    items = read_items(mistakes, table, known, sends=sends)
    words = StepWords(known, items, has_pages=table.pages is not None)
    timeout_s = mistakes.seconds("timeout", table.timeout, LEAST_TIMEOUT_S, MOST_TIMEOUT_S)
    leave_after_s = _check_times(mistakes, table, timeout_s)
    for status in table.status:
        if not 200 <= status <= 599:
            mistakes.add("status", f"{status} is no status that ends a request (200 to 599)")
    _check_sent(mistakes, table, words)
    _check_values(mistakes.within("values"), table, words)
    expecting = mistakes.within("expect")
    checks = tuple(
        read_check(expecting, place, entry, words) for place, entry in table.expect.items()
    )
    poll = read_poll(mistakes.within("poll"), table.poll) if table.poll is not None else None
    deed = _deed(mistakes, table, known, words)
    pages = None
    if table.pages is not None:
        pages = read_pages(mistakes.within("pages"), table.pages, known)
        _check_alone(mistakes, table)
    _save(mistakes, table, known, items)
    known.steps.add(table.name)
    return Step(
        name=table.name,
        operation=table.operation,
        deed=deed,
        camera=table.picture or "",
        send=table.send,
        values=tuple((name, f"{value}") for name, value in table.values.items()),
        status=tuple(table.status),
        checks=checks,
        within_ms=table.within_ms,
        save=tuple(table.save.items()),
        poll=poll,
        timeout_s=timeout_s,
        file=table.send_file,
        bearer=table.bearer,
        body=table.body,
        without_file=table.without_file,
        leave_after_s=leave_after_s,
        repeat=table.repeat,
        each=table.each,
        at_once=table.at_once,
        unique=table.unique,
        most_failed=table.most_failed,
        p95_ms=table.p95_ms,
        pages=pages,
    )


def _check_name(mistakes: Mistakes, name: str, known: KnownWords) -> None:
    if not _NAME.fullmatch(name):
        what = "a step's name has up to 32 letters, digits, - and _, a letter first"
        mistakes.add("name", what)
    elif name in known.steps:
        mistakes.add("name", f"there is a step {quoted(name)} already")


def _set(table: StepTable) -> tuple[str, ...]:
    """The keys that say something, but for the step's name."""
    usual = StepTable(name=table.name)
    keys = (field.name for field in msgspec.structs.fields(StepTable))
    return tuple(key for key in keys if getattr(table, key) != getattr(usual, key))


def _check_action(mistakes: Mistakes, table: StepTable, *, is_cleanup: bool) -> None:
    """Whether it does one thing, and has no key of another."""
    keys = _set(table)
    does = [key for key in ("picture", "operation", *DEEDS) if key in keys]
    if not does:
        what = 'needs an operation, or picture = "" (a picture of the first camera), or a deed'
        unless = ["operation", "picture", *DEEDS]
        mistakes.add("", f"{what} ({', '.join(DEEDS)})", unless=unless)
        return
    first, *others = does
    for key in others:
        has = " and ".join(does)
        what = f"a step takes a picture or asks for an operation or does a deed: it has {has}"
        mistakes.add(key, what, first)
    if others or first == "operation":
        return
    if is_cleanup:
        mistakes.add(first, "no part of a clean-up")
    what = "takes a picture" if first == "picture" else "asks for no operation"
    own = {first, "within_ms"} if first == "picture" else {first}
    own |= {"timeout"} if first in ("picture", "certificate") else set()
    for key in keys:
        if key not in own:
            mistakes.add(key, f"no part of a step that {what}", first)
    if first == "picture" and "timeout" in keys:
        what = "the camera's own holds ([cameras.NAME] of config.toml); leave it out"
        mistakes.add("timeout", what, "picture")


def _check_times(mistakes: Mistakes, table: StepTable, timeout_s: float) -> float | None:
    """When the client leaves; None: it stays."""
    for key in ("within_ms", "p95_ms"):
        limit_ms = getattr(table, key)
        if limit_ms is None:
            continue
        mistakes.check(key, limit_ms, 1, MOST_TIMEOUT_S * 1000)
        if limit_ms > timeout_s * 1000:
            what = f"longer than its timeout ({timeout_s:g} s), which ends it before"
            mistakes.add(key, what, "timeout")
    if not table.leave_after:
        return None
    keys = _set(table)
    for key in _OF_LEAVING:
        if key in keys:
            mistakes.add(key, "whoever leaves before the answer expects none", "leave_after")
    leave_s = mistakes.seconds("leave_after", table.leave_after, LEAST_LEAVE_S, MOST_TIMEOUT_S)
    if leave_s > timeout_s:
        what = f"longer than its timeout ({timeout_s:g} s), which ends it before"
        mistakes.add("leave_after", what, "timeout")
    return leave_s


def _check_sent(mistakes: Mistakes, table: StepTable, words: StepWords) -> None:
    words.check_bytes(mistakes, "send", table.send)
    if table.send_file:
        wrong = _wrong_file(table.send_file)
        if wrong:
            mistakes.add("send_file", wrong)
        if table.send:
            mistakes.add("send_file", "a step sends a value or a file: it has send", "send")
    if table.without_file and (table.send or table.send_file):
        what = "is sent without a file, and has one"
        mistakes.add("without_file", what, "send" if table.send else "send_file")
    words.check_text(mistakes, "bearer", table.bearer or "")
    words.check_text(mistakes, "body", table.body or "")


def _wrong_file(file: str) -> str:
    """Why it is no path of a file beside the scenario; empty where it is one."""
    if "\\" in file or not file.isprintable():
        return f"{quoted(file)} is no path of a file: its parts stand between /"
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or ":" in file or file.startswith("~"):
        return f"{quoted(file)}: a file beside the scenario, or below, by its path from there"
    return "" if path.name else f"{quoted(file)} is no file"


def _check_values(mistakes: Mistakes, table: StepTable, words: StepWords) -> None:
    for name, value in table.values.items():
        if not _WORD.fullmatch(name):
            mistakes.add(name, "a word of an operation has letters, digits, - and _")
        elif isinstance(value, str):
            words.check_text(mistakes, name, value)


def _deed(mistakes: Mistakes, table: StepTable, known: KnownWords, words: StepWords) -> Deed | None:
    if table.make is not None:
        return read_make(mistakes.within("make"), table.make, words)
    if table.decide is not None:
        return read_decide(mistakes.within("decide"), table.decide, words)
    if table.simulate is not None:
        words.check_text(mistakes, "simulate", table.simulate)
        if not table.simulate:
            mistakes.add("simulate", "says what would be done")
        return Simulate(table.simulate)
    if table.certificate is not None:
        return read_certificate(mistakes.within("certificate"), table.certificate)
    if table.archive:
        check_items(mistakes, "archive", table.archive, known)
        items = known.items.get(table.archive)
        if items is not None and not items.has_body:
            what = f'{table.archive} saves nothing to archive: save = {{ image = "body" }}'
            mistakes.add("archive", what)
        return Archive(table.archive)
    if table.restart:
        return Restart()
    return NoSecrets() if table.no_secrets else None


def _check_alone(mistakes: Mistakes, table: StepTable) -> None:
    """Whether a step that reads a list does it once."""
    keys = _set(table)
    for key in _OF_ONE_LIST:
        if key in keys:
            mistakes.add(key, "no part of a step that reads a list to its end", "pages")


def _save(mistakes: Mistakes, table: StepTable, known: KnownWords, items: Items | None) -> None:
    saving = mistakes.within("save")
    if table.picture is not None:
        known.add_bytes(mistakes, table.name, PICTURE_WORDS)
    if table.make is not None:
        known.add_bytes(mistakes, table.name, MADE_WORDS)
    if table.decide is not None:
        known.add_saved(mistakes, "name", table.name)
    for name, place in table.save.items():
        if not _WORD.fullmatch(name):
            saving.add(name, "a value's name has letters, digits, - and _")
        wrong = wrong_place(place)
        if wrong:
            saving.add(name, wrong)
        if items is None:
            known.add_saved(saving, name, name)
        else:
            known.check_new(saving, name, name)
    if items is not None:
        has_body = "body" in table.save.values()
        known.items[table.name] = Items((*items.saved, *table.save), items.has_bytes, has_body)
    # A key that nobody could read may have named what later steps use.
    known.is_certain = known.is_certain and not _hides_names(mistakes)


def _hides_names(mistakes: Mistakes) -> bool:
    return any(mistakes.concern(key) for key in ("name", "picture", "make", "decide", "save"))
