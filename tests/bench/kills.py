"""Stress that is ended roughly at random moments: how soon nothing is left of it, and what was."""

from __future__ import annotations

import random
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.lib.machine import machine
from tests.bench.lib.table import Table, say
from tests.lib.eventually import eventually
from tests.lib.machine import Running
from tests.lib.processes import freeze
from tests.lib.stress_site import InTerminal, Site, in_terminal
from tests.lib.target import Target

PHASES = ("preparing", "before", "stress", "after", "winding up")
WITHIN_S = 1.5
WINDING_UP_S = 0.3
AWAIT_S = 60.0
LIMIT_S = 30.0
"""What is left after so long counts as left for good."""


@dataclass
class Ends:
    """What one way of ending did, over all times."""

    seconds: list[float] = field(default_factory=list)
    """Until no burner is left and no name, of SIGKILL until no process at all is."""
    left: int = 0
    names: int = 0
    held: int = 0
    lost_mb: list[float] = field(default_factory=list)
    unreadable: int = 0
    """Stores that the next command could not read, or runs that it took for whole."""


class Bench:
    """One site after another, each ended once."""

    def __init__(self, target: Target, dice: random.Random) -> None:
        self._target = target
        self._dice = dice

    def kill(self, ends: Ends) -> None:
        """SIGKILL at a random moment of a random phase."""
        phase = self._dice.choice(PHASES)
        longest_s = WINDING_UP_S if phase == "winding up" else WITHIN_S
        delay_s = self._dice.uniform(0.0, longest_s)
        changes: dict[str, Any] = {"duration": "2s"} if phase == "after" else {}
        with tempfile.TemporaryDirectory(prefix="jetproof-kills-") as root:
            site = Site(Path(root), self._target.url)
            site.write_stress("stress-all", after="30s", **changes)
            free_mb = site.free_mb()
            with site.running("run", "stress-all", "--target", site.url, "--quiet") as run:
                if phase != "preparing":
                    self._await(site, run, "stress" if phase == "winding up" else phase)
                if phase == "winding up":
                    run.signal(signal.SIGTERM)
                time.sleep(delay_s)
                run.signal(signal.SIGKILL)
                _judge(ends, site, site.left)
                run.end()
            _close(ends, site, free_mb, is_cut_off=phase in ("before", "stress", "after"))

    def ask(self, ends: Ends) -> None:
        """SIGTERM at a random moment of the stress."""
        self._end(ends, lambda run: run.process.send_signal(signal.SIGTERM))

    def freeze(self, ends: Ends) -> None:
        """SIGSTOP at a random moment of the stress; killed once its burners are gone."""

        def act(run: Running | InTerminal) -> None:
            freeze(run.pid)

        self._end(ends, act, thaws=True)

    def hang_up(self, ends: Ends) -> None:
        """The terminal goes at a random moment of the stress."""
        with tempfile.TemporaryDirectory(prefix="jetproof-kills-") as root:
            site = Site(Path(root), self._target.url)
            site.write_stress("stress-all")
            free_mb = site.free_mb()
            with in_terminal(site, "run", "stress-all", "--target", site.url) as run:
                self._await(site, run, "stress")
                time.sleep(self._dice.uniform(0.0, WITHIN_S))
                run.hang_up()
                _judge(ends, site, site.burning)
                run.process.wait(AWAIT_S)
            _close(ends, site, free_mb, is_cut_off=False)

    def _end(
        self, ends: Ends, act: Callable[[Running | InTerminal], None], *, thaws: bool = False
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="jetproof-kills-") as root:
            site = Site(Path(root), self._target.url)
            site.write_stress("stress-all")
            free_mb = site.free_mb()
            with site.running("run", "stress-all", "--target", site.url, "--quiet") as run:
                self._await(site, run, "stress")
                time.sleep(self._dice.uniform(0.0, WITHIN_S))
                act(run)
                _judge(ends, site, site.burning)
                if thaws:
                    run.signal(signal.SIGCONT)
                run.end()
            _close(ends, site, free_mb, is_cut_off=False)

    def _await(self, site: Site, run: Running | InTerminal, part: str) -> None:
        def is_there() -> bool:
            if run.process.poll() is not None and not site.is_in(part):
                raise RuntimeError(f"a run ended before {part}: exit {run.process.returncode}")
            return site.is_in(part)

        eventually(is_there, f"never {part}", limit_s=AWAIT_S)


def _judge(ends: Ends, site: Site, rest: Callable[[], list[int]]) -> None:
    began_s = time.monotonic()
    while (rest() or site.names()) and time.monotonic() - began_s < LIMIT_S:
        time.sleep(0.002)
    ends.seconds.append(time.monotonic() - began_s)
    ends.left += len(rest())
    ends.names += len(site.names())
    ends.held += len(site.held())


def _close(ends: Ends, site: Site, free_mb: float, *, is_cut_off: bool) -> None:
    """After the engine's own end."""
    ends.left += len(site.left())
    ends.names += len(site.names())
    ends.lost_mb.append(max(free_mb - site.free_mb(), 0.0))
    told = site.run("runs")
    ends.unreadable += told.code != 0 or (is_cut_off and "INTERRUPTED" not in told.out)


def main() -> int:
    """End them and print; 1 when anything was left."""
    from argparse import ArgumentParser

    options = ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=100, help="SIGKILLs (default 100)")
    options.add_argument("--seed", type=int, help="of the phases and moments (default random)")
    given = options.parse_args()
    seed = secrets.randbits(32) if given.seed is None else given.seed
    fifth = max(given.times // 5, 1)
    print(machine())
    print(f"seed {seed}")
    table = Table("kills: seconds until nothing is left")
    is_clean = True
    with Target() as target:
        bench = Bench(target, random.Random(seed))
        ways: list[tuple[str, int, Callable[[Ends], None], str]] = [
            ("SIGKILL: every process", given.times, bench.kill, "<= 1"),
            ("SIGTERM: every burner", fifth, bench.ask, "<= 1"),
            ("SIGHUP: every burner", fifth, bench.hang_up, "<= 1"),
            ("SIGSTOP: every burner", max(fifth // 4, 1), bench.freeze, "<= 6 (heartbeat 5)"),
        ]
        for name, times, act, wanted in ways:
            ends = Ends()
            for number in range(times):
                act(ends)
                say(f"  {name} {number + 1}/{times}: {ends.seconds[-1]:.3f} s")
            table.add(name, ends.seconds, wanted=wanted)
            table.note(
                f"{name.partition(':')[0]} x {times}: {ends.left} processes, {ends.names} names, "
                f"{ends.held} open files left; {ends.unreadable} stores wrong; space lost "
                f"{max(ends.lost_mb):.0f} MiB at most (others write here too)"
            )
            is_clean &= not (ends.left or ends.names or ends.held or ends.unreadable)
    table.show()
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
