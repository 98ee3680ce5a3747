"""The load driver: Locust's master in this process, its users in workers beside it."""

from __future__ import annotations

import time
from pathlib import Path

from tui.child.spawn import Lifelines
from tui.core.validity import Floor
from tui.load.hub import IMPORT_S, LOCUST_IS_HERE, Hub
from tui.load.instrument import NoFloor, calibrate_alone
from tui.load.run import Run
from tui.ports import Created, Emit, LoadFailed, LoadPlan


class LocustDriver:
    """Implements `ports.LoadDriver`. Every method is called from the supervisor's thread."""

    def __init__(self, lifelines: Lifelines, log_dir: Path, *, calibrates: bool = True) -> None:
        """`calibrates`: every run measures its instrument's floor before it begins."""
        self._calibrates = calibrates
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._hub: Hub | None = None
        self._run: Run | None = None

    def start(self, plan: LoadPlan, emit: Emit) -> None:
        """Start workers and have them connected. Raises LoadFailed; nothing is left then."""
        if not LOCUST_IS_HERE.wait(IMPORT_S):
            raise LoadFailed("locust could not be imported", is_input=False)
        if self._hub is None:
            self._hub = Hub()
        self._run = Run(
            self._hub, self._lifelines, self._log_dir, plan, emit, calibrates=self._calibrates
        )
        try:
            self._run.start()
        except BaseException:
            self.close()
            raise

    def begin(self) -> None:
        """Start the users."""
        self._running.begin()

    def rescale(self, users: int, spawn_rate: float) -> None:
        """Move to another level at so many users per second; 0 pauses."""
        self._running.rescale(users, spawn_rate)

    def rerate(self, rate_rps: float) -> None:
        """Open model: begin so many operations per second from now on; 0: none."""
        self._order(do="rate", rate_rps=rate_rps, at_s=time.monotonic())

    def hold(self, is_held: bool) -> None:
        """Freeze a changing arrival rate, or a shape, where it stands; or let it go on."""
        self._order(do="hold", is_held=is_held, at_s=time.monotonic())

    def set_phase(self, phase: int) -> None:
        """Requests sent from now on belong to this phase."""
        self._order(do="phase", phase=phase, at_s=time.monotonic())

    def drain(self, grace_s: float) -> None:
        """No new requests; emits DrainEnded when the last worker is done."""
        self._running.draining_until_s = time.monotonic() + grace_s + 5
        self._order(do="drain", grace_s=grace_s)

    def extend(self, deadline_s: float) -> None:
        """The workers' own deadline, from now."""
        for child in self._running.crew.children.values():
            child.extend(deadline_s)

    def created(self) -> Created:
        """What the users created on the target, and what of it they left there."""
        run = self._running
        return Created(run.created_count, tuple(run.created))

    def pids(self) -> list[int]:
        """The workers' processes; callable from any thread."""
        run = self._run
        return [child.pid for child in list(run.crew.children.values())] if run else []

    def interrupt(self) -> None:
        """Have a start that waits for its workers raise LoadFailed; callable from any thread."""
        run = self._run
        if run is not None:
            run.crew.interrupt()

    def calibrate(self, client: str = "FastHttpUser") -> Floor | str:
        """What that client of Locust's adds to a latency on this machine, now and without a run;
        or, in one line, why that is not known. Takes a few seconds."""
        try:
            return calibrate_alone(self._lifelines, self._log_dir, client)
        except (NoFloor, OSError) as error:
            return str(error)

    def close(self) -> None:
        """End every worker and the master of this run."""
        run, self._run = self._run, None
        if run is not None:
            run.close()

    def shut_down(self) -> None:
        """End the hub too; the driver can't be used any more."""
        self.close()
        if self._hub is not None:
            self._hub.close()
            self._hub = None

    @property
    def _running(self) -> Run:
        assert self._run is not None, "no run"
        return self._run

    def _order(self, **order: object) -> None:
        run = self._running
        run.hub.spawn(lambda: run.master.order(**order))
