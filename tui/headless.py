"""The front end for pipes and CI: progress on stderr, the summary on stdout, an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TextIO

from tui.core import format as text
from tui.core.failure import printable
from tui.core.model import FORCEABLE, Cooling, Refusal, RunView, Snapshot, Trouble
from tui.core.outcome import (
    INCOMPLETE_EXIT,
    Absence,
    NotRun,
    Outcome,
    asked_text,
    exit_code,
    status,
)
from tui.core.problem import INTERNAL_EXIT
from tui.ports import Engine, RunRequest
from tui.progress import cooling_line, ended_lines, is_long, progress_line, stretch_of

PROGRESS_S = 5.0
LONG_PROGRESS_S = 30.0
STOP_PATIENCE_S = 10.0
"""How long a run that was stopped before it began may take to say so."""

INPUT_EXIT = 2
REFUSED_EXIT = 3
_REFUSAL_EXITS: dict[Trouble, int] = {
    "input": INPUT_EXIT,
    "protected": INPUT_EXIT,
    "precondition": REFUSED_EXIT,
    "hot": REFUSED_EXIT,
    "target-down": REFUSED_EXIT,
    "busy": REFUSED_EXIT,
    "failed": REFUSED_EXIT,
    "internal": INTERNAL_EXIT,
}
_STAND_INS = str.maketrans({"–": "-", "…": "...", "×": "x", "✓": "+", "✗": "x"})


class StopRequest:
    """Somebody's wish to end everything. `request_stop` may be called in a signal handler."""

    def __init__(self) -> None:
        self.by = ""
        """Who asked first; empty while nobody has."""
        # Unlike an Event's lock, SimpleQueue.put may interrupt a get on the same thread.
        self.mail: SimpleQueue[Snapshot | None] = SimpleQueue()

    def request_stop(self, by: str = "SIGINT") -> None:
        """Have the run end gracefully; the first call counts."""
        self.by = self.by or by
        self.mail.put(None)


class Printer:
    """Writes lines to a stream as far as it can show them; a reader that leaves ends no run.

    Nothing in them can drive a terminal, whatever a board or a target calls itself.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_open = True

    def say(self, block: str) -> None:
        """Write it, with a line end if it has none."""
        if not self._is_open:
            return
        block = "\n".join(map(_harmless, block.split("\n")))
        encoding = self._stream.encoding or "utf-8"
        try:
            block.encode(encoding)
        except UnicodeEncodeError:
            block = block.translate(_STAND_INS).encode(encoding, "replace").decode(encoding)
        try:
            self._stream.write(block if block.endswith("\n") else block + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._is_open = False


class Progress:
    """Decides from snapshots alone when a line is due."""

    def __init__(self, printer: Printer, *, quiet: bool) -> None:
        self._printer = printer
        self._quiet = quiet
        self._run_id = ""
        self._stretch = ""
        self._warned = 0
        self._tests = 0
        """How many tests of a suite were told."""
        self._due_at_utc = 0.0

    def show(self, run: RunView, at_utc: float) -> None:
        """Say what is new in it."""
        if run.facts.id != self._run_id:
            self._run_id, self._stretch, self._warned, self._tests = run.facts.id, "", 0, 0
            self._say(_opening(run))
        for warning in run.warnings[self._warned :]:
            self._printer.say(f"warning: {warning}")
        self._warned = max(self._warned, len(run.warnings))
        tests = ended_lines(run)
        for line in tests[self._tests :]:
            self._say(line)
            self._due_at_utc = at_utc + PROGRESS_S
        self._tests = max(self._tests, len(tests))
        stretch = stretch_of(run)
        if run.is_over or (stretch == self._stretch and at_utc < self._due_at_utc):
            return
        self._stretch = stretch
        self._due_at_utc = at_utc + (LONG_PROGRESS_S if is_long(run) else PROGRESS_S)
        line = progress_line(run)
        if line:
            self._say(line)

    def cool(self, cooling: Cooling, at_utc: float) -> None:
        """Say how the wait before a run stands, now and then."""
        if at_utc >= self._due_at_utc:
            self._due_at_utc = at_utc + LONG_PROGRESS_S
            self._say(cooling_line(cooling))

    def _say(self, line: str) -> None:
        if not self._quiet:
            self._printer.say(line)


def _harmless(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return line[:indent] + printable(line)


def run_headless(
    engine: Engine,
    requests: Sequence[RunRequest],
    *,
    out: TextIO,
    err: TextIO,
    quiet: bool,
    fail_fast: bool,
    summary: Callable[[RunView], str],
    on_outcome: Callable[[Outcome], None],
    stop: StopRequest | None = None,
) -> int:
    """Run each request in turn to its end and return the exit code of the worst of them.

    `on_outcome` is called once for each request, in their order, whether or not it ran.
    """
    stop = stop or StopRequest()
    engine.listen(stop.mail.put)
    printer = Printer(err)
    progress = Progress(printer, quiet=quiet)
    outcomes: list[Outcome] = []
    for request in requests:
        hindrance = _hindrance(request, requests, outcomes, stop, fail_fast=fail_fast)
        if hindrance is not None:
            outcome: Outcome = not_run(request, engine.snapshot().at_utc, *hindrance)
        else:
            outcome = _outcome_of(engine, request, stop, progress, printer)
            if isinstance(outcome, RunView):
                Printer(out).say(summary(outcome))
            if request.campaign and status(outcome) != "PASS":
                _say_given_up(printer, request)
        outcomes.append(outcome)
        on_outcome(outcome)
    missing = sum(isinstance(each, NotRun) and each.status == "INTERRUPTED" for each in outcomes)
    if missing:
        printer.say(_interrupted(stop.by, missing, len(requests)))
    return exit_code(outcomes)


def _interrupted(by: str, missing: int, of: int) -> str:
    if missing == of:
        return f"interrupted by {by}: no run was begun"
    return f"interrupted by {by}: {missing} of {text.counted(of, 'run')} not begun"


def _hindrance(
    request: RunRequest,
    requests: Sequence[RunRequest],
    before: Sequence[Outcome],
    stop: StopRequest,
    *,
    fail_fast: bool,
) -> tuple[Absence, str] | None:
    """Why it is not started after what came before; None when nothing is in its way."""
    if stop.by:
        return "INTERRUPTED", f"interrupted by {stop.by}"
    for earlier, outcome in zip(requests, before, strict=False):
        word = status(outcome)
        if word == "PASS":
            continue
        # Whoever interrupted one run, here or elsewhere, did not want the next one.
        if word == "INTERRUPTED" or fail_fast:
            return "NOT STARTED", f"{earlier.scenario.id} before it was {word}"
        if request.campaign and request.campaign == earlier.campaign:
            return "NOT STARTED", f"{request.campaign} ended at rung {earlier.rung}: {word}"
    return None


def _say_given_up(printer: Printer, request: RunRequest) -> None:
    left = request.rungs - request.rung
    if left:
        printer.say(
            f"{request.campaign} ends at rung {request.rung} of {request.rungs}: "
            f"{text.counted(left, 'run')} not started"
        )


def _outcome_of(
    engine: Engine, request: RunRequest, stop: StopRequest, progress: Progress, printer: Printer
) -> Outcome:
    found = _run_one(engine, request, stop, progress)
    if isinstance(found, RunView):
        return found
    at_utc = engine.snapshot().at_utc
    if stop.by or found is None:
        return not_run(request, at_utc, "INTERRUPTED", f"interrupted by {stop.by}")
    printer.say(_refusal_lines(found))
    return not_run(request, at_utc, "REFUSED", found.what, _REFUSAL_EXITS[found.trouble])


def not_run(
    request: RunRequest,
    at_utc: float,
    word: Absence,
    why: str,
    refused_exit: int = INCOMPLETE_EXIT,
) -> NotRun:
    """What was asked for and did not happen, as that was clear at `at_utc`."""
    return NotRun(
        scenario=request.scenario.id,
        kind=request.scenario.kind,
        target=request.target.name if request.scenario.asks_service else "",
        is_demo=request.scenario.asks_service and request.target.is_demo,
        status=word,
        why=why,
        at_utc=at_utc,
        campaign=request.campaign,
        rung=request.rung,
        rungs=request.rungs,
        refused_exit=refused_exit,
    )


def _run_one(
    engine: Engine, request: RunRequest, stop: StopRequest, progress: Progress
) -> RunView | Refusal | None:
    """The run at its end, why it did not start, or None when it was stopped before it began."""
    before = engine.snapshot()
    earlier_id = before.run.facts.id if before.run else ""
    engine.start_run(request)
    is_told = is_ours = False
    while True:
        if stop.by and not is_told:
            engine.stop_run(f"interrupted by {stop.by}", at_once=True)
            is_told = True
        try:
            # Only a run that has begun is sure to end.
            mail = stop.mail.get(timeout=STOP_PATIENCE_S if is_told and not is_ours else None)
        except Empty:
            return None
        if mail is None:
            continue
        if mail.cooling is not None:
            progress.cool(mail.cooling, mail.at_utc)
        run = mail.run
        if run is not None and run.facts.id != earlier_id:
            is_ours = True
            progress.show(run, mail.at_utc)
            if run.is_over:
                return run
        elif mail.refusal is not None and mail.refusal != before.refusal:
            return mail.refusal


def _opening(run: RunView) -> str:
    facts = run.facts
    demo = " (embedded demo)" if facts.is_demo else ""
    target = f" on {facts.target.name}{demo}" if facts.scenario.asks_service else ""
    rung = f"{facts.campaign} {facts.rung}/{facts.rungs}: " if facts.campaign else ""
    stress = facts.scenario.stress
    intent = f" ({stress.intent}), at most {text.duration(stress.total_s)}" if stress else ""
    return f"{rung}{facts.scenario.id}: {facts.scenario.plan}{intent}{target}, run {facts.id}"


def _refusal_lines(refusal: Refusal) -> str:
    if refusal.trouble == "input":
        return refusal.what  # a line for each problem, with its own file and key
    hint = " (--force runs it all the same)" if refusal.trouble in FORCEABLE else ""
    return f"{asked_text(refusal.scenario, refusal.target)}: {refusal.what}{hint}"
