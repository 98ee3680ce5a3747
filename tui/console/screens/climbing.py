"""Campaigns: asked about, started, gone on with, and their reports at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from tui.core.campaign import Campaign
from tui.core.climb import Resumption
from tui.core.config import Target
from tui.core.finding import Finding
from tui.core.model import Snapshot
from tui.core.scenario import Scenario
from tui.ports import RunRequest, as_rungs

if TYPE_CHECKING:
    from tui.console.screens.bench import Bench
    from tui.console.screens.climb import Climb

Start = Callable[[list[RunRequest]], None]


class Climbing:
    """What takes time is the reader's; the dialog is told while it is open."""

    def __init__(self, bench: Bench, workers: int) -> None:
        self._bench = bench
        self._workers = workers
        self._written = ""
        """The run at whose end reports were last asked for."""

    def ask(
        self,
        campaign: Campaign,
        rungs: Sequence[Scenario],
        target: Target,
        confirmed: Callable[[Callable[[str], None]], None],
        start: Start,
    ) -> None:
        """Run its rungs once that was confirmed; `confirmed` asks for a protected target's name."""

        def go(findings: Sequence[Finding], resumed: Resumption | None) -> None:
            plain = RunRequest(rungs[0], target, self._workers, preflight=tuple(findings))
            requests = [msgspec.structs.replace(plain, scenario=each) for each in rungs]
            climbed = as_rungs(campaign.id, requests, resumed)
            confirmed(
                lambda meant: start([msgspec.structs.replace(one, meant=meant) for one in climbed])
            )

        if target.protected and not campaign.preflight:
            # Typing its name is question enough.
            go((), None)
            return
        # Dialogs are imported when they are opened: the first paint does not wait for them.
        from tui.console.screens.climb import RESUME, Climb

        dialog = Climb(campaign, rungs, target)

        def take(answer: str | None) -> None:
            self._bench.reader.forget("preflight")
            self._bench.reader.forget("climb")
            if answer:
                go(dialog.findings or (), dialog.resumed if answer == RESUME else None)

        self._bench.app.push_screen(dialog, take)
        self._look(campaign, rungs, target, dialog)

    def follow(self, snapshot: Snapshot) -> None:
        """A campaign that is over has its reports written, if it wants that."""
        run = snapshot.run
        if run is None or not run.is_over or run.facts.id == self._written:
            return
        facts, judgement = run.facts, run.judgement
        campaigns = self._bench.desk.offer.campaigns
        campaign = next((each for each in campaigns if each.id == facts.campaign), None)
        is_passed = judgement is not None and judgement.verdict == "PASS"
        # What follows may have been refused, or stopped before it began.
        follows = snapshot.queued or snapshot.preparing or snapshot.cooling is not None
        climbs_on = is_passed and facts.rung < facts.rungs and follows
        if campaign is None or not campaign.report or climbs_on:
            return
        self._written = facts.id
        self._bench.reader.ask(
            "climb-report",
            lambda go_on: self._bench.outside.write_climb(facts.id),
            lambda page: self._bench.say(f"report: {page}"),
            lambda trouble: self._bench.say(trouble, is_bad=True),
        )

    def _look(
        self, campaign: Campaign, rungs: Sequence[Scenario], target: Target, dialog: Climb
    ) -> None:
        """Have the open dialog told what it can't know yet."""
        reader, outside = self._bench.reader, self._bench.outside
        reader.ask(
            "climb",
            lambda go_on: outside.resumption(campaign, rungs, target),
            dialog.set_resumption,
            lambda trouble: None,
        )
        if campaign.preflight:
            reader.ask(
                "preflight",
                lambda go_on: outside.examine(target, go_on),
                dialog.set_findings,
                dialog.set_trouble,
            )
