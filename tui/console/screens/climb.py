"""Before a campaign: its rungs, how long they take, what was found, what has passed before."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece, crop
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped
from tui.core.campaign import Campaign, length_text
from tui.core.climb import NoResumption, Resumption, resumption_text
from tui.core.config import Target
from tui.core.finding import Finding
from tui.core.format import counted
from tui.core.scenario import Scenario

CLIMB = "climb"
RESUME = "resume"
MOST_ROWS = 9
WIDTH = 68
MOST_FOUND = 3
_MARKS = {"warn": ("!", Ink.WARN), "fail": ("✗", Ink.FAIL)}


class Climb(Dialog):
    """Answers CLIMB or RESUME. What is not known when it opens is told it while it is open."""

    def __init__(self, campaign: Campaign, rungs: Sequence[Scenario], target: Target) -> None:
        self._campaign = campaign
        self._rungs = tuple(rungs)
        self._where = target.name
        self.findings: tuple[Finding, ...] | None = () if not campaign.preflight else None
        """None while the surroundings are looked at."""
        self._resumed: Resumption | NoResumption = NoResumption("")
        super().__init__(f"campaign {campaign.id}", self._all_lines(), self._all_choices())

    @property
    def resumed(self) -> Resumption | None:
        """What it can go on with."""
        return self._resumed if isinstance(self._resumed, Resumption) else None

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """What the examination found."""
        self.findings = tuple(findings)
        self._renew()

    def set_resumption(self, found: Resumption | NoResumption) -> None:
        """Whether it can go on where it was cut off."""
        self._resumed = found
        self._renew()

    def set_trouble(self, trouble: str) -> None:
        """The examination came to nothing."""
        self.set_findings([Finding("examination", "fail", trouble)])

    def _renew(self) -> None:
        self.change(self._all_lines(), self._all_choices())

    def _all_lines(self) -> list[list[Piece]]:
        whole = f"{length_text(self._rungs)}, on {self._where}"
        lines: list[list[Piece]] = [[(whole, Ink.TEXT, True)], []]
        if not self._campaign.preflight:
            lines += rung_lines(self._rungs, MOST_ROWS)
        else:
            way = " → ".join(scenario.id for scenario in self._rungs)
            lines += [[(row, Ink.MUTE)] for row in wrapped(way, WIDTH)]
            lines += [[], *self._found_lines()]
        lines += [[], *self._ending_lines()]
        return lines

    def _found_lines(self) -> list[list[Piece]]:
        if self.findings is None:
            return [[("looking at the board, the target and the cameras …", Ink.MUTE)]]
        told = [finding for finding in self.findings if finding.state in _MARKS]
        told.sort(key=lambda finding: finding.state != "fail")
        fine = sum(finding.state == "ok" for finding in self.findings)
        lines: list[list[Piece]] = []
        if fine:
            text = f"{counted(fine, 'finding')} in order"
            lines.append([("✓ ", Ink.PASS, True), (text, Ink.TEXT)])
        for finding in told[:MOST_FOUND]:
            glyph, ink = _MARKS[finding.state]
            words = f"{finding.name}: {finding.said}"
            lines.append([(f"{glyph} ", ink, True), (crop(words, WIDTH - 2), Ink.TEXT)])
        if len(told) > MOST_FOUND:
            more = f"  and {len(told) - MOST_FOUND} more: jetproof doctor"
            lines.append([(more, Ink.FAINT)])
        return lines

    def _ending_lines(self) -> list[list[Piece]]:
        found = self._resumed
        if isinstance(found, Resumption):
            return [[(resumption_text(found, len(self._rungs)), Ink.TEXT, True)]]
        lines: list[list[Piece]] = [[("The first that does not pass ends it.", Ink.MUTE)]]
        if found.why:
            lines.append([(f"The last one is not gone on with: {found.why}.", Ink.MUTE)])
        return lines

    def _all_choices(self) -> list[Choice]:
        cancel = Choice("", "cancel")
        if self.findings is None:
            return [cancel]
        is_failed = any(finding.state == "fail" for finding in self.findings)
        choices = [Choice(CLIMB, "run them all the same" if is_failed else "run them")]
        if self.resumed is not None:
            go_on = Choice(RESUME, f"go on with run {len(self.resumed.passed) + 1}")
            choices = [go_on, Choice(CLIMB, "all anew")]
        # Nobody starts over a failure by pressing enter once too often.
        return [cancel, *choices] if is_failed else [*choices, cancel]


def rung_lines(rungs: Sequence[Scenario], most: int) -> list[list[Piece]]:
    """What each of them puts on the target, at most so many; then, how many more there are."""
    widest = max(len(scenario.id) for scenario in rungs)
    lines: list[list[Piece]] = []
    for number, scenario in enumerate(rungs[:most], 1):
        plan = (scenario.plan, Ink.MUTE)
        name = f"{scenario.id:<{widest + 2}}"
        lines.append([(f"{number:>2} ", Ink.FAINT), (name, Ink.TEXT), plan])
    if len(rungs) > most:
        lines.append([(f"   and {len(rungs) - most} more", Ink.FAINT)])
    return lines
