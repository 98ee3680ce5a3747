"""One load run from its first worker to its verdict: a small state machine."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.guards import Halt
from tui.core.load_fold import sought
from tui.core.run_fold import RunFold
from tui.core.tally import MEASURED, UNMEASURED, WARM_UP
from tui.engine.course import Course
from tui.engine.lease import Lease
from tui.engine.load_plan import load_plan
from tui.engine.search_course import SearchCourse
from tui.ports import Clock, Emit, LoadDriver, Probe, Service

HASTY_GRACE_S = 2.0
"""After a stop by hand, requests in flight get this long."""
AT_ONCE_GRACE_S = 0.2
"""After a signal nothing of ours may be left a second later."""
DRAIN_SPARE_S = 10.0
AT_ONCE_SPARE_S = 0.5


class LoadRun:
    """Implements `Run`, `Pausable` and `Scalable` of `engine.run`, once it is prepared.

    `way_url`: another way to the target.
    """

    def __init__(
        self,
        facts: ev.RunFacts,
        token: str,
        *,
        way_url: str = "",
        driver: LoadDriver,
        service: Service,
        clock: Clock,
        emit: Emit,
    ) -> None:
        self.facts = facts
        self.is_over = False
        self._token = token
        self._way_url = way_url
        self._driver = driver
        self._service = service
        self._clock = clock
        self._emit = emit
        assert facts.scenario.load is not None
        self._load = facts.scenario.load
        self._phase: ev.Phase = "preparing"
        self._users = self._at_most(self._load.first_users)
        self._spawn_rate = self._load.first_spawn_rate
        self._stage = 0
        self._course = Course(clock)
        search = sought(facts)
        self._search = None
        if search is not None:
            pace = self._load.spawn_rate
            self._search = SearchCourse(search, driver, pace, self._tell_level)
        self._is_back = True
        """Whether the level is that before the last pause."""
        self._workers: list[str] = []
        self._ending: ev.RunEnded | None = None
        self._lease = Lease(driver, self._load, self._course, clock)
        self._give_up_s = 0.0

    def prepare(self, probe: Probe, locustfile: str, bind: str, port: int) -> None:
        """Start workers and users. Raises LoadFailed; nothing is left running then."""
        plan = load_plan(
            self.facts,
            self._token,
            probe.paths,
            locustfile=locustfile,
            bind=bind,
            port=port,
            users=self._users,
            way_url=self._way_url,
        )
        self._driver.start(plan, self._emit)
        self._workers = plan.worker_names()

    def begin(self) -> None:
        self._emit(ev.WorkersJoined(names=self._workers))
        self._course.begin()
        self._lease.begin()
        self._emit(ev.WorkBegan())
        if self._load.stages:
            self._emit(ev.StageEntered(stage=0, users=self._users))
        if self._search is not None:
            self._search.begin()
        self._driver.begin()
        self._enter("warm-up")

    @property
    def is_measuring(self) -> bool:
        """Whether the level is reached, and what is sent now is judged."""
        return self._phase == "measuring"

    @property
    def is_through(self) -> bool:
        """Whether it has lasted as long as it was meant to, at least."""
        return self._course.position_s >= self._load.duration_s

    @property
    def is_ending(self) -> bool:
        """Whether its end has begun."""
        return self._phase in ("draining", "cleaning")

    def tick(self, fold: RunFold, at_s: float) -> None:
        broken_abort = fold.broken_abort(at_s)
        warm_up_s = self._load.warm_up_s
        is_warm = warm_up_s is not None and self._course.elapsed_s >= warm_up_s
        if self._phase == "warm-up" and is_warm and self._is_back:
            self._measure()
        self._lease.renew()
        if self._phase == "draining" and self._clock.monotonic_s() > self._give_up_s:
            self._finish()  # the driver never said that it was done
        if self._phase not in ("warm-up", "measuring"):
            return
        if broken_abort:
            self._end(ev.RunEnded(reason="threshold", detail=broken_abort), self._load.timeout_s)
        elif self.is_through and not self._load.goes_on:
            self.complete()
        elif self._load.stages:
            self._follow_stages()
        elif self._search is not None and not self._course.is_held:
            self._follow_search(self._search, fold)

    def on_event(self, event: ev.Event) -> bool:
        match event:
            case ev.LevelReached():
                # A level that was asked for before, or the none of a pause, is no news.
                is_live = self._phase in ("warm-up", "measuring")
                if not is_live or event.users != self._users or not self._users:
                    return False
                self._is_back = True
                if self._phase == "measuring":
                    return self._load.stages != () or self._search is not None
                if self._load.warm_up_s is None or self._course.elapsed_s >= self._load.warm_up_s:
                    self._measure()
                elif self._course.was_paused:
                    self._driver.set_phase(WARM_UP)
                # After a pause the level is the old one again: no news.
                return not self._course.was_paused
            case ev.LevelAsked():
                return self._follow_shape(event)
            case ev.LoadReported(done=done):
                if self._load.operations_per_user is not None and done >= self._users:
                    self.complete()
            case ev.WorkerLost(name=name):
                self._workers = [worker for worker in self._workers if worker != name]
                if not self._workers and not self.is_over:
                    lost = ev.RunEnded(reason="workers-lost", detail=f"{name} {event.reason}")
                    self._ending = self._ending or lost
                    self._finish()
            case ev.DrainEnded():
                self._finish()
        return True

    def stop(self, detail: str, *, at_once: bool) -> None:
        if self._phase in ("warm-up", "measuring", "paused"):
            grace_s = AT_ONCE_GRACE_S if at_once else HASTY_GRACE_S
            self._end(ev.RunEnded(reason="stopped", detail=detail), grace_s)
        elif self._phase == "draining" and at_once:
            self._hasten()

    def abort(self, halt: Halt) -> None:
        ending = ev.RunEnded(reason="guard", detail=halt.text, guard=halt.guard)
        if self._phase in ("warm-up", "measuring", "paused"):
            self._end(ending, AT_ONCE_GRACE_S)
        elif self._phase == "draining":
            self._ending = ending
            self._hasten()

    def complete(self) -> None:
        """It is at its planned end."""
        if self._phase in ("warm-up", "measuring"):
            self._end(ev.RunEnded(reason="completed"), self._load.timeout_s)

    def close(self) -> None:
        self._driver.close()

    def _hasten(self) -> None:
        """It drains already, with more patience than there is now."""
        self._give_up_s = min(self._give_up_s, self._clock.monotonic_s() + AT_ONCE_GRACE_S)

    def pause(self) -> None:
        """No load until `resume`; the time does not count."""
        if self._phase in ("warm-up", "measuring"):
            self._course.pause()
            self._is_back = False
            self._lease.extend()
            self._driver.set_phase(UNMEASURED)
            self._driver.rescale(0, self._spawn_rate)
            self._enter("paused")

    def resume(self) -> None:
        """Back to the level; measured again once it is reached."""
        if self._phase == "paused":
            self._course.resume()
            self._lease.extend()
            self._driver.rescale(self._users, self._spawn_rate)
            self._enter("warm-up")

    def hold(self) -> None:
        """Keep the level, and put the end off, until `release`."""
        if self._phase in ("warm-up", "measuring") and not self._course.is_held:
            self._course.hold()
            self._lease.extend()
            self._driver.hold(True)
            self._emit(ev.HoldChanged(is_held=True))

    def release(self) -> None:
        """Let the course go on from where it stood."""
        if self._phase in ("warm-up", "measuring", "paused") and self._course.is_held:
            self._course.release()
            self._lease.extend()
            self._driver.hold(False)
            self._emit(ev.HoldChanged(is_held=False))

    def rescale(self, users: int) -> None:
        """Another level, at least one user and no more than the target allows."""
        if self._search is not None:
            return  # its levels are its own
        users = max(self._at_most(users), 1)
        if users == self._users:
            return
        self._users = users
        if self._phase in ("warm-up", "measuring"):
            self._driver.rescale(self._users, self._spawn_rate)
        if self._phase in ("warm-up", "measuring", "paused"):
            self._emit(ev.UsersRequested(users=self._users))

    def _at_most(self, users: int) -> int:
        return min(users, self.facts.target.max_users or users)

    def _follow_stages(self) -> None:
        stage = self._load.stage_at(self._course.position_s)
        if stage == self._stage:
            return
        self._stage = stage
        level = self._load.stages[stage]
        self._users, self._spawn_rate = level.users, level.spawn_rate
        self._emit(ev.StageEntered(stage=stage, users=level.users))
        self._driver.rescale(self._users, self._spawn_rate)

    def _follow_search(self, search: SearchCourse, fold: RunFold) -> None:
        wish = fold.load.search.wish if fold.load.search is not None else None
        if wish is None:
            self.complete()
            return
        if not self._load.arrival:
            # First of all: the driver may say at once that it is reached.
            self._users = round(wish.level)
        search.follow(wish)

    def _tell_level(self, level: float) -> None:
        self._emit(ev.LevelSought(level=level))

    def _follow_shape(self, asked: ev.LevelAsked) -> bool:
        if self._phase not in ("warm-up", "measuring"):
            return False
        if asked.failed:
            detail = f"the shape failed: {asked.failed}"
            self._end(ev.RunEnded(reason="shape-failed", detail=detail), self._load.timeout_s)
            return True
        if asked.users is None:
            self.complete()
            return True
        self._users, self._spawn_rate = min(asked.users, self._load.users), asked.spawn_rate
        self._driver.rescale(self._users, self._spawn_rate)
        return True

    def _measure(self) -> None:
        self._driver.set_phase(MEASURED)
        self._enter("measuring")

    def _enter(self, phase: ev.Phase) -> None:
        self._phase = phase
        self._emit(ev.PhaseEntered(phase=phase))

    def _end(self, ending: ev.RunEnded, grace_s: float) -> None:
        self._ending = ending
        spare_s = DRAIN_SPARE_S if grace_s > AT_ONCE_GRACE_S else AT_ONCE_SPARE_S
        self._give_up_s = self._clock.monotonic_s() + grace_s + spare_s
        self._enter("draining")
        self._driver.drain(grace_s)

    def _finish(self) -> None:
        if self.is_over:
            return
        self.is_over = True
        self._enter("cleaning")
        created = self._driver.created()
        self._driver.close()
        left = len(created.left)
        if left:
            facts = self.facts
            left -= self._service.delete(facts.url, facts.target, self._token, created.left)
        if created.total:
            self._emit(ev.CleanedUp(created=created.total, deleted=created.total - left, left=left))
        assert self._ending is not None
        self._emit(self._ending)
