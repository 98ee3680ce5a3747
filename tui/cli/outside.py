"""What the console asks of the store, the reports and the scenario files, put together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.output import make_directory, write_text

if TYPE_CHECKING:
    from tui.catalogue import Loaded
    from tui.cli.options import Places
    from tui.console.outside import Outside
    from tui.core.campaign import Campaign
    from tui.core.climb import NoResumption, Resumption
    from tui.core.config import Target
    from tui.core.finding import Finding
    from tui.core.scenario import Scenario
    from tui.ports import GoOn, Still


def outside_of(state_dir: Path, places: Places, loaded: Loaded) -> Outside:
    """Over the real parts; the reports are imported when the first one is written. `loaded`: what
    the engine goes by, whatever became of its file."""
    from tui.cli.climbing import resumption_of, write_climb_of
    from tui.console.outside import Outside
    from tui.own_scenarios import changed_scenario, save_scenario
    from tui.reports.export import FORMS
    from tui.store.archive import StoredRuns
    from tui.store.history import History
    from tui.store.snapshots import keep, snapshot_folder

    def export(run_id: str, forms: Sequence[str], directory: Path) -> Sequence[Path]:
        return write_reports(state_dir, run_id, forms, directory)

    def examine(target: Target, go_on: GoOn) -> Sequence[Finding] | None:
        from tui.cli.examination import Examination

        found: list[Finding] = []
        for finding in Examination(places, target.name).findings():
            found.append(finding)
            # What comes next may start processes: not beside a run that nobody examines for.
            if not go_on(0.0):
                return None
        return tuple(found)

    def resumed(
        campaign: Campaign, rungs: Sequence[Scenario], target: Target
    ) -> Resumption | NoResumption:
        return resumption_of(History(state_dir), loaded, campaign, rungs, target)

    def climb_report(run_id: str) -> str:
        return str(write_climb_of(state_dir, History(state_dir), run_id))

    def keep_still(still: Still, reason: str) -> str:
        kept = keep(still, "full", reason, snapshot_folder(state_dir), is_own=True)
        return str(kept.path)

    return Outside(
        archive=StoredRuns(state_dir),
        change=changed_scenario,
        save=save_scenario,
        forms=FORMS,
        export=export,
        examine=examine,
        resumption=resumed,
        write_climb=climb_report,
        keep_still=keep_still,
        stills=str(snapshot_folder(state_dir)),
        options=tuple(places.words()),
    )


def write_reports(
    state_dir: Path, run_id: str, forms: Sequence[str], directory: Path
) -> Sequence[Path]:
    """The run's report in those forms; the files, named after it. Old ones are replaced.

    InputError when the run can't be read or the directory can't be written.
    """
    from tui.reports.export import render
    from tui.store.history import History

    history = History(state_dir)
    view = history.view(run_id)
    files = []
    make_directory(directory)
    for form in forms:
        for suffix, text in render(form, view, history.events(run_id)).items():
            file = directory / f"{run_id}{suffix}"
            write_text(file, text)
            files.append(file)
    return tuple(files)
