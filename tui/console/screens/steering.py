"""Commands that the engine carries out: start, stop, change the level, hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.console.commands import commission_of, works
from tui.console.level import Level
from tui.console.offer import Override
from tui.console.screens.starter import Starter
from tui.core.campaign import Campaign
from tui.core.model import Snapshot
from tui.core.problem import InputError
from tui.core.scenario import Scenario

if TYPE_CHECKING:
    from tui.console.screens.bench import Bench
    from tui.console.screens.form import Form

STOPPED = "stopped by hand"


class Steering:
    """What the user asks of runs to come and of the one that goes on."""

    def __init__(self, bench: Bench, workers: int) -> None:
        self._bench = bench
        self._engine = bench.engine
        self._desk = bench.desk
        self._starter = Starter(bench, workers)
        self._level = Level()
        self._refusal = _refusal_key(bench.engine.snapshot())

    def follow(self, snapshot: Snapshot) -> None:
        """A newer snapshot: what it asks is asked once."""
        self._level.caught_up(snapshot.run)
        self._starter.climbing.follow(snapshot)
        key = _refusal_key(snapshot)
        if key != self._refusal:
            self._refusal = key
            if snapshot.refusal is not None:
                self._starter.refused(snapshot.refusal)

    def do_run(self) -> None:
        """enter, on the Bench."""
        scene = self._bench.frame
        if scene.newest.cooling is not None:
            self._engine.skip_cool_down()
            return
        if scene.is_narrow and not scene.is_list_open and scene.newest.is_running:
            # Nobody queues what they can't see.
            self._desk.is_list_open = True
            return
        campaign = scene.campaign
        if campaign is not None:
            self._climb(campaign)
        elif scene.chosen is not None:
            self._starter.ask_to_run(scene.chosen)

    def do_commission(self) -> None:
        """From anywhere on the Bench: all that must pass."""
        campaign = commission_of(self._bench.frame)
        if campaign is not None:
            self._desk.offer.find = None
            self._desk.choose(campaign.id)
            self._climb(campaign)

    def do_stop(self) -> None:
        scene = self._bench.frame
        waits = scene.newest.preparing or scene.newest.cooling is not None
        if scene.armed or waits:
            self._desk.disarm()
            self._engine.stop_run(STOPPED)
        else:
            # Whatever hurts the board goes at once; the run itself is asked about.
            is_stressed = works("calm", scene)
            if is_stressed:
                self._engine.calm()
            self._desk.arm(self._bench.now_s(), calmed=is_stressed)

    def do_calm(self) -> None:
        """From the palette: the stress ends, the run goes on and watches the way back."""
        self._engine.calm()
        self._bench.say("the stress is ended, its faults are undone; the run watches the way back")

    def do_pause(self) -> None:
        run = self._bench.frame.newest.run
        if run is not None and run.phase == "paused":
            self._engine.resume()
        else:
            self._engine.pause()

    def do_more(self) -> None:
        self._rescale(1)

    def do_fewer(self) -> None:
        self._rescale(-1)

    def do_hold(self) -> None:
        run = self._bench.frame.newest.run
        if run is not None and run.is_holding:
            self._engine.release()
        else:
            self._engine.hold()

    def do_target(self) -> None:
        self._starter.ask_for_target()

    def do_edit(self) -> None:
        """What is different about the next start of the scenario under the cursor."""
        from tui.console.screens.overrides import overrides_form

        scenario = self._bench.frame.chosen
        if scenario is None:
            return
        usual = next(each for each in self._desk.offer.all if each.id == scenario.id)
        override = self._desk.offer.changed.get(scenario.id)
        form = overrides_form(
            usual,
            scenario,
            override.workers if override else self._starter.workers,
            self._desk.targets,
            self._desk.target,
            self._bench.outside.change,
        )
        self._bench.app.push_screen(form, lambda answer: self._edited(usual, form, answer or ""))

    def stop_and_leave(self) -> None:
        """The run is stopped by hand, and the console closes."""
        self._engine.stop_run(STOPPED)
        self._bench.app.exit(0)

    def _climb(self, campaign: Campaign) -> None:
        rungs = self._bench.frame.rungs(campaign)
        newest = self._bench.frame.newest
        if campaign.preflight and (newest.is_running or newest.preparing):
            # What is looked at would be of that run, and its figures of the look.
            self._bench.say(f"{campaign.id} looks at the board first: end this run, or wait for it")
        elif len(rungs) == len(campaign.runs):
            self._starter.ask_to_climb(campaign, rungs)
        else:
            self._bench.say(f"{campaign.id} names scenarios that are not in order", is_bad=True)

    def _edited(self, usual: Scenario, form: Form, answer: str) -> None:
        from tui.console.screens.overrides import RESET, SAVE, changes_of, workers_of

        if not answer:
            return
        if answer == RESET:
            self._desk.offer.changed.pop(usual.id, None)
            return
        changes = changes_of(usual, form.values)
        changed = self._bench.outside.change(usual, changes) if changes else usual
        workers = workers_of(form.values, self._starter.workers)
        if answer == SAVE:
            self._ask_name(Override(changed, changes, workers))
            return
        for target in self._desk.targets:
            if target.name == form.values["target"]:
                self._desk.target = target
        if changes or workers != self._starter.workers:
            self._desk.offer.changed[usual.id] = Override(changed, changes, workers)
        else:
            self._desk.offer.changed.pop(usual.id, None)
        self._bench.repaint()

    def _ask_name(self, override: Override) -> None:
        from tui.console.screens.overrides import name_form

        taken = {scenario.id for scenario in self._desk.offer.all}
        taken |= {campaign.id for campaign in self._desk.offer.campaigns}
        form = name_form(override.scenario, taken)

        def save(answer: str | None) -> None:
            if not answer:
                return
            name = form.values["name"].strip()
            try:
                scenario = self._bench.outside.save(name, override.scenario, override.changes)
            except InputError as error:
                self._bench.say(str(error.problems[0]), is_bad=True)
                return
            self._desk.offer.changed.pop(override.scenario.id, None)
            self._desk.offer.add(scenario)
            self._bench.say(f"saved as {scenario.path}")

        self._bench.app.push_screen(form, save)

    def _rescale(self, direction: int) -> None:
        run = self._bench.frame.newest.run
        if run is not None:
            self._engine.rescale(self._level.next(run, direction, self._bench.now_s()))


def _refusal_key(snapshot: Snapshot) -> tuple[int, str] | None:
    refusal, run = snapshot.refusal, snapshot.run
    return (refusal.number, run.facts.id if run else "") if refusal else None
