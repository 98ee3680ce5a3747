"""One stress from the board as it was until it is so again: a small state machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tui.core import events as ev
from tui.core.format import duration
from tui.core.guards import Halt
from tui.core.run_fold import RunFold
from tui.core.stress.plan import ExhaustPlan, Part
from tui.core.stress.view import Cut
from tui.engine.burner_watch import SECOND_S, BurnerWatch
from tui.engine.ending import weightier
from tui.engine.fault_course import FaultCourse
from tui.engine.jitter import JitterProbe
from tui.engine.load_run import LoadRun
from tui.engine.wear_keeper import WearKeeper
from tui.ports import Burners, BurnersPlan, Clock, Emit, Faults, HealthWatch, Wear

UNWATCHED = "the terminal was gone"
GRACE_S = 3.0
"""Burners that were told to stop get this long; then they are ended."""
LEAST_AFTER_S = 10.0
"""The way back is watched at least so long, or as long as the scenario says if that is less."""


class StressRun:
    """Implements `Run`, `Harmful` and `Scalable` of `engine.run`. The load beside it, if there is
    one, is a LoadRun of its own: it ends last, and its end is the run's."""

    def __init__(
        self,
        facts: ev.RunFacts,
        plan: BurnersPlan,
        *,
        load: LoadRun | None,
        burners: Burners,
        faults: Faults,
        health: Callable[[], HealthWatch],
        wear: Wear | None,
        on_stress: Callable[[bool], None],
        clock: Clock,
        emit: Emit,
    ) -> None:
        """`health` starts the health check; `wear` keeps what is written, None where nothing is;
        `on_stress` hears when burners begin and end."""
        self.facts = facts
        self._plan = plan
        self._stress = plan.stress
        self._load = load
        self._burners = burners
        self._faults = FaultCourse(faults, emit)
        self._start_health = health
        self._health: HealthWatch | None = None
        keeper = WearKeeper(wear, Path(plan.scratch), clock)
        self._watch = BurnerWatch(burners, keeper, emit)
        self._on_stress = on_stress
        self._jitter = JitterProbe(self._on_jitter)
        self._clock = clock
        self._emit = emit
        self._part: Part | None = None
        self._part_from_s = 0.0
        self._step = -1
        self._may_harm = True
        self._ending: ev.RunEnded | None = None
        self._is_load_over = load is None
        self._is_finished = False
        self._is_halted = False
        self._is_hasty = False
        """Whether somebody wants this process gone: nothing waits for anything."""
        self._give_up_s = 0.0

    def begin(self) -> None:
        self._health = self._start_health()
        self._jitter.start()
        if self._load is not None:
            self._load.begin()
            return
        self._emit(ev.WorkBegan())
        self._emit(ev.PhaseEntered(phase="measuring"))

    def tick(self, fold: RunFold, at_s: float) -> None:
        now_s = self._clock.monotonic_s()
        self._watch.hear(now_s, is_stress=self._part == "stress")
        self._faults.hear()
        lost = self._faults.lost()
        if self._part == "stress" and not self._may_harm and self._ending is None:
            self._release(UNWATCHED, cut="asked")
        elif lost and self._ending is None:
            self._lose_way(lost)
        if self._load is not None:
            self._load.tick(fold, at_s)
        if self._ending is not None or (self._load is not None and self._load.is_ending):
            self._wind_up(now_s)
        elif self._part is None:
            if self._load is None or self._load.is_measuring:
                self._enter("before")
        elif self._part == "before":
            if self._lasted_s >= self._stress.before_s:
                self._begin_stress()
        elif self._part == "stress":
            self._follow(fold, at_s)
        elif self._is_watched_out(fold):
            self._complete()

    def on_event(self, event: ev.Event) -> bool:
        if isinstance(event, ev.RunEnded) and not self._is_finished:
            # The load's end: what the burners tell at theirs belongs to the run too.
            self._end(event)
            self._is_load_over = True
            return False
        return self._load.on_event(event) if self._load is not None else True

    def stop(self, detail: str, *, at_once: bool) -> None:
        if at_once:
            self._is_hasty = True
            self.halt()
        if self._ending is None:
            self._end(ev.RunEnded(reason="stopped", detail=detail))
        if self._load is not None:
            self._load.stop(detail, at_once=at_once)

    def abort(self, halt: Halt) -> None:
        self.halt()
        self._end(ev.RunEnded(reason="guard", detail=halt.text, guard=halt.guard))
        if self._load is not None:
            self._load.abort(halt)

    def halt(self) -> None:
        self._is_halted = True
        self._burners.halt()
        self._faults.halt()

    def calm(self) -> None:
        if self._part == "stress":
            self._release("by hand", cut="asked")

    def hang_up(self) -> None:
        stress = self._stress
        exhausts = any(isinstance(plan, ExhaustPlan) for plan in stress.burners)
        if stress.intent == "soak" and not (exhausts or stress.suffers or stress.disk is not None):
            return  # it stands back for the service
        # First of all: what ends now must not look as if it had come to its end by itself.
        self._may_harm = False
        self.halt()

    def rescale(self, users: int) -> None:
        if self._load is not None:
            self._load.rescale(users)

    def close(self) -> None:
        # Last in, first out, and whatever one of them raises, the others are closed.
        with ExitStack() as everything:
            if self._load is not None:
                everything.callback(self._load.close)
            everything.callback(self._end_probes)
            everything.callback(self._watch.close)
            everything.callback(self._faults.close)
            everything.callback(self._burners.halt)

    def _end_probes(self) -> None:
        if self._health is not None:
            self._health.close()
            self._health = None
            self._jitter.close()

    @property
    def _lasted_s(self) -> float:
        """How long the part has lasted."""
        return self._clock.monotonic_s() - self._part_from_s

    def _enter(self, part: Part, why: str = "", *, cut: Cut = "") -> None:
        self._part, self._part_from_s = part, self._clock.monotonic_s()
        self._emit(ev.StressEntered(part=part, why=why, cut=cut))

    def _begin_stress(self) -> None:
        if not self._may_harm:
            self._enter("after", UNWATCHED, cut="asked")
            return
        if self._is_halted:
            return  # a guard was quicker: the abort is on its way
        self._on_stress(True)
        self._enter("stress")
        self._burners.start(self._plan)
        if self._is_halted:
            return
        if self._stress.disk is not None:
            deadline_s = self._stress.duration_s + GRACE_S
            self._faults.fill(self._stress.disk, self._plan.scratch, deadline_s)
        self._follow_steps()

    def _lose_way(self, why: str) -> None:
        # The load has no way to the service any more: there is nothing to watch either.
        if self._part == "stress":
            self._release(why, cut="lost")
        elif self._part == "after":
            self._emit(ev.GuardsBlind(lines=[f"the way back was not watched to its end: {why}"]))
        else:
            self._enter("after", why, cut="lost")
        self._complete()

    def _follow(self, fold: RunFold, at_s: float) -> None:
        if self._is_halted:
            return  # whoever halted it says why in a moment
        stress, lasted_s = self._stress, self._lasted_s
        is_last = self._step == len(stress.steps) - 1
        assert fold.stress is not None
        # A load beside it looks after that by itself.
        broken = fold.broken_abort(at_s) if self._load is None else ""
        if broken:
            self._end(ev.RunEnded(reason="threshold", detail=broken))
        elif lasted_s >= stress.duration_s:
            self._release()
        elif stress.until_steady and is_last and fold.stress.is_steady:
            self._release(f"no warmer after {duration(round(lasted_s))}")
        elif self._is_burnt_out(lasted_s):
            self._release("every burner was at its end")
        else:
            self._follow_steps()

    def _is_burnt_out(self, lasted_s: float) -> bool:
        """Whether there is nothing left to wait for."""
        # A load is a stress of its own: it does not end because nothing burns beside it.
        is_held = self._load is not None or self._stress.suffers or self._faults.is_disk_taken
        if is_held or not self._plan.stress.names:
            return False
        return self._burners.is_over and lasted_s > SECOND_S

    def _follow_steps(self) -> None:
        lasted_s = self._lasted_s
        step = self._stress.step_at(lasted_s)
        if step != self._step:
            self._step = step
            self._emit(ev.StressStepped(step=step))
            toxics = self._stress.steps[step].toxics
            trouble = self._faults.suffer(toxics) if toxics is not None else ""
            if trouble and not self._is_halted:
                self._release(trouble, cut="lost")
                return
        self._burners.ask(self._stress.share_at(lasted_s))

    def _release(self, why: str = "", *, cut: Cut = "") -> None:
        self._burners.release()
        # Before the undo, which may take seconds: they are no stress that was asked for.
        self._enter("after", why, cut=cut)
        self._faults.undo()
        self._on_stress(False)

    def _on_jitter(self, p99_ms: float, worst_ms: float) -> None:
        self._emit(ev.JitterMeasured(p99_ms=p99_ms, worst_ms=worst_ms))

    def _is_watched_out(self, fold: RunFold) -> bool:
        lasted_s, after_s = self._lasted_s, self._stress.after_s
        assert fold.stress is not None
        if lasted_s >= after_s:
            return self._burners.is_over or lasted_s >= after_s + GRACE_S
        is_long_enough = lasted_s >= min(LEAST_AFTER_S, after_s)
        return is_long_enough and fold.stress.is_back and self._burners.is_over

    def _complete(self) -> None:
        self._end(ev.RunEnded(reason="completed"))
        if self._load is not None:
            self._load.complete()

    def _end(self, ending: ev.RunEnded) -> None:
        is_first = self._ending is None
        self._ending = weightier(self._ending, ending)
        if not is_first:
            return
        self._give_up_s = self._clock.monotonic_s() + GRACE_S
        self._burners.release()
        if self._load is None:
            self._emit(ev.PhaseEntered(phase="cleaning"))
        self._faults.undo()
        if self._part == "stress":
            self._on_stress(False)

    def _wind_up(self, now_s: float) -> None:
        if self._ending is None:
            # The load is ending by itself: a broken limit, lost workers, or all is done.
            self._end(ev.RunEnded(reason="completed"))
        if now_s > self._give_up_s:
            self._burners.halt()
        if not self._burners.is_over:
            return
        self._end_probes()
        if not self._is_finished and self._is_load_over:
            assert self._ending is not None
            self._is_finished = True
            if not self._is_hasty:
                # What a disk that takes its time says in the end belongs to the run too.
                self._faults.close()
                self._watch.close()
            self._emit(self._ending)
