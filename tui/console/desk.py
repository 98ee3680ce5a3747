"""Where the user is: cursor, find, panel, target. No Textual, no engine."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.entries import entries_of
from tui.console.lists import Lines, Runs
from tui.console.offer import Offer
from tui.console.scene import (
    LOAD_VIEWS,
    ONE_CHART,
    SCROLLED_VIEWS,
    VIEWS_OF,
    Back,
    LineList,
    Page,
    Panel,
    Scene,
    View,
    Work,
    view_after,
)
from tui.core.campaign import Campaign
from tui.core.config import Config, Target
from tui.core.model import Snapshot
from tui.core.scenario import Scenario
from tui.core.timeline import Point

ARMED_S = 3.0
NOTICE_S = 4.0
WINDOWS_S: tuple[float | None, ...] = (None, 3600.0, 900.0, 300.0, 60.0)
"""How much time the charts can show; None: the whole run."""
_PANELS: tuple[Panel, ...] = ("scenarios", "endpoints", "log")


class Desk:
    """The user's side of a scene."""

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        config: Config,
        target: Target,
        problems: Sequence[str] = (),
        campaigns: Sequence[Campaign] = (),
    ) -> None:
        self.offer = Offer(scenarios, campaigns)
        self.config = config
        self.target = target
        # A URL of the command line stands in no file.
        known = target in config.targets
        self.targets = config.targets if known else (*config.targets, target)
        self.problems = tuple(problems)
        self.page: Page = "bench"
        self.runs = Runs()
        self.lines = Lines()
        self.window_s: float | None = None
        self._notice = ""
        self._is_bad = False
        self._notice_until_s = float("-inf")
        self.panel: Panel = "scenarios"
        self._work: Work = "load"
        self._views: dict[Work, View] = {}
        """The one that was chosen last; where none was, the first of its work."""
        self.is_list_open = True
        self.mouse = True
        self.is_link_slow = False
        self._scroll: int | None = None
        self._armed_until_s = float("-inf")
        self._is_calmed = False
        self._put_away = ""
        self._was_running = False

    def scene(
        self,
        snapshot: Snapshot,
        *,
        is_narrow: bool,
        is_tall: bool = False,
        now_s: float,
        dialog_keys: tuple[tuple[str, str], ...] = (),
        live: Snapshot | None = None,
        back: Back | None = None,
        is_reading_runs: bool = False,
    ) -> Scene:
        """The next frame. A run that began closes the list of a narrow window."""
        newest = live or snapshot
        if newest.is_running and not self._was_running:
            self.is_list_open, self._scroll = False, None
        self._was_running = newest.is_running
        lines = LineList()
        if self.page == "log":
            lines = self.lines.shown(entries_of(snapshot, self.problems))
        scene = Scene(
            snapshot=snapshot,
            live=live,
            back=back,
            scenarios=self.offer.shown(),
            campaigns=self.offer.shown_campaigns(),
            catalogue=self.offer.all,
            changed=frozenset(self.offer.changed),
            page=self.page,
            kept=self.runs.shown(is_reading=is_reading_runs),
            lines=lines,
            typing=self.typing,
            window_s=self.window_s,
            notice=self._notice if now_s < self._notice_until_s else "",
            is_bad_notice=self._is_bad,
            selected=self.offer.at,
            target=self.target,
            mix=self.config.mix,
            problems=self.problems,
            panel=self.panel,
            view=self.view,
            is_narrow=is_narrow,
            is_tall=is_tall,
            is_list_open=is_narrow and self.is_list_open and back is None,
            find=self.offer.find,
            armed=newest.is_running and now_s < self._armed_until_s,
            calmed=self._is_calmed,
            scroll=self._scroll,
            put_away=self._put_away,
            dialog_keys=dialog_keys,
            is_link_slow=self.is_link_slow,
        )
        self._work = scene.work
        return msgspec.structs.replace(scene, view=self.view)

    @property
    def view(self) -> View:
        """The panel that was chosen last for what is shown: a stress has other ones."""
        return self._views.get(_alike(self._work), VIEWS_OF[self._work][0])

    @property
    def typing(self) -> str | None:
        """What is typed behind `/`, on whichever screen; None when not finding."""
        if self.page == "bench":
            return self.offer.find
        place = self.runs if self.page == "runs" else self.lines
        return place.find if place.is_typing else None

    def type(self, text: str) -> None:
        """Something else stands behind `/`."""
        if self.page == "bench":
            self.offer.seek(text)
        else:
            (self.runs if self.page == "runs" else self.lines).type(text)

    def end_typing(self, *, keep: bool) -> None:
        """enter keeps what was found, esc shows everything again."""
        if self.page == "bench":
            self.offer.find = None
            return
        place = self.runs if self.page == "runs" else self.lines
        place.is_typing = False
        if not keep:
            place.type("")

    def say(self, notice: str, now_s: float, *, is_bad: bool = False) -> None:
        """Something was done, or can't be: the footer says so for a while."""
        self._notice, self._is_bad, self._notice_until_s = notice, is_bad, now_s + NOTICE_S

    def next_window(self, step: int, total_s: float) -> None:
        """`,` and `.`: less time, or more; windows longer than the axis are left out."""
        windows = [window for window in WINDOWS_S if window is None or window < total_s]
        at = windows.index(self.window_s) if self.window_s in windows else 0
        self.window_s = windows[min(max(at + step, 0), len(windows) - 1)]

    def with_fine(self, scene: Scene, points: tuple[Point, ...]) -> Scene:
        """The same frame with finer points for its charts."""
        return msgspec.structs.replace(scene, fine=points)

    def move(self, step: int, *, is_narrow: bool, first_row: int | None = None) -> None:
        """The arrows: through the list, or down a table or log; `first_row`: where that stands,
        if it moved of itself."""
        if is_narrow and not self.is_list_open:
            if self.view in SCROLLED_VIEWS:
                self._scroll = self._moved(step, first_row)
                return
            self.is_list_open = True
        elif not is_narrow and self.panel != "scenarios":
            self._scroll = self._moved(step, first_row)
            return
        self.offer.move(step)

    def _moved(self, step: int, first_row: int | None) -> int:
        at = first_row if first_row is not None else self._scroll or 0
        return max(at + step, 0)

    def choose(self, scenario_id: str) -> None:
        """Put the cursor on a scenario."""
        self.offer.chosen_id = scenario_id
        self.panel = "scenarios"

    def next_view(self, *, is_narrow: bool) -> None:
        """`c`: the next panel of a narrow window, or the other one of the lower charts."""
        if not is_narrow:
            self._take(wide_view_after(self.view, self._work))
            return
        if self.is_list_open:
            self.is_list_open = False
        else:
            self._take(view_after(self.view, self._work))
        self._scroll = None

    def show_view(self, view: View) -> None:
        """That panel, wherever the user was."""
        self.page, self.offer.find = "bench", None
        self.is_list_open = False
        self._take(view)
        self._scroll = None

    def _take(self, view: View) -> None:
        self._views[_alike(self._work)] = view

    def next_panel(self, *, is_narrow: bool) -> None:
        """`tab`: the list over the chart, or the next panel that the arrows move."""
        if is_narrow:
            self.is_list_open = not self.is_list_open
        else:
            self.panel = _PANELS[(_PANELS.index(self.panel) + 1) % len(_PANELS)]
        self._scroll = None

    def arm(self, now_s: float, *, calmed: bool = False) -> None:
        """The first `s`; `calmed`: it took a stress away."""
        self._armed_until_s, self._is_calmed = now_s + ARMED_S, calmed

    def disarm(self) -> None:
        """Any other key, or the second `s`."""
        self._armed_until_s = float("-inf")

    def back(self, scene: Scene) -> None:
        """`esc`: whatever is open closes, the verdict last."""
        if self.offer.find is not None:
            self.offer.find = None
        elif scene.armed:
            self.disarm()
        elif self.page == "runs" and self.runs.find:
            self.runs.type("")
        elif self.page == "log" and (self.lines.find or self.lines.hidden):
            self.lines.show_all()
        elif self.page != "bench":
            self.page = "bench"
        elif scene.is_list_open and scene.run is not None:
            self.is_list_open = False
        elif self.panel != "scenarios":
            self.panel, self._scroll = "scenarios", None
        elif scene.run is not None and scene.run.is_over:
            self._put_away = scene.run.facts.id
            self.is_list_open = True


def wide_view_after(view: View, work: Work) -> View:
    """`c` in a wide window: another lower chart, or the load beside the stress."""
    if work in ONE_CHART:
        return VIEWS_OF[work][0]
    if work in ("load", "loaded"):
        return VIEWS_OF[work][0] if view == "board" else "board"
    return "stress" if view in LOAD_VIEWS else "latency"


def _alike(work: Work) -> Work:
    """A stress with a load beside it keeps the panel of one without."""
    return "stress" if work == "both" else work
