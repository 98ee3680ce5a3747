"""What a campaign does beside its runs: the examination before, going on, the reports behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tui.cli.finding_lines import finding_lines
from tui.cli.output import kept, make_directory, write_text
from tui.core.climb import NoResumption, Resumption, resumption_text
from tui.core.finding import Finding
from tui.core.format import counted
from tui.core.problem import COMMAND_LINE, InputError

if TYPE_CHECKING:
    from tui.catalogue import Loaded
    from tui.cli.options import Places
    from tui.core.campaign import Campaign
    from tui.core.config import Target
    from tui.core.model import RunView
    from tui.core.outcome import Outcome
    from tui.core.scenario import Scenario
    from tui.ports import RunRequest
    from tui.store.history import History

REPORTS = "reports"
"""Where in the state directory the reports of campaigns are."""
FORMS = ("html", "md", "junit")
"""Beside the JSON documents."""
Say = Callable[[str], None]


class Climbing:
    """The campaigns of one `jetproof run`."""

    def __init__(self, places: Places, loaded: Loaded, options: dict[str, Any], say: Say) -> None:
        """`say` takes lines for people, progress among them."""
        self._places = places
        self._loaded = loaded
        self._options = options
        self._say = say
        self._campaigns: list[Campaign] = []
        self.passed: tuple[RunView, ...] = ()
        """Runs that need not be done again."""

    def resumed(
        self, campaign: Campaign, rungs: Sequence[Scenario], target: Target
    ) -> Resumption | None:
        """What of it has passed, with `--resume`; without, a hint that something has. InputError
        where it can't go on."""
        from tui.store.history import History

        self._campaigns.append(campaign)
        if self._options["quiet"] and not self._options["resume"]:
            return None
        history = History(self._places.state_dir())
        found = resumption_of(history, self._loaded, campaign, rungs, target)
        if not self._options["resume"]:
            if isinstance(found, Resumption):
                hint = "--resume goes on from there"
                self._say(f"{campaign.id}: {resumption_text(found, len(rungs))}; {hint}")
            return None
        if isinstance(found, NoResumption):
            why = found.why or f"no {campaign.id} on {target.name} was cut off"
            raise InputError.of(COMMAND_LINE, "--resume", f"{campaign.id} is climbed anew: {why}")
        self.passed = found.passed
        if not self._options["quiet"]:
            self._say(f"{campaign.id} goes on: {resumption_text(found, len(rungs))}")
        return found

    def examined(self, requests: Sequence[RunRequest]) -> list[RunRequest]:
        """The requests with what was found before them, where a campaign wants that."""
        names = [campaign.id for campaign in self._campaigns if campaign.preflight]
        if not names:
            return list(requests)
        quiet = self._options["quiet"]

        def tell(finding: Finding) -> None:
            if finding.state != "ok" or not quiet:
                for line in finding_lines(finding):
                    self._say(line)

        found = examined(self._places, self._options["target"], tell)
        return [
            msgspec.structs.replace(each, preflight=found) if each.campaign in names else each
            for each in requests
        ]

    def write(
        self, requests: Sequence[RunRequest], history: History, outcomes: Sequence[Outcome]
    ) -> None:
        """The reports of the campaigns that want some. The outcomes are those that `passed`, then
        one for each request."""
        names = {campaign.id for campaign in self._campaigns if campaign.report}
        asked = [each for each in requests if each.campaign in names]
        for climb in dict.fromkeys(request.climb for request in asked):
            pairs = zip(requests, outcomes[len(self.passed) :], strict=True)
            new = [outcome for request, outcome in pairs if request.climb == climb]
            page = write_climb(self._places.state_dir(), history, climb, [*self.passed, *new])
            self._say(f"report: {page}")


def examined(
    places: Places, target: str | None, tell: Callable[[Finding], None]
) -> tuple[Finding, ...]:
    """What `jetproof doctor` finds, each told as it is found."""
    from tui.cli.examination import Examination

    findings = []
    for finding in Examination(places, target).findings():
        findings.append(finding)
        tell(finding)
    return tuple(findings)


def speaks_against(requests: Sequence[RunRequest]) -> str:
    """What of the examination speaks against any run; empty where nothing does."""
    found = next((each.preflight for each in requests if each.preflight), ())
    failed = [finding for finding in found if finding.state == "fail"]
    if not failed:
        return ""
    more = f", and {counted(len(failed) - 1, 'finding')} more" if len(failed) > 1 else ""
    return f"{failed[0].name}: {failed[0].said}{more}"


def resumption_of(
    history: History, loaded: Loaded, campaign: Campaign, rungs: Sequence[Scenario], target: Target
) -> Resumption | NoResumption:
    """Whether the campaign's newest climb on that target can be gone on with."""
    from tui import __version__
    from tui.board.detect import detect_device
    from tui.core.climb import Now, resumption

    ids = history.newest_climb(campaign.id, target.name)
    now = Now(
        campaign=campaign.id,
        rungs=tuple(rungs),
        device=detect_device(Path(loaded.config.board.root or "/")).model,
        version=__version__,
        config_sha256=loaded.sha256,
        at_utc=time.time(),
    )
    return resumption(now, [history.view(each) for each in ids])


def write_climb(state_dir: Path, history: History, climb: str, outcomes: Sequence[Outcome]) -> Path:
    """All its reports, in a directory of its own; the page among them that people read."""
    from tui.reports.export import documents_of, render_all

    folder = state_dir / REPORTS / climb
    make_directory(state_dir / REPORTS)
    make_directory(folder)
    for form in FORMS:
        asked = kept(outcomes, history.events)
        for end, text in render_all(form, asked, is_session=True).items():
            write_text(folder / f"report{end}", text)
    for name, text in documents_of(kept(outcomes, history.events), is_session=True).items():
        write_text(folder / name, text)
    return folder / "report.html"


def write_climb_of(state_dir: Path, history: History, run_id: str) -> Path:
    """The same of the campaign that a kept run belongs to."""
    from tui.core.outcome import with_missing_rungs

    views = [history.view(each) for each in history.session(run_id)]
    climb = next(view.facts.climb for view in views if view.facts.id == run_id)
    own = with_missing_rungs([view for view in views if view.facts.climb == climb])
    return write_climb(state_dir, history, climb, own)
