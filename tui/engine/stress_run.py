"""One stress from the board as it was until it is so again: a small state machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tui.core import events as ev
from tui.core.format import duration
from tui.core.guards import Halt
from tui.core.run_fold import RunFold
from tui.core.stress.plan import Part
from tui.core.stress.view import Cut
from tui.engine.jitter import JitterProbe
from tui.engine.load_run import LoadRun
from tui.engine.wear_keeper import WearKeeper
from tui.ports import Burners, BurnersPlan, Clock, Emit, FaultFailed, Faults, HealthWatch, Wear

SECOND_S = 1.0
UNWATCHED = "the terminal was gone"
GRACE_S = 3.0
"""Burners that were told to stop get this long; then they are ended."""
LEAST_AFTER_S = 10.0
"""The way back is watched at least so long, or as long as the scenario says if that is less."""


class StressRun:
    """Implements `engine.run.Run`. The load beside it, if there is one, is a LoadRun of its own:
    it ends last, and its end is the run's."""

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
        self._faults = faults
        self._start_health = health
        self._health: HealthWatch | None = None
        self._keeper = WearKeeper(wear, Path(plan.scratch), clock)
        self._on_stress = on_stress
        self._jitter = JitterProbe(self._on_jitter)
        self._clock = clock
        self._emit = emit
        self._part: Part | None = None
        self._part_from_s = 0.0
        self._step = -1
        self._told_s = 0.0
        self._is_disk_full = False
        self._may_harm = True
        self._ending: ev.RunEnded | None = None
        self._is_load_over = load is None
        self._is_finished = False
        self._is_halted = False
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
        self._hear(now_s)
        self._hear_faults()
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
            self._follow(fold)
        elif self._is_watched_out(fold):
            self._complete()

    def on_event(self, event: ev.Event) -> bool:
        if isinstance(event, ev.RunEnded) and not self._is_finished:
            # The load's end: what the burners tell at theirs belongs to the run too.
            self._end(event)
            self._is_load_over = True
            if self._ending is None or self._ending.reason not in ("guard", "stopped"):
                self._ending = event
            return False
        return self._load.on_event(event) if self._load is not None else True

    def stop(self, detail: str, *, at_once: bool) -> None:
        if at_once:
            self.halt()
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
        self._undo()

    def calm(self) -> None:
        if self._part == "stress":
            self._release("by hand", cut="asked")

    def hang_up(self) -> None:
        stress = self._stress
        if stress.intent == "soak" and not stress.suffers and stress.disk is None:
            return
        self._may_harm = False
        if self._part == "stress":
            self.halt()
            self._release(UNWATCHED, cut="asked")

    # A stress has its deadline: it is neither paused nor held, and ends by `calm` or `stop`.

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def hold(self) -> None: ...

    def release(self) -> None: ...

    def rescale(self, users: int) -> None:
        if self._load is not None:
            self._load.rescale(users)

    def close(self) -> None:
        # Last in, first out, and whatever one of them raises, the others are closed.
        with ExitStack() as everything:
            if self._load is not None:
                everything.callback(self._load.close)
            everything.callback(self._end_probes)
            everything.callback(self._close_faults)
            everything.callback(self._burners.halt)

    def _close_faults(self) -> None:
        for undone in self._faults.close():
            self._emit(undone)

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
        if self._is_halted:
            return  # a guard was quicker: the abort is on its way
        if not self._may_harm:
            self._enter("after", UNWATCHED, cut="asked")
            return
        self._on_stress(True)
        self._enter("stress")
        self._burners.start(self._plan)
        if self._is_halted:
            return
        if self._stress.disk is not None:
            self._fill()
        self._follow_steps()

    def _fill(self) -> None:
        assert self._stress.disk is not None
        deadline_s = self._stress.duration_s + GRACE_S
        self._faults.fill(self._stress.disk, self._plan.scratch, deadline_s)
        self._is_disk_full = True
        self._undo_if_halted()

    def _hear_faults(self) -> None:
        """What became of the disk, and whether the way to the service still leads there."""
        while (news := self._faults.filled()) is not None:
            self._is_disk_full = isinstance(news, ev.FaultDone)
            self._emit(news)
        lost = self._faults.lost()
        if lost and self._ending is None:
            self._lose_way(lost)

    def _lose_way(self, why: str) -> None:
        # The load has no way to the service any more: there is nothing to watch either.
        if self._part == "stress":
            self._release(why, cut="lost")
        else:
            self._enter("after", why, cut="lost")
        self._complete()

    def _undo_if_halted(self) -> None:
        # A guard that undid everything a moment ago knew nothing of what was just done.
        if self._is_halted:
            self._undo()

    def _undo(self) -> None:
        for undone in self._faults.undo():
            self._emit(undone)

    def _follow(self, fold: RunFold) -> None:
        stress, lasted_s = self._stress, self._lasted_s
        is_last = self._step == len(stress.steps) - 1
        assert fold.stress is not None
        if lasted_s >= stress.duration_s:
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
        is_held = self._load is not None or self._stress.suffers or self._is_disk_full
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
            if toxics is not None:
                self._suffer(step)
        self._burners.ask(self._stress.share_at(lasted_s))

    def _suffer(self, step: int) -> None:
        toxics = self._stress.steps[step].toxics
        assert toxics is not None
        try:
            undone = self._faults.suffer(toxics)
        except FaultFailed as error:
            self._release(str(error), cut="lost")
            return
        for one in undone:
            self._emit(one)
        if not toxics.is_clean:
            self._emit(ev.FaultDone(name="network", text=toxics.text))
        self._undo_if_halted()

    def _release(self, why: str = "", *, cut: Cut = "") -> None:
        self._burners.release()
        self._undo()
        self._on_stress(False)
        self._enter("after", why, cut=cut)

    def _hear(self, now_s: float) -> None:
        """What the burners told, once a second."""
        for ended in self._burners.ended():
            self._keeper.count(ended.name, ended.totals)
            self._keep_written(now_s, is_last=True)
            self._emit(ended)
        if now_s - self._told_s < SECOND_S:
            return
        self._told_s = now_s
        burning = self._burners.seconds()
        if burning and self._part == "stress":
            for second in burning:
                self._keeper.count(second.name, second.figures)
            self._keep_written(now_s)
            self._emit(ev.BurnersReported(burners=burning))
        found = self._burners.limits()
        if found:
            self._emit(ev.LimitsFound(limits=found))

    def _keep_written(self, now_s: float, *, is_last: bool = False) -> None:
        trouble = self._keeper.keep(now_s, is_last=is_last)
        if trouble:
            self._emit(ev.GuardsBlind(lines=[trouble]))

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
        if self._ending is not None:
            return
        self._ending = ending
        self._give_up_s = self._clock.monotonic_s() + GRACE_S
        self._burners.release()
        self._undo()
        self._on_stress(False)
        if self._load is None:
            self._emit(ev.PhaseEntered(phase="cleaning"))

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
            self._emit(self._ending)
