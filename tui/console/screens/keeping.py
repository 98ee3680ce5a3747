"""Commands on what was kept: the list of runs, the log's lines, reports, copies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.console.clipboard import headless_command
from tui.console.entries import Entry
from tui.console.lists import MOST_RUNS
from tui.core.campaign import Campaign
from tui.core.config import Target
from tui.core.format import count
from tui.core.model import Past, RunView
from tui.core.scenario import Scenario
from tui.ports import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.console.screens.bench import Bench
    from tui.console.screens.request import Request, What
    from tui.core.e2e.view import WorkflowView


class Keeping:
    """Reads, opens, copies, writes and deletes; whatever touches the disk is the reader's."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._archive = bench.outside.archive
        self._reader = bench.reader
        self._directory = Path.cwd()

    def purge(self) -> None:
        """What was deleted in an earlier sitting goes for good."""
        # What can't be removed now stays marked, and goes another time.
        self._reader.ask("purge", lambda go_on: self._archive.purge(), _nothing, _nothing)

    def read_runs(self) -> None:
        """The newest list of runs."""

        def take(runs: tuple[Past, ...]) -> None:
            self._desk.runs.all, self._desk.runs.trouble = runs, ""
            self._bench.repaint()

        def fail(trouble: str) -> None:
            self._desk.runs.trouble = trouble
            self._bench.repaint()

        self._reader.ask("runs", lambda go_on: self._archive.runs(MOST_RUNS), take, fail)

    def do_run(self) -> None:
        """enter, on the Runs and the Log screen."""
        scene = self._bench.frame
        if scene.page == "runs" and scene.kept.chosen is not None:
            self._open(scene.kept.chosen)
        elif scene.page == "log" and scene.lines.chosen is not None:
            self._jump(scene.lines.chosen)

    def do_worst(self) -> None:
        run = self._bench.frame.run
        if run is not None and run.workflow is not None:
            self._open_failed(run, run.workflow, 0)
        else:
            self._open_worst(0)

    def do_report(self) -> None:
        """The forms, the directory, and what came of it."""
        from tui.console.screens.export import chosen_forms, directory_of, export_form

        run_id, outside = self._bench.frame.reportable, self._bench.outside
        if not outside.forms:
            self._bench.say("no form of report is known here", is_bad=True)
            return
        form = export_form(run_id, outside.forms, self._directory)

        def write(answer: str | None) -> None:
            if not answer:
                return
            forms = chosen_forms(outside.forms, form.values)
            self._directory = directory = directory_of(form.values)
            self._bench.say(f"writing to {directory}")
            self._reader.ask(
                "report",
                lambda go_on: tuple(outside.export(run_id, forms, directory)),
                self._written,
                self._not_written,
            )

        self._bench.app.push_screen(form, write)

    def do_copy(self) -> None:
        """What is under the cursor."""
        scene = self._bench.frame
        if scene.page == "runs" and scene.kept.chosen is not None:
            self._bench.copy(scene.kept.chosen.run_id)
        elif scene.page == "log" and scene.lines.chosen is not None:
            self._bench.copy(scene.lines.chosen.text)
        elif scene.run is not None:
            facts = scene.run.facts
            self._copy_command(facts.scenario, facts.target, facts.workers, facts.note)
        elif scene.campaign is not None:
            self._copy_command(scene.campaign, scene.target, self._bench.load_workers)
        elif scene.chosen is not None:
            override = self._desk.offer.changed.get(scene.chosen.id)
            workers = override.workers if override else self._bench.load_workers
            self._copy_command(scene.chosen, scene.target, workers)

    def do_delete(self) -> None:
        """Asks; a run that goes on stays."""
        from tui.console.screens.delete import DELETE, delete_dialog

        past = self._bench.frame.kept.chosen
        if past is None:
            return
        if past.verdict is None:
            self._bench.say(f"{past.run_id} goes on: it can't be deleted", is_bad=True)
            return

        def delete(answer: str | None) -> None:
            if answer == DELETE:
                self._mark(past, is_deleted=True)

        self._bench.app.push_screen(delete_dialog(past), delete)

    def do_undo(self) -> None:
        if self._desk.runs.deleted:
            self._mark(self._desk.runs.deleted[-1], is_deleted=False)

    def _copy_command(
        self, what: Scenario | Campaign, target: Target, workers: int, note: str = ""
    ) -> None:
        usual = next((each for each in self._desk.offer.all if each.id == what.id), None)
        change = (usual, what) if usual is not None and isinstance(what, Scenario) else None
        config, options = self._desk.config, self._bench.outside.options
        self._bench.copy(
            headless_command(what.id, target, workers, config, options, change=change, note=note)
        )

    def _mark(self, past: Past, *, is_deleted: bool) -> None:
        write = self._archive.delete if is_deleted else self._archive.restore
        deleted = self._desk.runs.deleted

        def take(did: bool) -> None:
            if past in deleted:
                deleted.remove(past)
            if is_deleted and did:
                deleted.append(past)
            words = {
                (True, True): f"deleted {past.run_id}; u takes that back",
                (True, False): f"{past.run_id} goes on, or is gone already",
                (False, True): f"{past.run_id} is back",
                (False, False): f"{past.run_id} is gone for good",
            }
            self._bench.say(words[is_deleted, did], is_bad=not did)
            self.read_runs()

        self._reader.ask("mark", lambda go_on: write(past.run_id), take, self._complain)

    def _open(self, past: Past) -> None:
        """A stored run on the Bench, at its end; the one that is there anyway as it is."""
        newest = self._bench.frame.newest
        self._desk.page = "bench"
        if newest.run is not None and newest.run.facts.id == past.run_id:
            self._bench.read_back.close()
            if newest.run.is_over:
                self._bench.read_back.open_live(newest.run)
        elif past.verdict is None:
            self._desk.page = "runs"
            self._bench.say(f"{past.run_id} goes on in another process", is_bad=True)
        else:
            self._bench.read_back.open_stored(past.run_id)

    def _jump(self, entry: Entry) -> None:
        """To the second of a line; a request is opened first."""
        run = self._bench.frame.snapshot.run
        what = entry.failure or entry.slow
        if run is not None and what is not None:
            self._open_request(run, what, None)
        elif run is None or entry.run_s is None or not _is_of(run, entry):
            self._bench.say("this line belongs to no second of the run", is_bad=True)
        else:
            self._go(run, entry.run_s)

    def _go(self, run: RunView, load_s: float) -> None:
        """The Bench, read back at that second."""
        self._desk.page = "bench"
        read_back = self._bench.read_back
        if read_back.is_open:
            read_back.go(load_s)
        else:
            read_back.open_live(run, load_s)

    def _open_worst(self, at: int) -> None:
        from tui.console.screens.worst import worst_dialog, worst_of

        run = self._bench.frame.run
        if run is None:
            return
        if not worst_of(run):
            slow_ms = run.facts.scenario.slow_ms
            limit = f"{count(slow_ms)} ms (slow_ms)"
            self._bench.say(f"nothing failed, and nothing took {limit} or more")
            return
        what = worst_of(run)

        def take(answer: str | None) -> None:
            if answer:
                self._open_request(run, what[int(answer)], int(answer))

        self._bench.app.push_screen(worst_dialog(run, self._bench.size.width, at), take)

    def _open_request(self, run: RunView, what: What, row: int | None) -> None:
        """Its details; `row` is where it stands in the list of the worst, to go back there."""
        from tui.console.screens.request import GO, Request, load_s_of_request

        dialog: Request = Request(run, what)
        at_s = load_s_of_request(what)

        def take(answer: str | None) -> None:
            self._reader.forget("board")
            if answer == GO:
                self._go(run, at_s)
                self._bench.repaint()
            elif row is not None:
                self._open_worst(row)

        self._bench.app.push_screen(dialog, take)

        def board(moment: Moment) -> None:
            dialog.set_board(moment.snapshot.board)

        self._reader.ask(
            "board",
            lambda go_on: self._archive.moment(run.facts.id, at_s, go_on),
            board,
            dialog.set_trouble,
        )

    def _open_failed(self, run: RunView, view: WorkflowView, at: int) -> None:
        """The steps of a workflow that failed; one of them with its whole exchange."""
        from tui.console.screens.exchange import GO, StepExchange, failed_dialog

        if not view.failures:
            self._bench.say("no step failed")
            return

        width = self._bench.size.width

        def take(answer: str | None) -> None:
            if answer:
                open_one(int(answer))

        def open_one(row: int) -> None:
            failed = view.failures[row]

            def leave(answer: str | None) -> None:
                if answer == GO:
                    self._go(run, failed.at_s)
                    self._bench.repaint()
                else:
                    self._open_failed(run, view, row)

            self._bench.app.push_screen(StepExchange(run, view, failed, width), leave)

        self._bench.app.push_screen(failed_dialog(run, view, width, at), take)

    def _written(self, files: Sequence[Path]) -> None:
        from tui.console.screens.export import Written

        self._bench.say("written")
        self._bench.app.push_screen(Written(files))

    def _not_written(self, trouble: str) -> None:
        from tui.console.screens.export import not_written_dialog

        self._bench.app.push_screen(not_written_dialog(trouble))

    def _complain(self, trouble: str) -> None:
        self._bench.say(trouble, is_bad=True)


def _nothing(_: object) -> None:
    """Nobody waits for it."""


def _is_of(run: RunView, entry: Entry) -> bool:
    """Whether the line tells of this run, rather than of one before it in this sitting."""
    return entry.at_utc >= run.facts.started_at
