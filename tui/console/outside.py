"""What the console asks of the rest of jetproof beside the engine; wired by the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tui.core.campaign import Campaign
from tui.core.climb import NoResumption, Resumption
from tui.core.config import Target
from tui.core.finding import Finding
from tui.core.problem import InputError
from tui.core.scenario import Scenario
from tui.ports import Archive, GoOn, Moment, Still


class NoArchive:
    """Stands in where nothing is kept."""

    def runs(self, limit: int) -> tuple[()]:
        return ()

    def moment(self, run_id: str, load_s: float, go_on: GoOn) -> Moment | None:
        raise InputError.of("store", "", "nothing is kept here")

    def points(self, run_id: str, from_s: float, to_s: float, go_on: GoOn) -> tuple[()]:
        return ()

    def delete(self, run_id: str) -> bool:
        return False

    def restore(self, run_id: str) -> bool:
        return False

    def purge(self) -> int:
        return 0


def _unchanged(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    return scenario


def _nothing_saved(name: str, scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    raise InputError.of("scenarios", "", "there is no directory for scenarios of one's own")


def _nothing_written(run_id: str, forms: Sequence[str], directory: Path) -> Sequence[Path]:
    return ()


def _nothing_found(target: Target, go_on: GoOn) -> Sequence[Finding]:
    return ()


def _nothing_cut_off(
    campaign: Campaign, rungs: Sequence[Scenario], target: Target
) -> Resumption | NoResumption:
    return NoResumption("")


def _no_report(run_id: str) -> str:
    raise InputError.of("report", "", "no reports are kept here")


def _nothing_kept(still: Still, reason: str) -> str:
    raise InputError.of("snapshot", "", "no snapshots are kept here")


class Outside(msgspec.Struct, frozen=True):
    """Callables that may raise InputError. All but `change` and `save` are called on the
    reader's thread alone; a scenario's small file is no matter for the screen's own."""

    archive: Archive = msgspec.field(default_factory=NoArchive)
    change: Callable[[Scenario, Mapping[str, Any]], Scenario] = _unchanged
    """The scenario with dotted keys laid over its file."""
    save: Callable[[str, Scenario, Mapping[str, Any]], Scenario] = _nothing_saved
    """The changed scenario as a file of one's own under a new id; never overwrites."""
    forms: tuple[str, ...] = ()
    """The forms that a report can have."""
    export: Callable[[str, Sequence[str], Path], Sequence[Path]] = _nothing_written
    """Write a run's report in those forms; the files that were written."""
    examine: Callable[[Target, GoOn], Sequence[Finding] | None] = _nothing_found
    """Look at the surroundings and a target, as `jetproof doctor` does; None: given up."""
    resumption: Callable[[Campaign, Sequence[Scenario], Target], Resumption | NoResumption] = (
        _nothing_cut_off
    )
    """Whether a campaign that was cut off can be gone on with."""
    write_climb: Callable[[str], str] = _no_report
    """Write the reports of the campaign that this run belongs to; the page among them."""
    keep_still: Callable[[Still, str], str] = _nothing_kept
    """Store a picture and why it was taken; the path of its file."""
    stills: str = ""
    """The directory that they go to."""
    options: tuple[str, ...] = ()
    """Those that say where the console's files lie: a command that is copied needs them too."""
